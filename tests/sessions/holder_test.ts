import { namedHolder, sessionHolder, type SessionIdentity } from "../../src/sessions/holder.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";

const process = { pid: 42, started: "99", space: "" };

Deno.test("sessionHolder() is its session, and a sub-agent a holder of its own", async () => {
  const session = await sessionHolder({ host: "claude", sessionId: "3f2ac0de" }, process);
  const agent = await sessionHolder(
    { host: "claude", sessionId: "3f2ac0de", agentId: "7", agentName: "tests" },
    process,
  );
  assertEquals([session.label, session.parent, session.process], ["claude session 3f2a", undefined, process]);
  assertEquals([agent.label, agent.parent, agent.process], [
    'claude session 3f2a (agent "tests")',
    session.key,
    process,
  ]);
});

Deno.test("sessionHolder() keeps apart what differs in anything", async () => {
  const sessions: readonly SessionIdentity[] = [
    { host: "claude", sessionId: "a" },
    { host: "gemini", sessionId: "a" },
    { host: "claude", sessionId: "b" },
    { host: "claude", sessionId: "a", agentId: "b" },
    { host: "claude", sessionId: "a", agentId: "null" },
    { host: "claude", sessionId: "process 42 99" },
    { host: "claude", sessionId: 'a",null]' },
  ];
  const holders = await Promise.all(sessions.map((session) => sessionHolder(session, undefined)));
  assertEquals(new Set(holders.map(({ key }) => key)).size, sessions.length);
  for (const { key } of holders) assertMatch(key, /^[0-9a-f]{32}$/);
});

Deno.test("sessionHolder() of a host that tells no session is its process", async () => {
  const holder = await sessionHolder({ host: "codex" }, process);
  assertEquals(holder.label, "codex session 42");
  assertEquals(holder.key, (await sessionHolder({ host: "codex" }, { ...process })).key);
  assertEquals(holder.key === (await sessionHolder({ host: "codex" }, { ...process, started: "100" })).key, false);
});

Deno.test("sessionHolder() names an agent without a name by its id", async () => {
  const holder = await sessionHolder({ host: "claude", sessionId: "3f2a", agentId: "77" }, process);
  assertEquals(holder.label, 'claude session 3f2a (agent "77")');
});

Deno.test("namedHolder() is the name, without a process", async () => {
  const holder = await namedHolder("anna");
  assertEquals([holder.label, holder.process, holder.parent], ["anna", undefined, undefined]);
  const keys = await Promise.all(["anna", "Anna", "anna "].map(async (name) => (await namedHolder(name)).key));
  assertEquals(new Set(keys).size, 3);
});

for (const hostile of ["\x1b[31m\n\n", "</truce-data>", "😀😀😀😀😀", "a\u202eb", "x".repeat(500), '"', "abc😀"]) {
  Deno.test(`sessionHolder() and namedHolder() make a label of ${JSON.stringify(hostile.slice(0, 12))} that is inert`, async () => {
    const identity = { host: "claude", sessionId: hostile, agentId: hostile, agentName: hostile };
    const labels = [(await sessionHolder(identity, undefined)).label, (await namedHolder(hostile)).label];
    for (const label of labels) {
      assertEquals([label.isWellFormed(), label.length <= 120], [true, true], label);
      // deno-lint-ignore no-control-regex
      assertEquals(/[\x00-\x1f\u202e]|<\//.test(label), false, label);
    }
  });
}
