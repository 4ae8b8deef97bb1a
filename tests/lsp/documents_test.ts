// What a server is shown of files: as they are on disk, in the way it wants to see them.

import { field } from "../../src/base/decode.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { untilTrue } from "../support/daemon.ts";
import { PoolPlace } from "../support/pool.ts";
import type { ServerScript } from "../support/server_script.ts";

const contents = ["ERROR a\n", "ERROR a\r\nWARN 😀b\r\n", "WARN 😁b\r\n", "", "ERROR ü\nfine", "fine"];
const expected = ["a", "a, 😀b", "😁b", "clean", "ü", "clean"];

/** How a server wants changes and saves, and the methods of the messages about a document that changes once. */
const ways: readonly (readonly [script: ServerScript, messages: string])[] = [
  [{ sync: "full", save: "none" }, "didOpen didChange"],
  [{ sync: "incremental", save: "plain" }, "didOpen didSave didChange didSave"],
  [{ sync: "full", save: "text", publishOn: "save" }, "didOpen didSave didChange didSave"],
  [{ sync: "none", save: "none" }, "didOpen didClose didOpen"],
];

for (const [script, messages] of ways) {
  Deno.test(`a server with ${JSON.stringify(script)} sees each content`, async () => {
    await using place = new PoolPlace(script);
    for (const [at, text] of contents.entries()) assertEquals(await place.edit("a.toy", text), expected[at], `${at}`);
    const seen = place.server.log().flatMap((line) => line.kind === "received" ? [line.method] : []);
    const documents = seen.filter((method) => method.startsWith("textDocument/")).map((method) => method.slice(13));
    assertEquals(documents.slice(0, messages.split(" ").length).join(" "), messages);
  });
}

Deno.test("a document that did not change is not sent again", async () => {
  await using place = new PoolPlace();
  assertEquals([await place.edit("a.toy", "ERROR a"), await place.edit("a.toy", "ERROR a")], ["a", "a"]);
  assertEquals(place.server.received("textDocument/didChange"), []);
});

Deno.test("documents that something else has changed are shown as they are before a question", async () => {
  await using place = new PoolPlace();
  await place.edit("a.toy", "ERROR a");
  await place.edit("b.toy", "ERROR b");
  await place.edit("c.toy", "ERROR c");
  place.write("b.toy", "ERROR b, changed");
  Deno.removeSync(place.pathOf("c.toy"));
  assertEquals(await place.edit("a.toy", "ERROR a, changed"), "a, changed");
  const [change] = place.server.received("textDocument/didChange");
  assertEquals(field(change, "contentChanges"), [{ text: "ERROR b, changed" }]);
  assertMatch(JSON.stringify(place.server.received("textDocument/didClose")), /c\.toy/);
  assertEquals([await place.ask("b.toy"), await place.ask("c.toy")], [
    "b, changed",
    "the file does not exist any more",
  ]);
});

Deno.test("a file that changes while it is asked about is asked about again", async () => {
  await using place = new PoolPlace((gate) => ({
    rules: [{ at: "publish", nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  const asked = place.edit("a.toy", "ERROR one");
  await place.server.until(
    "it is shown",
    (log) => log.some((line) => line.kind === "received" && line.method === "textDocument/didOpen"),
  );
  place.write("a.toy", "ERROR second");
  place.server.open("slow");
  assertEquals(await asked, "second");
});

Deno.test("a server is told of what was made, changed and removed besides", async () => {
  await using place = new PoolPlace();
  place.write("sub/changed.txt", "1");
  place.write("gone.txt", "1");
  await place.edit("a.toy", "ERROR a");
  place.write("sub/changed.txt", "2");
  place.write("new/made.txt", "1");
  place.write(".hidden/x.txt", "1");
  place.write("node_modules/x/y.txt", "1");
  Deno.removeSync(place.pathOf("gone.txt"));
  const names = ["sub/changed.txt", "new/made.txt", "gone.txt"];
  await untilTrue("it was noticed", () => names.every((name) => place.noticed.includes(place.pathOf(name))));
  await place.ask("a.toy");
  const sent = place.server.received("workspace/didChangeWatchedFiles").flatMap((params) => field(params, "changes"));
  const types = new Map(sent.map((one) => [field(one, "uri"), field(one, "type")]));
  assertEquals(names.map((name) => types.get(`file://${place.pathOf(name)}`)), [2, 1, 3]);
  assertEquals([...types.keys()].filter((uri) => /hidden|node_modules/.test(String(uri))), []);
});

Deno.test("documents that nobody has asked about for long are closed, and opened again", async () => {
  await using place = new PoolPlace();
  await place.edit("a.toy", "ERROR a");
  place.pool.tend(performance.now() + 9 * 60_000);
  assertEquals(place.status().documents, 1);
  place.pool.tend(performance.now() + 11 * 60_000);
  assertEquals(place.status().documents, 0);
  assertEquals(await place.ask("a.toy"), "a");
  assertEquals(place.server.received("textDocument/didClose").length, 1);
  assertEquals(place.server.received("textDocument/didOpen").length, 2);
});

/** Names that are spelt otherwise in a URI. */
const names = ["a b.toy", "#1.toy", "100%.toy", "é ü/日本 😀.toy", "a%20b.toy", "[x](y);&='\".toy", "back\\slash.toy"];
const spellings = ["same", "lower hex", "all encoded"] as const;

for (const uris of spellings) {
  Deno.test(`files of any name are found where a server spells URIs with "${uris}"`, async () => {
    await using place = new PoolPlace({ uris });
    const found = await Promise.all(names.map((name) => place.edit(name, `ERROR ${name.length}`)));
    assertEquals(found, names.map((name) => String(name.length)));
  });
}

Deno.test('files of any name but those with "%" are found where a server spells URIs with "decoded"', async () => {
  await using place = new PoolPlace({ uris: "decoded" });
  const plain = names.filter((name) => !name.includes("%"));
  const found = await Promise.all(plain.map((name) => place.edit(name, `ERROR ${name.length}`)));
  assertEquals(found, plain.map((name) => String(name.length)));
});

/** Files that no server gets, and why. */
const unfit: readonly (readonly [name: string, content: string | Uint8Array, reason: RegExp])[] = [
  ["binary.toy", new Uint8Array([1, 0, 2]), /^it is a binary file$/],
  ["latin.toy", new Uint8Array([0xe9, 0x20, 0x65]), /^it is not UTF-8 text$/],
  ["large.toy", "x".repeat(10 * 1024 * 1024), /^it has 10\.0 MiB; language servers get at most 4 MiB$/],
  ["x.unknown", "x", /^no server for \.unknown$/],
];

for (const [name, content, reason] of unfit) {
  Deno.test(`the file ${name} is not checked, with a reason`, async () => {
    await using place = new PoolPlace();
    place.write(name, content);
    assertMatch(await place.ask(name), reason);
    assertEquals(await place.edit("a.toy", "ERROR a"), "a");
    assertEquals(place.server.received("textDocument/didOpen").length, 1);
  });
}

Deno.test("what is no file any more, or never was, is not checked, with a reason", async () => {
  await using place = new PoolPlace();
  Deno.mkdirSync(place.pathOf("folder.toy"));
  assertEquals(await place.ask("folder.toy"), "it is no file");
  assertEquals(await place.ask("absent.toy"), "the file does not exist any more");
  await place.edit("a.toy", "ERROR a");
  place.write("a.toy", new Uint8Array([0]));
  assertEquals(await place.ask("a.toy"), "it is a binary file");
  assertEquals(await place.edit("a.toy", "ERROR b"), "b");
});
