// The second half of a transaction, from its journal on: to its end, or back to its start. Any of it may be repeated.

import { folderOf } from "../../base/path.ts";
import { lookAt, realPath, removeFile, renameFile } from "../../platform/files.ts";
import { flushFolder, makeFolder, removeEmptyFolder } from "../../platform/tree.ts";
import {
  besides,
  type Journal,
  type JournalStep,
  readJournal,
  readUndo,
  type StateFiles,
  writeJournal,
} from "./journal.ts";
import { clear, hashAt, make, missingFolders } from "./contents.ts";

/** Is told of every step that was done; what it throws is thrown, as if the process had died there. */
export type AfterStep = (step: string) => void;

/** A step that cannot be done. */
export interface Failure {
  readonly path: string;
  readonly error: unknown;
}

/**
 * Ends a transaction whose process died, one way or the other, and says which. Throws when the disk does not let it; then
 * the next who tries goes on.
 */
export async function recover(files: StateFiles, afterStep: AfterStep): Promise<"forward" | "back" | undefined> {
  const journal = readJournal(files);
  for (const path of [files.nextUndo, files.nextRecord, files.record, files.journal]) removeFile(`${path}.new`);
  if (journal === "damaged") renameFile(files.journal, `${files.journal}.corrupt`);
  if (journal === undefined || journal === "damaged") {
    for (const path of [files.nextUndo, files.nextRecord]) removeFile(path);
    return undefined;
  }
  if (journal.phase === "stage") {
    discard(files, journal, afterStep);
    return "back";
  }
  if (journal.phase === "commit") {
    // What undoes the steps is gone once they are all done.
    const isDone = lookAt(files.nextUndo) === undefined;
    const failure = isDone ? undefined : await rollForward(journal, afterStep);
    if (failure === undefined) {
      finish(files, journal, afterStep);
      return "forward";
    }
    writeJournal(files, { ...journal, phase: "undo" });
    afterStep("journal: undo");
  }
  await rollBack(files, journal, afterStep);
  return "back";
}

/** Does what is left of a journal's steps. Returns the step that cannot be done, if any; then `rollBack` must follow. */
export async function rollForward(journal: Journal, afterStep: AfterStep): Promise<Failure | undefined> {
  const { steps, folders, hollow, folderMode } = journal;
  for (const step of steps.filter(({ after }) => after === "")) {
    const failure = await tried(step.path, () => takeAway(step));
    if (failure !== undefined) return failure;
    afterStep(`take away ${step.path}`);
  }
  for (const folder of hollow) {
    const failure = await tried(folder, () => removeEmptyFolder(folder));
    if (failure !== undefined) return failure;
    afterStep(`remove folder ${folder}`);
  }
  for (const folder of folders) {
    const failure = await tried(folder, () => makeFolder(folder, folderMode));
    if (failure !== undefined) return failure;
    afterStep(`make folder ${folder}`);
  }
  for (const step of steps.filter(({ after }) => after !== "")) {
    const failure = await tried(step.path, () => putInPlace(step));
    if (failure !== undefined) return failure;
    afterStep(`put in place ${step.path}`);
  }
  return undefined;
}

/** Ends a transaction all of whose steps are done: what is known is exchanged, and what was moved aside goes. */
export function finish(files: StateFiles, { steps, folders, hollow, isKept }: Journal, afterStep: AfterStep): void {
  const above = [...steps.map(({ path }) => path), ...folders].map(folderOf);
  for (const folder of new Set(above)) flushFolder(folder);
  afterStep("flush");
  for (const step of steps) clear(besides(step).trash);
  for (const folder of hollow) removeEmptyFolder(folder);
  afterStep("clear");
  if (isKept) moveIfThere(files.nextUndo, files.undo);
  else for (const path of [files.undo, files.nextUndo]) removeFile(path);
  afterStep("exchange undo");
  moveIfThere(files.nextRecord, files.record);
  flushFolder(files.folder);
  afterStep("exchange record");
  removeFile(files.journal);
  afterStep("journal: done");
}

/** Puts back what was there before a journal's steps. What somebody else has put there meanwhile stays. */
export async function rollBack(files: StateFiles, journal: Journal, afterStep: AfterStep): Promise<void> {
  const { steps, folders } = journal;
  const undo = readUndo(files.nextUndo);
  for (const step of steps.toReversed().toSorted((a, b) => Number(a.after === "") - Number(b.after === ""))) {
    const before = undo?.steps.find(({ path, after }) => path === step.path && after === step.after)?.before;
    if (step.after === "") { for (const folder of folders.toReversed()) removeEmptyFolder(folder); }
    const now = await hashAt(step.path);
    if (before === undefined || now === step.before || now !== step.after && now !== "" || !isPlain(step.path)) {
      continue;
    }
    const { back } = besides(step);
    for (const folder of [...missingFolders(back), ...missingFolders(step.path)]) makeFolder(folder);
    clear(back);
    make(back, before, { isPrivate: false, canLink: true });
    if (before.kind !== "file" && before.kind !== "link" || lookAt(step.path)?.kind === "directory") clear(step.path);
    if (before.kind !== "absent") renameFile(back, step.path);
    flushFolder(folderOf(step.path));
    afterStep(`put back ${step.path}`);
  }
  for (const folder of folders.toReversed()) removeEmptyFolder(folder);
  discard(files, journal, afterStep);
}

/** Throws away what a transaction has prepared. */
export function discard(files: StateFiles, { steps }: Journal, afterStep: AfterStep): void {
  for (const step of steps) {
    const { trash, back } = besides(step);
    for (const path of [step.temp, trash, back]) clear(path);
    afterStep(`discard ${step.path}`);
  }
  for (const path of [files.nextUndo, files.nextRecord, files.journal]) removeFile(path);
  afterStep("journal: discarded");
}

async function takeAway(step: JournalStep): Promise<void> {
  if (!isPlain(step.path) || await hashAt(step.path) !== step.before) return;
  if (step.isMovedAside) renameFile(step.path, besides(step).trash);
  else removeFile(step.path);
}

async function putInPlace(step: JournalStep): Promise<void> {
  const { path, temp, before, after, isMovedAside } = step;
  if (!isPlain(path)) throw new Error("a link leads away from it now");
  const now = await hashAt(path);
  const isWaiting = lookAt(temp) !== undefined;
  if (now === after || isWaiting && now !== before && !(isMovedAside && now === "")) return clear(temp);
  if (!isWaiting) {
    if (now === before || now === "") throw new Error("what was to be there was removed meanwhile");
    return;
  }
  if (isMovedAside && now === before && now !== "") renameFile(path, besides(step).trash);
  renameFile(temp, path);
}

/** Says whether no link is on the way to a path: what is behind one may be a person's. */
function isPlain(path: string): boolean {
  const folder = folderOf(path);
  const real = realPath(folder);
  return real === undefined || real === folder;
}

async function tried(path: string, action: () => unknown): Promise<Failure | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return { path, error };
  }
}

function moveIfThere(from: string, to: string): void {
  if (lookAt(from) !== undefined) renameFile(from, to);
}
