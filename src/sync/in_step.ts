// What a sync that found everything in step had asked the disk. As long as the disk would answer all of that as it did
// then, the same words would find everything in step again, and nothing need be read for it.
//
// A stamp is taken before the path is read, so that what changes in between has another. Of what was changed within
// `freshMs` before, nothing is certain: a further change may be told to have been at the same time.

import { asObject, field, textField } from "../base/decode.ts";
import { folderOf } from "../base/path.ts";
import { readText, realPath, removeFile, writePrivateText } from "../platform/files.ts";
import { stampAt } from "../platform/stamp.ts";
import { type StateFiles, stateFiles } from "./apply/journal.ts";
import type { Look } from "./look.ts";
import { parsed, stateOf, type SyncPlace } from "./record.ts";
import type { SourceFiles } from "./source/files.ts";

const freshMs = 2_000;
const pathsMax = 20_000;

/** Returns who sees all that a sync of `place` asks the disk, from what truce knows of the place on. */
export async function witnessOf(place: SyncPlace, nowMs: () => number): Promise<Witness> {
  return new Witness(stateFiles(await stateOf(place)), nowMs);
}

/** Says whether the disk is as it was when a sync of `place` kept what it saw by the same `key`. */
export async function isAsSeen(place: SyncPlace, key: string): Promise<boolean> {
  const kept = parsed(readText(stateFiles(await stateOf(place)).inStep) ?? "");
  const stamps = asObject(field(kept, "stamps"));
  const ways = asObject(field(kept, "ways"));
  if (field(kept, "v") !== 1 || textField(kept, "key") !== key || !stamps || !ways) return false;
  try {
    return Object.entries(stamps).every(([path, stamp]) => stampAt(path).text === stamp) &&
      Object.entries(ways).every(([path, real]) => (realPath(path) ?? "") === real);
  } catch {
    return false;
  }
}

/** Sees what a sync asks the disk. */
export class Witness {
  readonly #state: StateFiles;
  readonly #nowMs: () => number;
  readonly #stamps = new Map<string, string>();
  readonly #ways = new Map<string, string>();
  #isCertain = true;

  constructor(state: StateFiles, nowMs: () => number) {
    this.#state = state;
    this.#nowMs = nowMs;
    for (const path of [state.record, state.journal]) this.#see(path);
  }

  /** Returns `files`, watched. */
  files(files: SourceFiles): SourceFiles {
    return {
      look: (path) => files.look(this.#see(path)),
      read: (path) => files.read(this.#see(path)),
      entries: (path) => files.entries(this.#see(path)),
      realPath: (path) => files.realPath(this.#seeWay(path)),
    };
  }

  /** Returns `look`, watched. What is in a folder that is compared as a whole would be too much to keep. */
  look(look: Look): Look {
    return (path) => {
      const actual = look(this.#see(path));
      const { found } = actual;
      if (found.kind !== "folder") return actual;
      const files = () => {
        this.#isCertain = false;
        return found.files();
      };
      return { ...actual, found: { ...found, files } };
    };
  }

  /** Keeps what was seen by a sync that `key` tells from others; without it, or where nothing is certain, nothing. */
  keep(key: string | undefined): void {
    if (key === undefined || !this.#isCertain) return removeFile(this.#state.inStep);
    const [stamps, ways] = [Object.fromEntries(this.#stamps), Object.fromEntries(this.#ways)];
    writePrivateText(this.#state.inStep, JSON.stringify({ v: 1, key, stamps, ways }));
  }

  /** Takes the stamp of `path`, which is about to be read; returns the path. */
  #see(path: string): string {
    if (!this.#isCertain || this.#stamps.has(path)) return path;
    try {
      const { text, changedMs } = stampAt(path);
      this.#stamps.set(path, text);
      this.#seeWay(folderOf(path));
      if (changedMs >= this.#nowMs() - freshMs || this.#stamps.size > pathsMax) this.#isCertain = false;
    } catch {
      this.#isCertain = false;
    }
    return path;
  }

  /** Sees where `path` leads to, whatever is there; returns the path. It may become a link, or be there one day. */
  #seeWay(path: string): string {
    if (this.#ways.has(path)) return path;
    const real = realPath(path);
    this.#ways.set(path, real ?? "");
    return real === undefined ? this.#see(path) : path;
  }
}
