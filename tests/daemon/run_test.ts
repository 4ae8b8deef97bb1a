import type { Diagnoser } from "../../src/daemon/diagnoser.ts";
import type { NotifyReply } from "../../src/daemon/protocol.ts";
import { type DaemonEnd, type DaemonSetup, runDaemon } from "../../src/daemon/run.ts";
import type { Server } from "../../src/daemon/server.ts";
import { stopDaemon } from "../../src/daemon/ask.ts";
import { lockAtOnce } from "../../src/platform/files.ts";
import { askSocket } from "../../src/platform/http_client.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { accessTo, fakeLocks, FakeTimers, noDiagnoser, questionAbout, untilTrue } from "../support/daemon.ts";

const minuteMs = 60_000;

Deno.test("runDaemon() is reached by its user alone", async () => {
  await using stage = new Stage();
  Deno.mkdirSync(stage.path("serve"), { mode: 0o755 });
  const { end } = await stage.run();
  const modes = ["", "/lock", "/socket"].map((name) => (Deno.lstatSync(stage.path(`serve${name}`)).mode ?? 0) & 0o777);
  assertEquals(modes, [0o700, 0o600, 0o600]);
  assertEquals(Deno.readTextFileSync(stage.path("serve/lock")), "7\n");
  await end("done");
});

Deno.test("runDaemon() is the only one, and the next can begin when it has ended", async () => {
  await using stage = new Stage();
  const { end } = await stage.run();
  assertEquals(await stage.fail(), { kind: "another", pid: 7 });
  assertEquals(await end("done"), { kind: "ended", reason: "done" });
  const next = await stage.run();
  assertEquals((await next.ask("/health")).status, 200);
  await next.end("done");
});

Deno.test("runDaemon() replaces the socket of one that was killed", async () => {
  await using stage = new Stage();
  Deno.mkdirSync(stage.path("serve"));
  Deno.listen({ transport: "unix", path: stage.path("serve/socket") }).close();
  const { ask, end } = await stage.run();
  assertEquals((await ask("/health")).status, 200);
  await end("done");
});

Deno.test("runDaemon() that ends leaves no socket and no language server", async () => {
  await using stage = new Stage();
  const { end } = await stage.run({ port: 0 });
  assertEquals(stage.names(), ["lock", "relay", "socket", "token"]);
  assertEquals(stage.closed, 0);
  await end("done");
  assertEquals([stage.names(), stage.closed], [["lock", "token"], 1]);
  assertEquals(Deno.readTextFileSync(stage.path("serve/lock")), "", "no process is named that may be another by now");
});

Deno.test("runDaemon() ends when nobody has asked for long, and is asked over the loopback interface, too", async () => {
  await using stage = new Stage();
  const { server, ended } = await stage.run({ port: 0, idleMs: 30 * minuteMs });
  const url = `http://127.0.0.1:${server.identity.port}/unlock-all`;
  const unlock = (authorization: string) =>
    fetch(url, { method: "POST", headers: { authorization }, body: '{"session":"a"}' });
  assertEquals(await (await unlock("Bearer none")).json(), {
    error: "the bearer token is missing or wrong: truce serve --token prints it",
  });
  stage.timers.pass(29 * minuteMs);
  const token = Deno.readTextFileSync(stage.path("serve/token")).trim();
  assertEquals(await (await unlock(`Bearer ${token}`)).json(), { count: 0 });
  stage.timers.pass(29 * minuteMs);
  assertEquals(server.parts.lifetime.ending.aborted, false);
  stage.timers.pass(minuteMs);
  assertEquals(await ended, { kind: "ended", reason: "nobody has asked for long" });
});

Deno.test("runDaemon() finishes what is in flight before another one can begin", async () => {
  await using stage = new Stage();
  const found = Promise.withResolvers<NotifyReply>();
  const { server, ask, ended } = await stage.run({ diagnoser: { ...stage.diagnoser, diagnose: () => found.promise } });
  const answer = ask("/notify", questionAbout());
  await untilTrue("the question is there", () => server.parts.lifetime.inFlight === 1);
  let isStopped = false;
  const stopped = stopDaemon(accessTo(stage.state, "")).finally(() => isStopped = true);
  await untilTrue("the end begins", () => server.parts.lifetime.ending.aborted);
  assertEquals((await ask("/notify", questionAbout())).status, 503);
  assertEquals([isStopped, stage.closed], [false, 0]);
  found.resolve({ files: [], notes: [] });
  assertEquals((await answer).status, 200);
  assertEquals((await stopped).kind, "answer");
  const lock = lockAtOnce(stage.path("serve/lock"));
  assert(lock, "who was told that it is gone finds the lock free");
  lock.close();
  await ended;
});

Deno.test("runDaemon() does not wait for ever for what is in flight", async () => {
  await using stage = new Stage();
  const found = Promise.withResolvers<NotifyReply>();
  const { server, ask, end } = await stage.run({ diagnoser: { ...stage.diagnoser, diagnose: () => found.promise } });
  const answer = ask("/notify", questionAbout());
  await untilTrue("the question is there", () => server.parts.lifetime.inFlight === 1);
  const before = stage.timers.count;
  const isEnding = end("done");
  await untilTrue("it waits for the question", () => stage.timers.count > before);
  stage.timers.pass(5_000);
  assertEquals(await isEnding, { kind: "ended", reason: "done" });
  found.resolve({ files: [], notes: [] });
  await answer;
});

Deno.test("runDaemon() looks every minute after what nobody uses, and outlives a failure of that", async () => {
  await using stage = new Stage();
  let count = 0;
  const tend = () => {
    count++;
    throw new Error("broken");
  };
  const { ask, end } = await stage.run({ diagnoser: { ...stage.diagnoser, tend } });
  stage.timers.pass(3 * minuteMs);
  assertEquals(count, 3);
  assertMatch((await ask("/status")).text, /Error: broken/);
  await end("done");
  stage.timers.pass(minuteMs);
  assertEquals([count, stage.timers.count], [3, 0]);
});

Deno.test("runDaemon() ends when its files were removed, and leaves those of the next one", async () => {
  await using stage = new Stage();
  const first = await stage.run();
  Deno.removeSync(stage.path("serve"), { recursive: true });
  const timers = new FakeTimers();
  const second = await stage.run({ timers });
  stage.timers.pass(minuteMs);
  assertEquals(await first.ended, { kind: "ended", reason: "its files were removed" });
  assertEquals((await second.ask("/health")).status, 200);
  timers.pass(minuteMs);
  assertEquals((await second.ask("/health")).status, 200);
  await second.end("done");
});

Deno.test("runDaemon() that cannot listen frees its lock", async () => {
  await using stage = new Stage();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let message = "";
  await stage.fail({ port: taken.addr.port }).catch((error) => message = error.message);
  assertEquals(message, `Cannot listen on port ${taken.addr.port}: another program does`);
  const { end } = await stage.run();
  await end("done");
});

/** A state folder in which daemons run. */
class Stage implements AsyncDisposable {
  readonly state = Deno.makeTempDirSync({ prefix: "truce-run-" });
  readonly timers = new FakeTimers();
  closed = 0;
  readonly diagnoser: Diagnoser = {
    ...noDiagnoser,
    close: () => {
      this.closed++;
      return Promise.resolve();
    },
  };

  path(name: string): string {
    return `${this.state}/${name}`;
  }

  names(): string[] {
    return Array.from(Deno.readDirSync(this.path("serve")), ({ name }) => name).sort();
  }

  /** Starts a daemon, and returns when it listens. */
  async run(special: Partial<DaemonSetup> = {}) {
    const listening = Promise.withResolvers<Server>();
    const ended = runDaemon(this.#setup({ onListening: (server) => listening.resolve(server), ...special }));
    ended.catch(listening.reject);
    const server = await listening.promise;
    const end = (reason: string) => {
      server.parts.lifetime.end(reason);
      return ended;
    };
    const ask = async (path: string, body?: object) => {
      const question = { path, headers: {}, body: body && JSON.stringify(body), deadlineMs: minuteMs };
      const reply = await askSocket(this.path("serve/socket"), question);
      return reply.kind === "answer" ? reply : { status: 0, text: reply.kind };
    };
    return { server, ended, end, ask };
  }

  /** Tries to start a daemon that cannot be. */
  fail(special: Partial<DaemonSetup> = {}): Promise<DaemonEnd> {
    const onListening = () => {
      throw new Error("it listens");
    };
    return runDaemon(this.#setup({ pid: 8, onListening, ...special }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    Deno.removeSync(this.state, { recursive: true });
    return Promise.resolve();
  }

  #setup(special: Partial<DaemonSetup>): DaemonSetup {
    return {
      stateFolder: this.state,
      build: "build 1",
      pid: 7,
      idleMs: undefined,
      port: undefined,
      locks: fakeLocks(),
      diagnoser: this.diagnoser,
      answerHook: () => Promise.resolve(undefined),
      flush: () => Promise.resolve(),
      timers: this.timers,
      log: () => {},
      memory: () => 0,
      nowMs: () => 0,
      onListening: () => {},
      ...special,
    };
  }
}
