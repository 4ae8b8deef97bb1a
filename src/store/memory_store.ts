import { asObject } from "../base/decode.ts";
import type { Decode, Store, Transaction, Watch } from "./store.ts";

/** Waits for `ms` or until `woken` resolves; the tests' clock decides how long that is. */
export type Sleep = (ms: number, woken: Promise<void>) => Promise<void>;

/** A store in the memory of one process, for tests and for the contract that every store keeps. */
export class MemoryStore implements Store {
  #records = new Map<string, string>();
  #fence = 0;
  #firsts = new Set<string>();
  #watches = new Map<string, Set<() => void>>();
  #sleep: Sleep;

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  // deno-lint-ignore require-await -- A body that throws must reject, as in every store.
  async change<T>(body: (tx: Transaction) => T): Promise<T> {
    const writes = new Map<string, string | undefined>();
    const read = (key: string) => writes.has(key) ? writes.get(key) : this.#records.get(key);
    const result = body({
      get: (key, decode) => decodeText(read(key), decode),
      wasDamaged: () => false,
      put: (key, record) => writes.set(key, JSON.stringify(record)),
      delete: (key) => writes.set(key, undefined),
      list: (prefix) => this.list(prefix),
      fence: () => ++this.#fence,
    });
    for (const [key, text] of writes) this.#publish(key, text);
    return result;
  }

  peek<R>(key: string, decode: Decode<R>): R | undefined {
    return decodeText(this.#records.get(key), decode);
  }

  list(prefix: string): string[] {
    const below = [...this.#records.keys()].filter((key) => key.startsWith(`${prefix}/`));
    return [...new Set(below.map((key) => key.slice(prefix.length + 1).split("/")[0]))];
  }

  watch(key: string): Promise<Watch> {
    let woken = Promise.withResolvers<void>();
    const wake = () => woken.resolve();
    this.#watches.set(key, (this.#watches.get(key) ?? new Set()).add(wake));
    return Promise.resolve({
      changed: async (withinMs) => {
        await this.#sleep(withinMs, woken.promise);
        woken = Promise.withResolvers();
      },
      close: () => void this.#watches.get(key)?.delete(wake),
    });
  }

  first(key: string): boolean {
    return !this.#firsts.has(key) && this.#firsts.add(key).has(key);
  }

  #publish(key: string, text: string | undefined): void {
    if (text === undefined) this.#records.delete(key);
    else this.#records.set(key, text);
    for (const wake of this.#watches.get(key) ?? []) wake();
  }
}

function decodeText<R>(text: string | undefined, decode: Decode<R>): R | undefined {
  const value = text === undefined ? undefined : asObject(JSON.parse(text));
  return value === undefined ? undefined : decode(value);
}
