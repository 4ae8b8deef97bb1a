// Carries plans out, for one project or home: one at a time, each all or none, each to be undone.

import { TruceError } from "../base/error.ts";
import { isWithin } from "../base/path.ts";
import { canonical, plain } from "../edit/value.ts";
import { isFileFailure, sayFileFailure } from "../platform/file_failure.ts";
import { userId } from "../platform/dirs.ts";
import {
  linkTarget,
  lockAtOnce,
  lockFile,
  lookAt,
  lookThrough,
  makePrivateFolder,
  renameFile,
} from "../platform/files.ts";
import { replacePrivateFile } from "../platform/tree.ts";
import { hashOf } from "./content.ts";
import { readUndo, type StateFiles, stateFiles } from "./apply/journal.ts";
import { type Look, lookIn } from "./look.ts";
import { contentAt } from "./apply/contents.ts";
import type { Plan } from "./plan.ts";
import { emptyRecord, readRecord, stateOf, type SyncPlace, type SyncRecord } from "./record.ts";
import { type AfterStep, recover } from "./apply/roll.ts";
import { absent } from "./plan/spot.ts";
import { carryOut, type Write } from "./apply/transaction.ts";

/** A place as a dry run sees it: nothing is locked, and nothing changes. */
export interface PeekedSync {
  readonly place: SyncPlace;
  readonly look: Look;
  /** What was written last. */
  readonly record: SyncRecord;
  /** Whether a sync was interrupted, which the next one will finish or take back. */
  readonly isUnfinished: boolean;
  /** When the last sync was, as ISO 8601; `undefined` for never. */
  readonly writtenAt: string | undefined;
}

/** A place that nobody else syncs until it is closed. */
export interface OpenSync extends PeekedSync {
  readonly files: StateFiles;
  /** How a sync that was interrupted was ended just now, if one was. */
  readonly recovered: "forward" | "back" | undefined;
  close(): void;
}

/** How a plan is carried out. */
export interface ApplyOptions {
  /** For tests: is told of every step. */
  readonly afterStep?: AfterStep;
  /** Whether links are made where the disk lets us; copies otherwise. */
  readonly canLink?: boolean;
}

/** What was done: the paths that changed, in order. Empty: nothing was written, not even the state's. */
export interface Applied {
  readonly written: readonly string[];
}

/** Looks at a place without changing anything. */
export async function peekSync(place: SyncPlace): Promise<PeekedSync> {
  const files = stateFiles(await stateOf(place));
  const record = await readRecord(place) ?? emptyRecord(place);
  return {
    place,
    look: lookIn(place),
    record,
    isUnfinished: lookAt(files.journal) !== undefined,
    writtenAt: writtenAt(files),
  };
}

/**
 * Locks a place, and ends a sync whose process died. Returns `undefined` when somebody else is syncing it and does not
 * end within `waitMs`.
 */
export async function openSync(
  place: SyncPlace,
  { waitMs, afterStep = noStep }: { readonly waitMs: number } & ApplyOptions,
): Promise<OpenSync | undefined> {
  const files = stateFiles(await stateOf(place));
  const lock = await inState(place, async () => {
    if (lookThrough(place.state) !== undefined && lookThrough(place.state)?.owner !== userId()) {
      throw foreignState(place);
    }
    makePrivateFolder(files.folder);
    return waitMs > 0 ? await lockFile(files.lock, waitMs) : lockAtOnce(files.lock);
  });
  if (lock === undefined) return undefined;
  try {
    const recovered = await inState(place, () => recover(files, afterStep));
    const known = await readRecord(place);
    if (known === undefined && lookAt(files.record) !== undefined) renameFile(files.record, `${files.record}.corrupt`);
    const record = known ?? emptyRecord(place);
    return {
      place,
      files,
      look: lookIn(place),
      record,
      recovered,
      isUnfinished: false,
      writtenAt: writtenAt(files),
      close: () => lock.close(),
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * Carries out a plan that was made with the `look` and the `record` of `sync`; of one opening, one plan. Throws a
 * TruceError when that cannot be done; then nothing was.
 */
export async function applyPlan(
  sync: OpenSync,
  plan: Plan,
  { afterStep = noStep, canLink = true }: ApplyOptions = {},
): Promise<Applied> {
  const { place, files } = sync;
  const writes = writesOf(plan);
  await inState(place, async () => {
    const lastRecord = await readRecord(place) ?? emptyRecord(place);
    if (writes.length > 0) {
      const isPrivate = place.scope === "user";
      const transaction = { writes, lastRecord, record: plan.record, isPrivate, canLink, isKept: true };
      await carryOut(files, transaction, afterStep);
    } else if (canonical(plain(plan.record)) !== canonical(plain(lastRecord))) {
      replacePrivateFile(files.record, JSON.stringify(plan.record));
    }
  });
  return { written: writes.map(({ recordPath }) => recordPath) };
}

/**
 * Undoes the last sync byte for byte, with the files that it made and removed. Throws a TruceError when there is none, or
 * when a file was changed since, unless `isForced`.
 */
export async function restoreLast(
  { place, files }: OpenSync,
  { isForced = false, afterStep = noStep }: { readonly isForced?: boolean } & ApplyOptions = {},
): Promise<Applied> {
  const undo = readUndo(files.undo);
  if (undo === undefined) {
    throw new TruceError("refused", `Cannot undo a sync of "${place.root}": there is none to undo`, {
      hint: "See what would be written: truce sync --dry-run",
    });
  }
  const lastRecord = await readRecord(place) ?? emptyRecord(place);
  const writes: Write[] = [];
  for (const { path, before, after } of undo.steps) {
    // Below a link of ours is what it leads to; a folder of ours goes with what is in it.
    const isBelowLink = undo.steps.some((step) => isBelow(path, step.path) && linkTarget(step.path) !== undefined);
    const isOurFolder = lastRecord.folders.includes(path) && lookAt(path)?.kind === "directory";
    const now = isBelowLink || isOurFolder ? absent : contentAt(path);
    const hash = now === "other" ? now : await hashOf(now);
    if (hash === await hashOf(before)) continue;
    if (now === "other" || hash !== after && !isForced) throw changedSince(path);
    writes.push({ path, before: now, after: before, recordPath: path });
  }
  const isPrivate = place.scope === "user";
  await inState(place, async () => {
    const transaction = { writes, lastRecord, record: undo.record, isPrivate, canLink: true, isKept: false };
    await carryOut(files, transaction, afterStep);
  });
  return { written: writes.map(({ path }) => path) };
}

/** Returns what a plan writes, each path once: what comes in the place of what goes does so in one step. */
function writesOf({ files }: Plan): Write[] {
  const writes = new Map<string, Write>();
  for (const { path, real, before, after } of files) {
    if (before === after) continue;
    const other = writes.get(real);
    const write: Write = { path: real, before, after, recordPath: path };
    if (other === undefined) writes.set(real, write);
    else if (after.kind === "absent") writes.set(real, { ...other, before });
    else writes.set(real, { ...write, before: other.before });
  }
  return [...writes.values()];
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && isWithin(path, folder);
}

function noStep(): void {}

function changedSince(path: string): TruceError {
  return new TruceError("refused", `Cannot undo the last sync: "${path}" was changed since`, {
    hint: "Overwrite it with truce sync restore --force",
  });
}

function foreignState({ state }: SyncPlace): TruceError {
  return new TruceError("unavailable", `Cannot use the state in "${state}": the folder belongs to another user`, {
    hint: "Set TRUCE_STATE_DIR to a folder of your own",
  });
}

/** Says of a failure of the disk that it is one. */
async function inState<T>({ state }: SyncPlace, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TruceError || !isFileFailure(error)) throw error;
    throw new TruceError("unavailable", `Cannot use the state in "${state}": ${sayFileFailure(error)}`, {
      hint: "Free or repair it, or set TRUCE_STATE_DIR to another folder",
      cause: error,
    });
  }
}

function writtenAt({ record }: StateFiles): string | undefined {
  const facts = lookAt(record);
  return facts && new Date(facts.modifiedMs).toISOString();
}
