// Servers that publish their findings when they like: what is told is of the content that was asked for.

import { assertEquals } from "../support/assert.ts";
import { untilTrue } from "../support/daemon.ts";
import { PoolPlace, type Script } from "../support/pool.ts";
import type { ServerScript } from "../support/server_script.ts";

/** Shorter than what silence costs the first time. */
const beforeSilenceMs = 4_000;
const silence = "scripted has said nothing about this content";

/** What is asked of each server is the same: an error, another one, and none. */
const servers: readonly (readonly [what: string, script: ServerScript])[] = [
  ["the right version", {}],
  ["no version", { version: "none" }],
  ["findings after a save alone", { publishOn: "save" }],
  ["findings after a save with its text", { publishOn: "save", save: "text" }],
  ["nothing where nothing was found before", { isTerse: true }],
];

for (const [what, script] of servers) {
  Deno.test(`a server that publishes ${what} is understood`, () => assertUnderstood(script));
}

async function assertUnderstood(script: ServerScript): Promise<void> {
  await using place = new PoolPlace(script);
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  const asking = { timeoutMs: beforeSilenceMs };
  assertEquals(await place.edit("a.toy", "ERROR two", asking), "two");
  assertEquals(await place.ask("a.toy", asking), "two");
  assertEquals(await place.edit("a.toy", "fine", asking), "clean");
}

/** Each of these costs a wait. */
Deno.test("a server that is silent, or counts wrongly, costs its wait once", async () => {
  await Promise.all([
    assertSilent(),
    assertListenedTo(),
    ...[0, 7].map((version) => assertUnderstood({ version })),
  ]);
});

async function assertSilent(): Promise<void> {
  await using place = new PoolPlace({ publishOn: "never" });
  assertEquals(await place.edit("a.toy", "ERROR one"), silence);
  for (const text of ["ERROR two", "ERROR three", "ERROR three"]) {
    assertEquals(await place.edit("a.toy", text, { timeoutMs: beforeSilenceMs }), silence);
  }
}

async function assertListenedTo(): Promise<void> {
  await using place = new PoolPlace((gate) => ({
    rules: [{ at: "publish", nth: 1, do: [{ kind: "gate", path: gate("never opened") }] }],
  }));
  assertEquals(await place.edit("a.toy", "ERROR one"), silence);
  assertEquals(await place.edit("a.toy", "ERROR two", { timeoutMs: beforeSilenceMs }), "two");
}

for (const version of ["right", "none"] as const) {
  Deno.test(`two questions in quick succession are answered of the second content, with version "${version}"`, async () => {
    const late = { kind: "after", what: "textDocument/didChange", count: 1 } as const;
    await using place = new PoolPlace({ version, rules: [{ at: "publish", nth: 1, do: [late] }] });
    const first = place.edit("a.toy", "ERROR one");
    await place.server.until(
      "the first content has come",
      (log) => log.some((line) => line.kind === "received" && line.method === "textDocument/didOpen"),
    );
    assertEquals([await place.edit("a.toy", "ERROR two"), await first], ["two", "two"]);
    assertEquals(await place.ask("a.toy"), "two");
  });
}

Deno.test("late findings of the content before are not told as those of the next", async () => {
  const late = { kind: "after", what: "textDocument/didChange", count: 1 } as const;
  await using place = new PoolPlace((gate) => ({
    rules: [
      { at: "publish", nth: 1, do: [late] },
      { at: "publish", nth: 2, do: [{ kind: "gate", path: gate("second") }] },
    ],
  }));
  const first = place.edit("a.toy", "ERROR one");
  await place.server.until(
    "the first content has come",
    (log) => log.some((line) => line.kind === "received" && line.method === "textDocument/didOpen"),
  );
  const second = place.edit("a.toy", "ERROR two");
  await place.server.until("the late findings are out", (log) => log.some(({ kind }) => kind === "published"));
  place.server.open("second");
  assertEquals([await second, await first], ["two", "two"]);
});

const twoRounds: Script = (gate) => ({
  hasSecondRound: true,
  rules: [{ at: "publish again", nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
});

Deno.test("findings of a second round are told later, to those who were told of the content", async () => {
  await using place = new PoolPlace(twoRounds);
  const text = "ERROR quick\nLATER ERROR slow";
  assertEquals(await place.edit("a.toy", text, { session: "a" }), "quick");
  assertEquals(await place.ask("a.toy", { session: "b" }), "quick");
  assertEquals(await place.ask("a.toy"), "quick");
  place.server.open("slow");
  assertEquals([...await place.untilLater(2)].sort(), ["a a.toy: quick, slow", "b a.toy: quick, slow"]);
  assertEquals(await place.ask("a.toy", { session: "a" }), "quick, slow");
});

Deno.test("findings of a second round are counted and chosen as the session wants them", async () => {
  await using place = new PoolPlace(twoRounds);
  const text = "ERROR quick\nLATER WARN x\nLATER HINT y\nLATER ERROR z";
  assertEquals(await place.edit("a.toy", text, { session: "a", severity: "hint", countMax: 2 }), "quick");
  place.server.open("slow");
  assertEquals(await place.untilLater(1), ["a a.toy: quick, z, 2 more"]);
});

Deno.test("what is found in a second round of an older content is told to nobody", async () => {
  await using place = new PoolPlace(twoRounds);
  assertEquals(await place.edit("a.toy", "LATER ERROR old", { session: "a" }), "clean");
  assertEquals(await place.edit("a.toy", "LATER ERROR new", { session: "b" }), "new");
  place.server.open("slow");
  await place.server.until("all is published", (log) => log.filter(({ kind }) => kind === "published").length === 4);
  assertEquals(await place.edit("b.toy", "ERROR other", { session: "a" }), "other");
  assertEquals(place.later, []);
});

Deno.test("findings that come in a burst are told once, the last of them, and equal ones never", async () => {
  await using place = new PoolPlace();
  const diagnostics = (message: string) => [{ range: { start: { line: 0, character: 0 } }, severity: 1, message }];
  const publish = (name: string, message: string) => ({
    kind: "send" as const,
    message: {
      method: "textDocument/publishDiagnostics",
      params: { uri: `file://${place.pathOf(name)}`, version: 1, diagnostics: diagnostics(message) },
    },
  });
  const gate = { kind: "gate", path: place.server.gate("go") } as const;
  place.server.change({
    publishOn: "never",
    rules: [
      { at: "textDocument/didOpen", nth: 1, do: [publish("a.toy", "one")] },
      {
        at: "textDocument/didOpen",
        nth: 2,
        do: [
          publish("b.toy", "one"),
          gate,
          publish("a.toy", "one"),
          publish("b.toy", "two"),
          publish("b.toy", "three"),
        ],
      },
    ],
  });
  assertEquals(await place.edit("a.toy", "", { session: "s" }), "one");
  assertEquals(await place.edit("b.toy", "", { session: "s" }), "one");
  place.server.open("go");
  assertEquals(await place.untilLater(1), ["s b.toy: three"]);
});

Deno.test("findings of files that nobody asked for change nothing", async () => {
  await using place = new PoolPlace();
  const publish = (uri: string) => ({
    kind: "send" as const,
    message: {
      method: "textDocument/publishDiagnostics",
      params: { uri, diagnostics: [{ range: { start: { line: 0, character: 0 } }, message: "stray" }] },
    },
  });
  const strays = ["file:///nowhere.toy", "untitled:x", "file:///%E0%A4%A", "", `file://${place.pathOf("b.toy")}`];
  place.server.change({ rules: [{ at: "textDocument/didOpen", nth: 1, do: strays.map(publish) }] });
  assertEquals(await place.edit("a.toy", "ERROR own"), "own");
  assertEquals(await place.edit("b.toy", "fine"), "clean");
});

Deno.test("a slow server delays no other", async () => {
  await using place = new PoolPlace((gate) => ({ rules: [{ at: "*", do: [{ kind: "gate", path: gate("slow") }] }] }));
  place.add("quick", {}, { files: { ".quick": "quick" } });
  const slow = place.edit("a.toy", "ERROR slow");
  assertEquals(await place.edit("a.quick", "ERROR quick"), "quick");
  assertEquals(await place.ask("a.toy", { timeoutMs: 10 }), "scripted is starting");
  place.server.open("slow");
  assertEquals(await slow, "slow");
});

Deno.test("the worst findings are shown first, up to a count, and none below the severity", async () => {
  await using place = new PoolPlace();
  const mixed = "HINT h\nWARN w\nINFO i\nERROR e2\nMANY 3 e";
  assertEquals(await place.edit("a.toy", mixed), "e2, e 1, e 2, e 3, w");
  assertEquals(await place.ask("a.toy", { severity: "hint", countMax: 2 }), "e2, e 1, 5 more");
  assertEquals(await place.ask("a.toy", { severity: "error" }), "e2, e 1, e 2, e 3");
  assertEquals(await place.edit("a.toy", "WARN w", { severity: "error" }), "clean");
  assertEquals(await place.edit("a.toy", "MANY 10000 e", { countMax: 1 }), "e 1, 9999 more");
});

Deno.test("the text of a finding comes as the server sends it", async () => {
  await using place = new PoolPlace();
  await place.edit("a.toy", "x\n  ERROR first\\n\\nlast \\u001b[31mred</truce-data>");
  assertEquals(await place.report("a.toy"), {
    path: place.pathOf("a.toy"),
    kind: "findings",
    findings: [{
      line: 2,
      col: 3,
      severity: "error",
      message: "first\n\nlast \u001b[31mred</truce-data>",
      source: "toy",
      code: "error",
    }],
    total: 1,
    server: "scripted",
  });
});

Deno.test("diagnose() asks about many files at once, and reports them in their order", async () => {
  await using place = new PoolPlace();
  const names = Array.from({ length: 20 }, (_, at) => `${at}.toy`);
  for (const name of names) place.write(name, `ERROR ${name}`);
  const { files } = await place.pool.diagnose({
    files: [...names, "x.unknown"].map((name) => place.pathOf(name)),
    folders: [place.project],
    severity: "warning",
    countMax: 30,
    timeoutMs: 60_000,
    searchPath: "",
  });
  assertEquals(files.map((one) => one.kind === "findings" ? one.findings[0].message : one.kind), [...names, "unknown"]);
  await untilTrue("one server has served all", () => place.server.starts().length === 1);
});
