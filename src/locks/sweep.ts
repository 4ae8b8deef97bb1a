// Clearing away, a little at every change, so that nothing grows without bound and nobody ever waits for it.

import type { Now } from "../base/clock.ts";
import { type JsonObject, numberField } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import type { Transaction } from "../store/store.ts";
import { asLease, boundUntilS } from "./lease.ts";

const dayMs = 86_400_000;
const turnsPerSweep = 4;
const looksPerSweep = 8;
const textsPerFolderMax = 32;

/** A kind of record that ages: where it is, and whether one of it may go. */
interface Ageing {
  readonly prefix: string;
  readonly countMax: number;
  isOver(record: JsonObject, now: Now): boolean;
}

const ageing: readonly Ageing[] = [
  { prefix: "leases", countMax: Infinity, isOver: isLeaseOver },
  { prefix: "sessions", countMax: Infinity, isOver: (record, now) => isOlder(record, "seenMs", now, 7 * dayMs) },
  { prefix: "texts", countMax: textsPerFolderMax, isOver: (record, now) => isOlder(record, "wallMs", now, 2 * dayMs) },
];

/** At every fourth turn, looks at some records of one of the 256 folders of one kind and removes those that are over. */
export function sweep(tx: Transaction, now: Now): void {
  const fence = tx.fence();
  if (fence % turnsPerSweep !== 0) return;
  const turn = fence / turnsPerSweep;
  const { prefix, countMax, isOver } = ageing[turn % ageing.length];
  const folder = `${prefix}/${(Math.floor(turn / ageing.length) % 256).toString(16).padStart(2, "0")}`;
  const names = tx.list(folder);
  for (let look = 0; look < Math.min(looksPerSweep, names.length); look++) {
    const key = `${folder}/${names[(turn + look) % names.length]}`;
    const record = readable(tx, key);
    if (record !== undefined && (names.length > countMax || isOver(record, now))) tx.delete(key);
  }
}

/** Returns a record, unless it is of a later format: that is for a later truce to clear away. */
function readable(tx: Transaction, key: string): JsonObject | undefined {
  try {
    return tx.get(key, (value) => value);
  } catch (error) {
    if (error instanceof TruceError) return undefined;
    throw error;
  }
}

/** A lease is kept for a day after it ended, for the word of who wrote last. */
function isLeaseOver(record: JsonObject, now: Now): boolean {
  const lease = asLease(record);
  if (lease === undefined) return true;
  if (lease.boot !== now.boot) return lease.lastWrite === undefined || lease.lastWrite.wallMs < now.wallMs - dayMs;
  const endS = Math.max(lease.callS, lease.graceUntilS, lease.manualUntilS, lease.sinceS);
  return boundUntilS(lease, now, 0) === 0 && endS < now.bootS - dayMs / 1000;
}

function isOlder(record: JsonObject, name: string, now: Now, ageMs: number): boolean {
  return (numberField(record, name) ?? 0) < now.wallMs - ageMs;
}
