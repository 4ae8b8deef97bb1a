import type { JsonObject } from "../../src/base/decode.ts";
import { numberField } from "../../src/base/decode.ts";
import { FileStore } from "../../src/store/file_store.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import type { Store, StoredRecord, Transaction } from "../../src/store/store.ts";

/** A record with a number in it. */
export interface Numbered extends StoredRecord {
  readonly number: number;
}

/** A backend, and another opening of the same state. */
export interface Backend {
  readonly store: Store;
  reopen(): Store;
}

/** Every backend by name. A further one is one line here. */
export const backends: Readonly<Record<string, () => Backend & Disposable>> = {
  MemoryStore() {
    const store = new MemoryStore((ms, woken) => ms < longMs ? Promise.resolve() : woken);
    return { store, reopen: () => store, [Symbol.dispose]() {} };
  },
  FileStore() {
    const root = Deno.makeTempDirSync({ prefix: "truce-store-" });
    const open = () => new FileStore(`${root}/state`, () => {});
    return { store: open(), reopen: open, [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }) };
  },
};

/** A time that no test waits for: who waits for it, waits for a change. */
export const longMs = 60_000;

/** Returns the number of the record at `key`. */
export function peekNumber(store: Pick<Store, "peek">, key: string): number | undefined {
  return store.peek(key, asNumber);
}

/** Returns the same inside a change. */
export function getNumber(tx: Transaction, key: string): number | undefined {
  return tx.get(key, asNumber);
}

/** Keeps `number` at `key`. */
export function putNumber(tx: Transaction, key: string, number: number): void {
  tx.put<Numbered>(key, { v: 1, number });
}

function asNumber(record: JsonObject): number | undefined {
  return numberField(record, "number");
}
