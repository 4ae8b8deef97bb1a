// Writes several files of settings, all or none: each whole, by a rename in its folder. What was prepared is taken back
// when one of them cannot be written, and so is what was in place already.

import { TruceError } from "../base/error.ts";
import { folderOf, nameOf } from "../base/path.ts";
import { sayFileFailure } from "../platform/file_failure.ts";
import { lookThrough, readBytes, removeFile, renameFile } from "../platform/files.ts";
import { flushFolder, makeFolder, modeOf, removeEmptyFolder, writeNewFile } from "../platform/tree.ts";
import type { SettingsFile } from "./files.ts";

/** A file of settings, and what is to be in it; `undefined` for none. */
export interface SettingsWrite {
  readonly file: SettingsFile;
  readonly after: string | undefined;
}

/** Writes files, and returns the folders that were made for them, from the top. Throws a TruceError, and wrote nothing. */
export function writeAll(writes: readonly SettingsWrite[]): string[] {
  const undo: (() => void)[] = [];
  let path = "";
  try {
    const folders: string[] = [];
    for (const { file, after } of writes) {
      path = file.path;
      if (after !== undefined) folders.push(...stage(file, after, undo));
    }
    for (const write of writes) {
      path = write.file.path;
      putInPlace(write, undo);
    }
    return folders;
  } catch (error) {
    for (const step of undo.toReversed()) attempt(step);
    if (error instanceof TruceError) throw error;
    throw new TruceError("refused", `Cannot write "${path}": ${sayFileFailure(error)}`, {
      hint: "Nothing was written; make it writable, and type it again",
      cause: error,
    });
  }
}

/** Returns the folders above `path` that are missing, from the top. */
export function missingFolders(path: string): string[] {
  const folder = folderOf(path);
  return folder === path || lookThrough(folder) !== undefined ? [] : [...missingFolders(folder), folder];
}

function stage({ real }: SettingsFile, after: string, undo: (() => void)[]): string[] {
  const folders = missingFolders(real);
  for (const folder of folders) {
    makeFolder(folder);
    undo.push(() => removeEmptyFolder(folder));
  }
  removeFile(stagedAt(real));
  undo.push(() => removeFile(stagedAt(real)));
  writeNewFile(stagedAt(real), new TextEncoder().encode(after), modeOf(real));
  return folders;
}

function putInPlace({ file, after }: SettingsWrite, undo: (() => void)[]): void {
  const { path, real, text } = file;
  const mode = modeOf(real);
  const now = readBytes(real);
  const before = text === undefined ? undefined : new TextEncoder().encode(text);
  if (now?.length !== before?.length || now?.some((byte, i) => byte !== before?.[i])) {
    throw new TruceError("refused", `Cannot write "${path}": somebody else is changing it`, { hint: "Type it again" });
  }
  if (after === undefined) removeFile(real);
  else renameFile(stagedAt(real), real);
  undo.push(() => {
    removeFile(stagedAt(real));
    if (before === undefined) return removeFile(real);
    writeNewFile(stagedAt(real), before, mode);
    renameFile(stagedAt(real), real);
  });
  flushFolder(folderOf(real));
}

/** One name a file: what a process that died has left is in the way of the next, which takes it away. */
function stagedAt(real: string): string {
  return `${folderOf(real) === "/" ? "" : folderOf(real)}/.${nameOf(real)}.truce-new`;
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first failure is told; what cannot be undone is not worse than that.
  }
}
