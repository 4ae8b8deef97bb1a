import { TruceError } from "../../src/base/error.ts";
import type { AskedHook } from "../../src/daemon/hook_api.ts";
import { Lifetime } from "../../src/daemon/lifetime.ts";
import { type Door, type Parts, Server } from "../../src/daemon/server.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import {
  cleanDiagnoser,
  fakeLocks,
  fakeParts,
  FakeTimers,
  noDiagnoser,
  questionAbout,
  untilTrue,
} from "../support/daemon.ts";

const good = { host: "127.0.0.1:9876", authorization: "Bearer secret" };
const edit = { session_id: "s", tool_name: "Edit", tool_input: { file_path: "/repo/a.ts" } };

Deno.test("Server.answer() of GET /health says which daemon this is", async () => {
  assertEquals(await get(fakeParts(), "/health"), [200, { ok: true, build: "build 1", pid: 7 }]);
});

for (
  const [method, path] of [["GET", "/"], ["GET", "/nope"], ["GET", "/lock"], ["PUT", "/lock"], ["POST", "/health"]]
) {
  Deno.test(`Server.answer() of ${method} ${path} is 404`, async () => {
    const [status, body] = await ask(fakeParts(), path, { method });
    assertEquals([status, body], [404, { error: `there is no ${method} ${path}` }]);
  });
}

for (const path of ["/lock/", "/lock/x", "/hooks", "/hooks/", "/constructor", "//health"]) {
  Deno.test(`Server.answer() of POST ${path} is 404`, async () => {
    assertEquals((await post(fakeParts(), path, {}))[0], 404);
  });
}

Deno.test("Server.answer() hands POST /notify to who finds what is wrong", async () => {
  const diagnoser = cleanDiagnoser();
  const request = { ...questionAbout("/repo/a.ts"), session: "s" };
  const [status, body] = await post(fakeParts({ diagnoser }), "/notify", request);
  assertEquals([status, body], [200, { files: [{ path: "/repo/a.ts", kind: "clean" }], notes: [] }]);
  assertEquals(diagnoser.asked, [request]);
});

for (const wrong of [{ files: "/a" }, { files: [1] }, { severity: "fatal" }, { session: 7 }, { timeoutMs: "1" }]) {
  Deno.test(`Server.answer() refuses POST /notify with ${JSON.stringify(wrong)}`, async () => {
    const diagnoser = cleanDiagnoser();
    const request = { ...questionAbout("/repo/a.ts"), ...wrong };
    assertEquals((await post(fakeParts({ diagnoser }), "/notify", request))[0], 400);
    assertEquals(diagnoser.asked, []);
  });
}

Deno.test("Server.answer() hands POST /folders on", async () => {
  const told: unknown[] = [];
  const parts = fakeParts({ diagnoser: { ...noDiagnoser, setFolders: (request) => told.push(request) } });
  const request = { session: "s", folders: ["/repo"] };
  assertEquals(await post(parts, "/folders", request), [200, { ok: true }]);
  assertEquals((await post(parts, "/folders", { session: "s" }))[0], 400);
  assertEquals(told, [request]);
});

Deno.test("Server.answer() locks over HTTP", async () => {
  const parts = fakeParts();
  const file = "/repo/a.ts";
  assertEquals(await post(parts, "/lock?wait=false", { session: "a", file }), [200, { granted: true, position: 1 }]);
  const [status, body] = await post(parts, "/lock?wait=false", { session: "b", file });
  assertEquals([status, body.granted, body.holder], [200, false, "a"]);
  assertEquals((await get(parts, "/locks"))[1].count, 1);
  assertEquals((await get(parts, "/queues"))[1].count, 1);
  assertEquals(await post(parts, "/unlock", { session: "a", file }), [200, { ok: true }]);
  assertEquals(await post(parts, "/unlock-all", { session: "a" }), [200, { count: 0 }]);
});

Deno.test("Server.answer() of GET /status has the locks in the shape of that API, and what the daemon does", async () => {
  const parts = fakeParts();
  await post(parts, "/lock", { session: "a", file: "/repo/a.ts" });
  assertEquals(await get(parts, "/status"), [200, {
    build: "build 1",
    pid: 7,
    uptimeS: 0,
    isEnding: false,
    requests: 1,
    inFlight: 0,
    memoryBytes: 1_000_000,
    servers: [],
    errors: [],
    count: 1,
    locks: [{ session: "a", file: "/repo/a.ts", acquiredAt: "2026-01-01T00:00:00.000Z" }],
  }]);
});

Deno.test("Server.answer() of GET /status does without locks that cannot be had", async () => {
  const { locks, facts } = fakeLocks();
  const list = () => {
    throw new TruceError("unavailable", "Cannot use the state");
  };
  const broken = { locks: { ...locks, store: { ...locks.store, list } }, facts };
  const [status, { locks: held, locksError }] = await get(fakeParts({ locks: broken }), "/status");
  assertEquals([status, held, locksError], [200, [], "Cannot use the state"]);
});

Deno.test("Server.answer() is asked over the loopback interface by who passes the gate alone", async () => {
  const parts = fakeParts({ port: 9876 });
  const over = (headers: HeadersInit) => ask(parts, "/health", { headers }, "loopback");
  assertEquals((await over(good))[0], 200);
  assertEquals((await over({ host: good.host }))[0], 401);
  assertEquals((await over({ ...good, host: "evil.example:9876" }))[0], 403);
  assertEquals((await over({ ...good, origin: "https://evil.example" }))[0], 403);
  assertEquals((await ask(parts, "/nope", {}, "loopback"))[0], 403, "who is not let in learns nothing");
});

Deno.test("Server.answer() sends a hook of another build away, but for what all builds share", async () => {
  const parts = fakeParts({ port: 9876 });
  const headers = { "truce-build": "build 2" };
  const away = { error: "this is another build", build: "build 1", pid: 7, port: 9876 };
  assertEquals(await ask(parts, "/health", { headers }), [409, away]);
  const notify = { method: "POST", headers, body: JSON.stringify(questionAbout("/a")) };
  assertEquals(await ask(parts, "/notify", notify), [409, away]);
  assertEquals((await ask(parts, "/status", { headers }))[0], 200);
  assertEquals((await ask(parts, "/health", { headers: { "truce-build": "build 1" } }))[0], 200);
});

Deno.test("Server.answer() of POST /stop begins the end, and comes when another daemon can begin", async () => {
  const gone = Promise.withResolvers<void>();
  const parts = fakeParts({ gone: gone.promise });
  const server = new Server(parts);
  let answered = false;
  const stopped = server.answer(requestOf("/stop", { method: "POST", body: "{}" }), "socket");
  stopped.then(() => answered = true);
  await untilTrue("the end begins", () => parts.lifetime.ending.aborted);
  const [status, { error, pid }] = await bodyOf(await server.answer(requestOf("/health"), "socket"));
  assertEquals([status, error, pid], [503, "the daemon is ending", 7]);
  assertEquals(answered, false);
  gone.resolve();
  assertEquals(await bodyOf(await stopped), [200, { ok: true, build: "build 1", pid: 7 }]);
});

Deno.test("Server.answer() of POST /stop leaves a daemon be that is not the one that is meant", async () => {
  const parts = fakeParts();
  assertEquals(await post(parts, "/stop", { pid: 8 }), [200, { ok: false, build: "build 1", pid: 7 }]);
  assertEquals(parts.lifetime.ending.aborted, false);
});

Deno.test("Server.answer() takes a daemon that people look at for idle, and one that works for busy", async () => {
  const timers = new FakeTimers();
  const lifetime = new Lifetime(1_000, timers);
  const found = Promise.withResolvers<{ files: []; notes: [] }>();
  const server = new Server(fakeParts({ lifetime, diagnoser: { ...noDiagnoser, diagnose: () => found.promise } }));
  const body = JSON.stringify(questionAbout());
  const answer = server.answer(requestOf("/notify", { method: "POST", body }), "socket");
  await untilTrue("the request is being answered", () => lifetime.inFlight === 1);
  timers.pass(5_000);
  assertEquals(lifetime.ending.aborted, false);
  found.resolve({ files: [], notes: [] });
  assertEquals((await answer).status, 200);
  timers.pass(900);
  await server.answer(requestOf("/status"), "socket");
  timers.pass(100);
  assertEquals([lifetime.inFlight, lifetime.ending.aborted], [0, true]);
});

Deno.test("Server.answer() tells who works that who asked is gone, and that the daemon ends", async () => {
  for (const how of ["gone", "ending"]) {
    const leaving = new AbortController();
    const heard = Promise.withResolvers<AbortSignal>();
    const done = Promise.withResolvers<undefined>();
    const answerHook = ({ signal }: AskedHook) => {
      heard.resolve(signal);
      return done.promise;
    };
    const parts = fakeParts({ answerHook });
    const init = { method: "POST", body: JSON.stringify(edit), signal: leaving.signal };
    const answer = new Server(parts).answer(requestOf("/hooks/claude/PreToolUse", init), "socket");
    const signal = await heard.promise;
    assertEquals(signal.aborted, false);
    if (how === "gone") leaving.abort();
    else parts.lifetime.end("");
    assertEquals(signal.aborted, true);
    done.resolve(undefined);
    await answer;
  }
});

Deno.test("Server.answer() tells who works that who asked was gone before", async () => {
  let isGone = false;
  const answerHook = ({ signal }: AskedHook) => {
    isGone = signal.aborted;
    return Promise.resolve(undefined);
  };
  const request = requestOf("/hooks/claude/PreToolUse", { method: "POST", body: JSON.stringify(edit) });
  Object.defineProperty(request, "signal", { value: AbortSignal.abort() });
  await new Server(fakeParts({ answerHook })).answer(request, "socket");
  assertEquals(isGone, true);
});

Deno.test("Server.answer() hands a hook on with its host, its moment and its time", async () => {
  const asked: AskedHook[] = [];
  const reply = { hookSpecificOutput: { permissionDecision: "deny" } };
  const answerHook = (one: AskedHook) => {
    asked.push(one);
    return Promise.resolve(reply);
  };
  const parts = fakeParts({ answerHook });
  assertEquals(await post(parts, "/hooks/claude/PreToolUse?timeout=5", edit), [200, reply]);
  assertEquals(await post(parts, "/hooks/claude/before-tool", edit), [200, reply]);
  const seen = asked.map(({ host, moment, payload, timeout }) => [host.name, moment, payload, timeout]);
  assertEquals(seen, [["claude", "before-tool", edit, "5"], ["claude", "before-tool", edit, undefined]]);
});

Deno.test("Server.answer() of a hook is silent when there is nothing to say, and when we fail", async () => {
  assertEquals(await post(fakeParts(), "/hooks/claude/PreToolUse", edit), [204, {}]);
  const logged: string[] = [];
  const answerHook = () => Promise.reject(new Error("broken"));
  const parts = fakeParts({ answerHook, log: (fact) => logged.push(fact) });
  assertEquals(await post(parts, "/hooks/claude/PreToolUse", edit), [204, {}]);
  assertEquals(logged, ["an agent goes on unprotected"]);
});

const badHooks: readonly [what: string, path: string, body: object, status: number, error: string][] = [
  ["of a host that is not known", "/hooks/nobody/PreToolUse", edit, 404, 'no host "nobody"'],
  ["of an event that is not known", "/hooks/claude/PreNothing", edit, 404, 'no event "PreNothing"'],
  ["without an event", "/hooks/claude", edit, 404, "no event"],
  ["of more than an event", "/hooks/claude/PreToolUse/x", edit, 404, "by its host and its event"],
  ["that the host does not send over HTTP", "/hooks/claude/SessionStart", edit, 404, "register the command"],
  ["without an id of its session", "/hooks/claude/PreToolUse", { ...edit, session_id: null }, 400, "no session_id"],
];

for (const [what, path, body, status, error] of badHooks) {
  Deno.test(`Server.answer() refuses a hook ${what}`, async () => {
    let isAsked = false;
    const answerHook = () => {
      isAsked = true;
      return Promise.resolve(undefined);
    };
    const [got, said] = await post(fakeParts({ answerHook }), path, body);
    assertEquals([got, isAsked], [status, false]);
    assertStringIncludes(String(said.error), error);
  });
}

Deno.test("Server.answer() keeps the last failures for people, and says what they are", async () => {
  let count = 0;
  const diagnose = () => Promise.reject(new Error(`broken ${count++}`));
  const server = new Server(fakeParts({ diagnoser: { ...noDiagnoser, diagnose } }));
  const body = JSON.stringify(questionAbout());
  for (let i = 0; i < 25; i++) {
    const answer = await server.answer(requestOf("/notify", { method: "POST", body }), "socket");
    assertEquals(await bodyOf(answer), [500, { error: `Error: broken ${i}` }]);
  }
  const [, { errors }] = await bodyOf(await server.answer(requestOf("/status"), "socket"));
  const kept = (errors as { error: string }[]).map(({ error }) => error);
  assertEquals([kept.length, kept[0], kept[19]], [20, "Error: broken 5", "Error: broken 24"]);
});

Deno.test("Server.answer() says 503 when the state cannot be had, and that is no other daemon's matter", async () => {
  const { locks, facts } = fakeLocks();
  const change = () => Promise.reject(new TruceError("unavailable", "Cannot use the state"));
  const parts = fakeParts({ locks: { locks: { ...locks, store: { ...locks.store, change } }, facts } });
  const answer = await post(parts, "/unlock-all", { session: "a" });
  assertEquals(answer, [503, { error: "Cannot use the state" }]);
});

function get(parts: Parts, path: string) {
  return ask(parts, path, {});
}

function post(parts: Parts, path: string, body: object) {
  return ask(parts, path, { method: "POST", body: JSON.stringify(body) });
}

async function ask(parts: Parts, path: string, init: RequestInit, door: Door = "socket") {
  return bodyOf(await new Server(parts).answer(requestOf(path, init), door));
}

function requestOf(path: string, init: RequestInit = {}): Request {
  return new Request(`http://truce${path}`, init);
}

async function bodyOf(response: Response): Promise<[number, Record<string, unknown>]> {
  const text = await response.text();
  return [response.status, text === "" ? {} : JSON.parse(text)];
}
