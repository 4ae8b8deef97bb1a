// What once went wrong: findings that came late, folders that came early, servers that were ended while they were asked.

import { assertEquals } from "../support/assert.ts";
import { PoolPlace } from "../support/pool.ts";

Deno.test("a second round that has nothing new for a session is not told to it", async () => {
  await using place = new PoolPlace((gate) => ({
    hasSecondRound: true,
    rules: [{ at: "publish again", nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  assertEquals(await place.edit("a.toy", "ERROR quick\nLATER HINT small", { session: "a" }), "quick");
  assertEquals(await place.ask("a.toy", { session: "b", severity: "hint" }), "quick");
  place.server.open("slow");
  assertEquals(await place.untilLater(1), ["b a.toy: quick, small"]);
});

Deno.test("findings that are published after they were asked for are not told again", async () => {
  await using place = new PoolPlace((gate) => ({
    pull: "advertised",
    rules: [{ at: "publish", nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  assertEquals(await place.edit("a.toy", "ERROR one", { session: "a" }), "one");
  place.server.open("slow");
  await place.server.until("it is published", (log) => log.some(({ kind }) => kind === "published"));
  place.add("other", (gate) => ({
    hasSecondRound: true,
    rules: [{ at: "publish again", nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
  }), { files: { ".other": "toy" } });
  await place.edit("a.other", "ERROR quick\nLATER ERROR slow", { session: "a" });
  place.serverNamed("other").open("slow");
  // What is told later is told in order.
  assertEquals((await place.untilLater(1))[0], "a a.other: quick, slow");
});

Deno.test("older findings are never told, however late", async () => {
  await using place = new PoolPlace((gate) => ({
    rules: [
      { at: "publish", nth: 1, do: [{ kind: "after", what: "textDocument/didChange", count: 1 }] },
      { at: "publish", nth: 2, do: [{ kind: "gate", path: gate("never") }] },
    ],
  }));
  const first = place.edit("a.toy", "ERROR one");
  await place.server.until(
    "the first content has come",
    (log) => log.some((line) => line.kind === "received" && line.method === "textDocument/didOpen"),
  );
  const second = await place.edit("a.toy", "ERROR two");
  assertEquals([second, await first], Array(2).fill("scripted has said nothing about this content"));
});

Deno.test("findings that come after a session was told that there is no word yet are told later", async () => {
  await using place = new PoolPlace((gate) => ({
    rules: [{ at: "publish", do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  assertEquals(
    await place.edit("a.toy", "ERROR one", { session: "a", timeoutMs: 1_000 }),
    "scripted has not answered in time",
  );
  place.server.open("slow");
  assertEquals(await place.untilLater(1), ["a a.toy: one"]);
});

Deno.test("folders that come while the server starts are told to it", async () => {
  await using place = new PoolPlace((gate) => ({
    folders: "dynamic",
    rules: [{ at: "initialize", do: [{ kind: "gate", path: gate("start") }] }],
  }));
  place.write("../second/b.toy", "ERROR two");
  const both = [place.project, `${place.root}/second`];
  const first = place.edit("a.toy", "ERROR one", { session: "a", folders: [place.project] });
  await place.server.until("asked", (log) => log.some((l) => l.kind === "received"));
  place.pool.setFolders({ session: "a", folders: both });
  place.server.open("start");
  await first;
  assertEquals(await place.ask("../second/b.toy", { session: "a", folders: both }), "two");
  assertEquals(place.server.starts().length, 1);
  assertEquals(place.server.received("workspace/didChangeWorkspaceFolders"), [
    { event: { added: [{ uri: `file://${place.root}/second`, name: "second" }], removed: [] } },
  ]);
});

Deno.test("a server with a frame that is too long is ended at once", async () => {
  await using place = new PoolPlace({
    rules: [{
      at: "textDocument/didOpen",
      life: 1,
      do: [{ kind: "raw", text: "Content-Length: 99999999999\r\n\r\n{" }],
    }],
  });
  assertEquals(await place.edit("a.toy", "ERROR one", { timeoutMs: 8000 }), "one");
});

Deno.test("two packages that need other options do not end each other's server", async () => {
  await using place = new PoolPlace();
  place.add("scripted", {}, { needs: { kind: "package", name: "toy", install: "x" }, options: { lib: "$folder" } });
  for (const name of ["one", "two"]) {
    place.write(`${name}/node_modules/toy/package.json`, "{}");
    place.write(`${name}/a.toy`, `ERROR ${name}`);
  }
  for (const name of ["one", "two", "one", "two"]) assertEquals(await place.ask(`${name}/a.toy`), name);
  assertEquals(place.server.starts().length, 2);
});

Deno.test("a question whose server is stopped meanwhile says so", async () => {
  await using place = new PoolPlace((gate) => ({
    rules: [{ at: "publish", do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  const first = place.edit("a.toy", "ERROR one", { session: "a" });
  await place.server.until(
    "asked",
    (log) => log.some((l) => l.kind === "received" && l.method === "textDocument/didOpen"),
  );
  place.pool.setFolders({ session: "a", folders: [] });
  place.server.open("slow");
  assertEquals(await first, "one");
});

Deno.test("a server that loads finds nothing until it has loaded", async () => {
  await using place = new PoolPlace((gate) => ({
    version: "none",
    hasSecondRound: true,
    rules: [
      { at: "initialized", do: [{ kind: "progress", title: "indexing", percents: [10, 40], gate: gate("loaded") }] },
      { at: "publish", nth: 1, do: [{ kind: "gate", path: gate("begun") }] },
      { at: "publish again", do: [{ kind: "gate", path: gate("loaded") }] },
    ],
  }));
  const created = place.server.until(
    "progress has begun",
    (log) => log.some((line) => line.kind === "answer" && line.method === "window/workDoneProgress/create"),
  );
  created.then(() => place.server.open("begun"));
  const asking = { session: "a", timeoutMs: 1_500 };
  assertEquals(await place.edit("a.toy", "LATER ERROR deep", asking), "scripted is starting, 40 % indexed");
  await created;
  const second = place.ask("a.toy");
  place.server.open("loaded");
  assertEquals(await second, "deep");
  const answers = place.server.log().flatMap((line) => line.kind === "answer" ? [line.result] : []);
  assertEquals(answers, [null]);
});

Deno.test("a folder is taken back when the session that wanted it ends", async () => {
  await using place = new PoolPlace({ folders: "dynamic" });
  const second = `${place.root}/second`;
  Deno.mkdirSync(second);
  await place.edit("a.toy", "ERROR a", { session: "s", folders: [place.project, second] });
  await place.ask("a.toy", { session: "t", folders: [place.project] });
  place.pool.setFolders({ session: "s", folders: [] });
  await place.edit("a.toy", "ERROR later");
  assertEquals(place.server.received("workspace/didChangeWorkspaceFolders"), [
    { event: { added: [], removed: [{ uri: `file://${second}`, name: "second" }] } },
  ]);
});
