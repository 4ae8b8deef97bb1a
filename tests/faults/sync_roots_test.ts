// What `truce sync-roots` tells a daemon, whatever becomes of the transcript, of the daemon, and of other hooks.

import { assert, assertEquals } from "../support/assert.ts";
import { payload } from "../support/hook_input.ts";
import { Place } from "../support/place.ts";
import type { Ran } from "../support/program.ts";

/** A session whose transcript is written as the test says, in folders of a test's own (`using`). */
class Session implements Disposable {
  readonly place = new Place();
  readonly transcript = `${this.place.root}/transcript.jsonl`;

  constructor(...folders: string[]) {
    for (const folder of folders) Deno.mkdirSync(`${this.place.root}/${folder}`);
  }

  append(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    Deno.writeFileSync(this.transcript, bytes, { append: true });
  }

  /** Returns the line that /add-dir leaves. */
  added(folder: string): string {
    const text = `Added \x1b[1m${this.place.root}/${folder}\x1b[22m as a working directory for this session`;
    const content = `<local-command-stdout>${text}</local-command-stdout>`;
    return `${JSON.stringify({ type: "user", message: { role: "user", content } })}\n`;
  }

  /** Runs the hook. Whatever there is, it says nothing. */
  async sync(fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    assertEquals(await this.start(fields), { code: 0, stdout: "", stderr: "" });
  }

  start(fields: Readonly<Record<string, unknown>> = {}): Promise<Ran> {
    const usual = { session_id: "s", cwd: this.place.project, transcript_path: this.transcript };
    const stdin = JSON.stringify(payload("claude", "prompt", { ...usual, ...fields }));
    return this.place.run(["sync-roots", "--format", "claude"], { stdin });
  }

  [Symbol.dispose](): void {
    this.place[Symbol.dispose]();
  }
}

/** Who listens at the daemon's socket, and what it was told (`await using`). */
class Listener implements AsyncDisposable {
  readonly told: string[] = [];
  status = 200;
  readonly #server: Deno.HttpServer<Deno.UnixAddr>;
  readonly #root: string;

  constructor({ place }: Session) {
    this.#root = place.root;
    const folder = `${place.state}/serve`;
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#server = Deno.serve({ path: `${folder}/socket`, onListen() {} }, async (request) => {
      const { folders } = await request.json();
      if (this.status === 200) this.told.push(folders.map((one: string) => one.slice(this.#root.length + 1)).join(" "));
      return Response.json({}, { status: this.status });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("truce sync-roots tells what a real client's transcript says, however it is cut into pieces", async () => {
  using session = new Session("extra", "third", "other two é");
  await using listener = new Listener(session);
  const captured = Deno.readTextFileSync(new URL("../sessions/fixtures/typed.jsonl", import.meta.url));
  const text = captured.replaceAll(/\/(?=(?:extra|third|other two é|evil|none)\b)/g, `${session.place.root}/`)
    .replaceAll("/repo", session.place.project);
  const bytes = new TextEncoder().encode(text);
  Deno.mkdirSync(`${session.place.root}/evil`);
  const pieces = 24;
  for (let piece = 0; piece < pieces; piece++) {
    const at = (number: number) => Math.floor(bytes.length * number / pieces);
    session.append(bytes.subarray(at(piece), at(piece + 1)));
    await session.sync();
  }
  assertEquals(listener.told.filter((folders) => folders.includes("evil")), []);
  assertEquals(listener.told[0], "project");
  assertEquals(listener.told.at(-1), "project extra third");
  assert(listener.told.includes("project extra"), listener.told.join());
});

Deno.test("truce sync-roots delivers to the next daemon what could not be delivered", async () => {
  using session = new Session("a", "b");
  session.append(session.added("a"));
  await session.sync();
  {
    await using listener = new Listener(session);
    listener.status = 500;
    await session.sync();
    listener.status = 200;
    await session.sync();
    await session.sync();
    assertEquals(listener.told, ["project a"]);
  }
  session.append(session.added("b"));
  await session.sync();
  await using listener = new Listener(session);
  await session.sync();
  await session.sync();
  assertEquals(listener.told, ["project a b"]);
});

Deno.test("truce sync-roots of twelve hooks at once loses no folder", async () => {
  const names = Array.from({ length: 12 }, (_, i) => `f${i}`);
  using session = new Session(...names, "last");
  await using listener = new Listener(session);
  await session.sync();
  const [added, written] = [names.slice(0, 6), names.slice(6)];
  await Promise.all([
    ...added.map((name) => {
      const directory = `${session.place.root}/${name}`;
      return session.sync({ hook_event_name: "DirectoryAdded", directory });
    }),
    ...written.map((name) => {
      session.append(session.added(name));
      return session.sync();
    }),
  ]);
  await session.sync();
  assertEquals(listener.told.at(-1)?.split(" ").sort(), ["project", ...names].sort());
  const { length } = listener.told;
  await session.sync();
  assertEquals(listener.told.length, length);
});

Deno.test("truce sync-roots that is killed at any moment loses nothing", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `f${i}`);
  using session = new Session(...names);
  await using listener = new Listener(session);
  for (const name of names) {
    session.append(session.added(name));
    const stdin = JSON.stringify(payload("claude", "prompt", {
      session_id: "s",
      cwd: session.place.project,
      transcript_path: session.transcript,
    }));
    const heard = listener.told.length;
    const hook = session.place.start(["sync-roots"], { stdin });
    const isDone = hook.finished.then(() => true);
    // It takes some 30 of these turns, so each of them is killed elsewhere.
    const turns = names.indexOf(name) * 4;
    for (let turn = 0; turn < turns && listener.told.length === heard; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    hook.kill("SIGKILL");
    await isDone;
  }
  await session.sync();
  assertEquals(listener.told.at(-1), ["project", ...names].join(" "));
});

Deno.test("truce sync-roots reads a transcript that was cut off, or put in another's place, from its start", async () => {
  using session = new Session("a", "b", "c");
  await using listener = new Listener(session);
  const environment = (...added: string[]) => {
    const additionalWorkingDirectories = added.map((name) => `${session.place.root}/${name}`);
    const snapshot = { workingDirectory: session.place.project, additionalWorkingDirectories };
    return `${JSON.stringify({ type: "attachment", attachment: { type: "environment", snapshot } })}\r\n`;
  };
  session.append(environment("a") + session.added("b"));
  await session.sync();
  Deno.writeTextFileSync(session.transcript, environment("c"));
  await session.sync();
  Deno.writeTextFileSync(`${session.transcript}.new`, environment("b") + environment("a"));
  Deno.renameSync(`${session.transcript}.new`, session.transcript);
  await session.sync();
  assertEquals(listener.told, ["project a b", "project c", "project a"]);
});

/** Payloads with something odd in them, and whether the session's folder is told all the same. */
const oddities: Readonly<Record<string, readonly [fields: Readonly<Record<string, unknown>>, isTold: boolean]>> = {
  "no transcript": [{ transcript_path: undefined }, true],
  "a transcript that is not there": [{ transcript_path: "/nowhere/transcript.jsonl" }, true],
  "a relative transcript": [{ transcript_path: "transcript.jsonl" }, true],
  "a folder for a transcript": [{ transcript_path: "/" }, true],
  "a device for a transcript": [{ transcript_path: "/dev/zero" }, true],
  "a transcript with a NUL": [{ transcript_path: "/a\0b" }, true],
  "a number for a transcript": [{ transcript_path: 7 }, true],
  "an event that nobody knows": [{ hook_event_name: "CwdChanged" }, true],
  "no session": [{ session_id: undefined }, true],
  "a folder that is no path": [{ hook_event_name: "DirectoryAdded", directory: "a\0b" }, true],
  "a working folder that is gone": [{ cwd: "/nowhere" }, false],
};

for (const [what, [fields, isTold]] of Object.entries(oddities)) {
  Deno.test(`truce sync-roots says nothing to ${what}`, async () => {
    using session = new Session();
    await using listener = new Listener(session);
    await session.sync(fields);
    assertEquals(listener.told, isTold ? ["project"] : []);
  });
}

Deno.test("truce sync-roots says nothing to what is no payload", async () => {
  using place = new Place();
  for (const stdin of ["", "x", "[]", "null", '{"session_id":', "{}"]) {
    assertEquals(await place.run(["sync-roots"], { stdin }), { code: 0, stdout: "", stderr: "" }, stdin);
  }
});

Deno.test("truce sync-roots says nothing where there can be no state, or another's transcript", async () => {
  using session = new Session("a");
  session.append(session.added("a"));
  const { place } = session;
  Deno.writeTextFileSync(place.state, "");
  await session.sync();
  Deno.removeSync(place.state);
  place.state = `${place.root}/${"deep/".repeat(40)}state`;
  await session.sync();
  // No socket can have so long a path, and the folders are kept all the same.
  assertEquals(Deno.statSync(`${place.state}/sessions`).isDirectory, true);
});
