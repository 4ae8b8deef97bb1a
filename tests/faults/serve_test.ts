// The daemon as a process: one of a kind, reached by its user alone, replaced when it dies, and gone without a trace.

import { lockAtOnce } from "../../src/platform/files.ts";
import { serveSocket } from "../../src/platform/http_server.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { untilTrue } from "../support/daemon.ts";
import { Place } from "../support/place.ts";
import type { Running } from "../support/program.ts";

const deadlineMs = 60_000;
const startsCount = 16;
const isLinux = Deno.build.os === "linux";
const edit = { tool_name: "Edit", tool_use_id: "call" };

Deno.test("truce serve is one process, however many start it at once", async () => {
  using place = new Place();
  const starts = Array.from({ length: startsCount }, () => place.run(["serve", "--detach", "--json"], { deadlineMs }));
  const pids = (await Promise.all(starts)).map(({ code, stdout, stderr }) => {
    assertEquals([code, stderr], [0, ""]);
    return JSON.parse(stdout).pid;
  });
  assertEquals(new Set(pids).size, 1);
  assertEquals(pids[0], pidIn(place));
  await stop(place);
});

Deno.test("truce serve in the background ends silently where another one runs", async () => {
  using place = new Place();
  const starts = Array.from({ length: startsCount }, () => place.start(["serve", "--background"], { deadlineMs }));
  const ends: { pid: number; code: number; output: string }[] = [];
  for (const { pid, finished } of starts) {
    finished.then(({ code, stdout, stderr }) => ends.push({ pid, code, output: stdout + stderr }));
  }
  await untilTrue("all but one have ended", () => ends.length === startsCount - 1);
  assertEquals(ends.filter(({ code, output }) => code !== 0 || output !== ""), []);
  assertEquals(starts.map(({ pid }) => pid).filter((pid) => ends.every((one) => one.pid !== pid)), [pidIn(place)]);
  await stop(place);
});

Deno.test("truce serve says who runs already, and truce serve --status what that does", async () => {
  using place = new Place();
  const nobody = await place.run(["serve", "--status"]);
  assertEquals([nobody.code, nobody.stdout], [1, "No daemon runs. Hooks start it, or: truce serve --detach\n"]);
  assertEquals((await place.run(["serve", "--stop"])).stdout, "No daemon runs\n");
  const daemon = await serve(place);
  assertEquals(await place.run(["serve"]), {
    code: 1,
    stdout: `The daemon runs already as process ${daemon.pid}. See: truce serve --status\n`,
    stderr: "",
  });
  const status = JSON.parse((await place.run(["serve", "--status", "--json"])).stdout);
  assertEquals([status.running, status.pid, status.servers, status.errors], [true, daemon.pid, [], []]);
  assert(status.memoryBytes > 1_000_000);
  assertMatch((await place.run(["serve", "--status"])).stdout, new RegExp(`runs as process ${daemon.pid} since`));
  await stop(place);
  assertEquals((await daemon.finished).code, 0);
});

Deno.test("truce serve keeps its folder, its socket and its token to its user, and is at home nowhere", async () => {
  using place = new Place();
  Deno.mkdirSync(`${place.state}/serve`, { recursive: true, mode: 0o755 });
  const daemon = await serve(place, ["--http", "--port", "0"]);
  const modes = Array.from(Deno.readDirSync(`${place.state}/serve`), ({ name }) => [name, modeOf(place, name)]).sort();
  assertEquals(modes, [["lock", 0o600], ["relay", 0o600], ["socket", 0o600], ["token", 0o600]]);
  assertEquals(modeOf(place, ""), 0o700);
  if (isLinux) assertEquals(Deno.readLinkSync(`/proc/${daemon.pid}/cwd`), "/");
  await stop(place);
});

const detached = "truce serve --detach is in a session of its own and in no project";
Deno.test({ name: isLinux ? detached : `${detached} (ignored: there is no /proc)`, ignore: !isLinux }, async () => {
  using place = new Place();
  await place.run(["serve", "--detach"]);
  const pid = pidIn(place);
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1].split(" ");
  assertEquals([Number(fields[3]), Deno.readLinkSync(`/proc/${pid}/cwd`)], [pid, "/"]);
  const streams = [0, 1, 2].map((descriptor) => Deno.readLinkSync(`/proc/${pid}/fd/${descriptor}`));
  assertEquals(streams, ["/dev/null", "/dev/null", "/dev/null"]);
  await stop(place);
});

Deno.test("truce serve that was killed is replaced by the next one", async () => {
  using place = new Place();
  const daemon = await serve(place);
  daemon.kill("SIGKILL");
  await daemon.finished;
  assert(Deno.lstatSync(socketOf(place)).isSocket, "its socket is left behind");
  const { code, stdout } = await place.run(["serve", "--detach", "--json"]);
  assertEquals(code, 0);
  assert(JSON.parse(stdout).pid !== daemon.pid);
  await stop(place);
});

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  Deno.test(`truce serve ends at ${signal}, answers who waits, and leaves no socket`, async () => {
    using place = new Place();
    const daemon = await serve(place, ["--http", "--port", "0"]);
    const api = await apiOf(place);
    await api.post("/lock", { session: "a", file: "/a.ts" });
    const waiting = api.post("/lock", { session: "b", file: "/a.ts" });
    await untilWaiting(place, "/a.ts");
    daemon.kill(signal);
    assertEquals((await waiting).granted, false);
    assertEquals((await daemon.finished).code, 0);
    assertEquals(Array.from(Deno.readDirSync(`${place.state}/serve`), ({ name }) => name).sort(), ["lock", "token"]);
    assertEquals((await place.leases()).map(({ holder, waiting }) => [holder, waiting]), [["a", []]]);
  });
}

Deno.test("truce serve ends when nobody has asked for long", async () => {
  using place = new Place();
  const daemon = place.start(["serve", "--idle", "1"], { deadlineMs });
  const { code, stdout } = await daemon.finished;
  assertEquals([code, stdout], [0, "The daemon has ended: nobody has asked for long\n"]);
});

for (const words of [["--detach"], []]) {
  Deno.test(`truce serve ${words.join(" ")} takes over from a daemon of another build`, async () => {
    using place = new Place();
    const stopped = otherBuild(place);
    const daemon = place.start(["serve", ...words], { deadlineMs });
    await stopped;
    await untilTrue("its own daemon runs", () => pidIn(place) > 0 && exists(socketOf(place)));
    const { build } = JSON.parse((await place.run(["serve", "--status", "--json"])).stdout);
    assertMatch(build, /^\d+\.\d+\.\d+\+[0-9a-f]{16}$/);
    await stop(place);
    assertEquals((await daemon.finished).code, 0);
  });
}

Deno.test("truce serve --detach --http replaces a daemon that does not serve HTTP, and leaves one that does", async () => {
  using place = new Place();
  const start = async (...words: string[]) =>
    JSON.parse((await place.run(["serve", "--detach", "--json", ...words], { deadlineMs })).stdout);
  const first = await start();
  assertEquals(first.port, undefined);
  const second = await start("--http", "--port", "0");
  assert(second.pid !== first.pid && second.port > 0);
  assertEquals(await start("--http", "--port", "0"), second);
  assertEquals(await start(), second);
  await stop(place);
});

Deno.test("truce serve says what is wrong with its port", async () => {
  using place = new Place();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = { FILE_LOCK_PORT: String(taken.addr.port) };
  const { code, stderr } = await place.run(["serve", "--http"], { env });
  assertEquals([code, stderr.split("\n")[0]], [
    69,
    `truce: Cannot listen on port ${taken.addr.port}: another program does`,
  ]);
  assertEquals((await place.run(["serve", "--http", "--port", "x"])).code, 64);
  assertEquals((await place.run(["serve", "--idle", "soon"])).code, 64);
  assertEquals((await place.run(["serve", "now"])).code, 64);
});

Deno.test("truce serve says that a path is too long for its socket, and what to do", async () => {
  using place = new Place();
  const env = { TRUCE_STATE_DIR: `${place.root}/${"x".repeat(100)}` };
  for (const words of [["serve"], ["serve", "--detach"], ["serve", "--stop"], ["serve", "--token"]]) {
    const { code, stderr } = await place.run(words, { env });
    assertEquals(code, 69, words.join(" "));
    assertStringIncludes(stderr, "Set TRUCE_STATE_DIR to a folder whose path is at least", words.join(" "));
  }
});

Deno.test("truce serve --http lets in who has the token and is of this machine alone", async () => {
  using place = new Place();
  await serve(place, ["--http", "--port", "0"]);
  const { url, token } = await apiOf(place);
  const authorization = `Bearer ${token}`;
  const { host } = new URL(url);
  assertEquals(await statusOf(url, { host, authorization }), 200);
  assertEquals(await statusOf(url, { host }), 401);
  assertEquals(await statusOf(url, { host, authorization: `Bearer ${token.replace(/./g, "0")}` }), 401);
  assertEquals(await statusOf(url, { host, authorization, origin: "https://evil.example" }), 403);
  assertEquals(await statusOf(url, { host: host.replace("127.0.0.1", "evil.example"), authorization }), 403);
  assertEquals((await place.run(["serve", "--token"])).stdout.trim(), token, "it is kept");
  await stop(place);
});

Deno.test("truce serve --http cuts off who does not send the head of a request", async () => {
  using place = new Place();
  await serve(place, ["--http", "--port", "0"]);
  const { url } = await apiOf(place);
  assertMatch(await say(url, "GET /health HTTP/1.1\r\nhost"), /^HTTP\/1\.1 408 /);
  await stop(place);
});

Deno.test("truce serve --http answers the hooks of a host as truce hook does", async () => {
  using place = new Place();
  const path = place.write("a.txt");
  await serve(place, ["--http", "--port", "0"]);
  const api = await apiOf(place);
  const hook = (event: string, session_id: string, query = "", signal?: AbortSignal) =>
    api.post(
      `/hooks/claude/${event}${query}`,
      { session_id, hook_event_name: event, cwd: place.project, tool_input: { file_path: path }, ...edit },
      signal,
    );
  assertEquals(await hook("PreToolUse", "a"), {});
  assertEquals((await place.lease(path))?.phase, "in flight");
  const denied = await hook("PreToolUse", "b", "?timeout=0");
  assertStringIncludes(JSON.stringify(denied), "a.txt is being edited by claude session a");

  const leaving = new AbortController();
  const waiting = hook("PreToolUse", "c", "", leaving.signal).catch(() => "left");
  await untilWaiting(place, path);
  leaving.abort();
  assertEquals(await waiting, "left");
  await untilTrue("who has left is in no line", () => !exists(`${place.state}/queue.json`));

  assertEquals(await hook("PostToolUseFailure", "a"), {});
  assertEquals(await place.leases(), []);
  assertMatch(String((await hook("SessionStart", "a")).error), /register the command/);
  await stop(place);
});

/** Starts the daemon in the foreground, and returns when it listens. */
async function serve(place: Place, words: readonly string[] = []): Promise<Running> {
  const running = place.start(["serve", ...words], { deadlineMs });
  let isOver = false;
  running.finished.finally(() => isOver = true);
  await untilTrue("the daemon listens", () => isOver || exists(socketOf(place)));
  return running;
}

async function stop(place: Place): Promise<void> {
  assertEquals(await place.run(["serve", "--stop"]), { code: 0, stdout: "The daemon has ended\n", stderr: "" });
  assert(!exists(socketOf(place)));
}

/** What serves HTTP on the loopback interface. Answers without a body are empty objects. */
async function apiOf(place: Place) {
  const { port } = JSON.parse((await place.run(["serve", "--status", "--json"])).stdout);
  const token = (await place.run(["serve", "--token"])).stdout.trim();
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${token}` };
  const post = async (path: string, body: object, signal?: AbortSignal): Promise<Record<string, unknown>> => {
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body), signal });
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  };
  return { url, token, post };
}

async function untilWaiting(place: Place, path: string): Promise<void> {
  await untilTrue(`somebody waits for ${path}`, () => exists(`${place.state}/queue.json`));
  assertEquals((await place.lease(path))?.waiting.length, 1);
}

/** Is a daemon of another build: has the lock, and ends when it is asked to. */
async function otherBuild(place: Place): Promise<void> {
  Deno.mkdirSync(`${place.state}/serve`, { recursive: true, mode: 0o700 });
  const lock = lockAtOnce(`${place.state}/serve/lock`);
  assert(lock);
  const stopped = Promise.withResolvers<void>();
  const server = serveSocket(socketOf(place), (request) => {
    const identity = { build: "another", pid: 1, error: "this is another build" };
    if (!request.url.endsWith("/stop")) return Promise.resolve(Response.json(identity, { status: 409 }));
    Deno.removeSync(socketOf(place));
    lock.close();
    stopped.resolve();
    return Promise.resolve(Response.json({ ok: true }));
  });
  await stopped.promise;
  await server.close();
}

/** Returns the status of an answer to GET /health with just these headers. */
async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const answer = await say(url, `GET /health HTTP/1.1\r\n${lines}\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

/** Sends `text`, and returns what comes back until the other end hangs up. */
async function say(url: string, text: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

function socketOf(place: Place): string {
  return `${place.state}/serve/socket`;
}

/** Returns the number of the process that has the lock. */
function pidIn(place: Place): number {
  return Number(Deno.readTextFileSync(`${place.state}/serve/lock`));
}

function modeOf(place: Place, name: string): number {
  return (Deno.lstatSync(`${place.state}/serve/${name}`).mode ?? 0) & 0o777;
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
