// The language of the plays is in tests/support/play.ts.

import { acquire } from "../../src/locks/acquire.ts";
import { listLeases } from "../../src/locks/listing.ts";
import type { Target } from "../../src/locks/target.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";
import { scenes } from "../support/play.ts";

scenes({
  "leaseOn() says who has it, why, for how long and who waits": [
    "?f@0 a+f@0 b+f@1 c+f,g@2 ?f@2 a-f%30@3 ?f@4 ?g@4 a+f=90@5 ?f@6",
    "f=free@0 a:f@0 f=a:in-flight:118<b<c@2 f=a:grace:29<b<c@4 g=free@4 a:f@5 f=a:manual:89<b<c@6 b:busy:a,1@61 c:busy:a,1@62",
  ],
  "leaseOn() names nobody whose time is over or whose process died": [
    "a+f@0 b+g@0 b:die@1 ?g@2 ?f@120",
    "a:f@0 b:g@0 g=free@2 f=free@120",
  ],
  "leaseOn() counts seconds up": ["a+f=9@0 ?f@0.25 ?f@8.75", "a:f@0 f=a:manual:9@0.25 f=a:manual:1@8.75"],
  "breakLease() ends a lease and tells its holder once": [
    "a+f=90@0 b+f@1 P:break:f@2 a:sign@3 a:sign@4",
    "a:f@0 b:f@2 a:told:broken@3",
  ],
  "breakLease() tells the holder with the next edit too": [
    "a+f=90@0 P:break:f@1 a+g@2 a-g@3",
    "a:f@0 a:g@2 a:told:broken@2",
  ],
  "breakLease() ends a grace": ["a+f@0 a-f%30@1 P:break:f@2 b+f@3", "a:f@0 b:f@3"],
  "breakLease() tells nobody of its own lease": ["a+f=90@0 a:break:f@1 a:sign@2 b+f@3", "a:f@0 b:f@3"],
  "breakLease() does nothing where nothing is held": ["P:break:f@0 a+f@1 a-f@2 P:break:f@3 a:sign@4", "a:f@1"],
});

Deno.test("listLeases() names the leases that bind now, in the order of their names", async () => {
  const machine = new Machine();
  const targets = ["/b", "/a", "/c"].map((name, place): Target => ({ key: `ab${place}`, kind: "file", name }));
  for (const [place, target] of targets.entries()) {
    const purpose = { kind: "manual", ttlS: 10 * (place + 1) } as const;
    const holder = { key: "a0b1", label: "a" };
    await acquire(machine.locks("a"), { holder, targets: [target], purpose, waitS: 0 });
  }
  const names = () => listLeases(machine.locks("a")).map(({ lease }) => lease.target.name).join(" ");
  assertEquals(names(), "/a /b /c");
  await machine.time.passTo(10);
  assertEquals(names(), "/a /c");
});
