// What files and folders were when they were read. A stamp is taken before what is there is read: whatever changes from then
// on has another. Of the folders that were looked through for more, the names are kept besides, for a folder changes with
// every file that is made in it, and few of those are looked for.

import { entriesIn, type FolderEntry } from "../platform/folder_entries.ts";
import { isFileFailure } from "../platform/file_failure.ts";
import { lookThrough } from "../platform/files.ts";
import type { SourceFiles } from "./source/files.ts";
import { namesToFollow } from "./source/walk.ts";

const stampsMax = 4_000;
const walkedMax = 1_000;
const namesLengthMax = 1_000;

/** What files were when they were read, by their paths. */
export type Stamps = Readonly<Record<string, string>>;

/** What folders were when they were looked through, by their paths. */
export type Walked = Readonly<Record<string, { readonly stamp: string; readonly names: string }>>;

/** Returns what the files at `paths` are now. */
export function stampsOf(paths: readonly string[]): Stamps {
  return Object.fromEntries(paths.slice(0, stampsMax).map((path) => [path, stampOf(path)]));
}

/** Returns what the folders at `paths` are now. */
export function walkedOf(paths: readonly string[]): Walked {
  const walked = (path: string) => ({ stamp: stampOf(path), names: namesAt(path) });
  return Object.fromEntries(paths.slice(0, walkedMax).map((path) => [path, walked(path)]));
}

/** Says whether a file is not what it was. */
export function isChanged(stamps: Stamps): boolean {
  return Object.entries(stamps).some(([path, stamp]) => stampOf(path) !== stamp);
}

/** Says whether a folder has something else to be looked for. Asks one thing for each folder in which nothing has changed. */
export function isOtherWalk(walked: Walked): boolean {
  return Object.entries(walked).some(([path, { stamp, names }]) => stampOf(path) !== stamp && namesAt(path) !== names);
}

/** Takes the stamp of whatever is read, before that is read for the first time. */
export class Stamper {
  readonly #stamps = new Map<string, string>();
  readonly #entries = new Map<string, readonly FolderEntry[]>();

  /** Returns `files`, watched. */
  files(files: SourceFiles): SourceFiles {
    return {
      look: (path) => files.look(this.#see(path)),
      read: (path) => files.read(this.#see(path)),
      entries: (path) => {
        const entries = files.entries(this.#see(path));
        if (!this.#entries.has(path)) this.#entries.set(path, entries);
        return entries;
      },
      realPath: (path) => files.realPath(this.#see(path)),
    };
  }

  /** Returns what the files at `paths` were when they were read. */
  stamps(paths: readonly string[]): Stamps {
    return Object.fromEntries(paths.slice(0, stampsMax).map((path) => [path, this.#stampOf(path)]));
  }

  /** Returns what the folders at `paths`, the most important first, were when they were looked through. */
  walked(paths: readonly string[]): Walked {
    const walked = (path: string) => ({ stamp: this.#stampOf(path), names: textOf(this.#entries.get(path) ?? []) });
    return Object.fromEntries(paths.slice(0, walkedMax).map((path) => [path, walked(path)]));
  }

  #see(path: string): string {
    if (!this.#stamps.has(path)) this.#stamps.set(path, stampOf(path));
    return path;
  }

  #stampOf(path: string): string {
    return this.#stamps.get(path) ?? stampOf(path);
  }
}

function stampOf(path: string): string {
  try {
    const facts = lookThrough(path);
    return facts === undefined ? "absent" : `${facts.size} ${facts.modifiedMs} ${facts.identity}`;
  } catch {
    return "unreadable";
  }
}

function namesAt(path: string): string {
  try {
    return textOf(entriesIn(path));
  } catch (error) {
    if (!isFileFailure(error)) throw error;
    return "";
  }
}

/** Of very many names, how long they are together tells whether there is one more. */
function textOf(entries: readonly FolderEntry[]): string {
  const text = namesToFollow(entries).join("/");
  return text.length > namesLengthMax ? `${text.length} ${text.slice(0, namesLengthMax)}` : text;
}
