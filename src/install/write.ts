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
    const prepared = writes.map((write) => ({ ...write, staged: stagedAt(write.file.real) }));
    for (const write of prepared) {
      path = write.file.path;
      folders.push(...stage(write, undo));
    }
    for (const write of prepared) {
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

/** A write, and where its text is prepared. */
interface Prepared extends SettingsWrite {
  readonly staged: string;
}

function stage({ file: { real }, after, staged }: Prepared, undo: (() => void)[]): string[] {
  if (after === undefined) return [];
  const folders = missingFolders(real);
  for (const folder of folders) {
    makeFolder(folder);
    undo.push(() => removeEmptyFolder(folder));
  }
  undo.push(() => removeFile(staged));
  writeNewFile(staged, new TextEncoder().encode(after), modeOf(real));
  return folders;
}

function putInPlace({ file, after, staged }: Prepared, undo: (() => void)[]): void {
  const { path, real, text } = file;
  const mode = modeOf(real);
  const now = readBytes(real);
  const before = text === undefined ? undefined : new TextEncoder().encode(text);
  if (now?.length !== before?.length || now?.some((byte, i) => byte !== before?.[i])) {
    throw new TruceError("refused", `Cannot write "${path}": somebody else is changing it`, { hint: "Type it again" });
  }
  if (after === undefined) removeFile(real);
  else renameFile(staged, real);
  undo.push(() => {
    if (before === undefined) return removeFile(real);
    writeNewFile(staged, before, mode);
    renameFile(staged, real);
  });
  flushFolder(folderOf(real));
}

/** A name that nobody else has: what is beside the settings by another one is not ours to remove. */
function stagedAt(real: string): string {
  return `${folderOf(real) === "/" ? "" : folderOf(real)}/.${nameOf(real)}.truce-${crypto.randomUUID()}`;
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first failure is told; what cannot be undone is not worse than that.
  }
}
