import { askDaemon } from "../../src/daemon/ask.ts";
import { notifyDaemon, startDaemon, tellFolders } from "../../src/daemon/client.ts";
import { type Places, placesIn } from "../../src/daemon/places.ts";
import type { Started } from "../../src/platform/background.ts";
import { type HttpServer, serveSocket } from "../../src/platform/http_server.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { accessTo, questionAbout } from "../support/daemon.ts";

const question = questionAbout("/repo/a.ts", "/repo/b.ts");
const clean = { files: question.files.map((path) => ({ path, kind: "clean" as const })), notes: [] };
const running: Started = { ended: new Promise(() => {}) };

Deno.test("notifyDaemon() asks the daemon that runs", async () => {
  await using stage = new Stage();
  stage.serve(() => Response.json(clean));
  assertEquals(await notifyDaemon(accessTo(stage.state, "build 1"), question), clean);
  const { url, headers, body } = stage.asked[0];
  assertEquals([new URL(url).pathname, headers.get("truce-build")], ["/notify", "build 1"]);
  assertEquals({ ...JSON.parse(body), timeoutMs: 0 }, { ...question, timeoutMs: 0 });
});

Deno.test("notifyDaemon() starts a daemon when none runs, and is answered by it", async () => {
  await using stage = new Stage();
  const starts: unknown[] = [];
  const access = accessTo(stage.state, "build 1", (words, env) => {
    starts.push([words, env]);
    setTimeout(() => stage.serve(() => Response.json(clean)), 0);
    return running;
  });
  assertEquals(await notifyDaemon(access, question), clean);
  assertEquals(starts, [[["serve", "--background"], { TRUCE_STATE_DIR: stage.state }]]);
});

Deno.test("notifyDaemon() takes the socket of a dead daemon for none", async () => {
  await using stage = new Stage();
  await stage.serve(() => Response.json(clean)).close();
  assert(Deno.lstatSync(stage.places.socket).isSocket);
  const access = accessTo(stage.state, "build 1", () => {
    stage.serve(() => Response.json(clean));
    return running;
  });
  assertEquals(await notifyDaemon(access, question), clean);
});

Deno.test("notifyDaemon() waits for the daemon that another one has started", async () => {
  await using stage = new Stage();
  const access = accessTo(stage.state, "build 1", () => {
    setTimeout(() => stage.serve(() => Response.json(clean)), 0);
    return { ended: Promise.resolve(0) };
  });
  assertEquals(await notifyDaemon(access, question), clean);
});

Deno.test("notifyDaemon() gives a reason when the daemon cannot start", async () => {
  await using stage = new Stage();
  const access = accessTo(stage.state, "build 1", () => ({ ended: Promise.resolve(69) }));
  await assertUnknown(access, "daemon start", "could not start");
});

Deno.test("notifyDaemon() gives a reason when no process can be started", async () => {
  await using stage = new Stage();
  const access = accessTo(stage.state, "build 1", () => {
    throw new Deno.errors.NotFound("no such program");
  });
  await assertUnknown(access, "daemon broken", "no such program");
});

Deno.test("notifyDaemon() gives a reason when the daemon ends while it is asked", async () => {
  await using stage = new Stage();
  using listener = Deno.listen({ transport: "unix", path: stage.makePlaces().socket });
  const answer = assertUnknown(accessTo(stage.state, "build 1"), "daemon lost", "ended while it was asked");
  (await listener.accept()).close();
  await answer;
});

Deno.test("askDaemon() gives a reason when the daemon does not answer in time", async () => {
  await using stage = new Stage();
  using _listener = Deno.listen({ transport: "unix", path: stage.makePlaces().socket });
  const asked = await askDaemon(accessTo(stage.state, "build 1"), { path: "/health", timeoutMs: 1, effort: "start" });
  assertEquals(asked.kind, "unavailable");
  if (asked.kind === "unavailable") assertStringIncludes(asked.reason.text, "did not answer within 0.001 s");
});

Deno.test("notifyDaemon() gives a reason when the path is too long for a socket", async () => {
  await assertUnknown(accessTo(`/${"x".repeat(100)}`, "build 1"), "daemon broken", "Set TRUCE_STATE_DIR");
});

Deno.test("notifyDaemon() gives a reason when no place for the state is known", async () => {
  const stateFolder = () => {
    throw new Error("no home");
  };
  await assertUnknown({ ...accessTo("", ""), stateFolder }, "daemon broken", "no home");
});

const oddAnswers: Readonly<Record<string, unknown>> = {
  "nothing": {},
  "another number of files": { ...clean, files: clean.files.slice(1) },
  "files that are none": { ...clean, files: [1, 2] },
};

for (const [what, answer] of Object.entries(oddAnswers)) {
  Deno.test(`notifyDaemon() knows nothing of files when it is answered ${what}`, async () => {
    await using stage = new Stage();
    stage.serve(() => Response.json(answer));
    await assertUnknown(accessTo(stage.state, "build 1"), "daemon refused", "status 200");
  });
}

Deno.test("notifyDaemon() tells what the daemon refuses", async () => {
  await using stage = new Stage();
  stage.serve(() => Response.json({ error: "the state is broken" }, { status: 503 }));
  await assertUnknown(accessTo(stage.state, "build 1"), "daemon refused", "the state is broken");
});

for (const [status, what] of [[409, "of another build"], [503, "that is ending"]] as const) {
  Deno.test(`notifyDaemon() has a daemon ${what} end, and starts one that serves what that did`, async () => {
    await using stage = new Stage();
    const old = stage.serve(({ url }) => {
      if (!url.endsWith("/stop")) return Response.json({ build: "build 0", pid: 7, port: 9876 }, { status });
      Deno.removeSync(stage.places.socket);
      return Response.json({ ok: true });
    });
    const starts: unknown[] = [];
    const access = accessTo(stage.state, "build 1", (words) => {
      starts.push(words);
      stage.serve(() => Response.json(clean));
      return running;
    });
    assertEquals(await notifyDaemon(access, question), clean);
    assertEquals(starts, [["serve", "--background", "--http", "--port", "9876"]]);
    assertEquals(JSON.parse(stage.asked[1].body), { pid: 7 });
    await old.close();
  });
}

Deno.test("notifyDaemon() starts another daemon when the one that it has started is of another build", async () => {
  await using stage = new Stage();
  let starts = 0;
  const access = accessTo(stage.state, "build 1", () => {
    if (++starts === 2) stage.serve(() => Response.json(clean));
    if (starts > 1) return running;
    stage.serve(({ url }) => {
      if (!url.endsWith("/stop")) return Response.json({ pid: 7 }, { status: 409 });
      Deno.removeSync(stage.places.socket);
      return Response.json({ ok: true });
    });
    return running;
  });
  assertEquals(await notifyDaemon(access, question), clean);
  assertEquals(starts, 2);
});

Deno.test("notifyDaemon() leaves an ending daemon be when nobody wants the answer any more", async () => {
  await using stage = new Stage();
  stage.serve(() => Response.json({ pid: 7 }, { status: 503 }));
  await assertUnknown({ ...accessTo(stage.state, "build 1"), signal: AbortSignal.abort() }, "daemon gone", "is ending");
  assertEquals(stage.asked.length, 1);
});

Deno.test("notifyDaemon() gives up when daemons of another build come again and again", async () => {
  await using stage = new Stage();
  stage.serve(({ url }) =>
    url.endsWith("/stop") ? Response.json({ ok: false }) : Response.json({ pid: 7 }, { status: 409 })
  );
  await assertUnknown(accessTo(stage.state, "build 1"), "daemon replace", "keep replacing each other");
});

Deno.test("tellFolders() tells a daemon that runs, and starts none", async () => {
  await using stage = new Stage();
  const access = accessTo(stage.state, "build 1");
  const request = { session: "s", folders: ["/repo"] };
  assertEquals(await tellFolders(access, request), false);
  stage.serve(() => Response.json({ ok: true }));
  assertEquals(await tellFolders(access, request), true);
  assertEquals(JSON.parse(stage.asked[0].body), request);
});

Deno.test("tellFolders() leaves a daemon of another build be", async () => {
  await using stage = new Stage();
  stage.serve(() => Response.json({ pid: 7 }, { status: 409 }));
  assertEquals(await tellFolders(accessTo(stage.state, "build 1"), { session: "s", folders: [] }), false);
  assertEquals(stage.asked.length, 1);
});

Deno.test("startDaemon() starts a daemon unless one listens, and waits for nothing", async () => {
  await using stage = new Stage();
  let starts = 0;
  const access = accessTo(stage.state, "build 1", () => {
    starts++;
    return running;
  });
  await startDaemon(access);
  assertEquals(starts, 1);
  stage.serve(() => Response.json({ ok: true }));
  await startDaemon(access);
  assertEquals(starts, 1);
});

Deno.test("startDaemon() bothers nobody when it cannot", async () => {
  await startDaemon(accessTo(`/${"x".repeat(100)}`, "build 1"));
  await using stage = new Stage();
  await startDaemon(accessTo(stage.state, "build 1"));
});

async function assertUnknown(access: Parameters<typeof notifyDaemon>[0], key: string, text: string): Promise<void> {
  const { files, notes } = await notifyDaemon(access, question);
  assertEquals([files.map(({ path, kind }) => [path, kind]), notes], [
    question.files.map((path) => [path, "unknown"]),
    [],
  ]);
  for (const report of files) {
    if (report.kind !== "unknown") continue;
    assertEquals(report.reason.key, key, report.reason.text);
    assertStringIncludes(report.reason.text, text);
  }
}

/** A state folder, and what listens where its daemon should. */
class Stage implements AsyncDisposable {
  readonly state = Deno.makeTempDirSync({ prefix: "truce-client-" });
  readonly places: Places = placesIn(this.state);
  readonly asked: { readonly url: string; readonly headers: Headers; readonly body: string }[] = [];
  readonly #servers: HttpServer[] = [];

  makePlaces(): Places {
    Deno.mkdirSync(this.places.folder, { recursive: true });
    return this.places;
  }

  serve(answer: (request: Request) => Response): HttpServer {
    const server = serveSocket(this.makePlaces().socket, async (request) => {
      this.asked.push({ url: request.url, headers: new Headers(request.headers), body: await request.text() });
      return answer(request);
    });
    this.#servers.push(server);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    Deno.removeSync(this.state, { recursive: true });
  }
}
