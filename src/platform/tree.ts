// Files, folders and links of a person's, as they are replaced: synchronous, forced to the disk, with their modes.

import { folderOf } from "../base/path.ts";
import { lookAt, lookThrough, namesIn, readBytes, removeFile, renameFile, writeWhole } from "./files.ts";

/** One file of a folder: its path in it, with `/` between. */
export interface TreeFile {
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Returns the permissions of what `path` leads to; `undefined` when it is absent or the system has none. */
export function modeOf(path: string): number | undefined {
  try {
    const { mode } = Deno.statSync(path);
    return mode === null ? undefined : mode & 0o7777;
  } catch {
    return undefined;
  }
}

/** Writes a new file, forced to the disk. Without `mode` it has that of any new file. Throws when something is there. */
export function writeNewFile(path: string, bytes: Uint8Array, mode?: number): void {
  const file = Deno.openSync(path, { createNew: true, write: true, mode: mode ?? 0o666 });
  try {
    writeWhole(file, bytes);
    if (mode !== undefined && Deno.build.os !== "windows") Deno.chmodSync(path, mode);
    file.syncSync();
  } finally {
    file.close();
  }
}

/** Replaces a file of ours as a whole, forced to the disk: whoever reads it sees the one or the other. */
export function replacePrivateFile(path: string, text: string): void {
  const staged = `${path}.new`;
  removeFile(staged);
  writeNewFile(staged, new TextEncoder().encode(text), 0o600);
  renameFile(staged, path);
  flushFolder(folderOf(path));
}

/** Forces to the disk which names a folder has. */
export function flushFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  try {
    const folder = Deno.openSync(path, { read: true });
    try {
      folder.syncSync();
    } finally {
      folder.close();
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Makes a link that says `to`; false where the system or the disk makes none. */
export function makeLink(to: string, path: string, isToFolder: boolean): boolean {
  try {
    Deno.symlinkSync(to, path, { type: isToFolder ? "dir" : "file" });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotFound) throw error;
    return false;
  }
}

/** Makes a folder whose parent is there; false when it is there already. */
export function makeFolder(path: string, mode = 0o777): boolean {
  try {
    Deno.mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Removes a folder when nothing is in it, and says whether it is gone. */
export function removeEmptyFolder(path: string): boolean {
  if (lookAt(path)?.kind !== "directory") return lookAt(path) === undefined;
  if (namesIn(path).length > 0) return false;
  Deno.removeSync(path);
  return true;
}

/** Removes whatever is at `path`. */
export function removeTree(path: string): void {
  if (lookAt(path) !== undefined) Deno.removeSync(path, { recursive: true });
}

/**
 * Returns the files in a folder, in the order of their paths; links are followed. `undefined` when there are more than
 * `filesMax`, when they are larger than `bytesMax` together, or when something in it is no file.
 */
export function treeAt(
  path: string,
  limits: { readonly filesMax: number; readonly bytesMax: number },
): TreeFile[] | undefined {
  const files: TreeFile[] = [];
  let bytesLeft = limits.bytesMax;
  const folders = [""];
  for (const folder of folders) {
    if (folders.length > limits.filesMax) return undefined;
    for (const name of namesIn(`${path}${folder}`)) {
      const inner = `${folder}/${name}`;
      const facts = lookThrough(path + inner);
      if (facts?.kind === "directory") {
        folders.push(inner);
        continue;
      }
      bytesLeft -= facts?.size ?? 0;
      if (facts?.kind !== "file" || bytesLeft < 0 || files.length >= limits.filesMax) return undefined;
      const bytes = readBytes(path + inner) ?? new Uint8Array();
      files.push({ path: inner.slice(1), mode: (modeOf(path + inner) ?? 0o644) & 0o777, bytes });
    }
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}
