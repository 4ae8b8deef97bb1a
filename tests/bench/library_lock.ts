// The lock on one path through the library, as one hook after the other uses it, without a process start each time.

import { pathFacts } from "../../src/commands/lock_use.ts";
import { acquire } from "../../src/locks/acquire.ts";
import type { LockContext } from "../../src/locks/context.ts";
import { type Holder, sessionHolder } from "../../src/sessions/holder.ts";
import { asQueue, queueKey } from "../../src/locks/queue.ts";
import { settle } from "../../src/locks/settle.ts";
import { pathTarget, type Target } from "../../src/locks/target.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemProcesses } from "../../src/platform/process.ts";
import { openStore } from "../../src/store/open.ts";

const waitS = 170;
const callId = "toolu_bench";
const lookEveryMs = 5;

/** The lock on one path for one session. */
export class LibraryLock {
  readonly #context: LockContext;
  readonly #holder: Holder;
  readonly #target: Target;

  constructor(context: LockContext, holder: Holder, target: Target) {
    this.#context = context;
    this.#holder = holder;
    this.#target = target;
  }

  /** Waits in line for the lock and returns its fence. */
  async acquire(): Promise<number> {
    const purpose = { kind: "call", callId } as const;
    const request = { holder: this.#holder, targets: [this.#target], purpose, waitS };
    const acquired = await acquire(this.#context, request);
    if (acquired.kind === "granted") return acquired.leases[0].fence;
    throw new Error(`Cannot lock "${this.#target.name}" within ${waitS} s: ${acquired.kind}`);
  }

  /** Gives the lock back, without grace. */
  async release(): Promise<void> {
    const ending = { kind: "calls", callIds: [callId] } as const;
    const { settled } = await settle(this.#context, {
      holder: this.#holder,
      targets: [this.#target.key],
      ending,
      graceS: 0,
    });
    if (settled[0].kind !== "ended") throw new Error(`Cannot release "${this.#target.name}": it is ${settled[0].kind}`);
  }
}

/** Opens the lock on `path` in the state at `state` for the session `name` of this process. */
export async function openLock(state: string, path: string, name: string): Promise<LibraryLock> {
  const holder = await sessionHolder({ host: "bench", sessionId: name }, systemProcesses.self());
  return new LibraryLock(libraryContext(state), holder, await pathTarget(pathFacts, "/", path));
}

/** Returns what the library acts through. What it logs here is a mistake of ours. */
export function libraryContext(state: string): LockContext {
  const store = openStore(state, (fact, details) => console.error(fact, details));
  return { store, clock: systemClock, processes: systemProcesses };
}

/** Resolves when `count` are in line in the state at `state`. */
export async function untilInLine(state: string, count: number): Promise<void> {
  const { store } = libraryContext(state);
  const untilMs = performance.now() + waitS * 1000;
  while (performance.now() < untilMs) {
    if (store.peek(queueKey, asQueue)?.waiters.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  throw new Error(`Cannot go on: after ${waitS} s there are not ${count} in line`);
}
