import type { JsonObject } from "../../src/base/decode.ts";
import { acquire } from "../../src/locks/acquire.ts";
import { allLeaseKeys, leaseKey } from "../../src/locks/claims.ts";
import { queueKey } from "../../src/locks/queue.ts";
import { asSession, sessionKey } from "../../src/sessions/session.ts";
import { settle } from "../../src/locks/settle.ts";
import type { Target } from "../../src/locks/target.ts";
import type { StoredRecord } from "../../src/store/store.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";

const holder = { key: "a0b1", label: "a" };
const file: Target = { key: "ab12", kind: "file", name: "/src/f" };

/** Records that somebody damaged but that are JSON still. */
const damaged: readonly (readonly [key: string, record: JsonObject])[] = [
  [leaseKey(file.key), {}],
  [leaseKey(file.key), { target: 5, holder: null, calls: "1" }],
  [queueKey, {}],
  [queueKey, { waiters: [null, 5, {}] }],
  [sessionKey(holder.key), { holder }],
  [sessionKey(holder.key), { holder, seenS: "now", held: 5, reads: [] }],
  ["folders", {}],
  ["folders", { names: [] }],
  ["folders", { names: { ab12: 5, cd34: null } }],
];

for (const [key, record] of damaged) {
  Deno.test(`Claims takes ${key} for absent when it is ${JSON.stringify(record)}`, async () => {
    const machine = new Machine();
    await machine.store.change((tx) => tx.put<StoredRecord & JsonObject>(key, { v: 1, ...record }));
    const request = { holder, targets: [file], purpose: { kind: "call", callId: "1" }, waitS: 0 } as const;
    assertEquals((await acquire(machine.locks("a"), request)).kind, "granted");
    assertEquals(machine.store.peek(sessionKey(holder.key), asSession)?.held[file.key]?.name, file.name);
  });
}

Deno.test("Claims forgets the folders whose leases are over", async () => {
  const machine = new Machine();
  const folders = Array.from(
    { length: 20 },
    (_, number): Target => ({ key: `cd${number}`, kind: "folder", name: `/${number}` }),
  );
  for (const target of folders) {
    const request = { holder, targets: [target], purpose: { kind: "manual", ttlS: 10 }, waitS: 0 } as const;
    await acquire(machine.locks("a"), request);
  }
  await machine.time.passTo(20);
  const ending = { kind: "everything" } as const;
  await acquire(machine.locks("a"), { holder, targets: [folders[0]], purpose: { kind: "manual", ttlS: 10 }, waitS: 0 });
  await settle(machine.locks("a"), { holder, targets: [folders[0].key], ending, graceS: 0 });
  const names = machine.store.peek("folders", (record) => Object.values(record.names ?? {}));
  assertEquals(names, []);
});

Deno.test("leaseKey() spreads leases over folders, and allLeaseKeys() finds them again", async () => {
  const { store } = new Machine();
  const keys = ["ab12", "ab34", "cd56"];
  await store.change((tx) => keys.forEach((key) => tx.put(leaseKey(key), { v: 1 })));
  assertEquals([leaseKey("ab12"), allLeaseKeys(store).sort()], ["leases/ab/12", keys]);
});
