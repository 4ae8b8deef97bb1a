// Servers that break: each costs its own files one answer at most, with a reason, and comes back.

import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { untilTrue } from "../support/daemon.ts";
import { isRunning, PoolPlace } from "../support/pool.ts";
import type { Action, Rule, ServerScript } from "../support/server_script.ts";

const die: Action = { kind: "die" };
const opened = "textDocument/didOpen";
const changed = "textDocument/didChange";

/** What a server does in its first life, when it is asked about the first and about the second content. */
const breakages: readonly (readonly [what: string, at: string, action: Action])[] = [
  ["is killed at its start", "initialize", die],
  ["ends at its start", "initialize", { kind: "exit", code: 3 }],
  ["is killed when it opens a document", opened, die],
  ["is killed when a document changes", changed, die],
  ["ends before it publishes", "publish", { kind: "exit", code: 0 }],
  ["writes what is no message", opened, { kind: "raw", text: "Segmentation fault\r\n\r\n" }],
  ["writes a warning before a message", opened, { kind: "raw", text: "warning: old\n" }],
  ["leaves out the length", opened, { kind: "raw", text: 'Content-Type: x\r\n\r\n{"jsonrpc":"2.0"}' }],
  ["writes a length that is none", opened, { kind: "raw", text: "Content-Length: many\r\n\r\n{}" }],
  ["writes what is no JSON", opened, { kind: "raw", text: "Content-Length: 3\r\n\r\n{,}" }],
  ["sends a message that is too long", opened, { kind: "flood", mebibytes: 65 }],
];

for (const [what, at, action] of breakages) {
  Deno.test(`a server that ${what} is started again, and answers`, async () => {
    await using place = new PoolPlace({ rules: [{ at, nth: 1, life: 1, do: [action] }] });
    assertEquals(await place.edit("a.toy", "ERROR one"), "one");
    assertEquals(await place.edit("a.toy", "ERROR two"), "two");
    assertEquals([place.server.starts().length, place.status().restarts], [2, 1]);
    assert(place.status().lastError !== undefined);
  });
}

/** The same in each life: what a question is told. */
const alwaysBroken: readonly (readonly [what: string, rule: Rule, reason: RegExp])[] = [
  ["is killed at its start", { at: "initialize", do: [die] }, /signal SIGKILL|closed its output/],
  ["ends when it opens a document", { at: opened, do: [{ kind: "exit", code: 3 }] }, /exit code 3|closed its output/],
  [
    "talks nonsense",
    { at: "initialize", do: [{ kind: "raw", text: "Usage: server\r\n\r\n" }] },
    /it sent what is no message/,
  ],
];

for (const [what, rule, reason] of alwaysBroken) {
  Deno.test(`a server that always ${what} is the reason, and is asked again`, async () => {
    await using place = new PoolPlace({ rules: [rule] });
    const why = await place.edit("a.toy", "ERROR one");
    assertMatch(why, /^scripted does not stay alive: /);
    assertMatch(why, reason);
    assertEquals([place.status().state, place.server.starts().length], ["gone", 2]);
    place.server.change({});
    assertEquals(await place.edit("a.toy", "ERROR two"), "two");
  });
}

Deno.test("a server that never stays alive is left alone for a while", async () => {
  await using place = new PoolPlace({ rules: [{ at: "initialize", do: [die] }] });
  for (const text of ["one", "two", "three"]) assertMatch(await place.edit("a.toy", text), /does not stay alive/);
  assertEquals(place.server.starts().length, 4);
});

Deno.test("a server that cannot be started is the reason", async () => {
  await using place = new PoolPlace();
  const program = place.write("server", "#!/nowhere/at/all\n");
  Deno.chmodSync(program, 0o755);
  place.add("scripted", {}, { command: [program] });
  assertMatch(await place.edit("a.toy", "ERROR one"), /^scripted cannot be started: /);
  assertEquals(place.status().state, "gone");
});

Deno.test("a server that refuses to start is the reason", async () => {
  const refuse: Action = { kind: "fail", code: -32602, message: "no licence" };
  await using place = new PoolPlace({ rules: [{ at: "initialize", do: [refuse] }] });
  assertEquals(await place.edit("a.toy", "ERROR one"), "scripted did not start: no licence");
});

Deno.test("a server that never answers at its start is said to be starting", async () => {
  await using place = new PoolPlace({ rules: [{ at: "initialize", do: [{ kind: "hang" }] }] });
  assertEquals(await place.edit("a.toy", "ERROR one", { timeoutMs: 500 }), "scripted is starting");
  assertEquals(place.status().state, "starting");
});

Deno.test("a server that stands still is said to be late, and is ended with the pool", async () => {
  await using place = new PoolPlace({ rules: [{ at: opened, do: [{ kind: "freeze" }] }] });
  assertEquals(await place.edit("a.toy", "ERROR one", { timeoutMs: 500 }), "scripted has not answered in time");
});

Deno.test("a server that does not want to end is ended by force", async () => {
  await using place = new PoolPlace({
    isStubborn: true,
    rules: [{ at: "shutdown", do: [{ kind: "hang" }] }, { at: "exit", do: [{ kind: "hang" }] }],
  });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  await place.pool.close();
  assertEquals(place.server.starts().filter(isRunning), []);
});

Deno.test("a server that dies at its end does not matter", async () => {
  await using place = new PoolPlace({ rules: [{ at: "shutdown", do: [die] }] });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
});

Deno.test("a server that dies while nobody asks comes back with its documents", async () => {
  await using place = new PoolPlace();
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  assertEquals(await place.edit("b.toy", "ERROR two"), "two");
  place.write("b.toy", "ERROR three");
  place.server.kill();
  await place.server.until(
    "it has its documents again",
    (log) => log.filter((line) => line.kind === "received" && line.method === opened).length === 4,
  );
  const texts = place.server.received(opened).map((params) =>
    (params as { textDocument: { text: string } }).textDocument.text
  );
  assertEquals(texts, ["ERROR one", "ERROR two", "ERROR one", "ERROR three"]);
  assertEquals([await place.ask("a.toy"), await place.ask("b.toy")], ["one", "three"]);
  assertEquals([place.server.starts().length, place.status().restarts], [2, 1]);
});

Deno.test("a broken server costs another one nothing", async () => {
  await using place = new PoolPlace({ rules: [{ at: "*", do: [die] }] });
  place.add("other", {}, { files: { ".other": "toy" } });
  const [broken, whole] = await Promise.all([place.edit("a.toy", "ERROR one"), place.edit("a.other", "ERROR two")]);
  assertMatch(broken, /^scripted does not stay alive/);
  assertEquals(whole, "two");
});

Deno.test("tend() ends a server that uses too much memory, and says so", async () => {
  let bytes = 0;
  await using place = new PoolPlace({}, { memoryOf: () => bytes });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  place.pool.tend();
  assertEquals([place.status().restarts, place.status().memoryBytes], [0, 0]);
  bytes = 5 * 1024 ** 3;
  place.pool.tend();
  await untilTrue("it is gone", () => place.status().restarts === 1);
  assertEquals(place.status().lastError, "it used 5.0 GiB of memory");
  bytes = 0;
  assertEquals(await place.edit("a.toy", "ERROR two"), "two");
});

Deno.test("what a server complains of is logged", async () => {
  const script: ServerScript = { rules: [{ at: opened, do: [{ kind: "complain", text: "no toys\u001b[31m" }] }] };
  await using place = new PoolPlace(script);
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  await untilTrue("it has complained", () => place.complaints.length > 0);
  assertEquals(place.complaints, ["no toys\u001b[31m"]);
});

Deno.test("many questions survive a server that dies among them", async () => {
  await using place = new PoolPlace({ rules: [{ at: opened, nth: 5, life: 1, do: [die] }] });
  const names = Array.from({ length: 10 }, (_, at) => `${at}.toy`);
  assertEquals(await Promise.all(names.map((name) => place.edit(name, `ERROR ${name}`))), names);
  assertEquals(place.server.starts().length, 2);
});
