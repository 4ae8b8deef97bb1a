// The server that other tests put their trust in, spoken to without the client that they test.

import { assertEquals, assertRejects } from "../support/assert.ts";
import { ScriptedServer } from "../support/language_server.ts";
import { Client, talk, TestFolder, uri } from "../support/raw_client.ts";
import type { Action, ServerScript } from "../support/server_script.ts";
import { findingsIn } from "../support/toy_language.ts";

Deno.test("findingsIn() reads each severity, many at once, and later ones only when it is later", () => {
  const text = "fine\n  ERROR a\\nb\nWARN w\nINFO\r\nHINT h\nLATER ERROR slow\nMANY 2 x";
  const say = (isLater: boolean) =>
    findingsIn(text, isLater).map(({ severity, message, range }) => [
      ...[range.start.line, range.start.character, range.end.character],
      ...[severity, message],
    ]);
  const quick = [[1, 2, 12, 1, "a\nb"], [2, 0, 6, 2, "w"], [3, 0, 4, 3, ""], [4, 0, 6, 4, "h"]];
  const many = [[6, 0, 8, 1, "x 1"], [6, 0, 8, 1, "x 2"]];
  assertEquals(say(false), [...quick, ...many]);
  assertEquals(say(true), [...quick, [5, 0, 16, 1, "slow"], ...many]);
});

Deno.test("the scripted server publishes what is in each content, with its version, and nothing after the end", async () => {
  await using client = await talk();
  client.open("ERROR one");
  assertEquals(await client.published(), [1, "one"]);
  client.change(2, "fine");
  assertEquals(await client.published(), [2]);
  client.close();
  assertEquals(await client.published(), [undefined]);
  assertEquals(await client.end(), 0);
  assertEquals(client.server.violations(), []);
  const methods = client.server.log().flatMap((line) => line.kind === "received" ? [line.method] : []);
  const documents = ["didOpen", "didChange", "didClose"].map((name) => `textDocument/${name}`);
  assertEquals(methods, ["initialize", "initialized", ...documents, "shutdown", "exit"]);
  assertEquals(client.server.log().at(-1), { kind: "end", code: 0, pid: client.server.starts()[0] });
});

Deno.test("the scripted server takes parts of a document in UTF-16 units", async () => {
  await using client = await talk({ sync: "incremental" });
  client.open("fine\nERROR 😀x\n");
  assertEquals(await client.published(), [1, "😀x"]);
  const start = { line: 1, character: 8 };
  client.change(2, "yz", { start, end: { line: 1, character: 9 } });
  assertEquals(await client.published(), [2, "😀yz"]);
  assertEquals(client.server.violations(), []);
});

Deno.test("the scripted server publishes with another version, or none, or another spelling", async () => {
  const cases: [ServerScript, string, unknown][] = [
    [{ version: "none" }, uri, undefined],
    [{ version: 7 }, uri, 7],
    [{ uris: "lower hex" }, "file:///p/a%20b%c3%a9.toy", 1],
    [{ uris: "decoded" }, "file:///p/a bé.toy", 1],
    [{ uris: "all encoded" }, "file:///p/a%20b%C3%A9%2Etoy", 1],
  ];
  for (const [script, spelt, version] of cases) {
    await using client = await talk(script);
    client.open("ERROR x");
    assertEquals(await client.publication(), { uri: spelt, version });
  }
});

Deno.test("the scripted server is told to be quiet, to wait for saves, or to leave out what is not new", async () => {
  await using quiet = await talk({ publishOn: "never" });
  quiet.open("ERROR x");
  assertEquals(await quiet.allPublished(), []);
  await using saving = await talk({ publishOn: "save", save: "text" });
  saving.open("ERROR old");
  saving.tell("textDocument/didSave", { textDocument: { uri }, text: "ERROR new" });
  assertEquals(await saving.published(), [1, "new"]);
  await using terse = await talk({ isTerse: true });
  terse.open("fine");
  terse.change(2, "ERROR x");
  terse.change(3, "fine");
  terse.change(4, "still fine");
  assertEquals(await terse.allPublished(), [[2, "x"], [3]]);
});

Deno.test("the scripted server publishes a second round when its gate opens", async () => {
  await using client = await talk(({ gate }) => ({
    hasSecondRound: true,
    rules: [{ at: "publish again", do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  client.open("ERROR quick\nLATER ERROR slow");
  assertEquals(await client.published(), [1, "quick"]);
  assertEquals((await client.allPublished()).length, 1);
  client.server.open("slow");
  assertEquals(await client.published(), [1, "quick", "slow"]);
});

Deno.test("the scripted server publishes the content before after the next has come", async () => {
  const late: Action = { kind: "after", what: "published", count: 1 };
  await using client = await talk({ version: "none", rules: [{ at: "publish", nth: 1, do: [late] }] });
  client.open("ERROR old");
  assertEquals(await client.allPublished(), []);
  client.change(2, "ERROR new");
  assertEquals([await client.published(), await client.published()], [[undefined, "new"], [undefined, "old"]]);
});

Deno.test("the scripted server answers when it is asked for findings, once it has said that it does", async () => {
  await using early = await talk({ pull: "advertised", publishOn: "never" });
  early.open("ERROR x");
  assertEquals(await early.pull(), ["x"]);
  assertEquals(early.server.violations(), []);

  await using late = await talk({ pull: "registered again", publishOn: "never" });
  const asked = () =>
    late.messages.flatMap(({ id, method }) => id !== undefined && method !== undefined ? [method] : []);
  await late.until("it has registered", () => asked().includes("client/unregisterCapability"));
  assertEquals(asked().map((method) => method.slice(7)), [
    "registerCapability",
    "registerCapability",
    "unregisterCapability",
  ]);
  late.open("ERROR x");
  assertEquals(await late.pull(), ["x"]);
  assertEquals(late.server.violations(), []);

  const fail: Action = { kind: "fail", code: -32801, message: "content modified" };
  await using failing = await talk({
    pull: "advertised",
    rules: [{ at: "textDocument/diagnostic", nth: 1, do: [fail] }],
  });
  failing.open("ERROR x");
  assertEquals([await failing.pull(), await failing.pull()], ["content modified", ["x"]]);
});

Deno.test("the scripted server finds nothing when its question for a configuration is answered with null", async () => {
  for (const [setting, found] of [[null, []], [{}, ["x"]]] as const) {
    await using client = await talk({ needsConfiguration: true }, { "workspace/configuration": [setting] });
    client.open("ERROR x");
    assertEquals((await client.published()).slice(1), [...found]);
    const answers = client.server.log().flatMap((line) => line.kind === "answer" ? [line.result] : []);
    assertEquals(answers, [[setting]]);
  }
});

Deno.test("the scripted server refuses a client without folders", async () => {
  using place = new TestFolder();
  using server = new ScriptedServer(place.path, { needsFolders: true });
  await using client = new Client(server);
  assertEquals(
    client.message(await client.ask("initialize", { workspaceFolders: null })),
    "workspaceFolders must be a list",
  );
  assertEquals(client.message(await client.ask("initialize", { workspaceFolders: [] })), undefined);
});

Deno.test("the scripted server asks, shows progress, complains and sends what is no message", async () => {
  const question: Action = { kind: "ask", method: "workspace/applyEdit", params: { edit: {} } };
  await using client = await talk(({ gate }) => ({
    rules: [
      { at: "initialized", do: [question, { kind: "complain", text: "oh", times: 2 }] },
      { at: "initialized", do: [{ kind: "progress", title: "indexing", percents: [10, 40], gate: gate("indexed") }] },
      { at: "textDocument/didOpen", do: [{ kind: "flood", mebibytes: 1 }] },
      { at: "publish", do: [{ kind: "raw", text: "Content-Type: \u00ff\r\n\r\n" }] },
    ],
  }), { "workspace/applyEdit": { applied: false } });
  await client.until("40 % is shown", () => client.progress().includes("report 40"));
  assertEquals(client.progress(), ["begin 0", "report 10", "report 40"]);
  client.server.open("indexed");
  await client.until("it is done", () => client.progress().includes("end"));
  const answers = client.server.log().flatMap((line) => line.kind === "answer" ? [[line.method, line.result]] : []);
  assertEquals(answers, [["workspace/applyEdit", { applied: false }], ["window/workDoneProgress/create", null]]);
  client.open("ERROR x");
  await client.until("the flood has come", () => client.messages.some(({ method }) => method === "window/logMessage"));
  await assertRejects(() => client.over, Error, "Cannot read a frame");
});

Deno.test("the scripted server crashes when it is told to, in one life alone", async () => {
  using place = new TestFolder();
  const rules = [{ at: "textDocument/didOpen", life: 1, do: [{ kind: "die" } as const] }];
  using server = new ScriptedServer(place.path, { rules });
  for (const expected of ["killed", "alive"]) {
    await using client = await new Client(server).start();
    client.open("ERROR x");
    if (expected === "killed") assertEquals((await client.status).signal, "SIGKILL");
    else assertEquals(await client.published(), [1, "x"]);
  }
  assertEquals(server.starts().length, 2);
});

Deno.test("the scripted server ends with a code of its script, at the nth message", async () => {
  await using client = await talk({ rules: [{ at: "*", nth: 3, do: [{ kind: "exit", code: 9 }] }] });
  client.open("ERROR x");
  assertEquals((await client.status).code, 9);
});

Deno.test("the scripted server stands still, after it has answered what nobody asked", async () => {
  const answer: Action = { kind: "send", message: { id: 4711, result: null } };
  const memory: Action = { kind: "eat", mebibytes: 1 };
  await using client = await talk({
    rules: [{ at: "textDocument/didOpen", do: [answer, memory, { kind: "freeze" }] }],
  });
  client.open("ERROR x");
  await client.until("it has answered", () => client.messages.some(({ id }) => id === 4711));
  client.change(2, "ERROR y");
  client.kill("SIGTERM");
  assertEquals((await client.status).signal, "SIGTERM");
  assertEquals(client.server.received("textDocument/didChange"), []);
});

Deno.test("the scripted server does not end with its input or by SIGTERM when it is stubborn, but with its test", async () => {
  using place = new TestFolder();
  const rules = ["shutdown", "exit"].map((at) => ({ at, do: [{ kind: "hang" } as const] }));
  const server = new ScriptedServer(place.path, { isStubborn: true, rules });
  await using client = await new Client(server).start();
  client.send({ id: 99, method: "shutdown" });
  client.tell("exit", undefined);
  client.kill("SIGTERM");
  await client.closeInput();
  await server.until("it hears exit", (log) => log.some((line) => line.kind === "received" && line.method === "exit"));
  assertEquals(server.log().some(({ kind }) => kind === "end"), false);
  server[Symbol.dispose]();
  assertEquals((await client.status).signal, "SIGKILL");
});

Deno.test("the scripted server says what its client does wrong", async () => {
  await using client = await talk({ save: "none" });
  client.change(1, "x");
  client.open("fine");
  client.open("fine");
  client.change(1, "x", { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
  client.tell("textDocument/didSave", { textDocument: { uri } });
  client.tell("workspace/didChangeWorkspaceFolders", {});
  await client.pull();
  assertEquals(client.server.violations(), [
    `textDocument/didChange of ${uri}, which is not open`,
    `${uri} is opened twice`,
    `a part of ${uri} changes`,
    `${uri} has version 1 after 1`,
    `${uri} is saved, although saves are not wanted`,
    "folders change, although they are fixed",
    "asked for findings, although it does not answer that",
  ]);
});
