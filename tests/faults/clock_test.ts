// Steps of the clock, and restarts of the machine, between a grant and the next look at it.

import type { Now } from "../../src/base/clock.ts";
import { acquire } from "../../src/locks/acquire.ts";
import type { LockContext } from "../../src/locks/context.ts";
import { namedHolder } from "../../src/sessions/holder.ts";
import { leaseOn } from "../../src/locks/listing.ts";
import { resourceTarget } from "../../src/locks/target.ts";
import { systemProcesses } from "../../src/platform/process.ts";
import { FileStore } from "../../src/store/file_store.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";

const hourMs = 3_600_000;
const ttlS = 60;
const granted: Now = { boot: "boot 1", bootS: 1_000, wallMs: Date.UTC(2026, 0, 1) };

/** What the clock says at the next look, and who of a, who has a lease of 60 s, and b then has the target. */
const cases: Record<string, readonly [now: Partial<Now>, holder: "a" | "b"]> = {
  "at the same moment": [{}, "a"],
  "just before its end": [{ bootS: 1_059 }, "a"],
  "at its end": [{ bootS: 1_060 }, "b"],
  "with a wall clock two hours ahead": [{ wallMs: granted.wallMs + 2 * hourMs }, "a"],
  "with a wall clock two hours behind": [{ wallMs: granted.wallMs - 2 * hourMs }, "a"],
  "with a wall clock a year ahead": [{ wallMs: granted.wallMs + 8_760 * hourMs }, "a"],
  "with a wall clock in 1970": [{ wallMs: 0 }, "a"],
  "at its end, with a wall clock a year behind": [{ bootS: 1_060, wallMs: granted.wallMs - 8_760 * hourMs }, "b"],
  "at its end, with a wall clock a year ahead": [{ bootS: 1_060, wallMs: granted.wallMs + 8_760 * hourMs }, "b"],
  "after the machine has started again": [{ boot: "boot 2", bootS: 30 }, "b"],
  "at the same second of another boot": [{ boot: "boot 2" }, "b"],
  "when the lease is from the future": [{ bootS: 500 }, "b"],
};

for (const [name, [step, holder]] of Object.entries(cases)) {
  Deno.test(`acquire() leaves the target to ${holder} ${name}`, async () => {
    using place = new Place();
    const target = await resourceTarget("port:3000");
    let now = granted;
    const context: LockContext = {
      store: new FileStore(place.state, () => {}),
      clock: { now: () => now },
      processes: systemProcesses,
    };
    const ask = async (as: string) => {
      const purpose = { kind: "manual", ttlS } as const;
      const request = { holder: await namedHolder(as), targets: [target], purpose, waitS: 0 };
      return (await acquire(context, request)).kind === "granted";
    };
    assertEquals(await ask("a"), true);
    now = { ...granted, ...step };
    assertEquals(leaseOn(context, target)?.lease.holder.label, holder === "a" ? "a" : undefined);
    assertEquals(await ask("b"), holder === "b");
    assertEquals(leaseOn(context, target)?.lease.holder.label, holder);
  });
}
