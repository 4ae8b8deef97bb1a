import { asObject } from "../../src/base/decode.ts";
import { asSession, leaveNotice, save, type Session, sessionKey, touched } from "../../src/sessions/session.ts";
import { assertEquals } from "../support/assert.ts";
import { Machine } from "../support/machine.ts";

const holder = { key: "a0b1", label: "claude session a" };
const agent = { key: "c2d3", label: 'claude session a (agent "t")', parent: holder.key };

function numbered<T>(count: number, make: (number: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [`k${number}`, make(number)]));
}

function session(special: Partial<Session> = {}): Session {
  const lists = { held: {}, reads: {}, notices: [], agents: [], folders: [] };
  return { v: 1, holder, cwd: "/repo", boot: "boot 1", seenS: 1000, seenMs: 1, ...lists, ...special };
}

async function kept(machine: Machine, one: Session): Promise<Session | undefined> {
  await machine.store.change((tx) => save(tx, one));
  return machine.store.peek(sessionKey(one.holder.key), asSession);
}

Deno.test("save() keeps the newest of what would grow for ever", async () => {
  const one = await kept(
    new Machine(),
    session({
      held: numbered(300, (fence) => ({ name: "/f", fence })),
      reads: numbered(300, (atMs) => ({ name: "/f", digest: "d", atMs })),
      notices: Object.keys(numbered(300, String)),
      agents: Object.keys(numbered(300, String)),
      folders: Object.keys(numbered(300, String)),
    }),
  );
  const { held = {}, reads = {}, notices = [], agents = [], folders = [] } = one ?? {};
  const lists = [Object.keys(held), Object.keys(reads), notices, agents, folders];
  assertEquals(lists.map((list) => list.length), [256, 200, 8, 64, 64]);
  assertEquals(lists.map((list) => list.at(-1)), Array(5).fill("k299"));
});

Deno.test("save() keeps what is within its bounds as it is", async () => {
  const one = session({
    notices: ["a", "b"],
    folders: ["/x"],
    reads: numbered(200, (atMs) => ({ name: "/f", digest: "d", atMs })),
  });
  assertEquals(await kept(new Machine(), one), one);
});

/** A session that gave a sign of life before, and what comes next without any news: is it kept? */
const signs: Readonly<Record<string, readonly [special: Partial<Session>, isKept: boolean]>> = {
  "a moment later": [{ seenS: 1004 }, false],
  "some seconds later": [{ seenS: 1005 }, true],
  "in another folder": [{ seenS: 1001, cwd: "/other" }, true],
  "after another boot": [{ seenS: 1001, boot: "boot 2" }, true],
  "as another process": [{ seenS: 1001, holder: { ...holder, process: { pid: 1, started: "2", space: "" } } }, true],
};

for (const [what, [special, isKept]] of Object.entries(signs)) {
  Deno.test(`save() of a sign of life ${what} is ${isKept ? "kept" : "not worth it"}`, async () => {
    const { store } = new Machine();
    await store.change((tx) => save(tx, session()));
    await store.change((tx) => save(tx, session({ ...special, notices: ["mark"] }), false));
    assertEquals(store.peek(sessionKey(holder.key), asSession)?.notices.length, isKept ? 1 : 0);
  });
}

Deno.test("touched() is what was kept, with a sign of life of now", async () => {
  const machine = new Machine();
  await kept(
    machine,
    session({ boot: "boot 0", notices: ["a"], holder: { ...holder, process: { pid: 1, started: "1", space: "" } } }),
  );
  await machine.time.passTo(7);
  const now = machine.time.now();
  const one = await machine.store.change((tx) => touched(tx, { ...holder, label: "new" }, now, "/other"));
  assertEquals(
    one,
    session({
      ...{ boot: now.boot, seenS: now.bootS, seenMs: now.wallMs, notices: ["a"], cwd: "/other" },
      holder: { ...holder, label: "new", process: { pid: 1, started: "1", space: "" } },
    }),
  );
});

Deno.test("touched() enters a new sub-agent with its session, also with one that is not known yet", async () => {
  const { store, time } = new Machine();
  await store.change((tx) => void touched(tx, agent, time.now()));
  await store.change((tx) => save(tx, touched(tx, agent, time.now())));
  await store.change((tx) => save(tx, touched(tx, { ...agent, key: "e4f5" }, time.now())));
  const parent = store.peek(sessionKey(holder.key), asSession);
  assertEquals([parent?.holder.label, parent?.agents], ["claude session a", [agent.key, "e4f5"]]);
});

Deno.test("leaveNotice() leaves word for those who are known, and drops the oldest", async () => {
  const { store } = new Machine();
  await store.change((tx) => save(tx, session()));
  await store.change((tx) => {
    leaveNotice(tx, "nobody", "lost");
    for (let count = 1; count <= 10; count++) leaveNotice(tx, holder.key, `${count}`);
  });
  assertEquals(store.peek(sessionKey(holder.key), asSession)?.notices.join(" "), "3 4 5 6 7 8 9 10");
  assertEquals(store.peek(sessionKey("nobody"), asSession), undefined);
});

Deno.test("asSession() reads what was written, and refuses what is no session", () => {
  const one = session({ held: { k: { name: "/f", fence: 1 } }, notices: ["a"], holder: agent });
  assertEquals(asSession(asObject(JSON.parse(JSON.stringify(one))) ?? {}), one);
  const { cwd: _cwd, ...without } = one;
  const records = [{}, { v: 1 }, without, { ...one, held: [] }, { ...one, notices: [1] }, { ...one, holder: "a" }];
  assertEquals(records.map((record) => asSession(record)), Array(6).fill(undefined));
});
