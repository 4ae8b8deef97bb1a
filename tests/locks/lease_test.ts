import type { Now } from "../../src/base/clock.ts";
import { asObject } from "../../src/base/decode.ts";
import {
  asLease,
  boundUntilS,
  ended,
  type Ending,
  granted,
  isGraceOnly,
  type Lease,
  phaseOf,
  type Purpose,
  silenceMaxS,
} from "../../src/locks/lease.ts";
import { assertEquals } from "../support/assert.ts";

const target = { key: "t1", kind: "file", name: "/repo/a.ts" } as const;
const a = { key: "a1", label: "a" }, b = { key: "b1", label: "b" };

function at(bootS: number): Now {
  return { boot: "this", bootS, wallMs: 0 };
}

function lease(special: Partial<Lease> = {}): Lease {
  return {
    ...{ v: 1, target, holder: a, fence: 5, boot: "this", sinceS: 1000, reason: "" },
    ...{ calls: [], callS: 0, graceUntilS: 0, manualUntilS: 0 },
    ...special,
  };
}

/** What binds at second 1100, and until when; the third is when the holder was last seen. */
const bound: Readonly<Record<string, readonly [special: Partial<Lease>, untilS: number, seenS?: number]>> = {
  "nothing": [{}, 0],
  "a call": [{ calls: ["1"], callS: 1050 }, 1170],
  "a call of long ago": [{ calls: ["1"], callS: 980 }, 0],
  "a call at its very end": [{ calls: ["1"], callS: 1100 - silenceMaxS }, 0],
  "a call of a holder that was seen": [{ calls: ["1"], callS: 900 }, 1190, 1070],
  "a call of a holder that was seen before it": [{ calls: ["1"], callS: 1050 }, 1170, 1000],
  "a call of a holder that was seen in the future": [{ calls: ["1"], callS: 900 }, 1220, 9999],
  "a grace": [{ graceUntilS: 1101 }, 1101],
  "a grace at its very end": [{ graceUntilS: 1100 }, 0],
  "a time by hand": [{ manualUntilS: 4000 }, 4000],
  "the last of several": [{ calls: ["1"], callS: 1000, graceUntilS: 1105, manualUntilS: 1110 }, 1120],
  "a grace though the holder was seen": [{ graceUntilS: 1090 }, 0, 1099],
  "what another boot has": [{ manualUntilS: 4000, boot: "other" }, 0],
  "what began ahead of now": [{ manualUntilS: 4000, sinceS: 1102 }, 0],
  "what began within the same second": [{ manualUntilS: 4000, sinceS: 1101 }, 4000],
};

for (const [what, [special, untilS, seenS = 0]] of Object.entries(bound)) {
  Deno.test(`boundUntilS() of ${what}`, () => assertEquals(boundUntilS(lease(special), at(1100), seenS), untilS));
}

Deno.test("phaseOf() names what is strongest", () => {
  const all = { calls: ["1"], callS: 1000, manualUntilS: 1200, graceUntilS: 1200 };
  const phases = [all, { ...all, calls: [] }, { ...all, calls: [], manualUntilS: 1100 }, { graceUntilS: 1100 }]
    .map((special) => [phaseOf(lease(special), at(1100)), isGraceOnly(lease(special), at(1100))]);
  assertEquals(phases, [["in flight", false], ["manual", false], ["grace", true], ["free", false]]);
});

function grant(
  before: Lease | undefined,
  purpose: Purpose,
  special: { holder?: typeof a; reason?: string; isBinding?: boolean } = {},
): Lease {
  const { holder = a, reason = "", isBinding = before !== undefined } = special;
  return granted(holder, target, purpose, reason, { before, isBinding, now: at(1100), fence: 9 });
}

const call: Purpose = { kind: "call", callId: "2" };
const lastWrite = { key: "key-b", label: "b", digest: "d", wallMs: 7 };

Deno.test("granted() begins a lease for a call, and one by hand", () => {
  const fresh = { fence: 9, sinceS: 1100 };
  assertEquals(grant(undefined, call), lease({ ...fresh, calls: ["2"], callS: 1100, lastWrite: undefined }));
  const byHand = grant(undefined, { kind: "manual", ttlS: 60 }, { reason: "rename" });
  assertEquals(byHand, lease({ ...fresh, manualUntilS: 1160, reason: "rename", lastWrite: undefined }));
});

Deno.test("granted() adds to what its holder has, under the same fence", () => {
  const before = lease({ calls: ["1"], callS: 1000, graceUntilS: 1120, manualUntilS: 1150, reason: "why", lastWrite });
  assertEquals(grant(before, call), { ...before, calls: ["1", "2"], callS: 1100 });
  assertEquals(grant({ ...before, calls: ["2", "1"] }, call).calls, ["1", "2"]);
  assertEquals(grant(before, call, { reason: "another" }).reason, "another");
});

Deno.test("granted() never shortens the time by hand", () => {
  const before = lease({ manualUntilS: 1150 });
  const until = (ttlS: number) => grant(before, { kind: "manual", ttlS }).manualUntilS;
  assertEquals([10, 50, 60].map(until), [1150, 1150, 1160]);
});

Deno.test("granted() keeps of others' leases, and of ended ones, who wrote last", () => {
  const before = lease({ calls: ["1"], callS: 1000, graceUntilS: 1120, manualUntilS: 1150, reason: "why", lastWrite });
  const fresh = lease({ fence: 9, sinceS: 1100, calls: ["2"], callS: 1100, lastWrite });
  assertEquals(grant(before, call, { holder: b }), { ...fresh, holder: b });
  assertEquals(grant(before, call, { isBinding: false }), fresh);
});

/** What is left of a lease with the calls 1 and 2, a grace and a time by hand. */
const endings: Readonly<Record<string, readonly [ending: Ending, graceS: number, left: Partial<Lease>]>> = {
  "one of two calls": [{ kind: "calls", callIds: ["1"] }, 30, { calls: ["2"] }],
  "both calls": [{ kind: "calls", callIds: ["2", "1"] }, 30, { calls: [], graceUntilS: 1130 }],
  "both calls without a grace": [{ kind: "calls", callIds: ["2", "1"] }, 0, { calls: [], graceUntilS: 0 }],
  "all calls": [{ kind: "all calls" }, 30, { calls: [], graceUntilS: 1130 }],
  "everything": [{ kind: "everything" }, 0, { calls: [], graceUntilS: 0, manualUntilS: 0 }],
  "everything but a grace": [{ kind: "everything" }, 30, { calls: [], graceUntilS: 1130, manualUntilS: 0 }],
};

for (const [what, [ending, graceS, left]] of Object.entries(endings)) {
  Deno.test(`ended() ends ${what}`, () => {
    const before = lease({ calls: ["1", "2"], callS: 1000, graceUntilS: 1105, manualUntilS: 1150, lastWrite });
    assertEquals(ended(before, ending, graceS, at(1100)), { ...before, ...left });
  });
}

Deno.test("ended() returns the same lease when nothing ends", () => {
  const inFlight = lease({ calls: ["1"] }), idle = lease({ graceUntilS: 1105, manualUntilS: 1150 });
  assertEquals(ended(inFlight, { kind: "calls", callIds: ["9"] }, 30, at(1100)) === inFlight, true);
  assertEquals(ended(idle, { kind: "calls", callIds: ["1"] }, 30, at(1100)) === idle, true);
  assertEquals(ended(idle, { kind: "all calls" }, 30, at(1100)) === idle, true);
});

Deno.test("asLease() reads what was written", () => {
  for (
    const one of [lease(), lease({ calls: ["1"], reason: "why", lastWrite }), lease({ holder: { ...a, parent: "p" } })]
  ) {
    assertEquals(asLease(asObject(JSON.parse(JSON.stringify(one))) ?? {}), one);
  }
});

Deno.test("asLease() refuses what is no lease", () => {
  const { holder: _holder, ...without } = lease();
  const records = [{}, { v: 1 }, without, { ...lease(), fence: "5" }, { ...lease(), target: "/a" }, {
    ...lease(),
    calls: [1],
  }];
  assertEquals(records.map((record) => asLease(record)), Array(6).fill(undefined));
});
