// Servers that are asked for their findings, and what a server asks us.

import { asObject, field } from "../../src/base/decode.ts";
import { assertEquals } from "../support/assert.ts";
import { PoolPlace } from "../support/pool.ts";
import type { Action, ServerScript } from "../support/server_script.ts";

const pullMethod = "textDocument/diagnostic";

for (const pull of ["advertised", "registered", "registered again"] as const) {
  Deno.test(`a server whose findings can be asked for, ${pull}, is asked`, async () => {
    await using place = new PoolPlace({ pull, publishOn: "never" });
    assertEquals(await place.edit("a.toy", "ERROR one"), "one");
    assertEquals(await place.edit("a.toy", "ERROR two"), "two");
    assertEquals(await place.edit("a.toy", "fine"), "clean");
    assertEquals(place.server.received(pullMethod).length, 3);
  });
}

Deno.test("a server that registers late that it can be asked is asked by those who wait already", async () => {
  await using place = new PoolPlace((gate) => ({
    pull: "registered",
    publishOn: "never",
    rules: [{ at: "initialized", do: [{ kind: "gate", path: gate("register") }] }],
  }));
  const waiting = place.edit("a.toy", "ERROR one");
  await place.server.until(
    "the content has come",
    (log) => log.some((line) => line.kind === "received" && line.method === "textDocument/didSave"),
  );
  place.server.open("register");
  assertEquals(await waiting, "one");
});

const disturbed: Action = { kind: "fail", code: -32802, message: "cancelled" };
const broken: Action = { kind: "fail", code: -32603, message: "no" };
const strange: Action = { kind: "answer", result: { kind: "unchanged", resultId: "x" } };

/** What a server does when it is asked for the first time, and how often it is asked for two contents then. */
const failures: readonly (readonly [what: string, action: Action, asked: number])[] = [
  ["was disturbed is asked again", disturbed, 3],
  ["fails is listened to instead", broken, 1],
  ["answers something else is listened to instead", strange, 1],
];

for (const [what, action, asked] of failures) {
  Deno.test(`a server that ${what}`, async () => {
    await using place = new PoolPlace({ pull: "advertised", rules: [{ at: pullMethod, nth: 1, do: [action] }] });
    assertEquals([await place.edit("a.toy", "ERROR one"), await place.edit("a.toy", "ERROR two")], ["one", "two"]);
    assertEquals(place.server.received(pullMethod).length, asked);
  });
}

Deno.test("a server that hangs when it is asked is said to be late, each question alone", async () => {
  await using place = new PoolPlace({
    pull: "advertised",
    publishOn: "never",
    rules: [{ at: pullMethod, nth: 1, do: [{ kind: "hang" }] }],
  });
  const late = "scripted has not answered in time";
  assertEquals(await place.edit("a.toy", "ERROR one", { timeoutMs: 2_000 }), late);
  assertEquals(await place.edit("a.toy", "ERROR two"), "two");
  await place.server.until(
    "the first question is taken back",
    (log) => log.some((line) => line.kind === "received" && line.method === "$/cancelRequest"),
  );
});

Deno.test("findings that are asked for and those that are published are told together, each once", async () => {
  await using place = new PoolPlace((gate) => ({
    pull: "advertised",
    hasSecondRound: true,
    rules: [{ at: "publish again", do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  assertEquals(await place.edit("a.toy", "ERROR quick\nLATER WARN slow", { session: "a" }), "quick");
  place.server.open("slow");
  assertEquals(await place.untilLater(1), ["a a.toy: quick, slow"]);
  assertEquals(await place.ask("a.toy"), "quick, slow");
});

Deno.test("an answer about a content that was replaced meanwhile is not taken", async () => {
  await using place = new PoolPlace((gate) => ({
    pull: "advertised",
    publishOn: "never",
    rules: [{ at: pullMethod, nth: 1, do: [{ kind: "gate", path: gate("slow") }] }],
  }));
  const first = place.edit("a.toy", "ERROR one");
  await place.server.until(
    "it is asked",
    (log) => log.some((line) => line.kind === "received" && line.method === pullMethod),
  );
  const second = place.edit("a.toy", "ERROR two");
  assertEquals(await second, "two");
  place.server.open("slow");
  assertEquals(await first, "two");
});

/** A request of the server, what it gets, and the error code if that is what it gets. */
const requests: readonly (readonly [method: string, params: unknown, result: unknown, code?: number])[] = [
  ["workspace/configuration", { items: [{ section: "toy" }, { section: "other.x" }, {}] }, [
    { level: 1, deep: { on: true } },
    {},
    { toy: { level: 1, deep: { on: true } } },
  ]],
  ["workspace/configuration", { items: [{ section: "toy.deep" }, { section: "toy.level" }] }, [{ on: true }, 1]],
  ["workspace/configuration", {}, []],
  ["window/workDoneProgress/create", { token: 1 }, null],
  ["workspace/applyEdit", { edit: {} }, { applied: false, failureReason: "nobody edits here" }],
  ["window/showMessageRequest", { type: 1, message: "?", actions: [{ title: "Yes" }] }, null],
  ["window/showDocument", { uri: "https://example.invalid" }, { success: false }],
  ["workspace/diagnostic/refresh", undefined, null],
  ["workspace/semanticTokens/refresh", undefined, null],
  ["client/registerCapability", { registrations: [{ id: "x", method: "workspace/didChangeWatchedFiles" }] }, null],
  ["client/unregisterCapability", { unregisterations: [{ id: "x", method: "" }, { id: "unknown", method: "" }] }, null],
  ["client/registerCapability", { registrations: "nonsense" }, null],
  ["toy/unheardOf", {}, undefined, -32601],
];

Deno.test("a server gets an answer to all that it asks", async () => {
  const asks: Action[] = requests.map(([method, params]) => ({ kind: "ask", method, params }));
  await using place = new PoolPlace();
  place.add("scripted", { rules: [{ at: "initialized", do: asks }] }, {
    settings: { toy: { level: 1, deep: { on: true } } },
  });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  const answers = () => place.server.log().flatMap((line) => line.kind === "answer" ? [line] : []);
  await place.server.until("all is answered", () => answers().length === requests.length);
  assertEquals(
    answers().map(({ method, result, error }) => [method, result, field(error, "code")]),
    requests.map(([method, _params, result, code]) => [method, result, code]),
  );
});

Deno.test("a server that wants settings gets an object even where there are none", async () => {
  await using place = new PoolPlace({ needsConfiguration: true });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
});

Deno.test("a server is told its folders, its options and who we are", async () => {
  await using place = new PoolPlace();
  place.add("scripted", { needsFolders: true }, { options: { toy: 1 }, settings: { toy: { x: 2 } } });
  assertEquals(await place.edit("a.toy", "ERROR one"), "one");
  const [params] = place.server.received("initialize");
  assertEquals(asObject(params), {
    processId: Deno.pid,
    clientInfo: { name: "truce" },
    rootPath: place.project,
    rootUri: `file://${place.project}`,
    workspaceFolders: [{ uri: `file://${place.project}`, name: "project" }],
    initializationOptions: { toy: 1 },
    capabilities: field(params, "capabilities"),
  });
  assertEquals(place.server.received("workspace/didChangeConfiguration"), [{ settings: { toy: { x: 2 } } }]);
  const [start] = place.server.log();
  assertEquals(start.kind === "start" && start.cwd, place.project);
});

/** What breaks no conversation. */
const noise: readonly (readonly [what: string, actions: readonly Action[]])[] = [
  ["answers to no request", [
    { kind: "send", message: { id: 999, result: {} } },
    { kind: "send", message: { id: "x", error: { code: 1, message: "no" } } },
  ]],
  ["unknown notifications", [{ kind: "send", message: { method: "toy/news", params: [1, 2] } }]],
  ["progress of which nobody knows", [
    { kind: "send", message: { method: "$/progress", params: { token: "x", value: { kind: "end" } } } },
    { kind: "send", message: { method: "$/progress", params: null } },
    { kind: "send", message: { method: "$/progress" } },
  ]],
  ["findings that are none", [
    { kind: "send", message: { method: "textDocument/publishDiagnostics", params: {} } },
    { kind: "send", message: { method: "textDocument/publishDiagnostics", params: { uri: 1, diagnostics: "x" } } },
    { kind: "send", message: { method: "textDocument/publishDiagnostics" } },
  ]],
  ["messages that are none", [
    { kind: "raw", text: "Content-Length: 4\r\n\r\nnull" },
    { kind: "raw", text: "Content-Length: 2\r\n\r\n[]" },
    { kind: "raw", text: "Content-Length: 2\r\n\r\n{}" },
    { kind: "raw", text: "Content-Length: 1\r\n\r\n5" },
  ]],
  ["other headers and what is no UTF-8", [
    { kind: "raw", text: 'content-length: 18\r\nContent-Type: x; charset=utf-8\r\n\r\n{"method":"x\xff\xfe/y"}' },
  ]],
  ["many complaints", [{ kind: "complain", text: `bad ${"x".repeat(5_000)}`, times: 2_000 }]],
];

for (const [what, actions] of noise) {
  Deno.test(`${what} from a server change nothing`, async () => {
    const script: ServerScript = { rules: [{ at: "textDocument/didOpen", nth: 1, do: actions }] };
    await using place = new PoolPlace(script);
    assertEquals(await place.edit("a.toy", "ERROR one"), "one");
    assertEquals(await place.edit("a.toy", "ERROR two"), "two");
    assertEquals([place.server.starts().length, place.status().restarts], [1, 0]);
  });
}
