// Calls that a host tells no end of: what they leave to their holder, and when.

import { parseArgs } from "../../src/base/args.ts";
import type { JsonObject } from "../../src/base/decode.ts";
import { beforeEdit } from "../../src/commands/before_edit.ts";
import type { Context } from "../../src/commands/command.ts";
import { endEarlierCalls } from "../../src/commands/earlier_calls.ts";
import { eventHolder, openLocks } from "../../src/commands/lock_use.ts";
import { codex } from "../../src/hosts/codex.ts";
import { gemini } from "../../src/hosts/gemini.ts";
import type { Host, Moment, Verdict } from "../../src/hosts/host.ts";
import { listLeases } from "../../src/locks/listing.ts";
import { systemProcesses } from "../../src/platform/process.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { VirtualTime } from "../support/virtual_time.ts";

/** A session of a host in a project of its own, which has `a.js` and `b.js`. */
class Scene implements Disposable {
  readonly time = new VirtualTime();
  readonly #place = new Place();
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    for (const name of ["a.js", "b.js"]) this.write(name, "one\n");
  }

  write(name: string, text: string): void {
    this.#place.write(name, text);
  }

  /** Lets the host come to `moment`, and returns what truce says to an edit. */
  async at(moment: Moment, payload: JsonObject = {}): Promise<Verdict> {
    const event = this.#host.decode({ session_id: "s", ...payload }, moment);
    const context = this.#context();
    const holder = await eventHolder(context, event);
    await endEarlierCalls(context, event, holder);
    return event.tool?.action === "edit" ? beforeEdit(context, event, holder, 0) : { kind: "pass" };
  }

  /** Returns `path phase` of each lock. */
  locks(): string[] {
    return listLeases(openLocks(this.#context())).map(({ lease, phase }) =>
      `${lease.target.name.slice(this.#place.project.length + 1)} ${phase}`
    );
  }

  [Symbol.dispose](): void {
    this.#place[Symbol.dispose]();
  }

  #context(): Context {
    return {
      args: parseArgs([], { values: [], switches: [] }),
      host: this.#host,
      clock: this.time,
      processes: systemProcesses,
      log: () => {},
      damage: [],
      cwd: this.#place.project,
      startMs: this.time.now().wallMs,
      parent: { aborted: false },
      speaker: () => this.#host,
      hostProcess: () => undefined,
      stateFolder: () => this.#place.state,
      readInput: () => Promise.resolve({ kind: "none", why: "it is a test" }),
    };
  }
}

const patch = (name: string) => `*** Begin Patch\n*** Update File: ${name}\n@@\n-one\n+1\n*** End Patch\n`;
const patches = (name: string) => ({
  tool_name: "apply_patch",
  tool_input: { command: patch(name) },
  tool_use_id: "c",
});
const runs = (command: string) => ({ tool_name: "Bash", tool_input: { command }, tool_use_id: "c" });
const shellPatches = (name: string) => runs(`apply_patch <<'EOF'\n${patch(name)}EOF\n`);
const replaces = (name: string) => ({ tool_name: "replace", tool_input: { file_path: name } });

/** What comes after an edit that nothing was told of, and the locks then. */
const next: Readonly<Record<string, readonly [Host, edit: JsonObject, Moment, JsonObject, locks: readonly string[]]>> =
  {
    "codex has no lock for a failed patch after a shell": [codex, patches("a.js"), "before-tool", runs("ls"), []],
    "codex has no lock for a failed patch after another": [
      codex,
      patches("a.js"),
      "before-tool",
      patches("b.js"),
      ["b.js in flight"],
    ],
    "codex has no lock for a failed patch after a prompt": [codex, patches("a.js"), "prompt", {}, []],
    "codex has no lock for a failed patch after a turn": [codex, patches("a.js"), "stop", {}, []],
    "codex keeps what its shell patches while another shell may run beside it": [
      codex,
      shellPatches("a.js"),
      "before-tool",
      shellPatches("b.js"),
      ["a.js in flight", "b.js in flight"],
    ],
    "codex keeps what its shell has patched for a while": [
      codex,
      shellPatches("a.js"),
      "before-tool",
      patches("b.js"),
      ["a.js grace", "b.js in flight"],
    ],
    "codex has no lock for what its shell has patched after a turn": [codex, shellPatches("a.js"), "stop", {}, []],
    "gemini has no lock for an edit that was denied by another hook": [
      gemini,
      replaces("a.js"),
      "before-tool",
      replaces("b.js"),
      ["b.js in flight"],
    ],
  };

for (const [name, [host, edit, moment, payload, locks]] of Object.entries(next)) {
  Deno.test(`endEarlierCalls(): ${name}`, async () => {
    using scene = new Scene(host);
    await scene.at("before-tool", edit);
    assertEquals(scene.locks(), ["a.js in flight"]);
    await scene.at(moment, payload);
    assertEquals(scene.locks(), locks);
  });
}

Deno.test("endEarlierCalls() takes a shell of some seconds ago for over when the next one starts", async () => {
  using scene = new Scene(codex);
  await scene.at("before-tool", shellPatches("a.js"));
  await scene.time.passTo(6);
  await scene.at("before-tool", runs("ls"));
  assertEquals(scene.locks(), ["a.js grace"]);
});

Deno.test("endEarlierCalls() takes what a shell has patched for the holder's own, and what came later for another's", async () => {
  using scene = new Scene(codex);
  await scene.at("before-tool", shellPatches("a.js"));
  scene.write("a.js", "1\n");
  assertEquals(await scene.at("before-tool", shellPatches("a.js")), { kind: "pass" });
  scene.write("a.js", "11\n");
  assertEquals(await scene.at("before-tool", patches("a.js")), { kind: "pass" });
  scene.write("a.js", "by hand\n");
  const verdict = await scene.at("before-tool", patches("a.js"));
  assertMatch(verdict.kind === "tell" ? verdict.text : "", /^a\.js changed since you read it[^]*-11\n\+by hand/);
});
