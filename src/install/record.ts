// What was in a file of settings before truce wrote to it, so that it can be put back. It is kept in files of its own: a
// record of the store must stay small, and settings need not.

import { asObject, field, textField, textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { TruceError } from "../base/error.ts";
import { type LockedFile, lockFile, makePrivateFolder, readText, removeFile } from "../platform/files.ts";
import { sayFileFailure } from "../platform/file_failure.ts";
import { replacePrivateFile } from "../platform/tree.ts";

const lockWaitMs = 10_000;

/** What is known of a file that truce wrote to. */
export interface InstallRecord {
  readonly path: string;
  /** What was in it before; `null` when it was absent. */
  readonly former: string | null;
  /** Of what truce has written: while it is the same, nobody else has changed it. */
  readonly digest: string;
  /** Whether truce made the file, and the folders above it, from the top. */
  readonly isMade: boolean;
  readonly folders: readonly string[];
}

/** Locks the records in a state folder until `close`. Throws a TruceError when they cannot be had. */
export async function lockRecords(state: string): Promise<LockedFile> {
  const path = `${state}/install`;
  const lock = await inState(path, () => {
    makePrivateFolder(path);
    return lockFile(`${path}/lock`, lockWaitMs);
  });
  if (lock !== undefined) return lock;
  throw new TruceError(
    "unavailable",
    `Cannot write settings: another truce does so for ${lockWaitMs / 1000} s already`,
  );
}

/** Returns what is known of the file at `path`; `undefined` when nothing is, or when it cannot be read. */
export async function recordOf(state: string, path: string): Promise<InstallRecord | undefined> {
  try {
    const record = asObject(JSON.parse(readText(await fileOf(state, path)) ?? "null"));
    const [former, sum] = [field(record, "former"), textField(record, "digest")];
    if (field(record, "v") !== 1 || field(record, "path") !== path || sum === undefined) return undefined;
    if (former !== null && typeof former !== "string") return undefined;
    return {
      path,
      former,
      digest: sum,
      isMade: field(record, "isMade") === true,
      folders: textList(record, "folders"),
    };
  } catch {
    return undefined;
  }
}

/** Keeps a record, for this user alone; `undefined` forgets that of `path`. */
export async function keepRecord(state: string, path: string, record: InstallRecord | undefined): Promise<void> {
  const file = await fileOf(state, path);
  await inState(`${state}/install`, () => {
    if (record === undefined) removeFile(file);
    else replacePrivateFile(file, JSON.stringify({ v: 1, ...record }));
  });
}

async function inState<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new TruceError("unavailable", `Cannot keep what was there in "${path}": ${sayFileFailure(error)}`, {
      hint: "Nothing was written; make it writable, or set TRUCE_STATE_DIR",
      cause: error,
    });
  }
}

async function fileOf(state: string, path: string): Promise<string> {
  return `${state}/install/${await digest(path)}.json`;
}
