import type { Lease } from "../../src/locks/lease.ts";
import { sweep } from "../../src/locks/sweep.ts";
import type { StoredRecord } from "../../src/store/store.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";

const dayMs = 86_400_000;
/** More than enough to come to all 256 folders of all kinds, with some records in each. */
const turns = 256 * 3 * 4 * 3;

const now = { boot: "this", bootS: 500_000, wallMs: 1_000 * dayMs };
const lease: Lease = {
  ...{ v: 1, target: { key: "k", kind: "file", name: "/f" }, holder: { key: "h", label: "h" }, fence: 1, reason: "" },
  ...{ boot: "this", sinceS: 1, calls: [], callS: 0, graceUntilS: 0, manualUntilS: 0 },
};
const daysAgoMs = (days: number) => now.wallMs - days * dayMs;
const daysAgoS = (days: number) => now.bootS - days * 86_400;
const write = (days: number) => ({ key: "key-w", label: "w", digest: "d", wallMs: daysAgoMs(days) });

/** Records of each kind, and whether they stay. */
const records: Readonly<Record<string, readonly [record: StoredRecord & Record<string, unknown>, stays: boolean]>> = {
  "leases/00/binding": [{ ...lease, manualUntilS: now.bootS + 9 }, true],
  "leases/01/ended today": [{ ...lease, sinceS: daysAgoS(3), callS: daysAgoS(0.9) }, true],
  "leases/7f/ended two days ago": [{ ...lease, sinceS: daysAgoS(3), graceUntilS: daysAgoS(2) }, false],
  "leases/80/another boot": [{ ...lease, boot: "other" }, false],
  "leases/81/another boot and written today": [{ ...lease, boot: "other", lastWrite: write(0.9) }, true],
  "leases/82/another boot and written long ago": [{ ...lease, boot: "other", lastWrite: write(1.1) }, false],
  "leases/ff/damaged": [{ v: 1 }, false],
  "sessions/00/seen this week": [{ v: 1, seenMs: daysAgoMs(6.9) }, true],
  "sessions/ff/seen long ago": [{ v: 1, seenMs: daysAgoMs(7.1) }, false],
  "texts/00/shown yesterday": [{ v: 1, wallMs: daysAgoMs(1.9), text: "a" }, true],
  "texts/ff/shown long ago": [{ v: 1, wallMs: daysAgoMs(2.1), text: "a" }, false],
  "queue": [{ v: 1, waiters: [] }, true],
};

Deno.test("sweep() comes to every record in time, and removes those that are over", async () => {
  const { store } = new Machine();
  await store.change((tx) => Object.entries(records).forEach(([key, [record]]) => tx.put(key, record)));
  for (let turn = 0; turn < turns; turn++) await store.change((tx) => sweep(tx, now));
  const staying = Object.keys(records).filter((key) => store.peek(key, (record) => record) !== undefined);
  assertEquals(staying, Object.keys(records).filter((key) => records[key][1]));
});

Deno.test("sweep() keeps the number of texts down", async () => {
  const { store } = new Machine();
  await store.change((tx) => {
    for (let count = 0; count < 100; count++) {
      tx.put(`texts/aa/${count}`, { v: 1, wallMs: now.wallMs, text: "a" } as StoredRecord);
    }
  });
  for (let turn = 0; turn < turns * 4; turn++) await store.change((tx) => sweep(tx, now));
  const left = store.list("texts/aa").length;
  assertEquals(left <= 32 && left > 24, true, `${left} texts`);
});

Deno.test("sweep() looks at a bounded number of records", async () => {
  const { store } = new Machine();
  await store.change((tx) => {
    for (let count = 0; count < 25_600; count++) {
      tx.put<Lease>(`leases/${(count % 256).toString(16).padStart(2, "0")}/${count}`, { ...lease, boot: "other" });
    }
  });
  for (let turn = 0; turn < 64; turn++) {
    const looked = await store.change((tx) => {
      let count = 0;
      sweep({ ...tx, get: (key, decode) => (count++, tx.get(key, decode)) }, now);
      return count;
    });
    assertEquals(looked <= 8, true, `${looked} records`);
  }
});
