// Files, as the file store and the read stamps need them: synchronous, private to the user, absent is `undefined`.

import { folderOf } from "../base/path.ts";
import { within } from "./deadline.ts";

/** What a file system says of a file without reading it. */
export interface FileFacts {
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  readonly modifiedMs: number;
  /** Device and inode: equal for two names of one file. */
  readonly identity: string;
  /** The user that owns it; `undefined` where the system has no such thing. */
  readonly owner: number | undefined;
}

/** Returns what is at `path`, not followed when it is a link, or `undefined` when nothing is. */
export function lookAt(path: string): FileFacts | undefined {
  return unlessAbsent(() => factsOf(Deno.lstatSync(path)));
}

/** Returns what `path` leads to, or `undefined` when that is nothing. */
export function lookThrough(path: string): FileFacts | undefined {
  return unlessAbsent(() => factsOf(Deno.statSync(path)));
}

/** Returns the text of the file at `path`, or `undefined` when there is none. */
export function readText(path: string): string | undefined {
  return unlessAbsent(() => Deno.readTextFileSync(path));
}

/** Returns the bytes of the file at `path`, or `undefined` when there is none. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  return unlessAbsent(() => Deno.readFileSync(path));
}

/** Writes a new file that only this user may read, in place of whatever is there: a link is replaced, not followed. */
export function writePrivateText(path: string, text: string): void {
  const write = () => Deno.writeTextFileSync(path, text, { createNew: true, mode: 0o600 });
  try {
    write();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    Deno.removeSync(path, { recursive: true });
    write();
  }
}

/** Adds a line of text to a file that only this user may read. */
export function appendPrivateText(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true, mode: 0o600 });
}

/** Creates an empty file; false when something is there already. */
export function createPrivate(path: string): boolean {
  try {
    Deno.openSync(path, { createNew: true, write: true, mode: 0o600 }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Makes a folder, and those above it, that only this user may enter. */
export function makePrivateFolder(path: string): void {
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Lets this user alone enter the folder at `path`. */
export function closeToOthers(path: string): void {
  if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o700);
}

/** Gives `from` the name `to`; what had that name is gone in the same moment. */
export function renameFile(from: string, to: string): void {
  Deno.renameSync(from, to);
}

/** Does the same where `from` may have been moved before, and the folder of `to` may be missing. */
export function moveIntoPlace(from: string, to: string): void {
  try {
    renameFile(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (lookAt(from) === undefined) return;
    makePrivateFolder(folderOf(to));
    renameFile(from, to);
  }
}

/** Removes a file; one that is absent is removed already. */
export function removeFile(path: string): void {
  unlessAbsent(() => Deno.removeSync(path));
}

/** Returns the names in a folder, without order; those of an absent folder are none. */
export function namesIn(path: string): string[] {
  return unlessAbsent(() => Array.from(Deno.readDirSync(path), (entry) => entry.name)) ?? [];
}

/** Returns the path without links, or `undefined` when nothing is there. */
export function realPath(path: string): string | undefined {
  return unlessAbsent(() => Deno.realPathSync(path));
}

/** Returns what the link at `path` names, or `undefined` when it is no link. */
export function linkTarget(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}

/** A file whose lock this process has until it closes it or dies. */
export interface LockedFile {
  read(): string;
  /** Writes over the start of the file, with one call to the system. */
  overwrite(text: string): void;
  truncate(length: number): void;
  close(): void;
}

/**
 * Locks the file at `path`, made if it is absent. Returns `undefined` when others had the lock for `deadlineMs`.
 * The lock is the kernel's: it is free at the moment its process dies.
 */
export async function lockFile(path: string, deadlineMs: number): Promise<LockedFile | undefined> {
  const file = openForLock(path);
  return file.tryLockSync(true) || await lockWithin(file, deadlineMs) ? lockedFile(file) : undefined;
}

/** Locks the file at `path` as `lockFile` does, now or not at all. */
export function lockAtOnce(path: string): LockedFile | undefined {
  const file = openForLock(path);
  if (file.tryLockSync(true)) return lockedFile(file);
  file.close();
  return undefined;
}

function openForLock(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
}

function lockedFile(file: Deno.FsFile): LockedFile {
  return {
    read: () => readFromStart(file),
    overwrite(text) {
      file.seekSync(0, Deno.SeekMode.Start);
      writeWhole(file, new TextEncoder().encode(text));
    },
    truncate: (length) => file.truncateSync(length),
    close: () => file.close(),
  };
}

/** Waits for the lock. A waiting lock cannot be called back, so one that comes too late is given up as it comes. */
async function lockWithin(file: Deno.FsFile, deadlineMs: number): Promise<boolean> {
  const locked = file.lock(true).then(() => true);
  const isLocked = await within(deadlineMs, locked, false);
  if (!isLocked) locked.then(() => file.close(), () => file.close());
  return isLocked;
}

function readFromStart(file: Deno.FsFile): string {
  let bytes = new Uint8Array(256);
  let length = 0;
  for (let count: number | null = 0; count !== null; length += count ?? 0) {
    if (length === bytes.length) bytes = grown(bytes);
    count = file.readSync(bytes.subarray(length));
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** Returns a buffer twice as long that starts with `bytes`. */
export function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/** Writes all of `bytes`; one call may take only a part of them. */
export function writeWhole(target: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += target.writeSync(bytes.subarray(done));
}

function factsOf(info: Deno.FileInfo): FileFacts {
  return {
    kind: info.isFile ? "file" : info.isDirectory ? "directory" : "other",
    size: info.size,
    modifiedMs: info.mtime?.getTime() ?? 0,
    identity: `${info.dev}:${info.ino}`,
    owner: info.uid ?? undefined,
  };
}

function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** A file that is read while others may write to it: all of it comes from one inode, whatever its name leads to next. */
export interface OpenFile {
  facts(): FileFacts;
  /** Returns `length` bytes from `offset` on, or less when the file ends before. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Opens the file that `path` leads to, or returns `undefined` when that is no file: to open a pipe would wait. */
export function openFile(path: string): OpenFile | undefined {
  if (lookThrough(path)?.kind !== "file") return undefined;
  const file = unlessAbsent(() => Deno.openSync(path));
  return file && {
    facts: () => factsOf(file.statSync()),
    read: (offset, length) => readPart(file, offset, length),
    close: () => file.close(),
  };
}

function readPart(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let done = 0;
  for (let count: number | null = 0; count !== null && done < length; done += count ?? 0) {
    count = file.readSync(bytes.subarray(done));
  }
  return bytes.subarray(0, done);
}
