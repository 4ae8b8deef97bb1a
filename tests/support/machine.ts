import type { Processes, ProcessId } from "../../src/base/process_id.ts";
import type { LockContext } from "../../src/locks/context.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import type { Store } from "../../src/store/store.ts";
import { VirtualTime } from "./virtual_time.ts";

const changesPerMomentMax = 16;

/** A machine for tests: a clock that stands still, processes that are names, and a store in memory. */
export class Machine {
  readonly time = new VirtualTime();
  readonly store = new MemoryStore((ms, woken) => this.time.sleep(ms, woken));
  readonly #dead = new Set<string>();

  kill(process: string): void {
    this.#dead.add(process);
  }

  /** Returns what the lock feature acts through in `process`; after the death of that, it never wakes again. */
  locks(process: string): LockContext {
    const processes: Processes = {
      self: () => processNamed(process),
      isLive: ({ started }) => !this.#dead.has(started),
    };
    return { clock: this.time, processes, store: this.#storeOf(process) };
  }

  #storeOf(process: string): Store {
    const { store } = this;
    const changes = { atS: 0, count: 0 };
    return {
      change: (body) => {
        // A loop that goes on without sleeping would hang the test.
        changes.count = changes.atS === this.time.seconds ? changes.count + 1 : 1;
        changes.atS = this.time.seconds;
        if (changes.count > changesPerMomentMax) throw new Error("spins");
        return store.change(body);
      },
      peek: (key, decode) => store.peek(key, decode),
      list: (prefix) => store.list(prefix),
      first: (key) => store.first(key),
      watch: async (key) => {
        const watch = await store.watch(key);
        const changed = async (withinMs: number) => {
          await watch.changed(withinMs);
          if (this.#dead.has(process)) await this.time.sleepForEver();
        };
        return { changed, close: () => watch.close() };
      },
    };
  }
}

/** Returns the identity of the process called `started`. */
export function processNamed(started: string): ProcessId {
  return { pid: 1, started, space: "play" };
}
