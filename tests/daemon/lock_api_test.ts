import type { JsonObject } from "../../src/base/decode.ts";
import { TruceError } from "../../src/base/error.ts";
import type { Answer, Call } from "../../src/daemon/call.ts";
import { lock, type LockApi, locksHeld, queues, unlock, unlockAll } from "../../src/daemon/lock_api.ts";
import { acquire } from "../../src/locks/acquire.ts";
import { breakLease, leaseOn } from "../../src/locks/listing.ts";
import { pathTarget } from "../../src/locks/target.ts";
import { namedHolder, sessionHolder } from "../../src/sessions/holder.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { fakeLocks } from "../support/daemon.ts";

const file = "/repo/a.ts";

Deno.test("lock() grants what nobody has, and again to who has it", async () => {
  const api = fakeLocks();
  assertEquals(await asked(api, "a"), { granted: true, position: 1 });
  assertEquals(await asked(api, "a"), { granted: true, position: 1 });
});

Deno.test("lock() takes every name of a file for that file", async () => {
  const api = fakeLocks("/repo/ /repo/a.ts /repo/link>a.ts");
  await asked(api, "a", "/repo/../repo/link");
  assertEquals((await asked(api, "b", file, "wait=false")).granted, false);
});

Deno.test("lock() with wait=false refuses at once, and leaves nobody in line", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  assertEquals(await asked(api, "b", file, "wait=false"), {
    granted: false,
    holder: "a",
    error: `Cannot lock "${file}": it is locked by a since 0 s ago`,
    position: 2,
  });
  assertEquals(queues(api).json, {
    count: 1,
    queues: [{ file, acquiredAt: "2026-01-01T00:00:00.000Z", holder: "a", queueLength: 1, waiters: [] }],
  });
});

Deno.test("lock() waits its turn, and says how long", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  const answers: unknown[] = [];
  for (const [session, query] of [["b", ""], ["c", "timeout=2"]]) {
    const asking = lock(api, callOf(query, { session, file })).then((answer) => void answers.push(bodyOf(answer)));
    api.machine.time.follow(asking);
    await api.machine.time.passTo(api.machine.time.seconds);
  }
  assertEquals(queues(api).json, {
    count: 1,
    queues: [{ file, acquiredAt: "2026-01-01T00:00:00.000Z", holder: "a", queueLength: 3, waiters: ["b", "c"] }],
  });
  await api.machine.time.passTo(3);
  await unlock(api, callOf("", { session: "a", file }));
  await api.machine.time.passTo(4);
  assertEquals(answers, [
    { granted: false, holder: "a", error: `Cannot lock "${file}": it is locked by a since 2 s ago`, position: 3 },
    { granted: true, position: 1, waited: 3 },
  ]);
});

Deno.test("lock() takes who hangs up out of the line", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  const leaving = new AbortController();
  api.machine.time.follow(lock(api, callOf("", { session: "b", file }, leaving.signal)).then(() => {}));
  await api.machine.time.passTo(1);
  leaving.abort();
  await api.machine.time.passTo(2);
  await unlock(api, callOf("", { session: "a", file }));
  await api.machine.time.passTo(3);
  assertEquals(locksHeld(api).json, { count: 0, locks: [] });
});

Deno.test("lock() lasts for an hour, or for its ttl", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  await asked(api, "a", "/repo/b.ts", "ttl=90");
  const leases = await Promise.all([file, "/repo/b.ts"].map((path) => pathTarget(api.facts, "/", path)));
  assertEquals(leases.map((target) => leaseOn(api.locks, target)?.secondsLeft), [3_600, 90]);
});

Deno.test("lock() is one of the locks of everybody", async () => {
  const api = fakeLocks();
  await acquire(api.locks, {
    holder: await sessionHolder({ host: "host", sessionId: "3f2a9c" }, undefined),
    targets: [await pathTarget(api.facts, "/", file)],
    purpose: { kind: "call", callId: "1" },
    waitS: 0,
  });
  const refused = await asked(api, "b", file, "wait=false");
  assertEquals([refused.holder, refused.error], [
    "host session 3f2a",
    `Cannot lock "${file}": it is being edited by host session 3f2a since 0 s ago`,
  ]);
  assertEquals(locksHeld(api).json, {
    count: 1,
    locks: [{ session: "host session 3f2a", file, acquiredAt: "2026-01-01T00:00:00.000Z" }],
  });
});

const mistakes: readonly [what: string, query: string, body: JsonObject, error: string][] = [
  ["a body without a session", "", { file }, "the body has no session"],
  ["an empty session", "", { session: "", file }, "the body has no session"],
  ["a body without a file", "", { session: "a" }, "the body has no file"],
  ["a relative file", "", { session: "a", file: "a.ts" }, "the path is not absolute"],
  ["a file that no system can have", "", { session: "a", file: "/a\0b" }, "NUL"],
  ["a timeout that is no time", "timeout=5x", { session: "a", file }, 'timeout "5x"'],
  ["a negative timeout", "timeout=-1", { session: "a", file }, 'timeout "-1"'],
  ["an empty timeout", "timeout=", { session: "a", file }, 'timeout ""'],
  ["a ttl of nothing", "ttl=0", { session: "a", file }, 'ttl "0"'],
];

for (const [what, query, body, error] of mistakes) {
  Deno.test(`lock() refuses ${what}`, async () => {
    const api = fakeLocks();
    const mistake = await assertRejects(() => lock(api, callOf(query, body)), TruceError, error);
    assertEquals(mistake.kind, "usage");
    assertEquals(locksHeld(api).json, { count: 0, locks: [] });
  });
}

Deno.test("lock() takes a number for a session", async () => {
  const api = fakeLocks();
  assertEquals((await lock(api, callOf("timeout=1.5m", { session: 7, file }))).json, { granted: true, position: 1 });
  assertEquals((await asked(api, "7")).granted, true);
});

Deno.test("unlock() is false for who does not have the file", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  assertEquals((await unlock(api, callOf("", { session: "b", file }))).json, { ok: false });
  assertEquals((await unlock(api, callOf("", { session: "a", file }))).json, { ok: true });
  assertEquals((await unlock(api, callOf("", { session: "a", file }))).json, { ok: false });
});

Deno.test("unlockAll() counts what the session had, and leaves others theirs", async () => {
  const api = fakeLocks();
  await asked(api, "a");
  await asked(api, "a", "/repo/b.ts");
  await asked(api, "a", "/repo/broken.ts");
  await breakLease(api.locks, await pathTarget(api.facts, "/", "/repo/broken.ts"), await namedHolder("c"));
  await asked(api, "b", "/repo/c.ts");
  assertEquals((await unlockAll(api, callOf("", { session: "a" }))).json, { count: 2 });
  assertEquals((await unlockAll(api, callOf("", { session: "a" }))).json, { count: 0 });
  assertEquals((locksHeld(api).json as { count: number }).count, 1);
});

/** Asks for `path` as `session`, and returns the body of the answer. */
async function asked(api: LockApi, session: string, path = file, query = ""): Promise<Record<string, unknown>> {
  return bodyOf(await lock(api, callOf(query, { session, file: path })));
}

function callOf(query: string, body: JsonObject, signal = new AbortController().signal): Call {
  return { query: new URLSearchParams(query), signal, body: () => Promise.resolve(body) };
}

function bodyOf({ status, json }: Answer): Record<string, unknown> {
  assertEquals(status, 200);
  return json as Record<string, unknown>;
}
