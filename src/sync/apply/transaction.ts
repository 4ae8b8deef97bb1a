// Changes several paths, all or none, whatever happens meanwhile.
//
// First everything that is to be is written to temporary files near where it belongs, and what is there now is kept in
// the state. Nothing counts yet: who finds a journal in phase "stage" throws the temporary files away. Then one rename
// of the journal makes all of it count ("commit"): what is left to do is renames, and who finds that journal finishes
// them. Where a rename cannot be done, the journal turns to "undo", and what was there is put back. Each step looks first
// whether it was done, so any of it may be repeated; and whether somebody else was there meanwhile, who is then left in
// peace: it will show as drift. All that matters is forced to the disk before what depends on it.

import { TruceError } from "../../base/error.ts";
import { folderOf, isWithin } from "../../base/path.ts";
import { sayFileFailure } from "../../platform/file_failure.ts";
import { lookAt, realPath } from "../../platform/files.ts";
import { replacePrivateFile } from "../../platform/tree.ts";
import { type Content, hashOf } from "../content.ts";
import { type Journal, type JournalStep, type StateFiles, writeJournal, writeUndo } from "./journal.ts";
import { hashAt, make, missingFolders } from "./contents.ts";
import type { SyncRecord } from "../record.ts";
import { type AfterStep, discard, type Failure, finish, rollBack, rollForward } from "./roll.ts";

const privateFolder = 0o700;

/** One path that changes. */
export interface Write {
  /** Without links on the way. */
  readonly path: string;
  readonly before: Content;
  readonly after: Content;
  /** The path by which the record knows it. */
  readonly recordPath: string;
}

/** What is to be done, all or none. */
export interface Transaction {
  readonly writes: readonly Write[];
  /** What is known before, and when it is done. */
  readonly lastRecord: SyncRecord;
  readonly record: SyncRecord;
  /** Whether new files and folders are for this user alone. */
  readonly isPrivate: boolean;
  /** Whether links are made, or copies in their stead. */
  readonly canLink: boolean;
  /** Whether it can be undone later. */
  readonly isKept: boolean;
}

/** Carries out a transaction. Throws a TruceError when that cannot be done; then nothing was. */
export async function carryOut(files: StateFiles, transaction: Transaction, afterStep: AfterStep): Promise<void> {
  const writes = transaction.writes.toSorted((a, b) =>
    Number(b.after.kind === "absent") - Number(a.after.kind === "absent")
  );
  const draft = await draftOf(writes, transaction);
  writeJournal(files, draft);
  afterStep("journal: stage");
  const journal = await stageAll(files, { draft, writes, transaction }, afterStep);
  await checkUnchanged(files, journal);
  writeJournal(files, journal);
  afterStep("journal: commit");
  const failure = await rollForward(journal, afterStep);
  if (failure === undefined) return finish(files, journal, afterStep);
  writeJournal(files, { ...journal, phase: "undo" });
  afterStep("journal: undo");
  await rollBack(files, journal, afterStep);
  throw cannotWrite(failure);
}

/** Returns the journal of a transaction before anything is done. */
async function draftOf(writes: readonly Write[], { lastRecord, isPrivate, isKept }: Transaction): Promise<Journal> {
  const id = crypto.randomUUID().slice(0, 8);
  const steps: JournalStep[] = [];
  const [folders, hollow] = [new Set<string>(), new Set<string>()];
  for (const [i, { path, before, after }] of writes.entries()) {
    const missing = missingFolders(path);
    const anchor = folderOf(missing[0] ?? path);
    const temp = `${anchor === "/" ? "" : anchor}/.truce-${id}-${i}`;
    steps.push({
      path,
      temp,
      before: await hashOf(before),
      after: await hashOf(after),
      isMovedAside: before.kind === "tree",
    });
    if (after.kind !== "absent") { for (const folder of missing) folders.add(folder); }
    for (const made of lastRecord.folders) if (isWithin(path, made)) hollow.add(made);
  }
  const isNeeded = (folder: string) =>
    writes.some(({ path, after }) => after.kind !== "absent" && path !== folder && isWithin(path, folder));
  return {
    v: 1,
    phase: "stage",
    steps,
    folders: [...folders].sort((a, b) => a.length - b.length),
    hollow: [...hollow].filter((folder) => !isNeeded(folder)).sort((a, b) => b.length - a.length),
    folderMode: isPrivate ? privateFolder : undefined,
    isKept,
  };
}

/** Prepares all that is to be, and all that is to be known. Returns the journal that makes it count. */
async function stageAll(
  files: StateFiles,
  { draft, writes, transaction }: { draft: Journal; writes: readonly Write[]; transaction: Transaction },
  afterStep: AfterStep,
): Promise<Journal> {
  const steps: JournalStep[] = [];
  const copies = new Map<string, string>();
  for (const [i, step] of draft.steps.entries()) {
    const { before, after, recordPath } = writes[i];
    const made = await orDiscard(files, draft, step.path, () => make(step.temp, after, transaction));
    const hash = await hashOf(made);
    if (made.kind !== after.kind) copies.set(recordPath, hash);
    const isMovedAside = step.isMovedAside || made.kind === "tree" && before.kind !== "absent";
    steps.push({ ...step, after: hash, isMovedAside });
    afterStep(`stage ${step.path}`);
  }
  await orDiscard(files, draft, files.folder, () => {
    const undo = steps.map(({ path, after }, i) => ({ path, before: writes[i].before, after }));
    writeUndo(files.nextUndo, { v: 1, steps: undo, record: transaction.lastRecord });
  });
  afterStep("stage undo");
  await orDiscard(files, draft, files.folder, () => {
    replacePrivateFile(files.nextRecord, JSON.stringify(recordOf(transaction, draft, copies)));
  });
  afterStep("stage record");
  return { ...draft, phase: "commit", steps };
}

/** Returns what is known when a transaction is done: with the folders it makes, and the copies it made for links. */
function recordOf({ record }: Transaction, { folders }: Journal, copies: ReadonlyMap<string, string>): SyncRecord {
  const files = Object.entries(record.files).map(([path, file]) => {
    const copy = copies.get(path);
    if (copy === undefined) return [path, file] as const;
    return [path, { ...file, entries: file.entries.map((entry) => ({ ...entry, copy })) }] as const;
  });
  const known = record.folders.filter((folder) => lookAt(folder)?.kind === "directory");
  return { ...record, files: Object.fromEntries(files), folders: [...new Set([...known, ...folders])].sort() };
}

/** Throws when somebody has changed a file, or the way to it, since the plan was made. */
async function checkUnchanged(files: StateFiles, journal: Journal): Promise<void> {
  const { steps, hollow } = journal;
  for (const { path, temp, before } of steps) {
    const anchor = folderOf(temp);
    // What comes in the place of a folder that goes, or below a link that goes, finds nothing there.
    const isHollow = hollow.includes(path) && lookAt(path)?.kind === "directory";
    const isBelowLink = steps.some((step) => step.after === "" && step.path !== path && isWithin(path, step.path));
    const now = isHollow || isBelowLink ? "" : await hashAt(path);
    if (realPath(anchor) === anchor && now === before) continue;
    discard(files, journal, () => {});
    throw new TruceError("unavailable", `Cannot write "${path}": somebody else is changing it`, {
      hint: "Run it again",
    });
  }
}

async function orDiscard<T>(files: StateFiles, journal: Journal, path: string, action: () => T): Promise<T> {
  try {
    return await action();
  } catch (error) {
    discard(files, journal, () => {});
    throw cannotWrite({ path, error });
  }
}

function cannotWrite({ path, error }: Failure): TruceError {
  return new TruceError("unavailable", `Cannot write "${path}": ${sayFileFailure(error)}`, {
    hint: "Nothing was changed; make it writable and run it again",
    cause: error,
  });
}
