// lock_worker.ts MODE STATE PATH NAME [SECTIONS]: a process that takes a lock and gives it back, through the library.
// For each byte of standard input it takes turns; at the end of it, it prints what happened as JSON.

import { type LibraryLock, openLock } from "./library_lock.ts";

/** One turn of one process, in milliseconds of wall time; fences tell the order. */
export interface Turn {
  readonly fence: number;
  readonly grantedMs: number;
  readonly releasingMs: number;
  readonly releasedMs: number;
}

/** What one process did in critical sections. */
export interface Sections {
  readonly count: number;
  /** How often another was in there already. */
  readonly overlaps: number;
  /** Why the process gave up before its time. */
  readonly failure?: string;
}

if (import.meta.main) {
  const [mode, state, path, name, sections] = Deno.args;
  const lock = await openLock(state, path, name);
  const done = mode === "turns" ? await turnsAtCommand(lock) : await sectionsAtCommand(lock, path, Number(sections));
  console.log(JSON.stringify(done));
}

/** Gives the lock back, and says when. */
export async function giveBack(lock: LibraryLock): Promise<Pick<Turn, "releasingMs" | "releasedMs">> {
  const releasingMs = wallMs();
  await lock.release();
  return { releasingMs, releasedMs: wallMs() };
}

/** Returns the time on a clock that all processes share, finer than a millisecond. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

async function turnsAtCommand(lock: LibraryLock): Promise<Turn[]> {
  const turns: Turn[] = [];
  while (await isCommanded()) {
    const fence = await lock.acquire();
    const grantedMs = wallMs();
    turns.push({ fence, grantedMs, ...await giveBack(lock) });
  }
  return turns;
}

/** Goes through critical sections until all processes together have done `sectionsMax`, or a file named stop is there. */
async function sectionsAtCommand(lock: LibraryLock, path: string, sectionsMax: number): Promise<Sections> {
  let count = 0;
  let overlaps = 0;
  await isCommanded();
  try {
    for (let isLast = false; !isLast;) {
      await lock.acquire();
      if (!createNew(`${path}.inside`)) overlaps++;
      const all = numberIn(`${path}.count`);
      isLast = all >= sectionsMax || exists(`${path}.stop`);
      if (!isLast) {
        Deno.writeTextFileSync(`${path}.count`, String(all + 1));
        count++;
      }
      remove(`${path}.inside`);
      await lock.release();
    }
  } catch (error) {
    // The end of this process frees what it has, so the others go on.
    return { count, overlaps, failure: String(error) };
  }
  return { count, overlaps };
}

async function isCommanded(): Promise<boolean> {
  return await Deno.stdin.read(new Uint8Array(1)) !== null;
}

/** Returns the number that the file at `path` holds; 0 when there is none. */
export function numberIn(path: string): number {
  return exists(path) ? Number(Deno.readTextFileSync(path)) : 0;
}

function createNew(path: string): boolean {
  try {
    Deno.openSync(path, { createNew: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Another one was inside and has removed it: counted above.
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
