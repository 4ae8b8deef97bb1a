import { asObject } from "../../src/base/decode.ts";
import { opencode } from "../../src/hosts/opencode.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import {
  type CallDetails,
  callOf,
  callPlugin,
  failureOf,
  type PluginCall,
  pluginCall,
  pluginCallNames,
  type PluginHooks,
  PluginPlace,
} from "../support/opencode_plugin.ts";
import { fixture } from "../support/payloads.ts";
import { Place } from "../support/place.ts";
import { truceProgram } from "../support/program.ts";

/** The calls of OpenCode in an order in which they may come, and the payload that each of them has the plugin send. */
const sent: readonly (readonly [call: string, payload: string | undefined])[] = [
  ["event-session.created", "session-start"],
  ["chat.message", "prompt"],
  ["tool.execute.before-read", undefined],
  ["tool.execute.after-read", "after-tool-read"],
  ["tool.execute.before-bash", undefined],
  ["shell.env", undefined],
  ["tool.execute.after-bash", undefined],
  ["tool.execute.before-invalid", undefined],
  ["tool.execute.before-edit", "before-tool-edit"],
  ["event-message.part.updated-running", undefined],
  ["event-file.edited", undefined],
  ["event-file.watcher.updated", undefined],
  ["tool.execute.after-edit", "after-tool-edit"],
  ["tool.execute.before-write", "before-tool-write"],
  ["tool.execute.after-write", "after-tool-write"],
  ["event-message.part.updated-error", undefined],
  ["tool.execute.before-edit-failing", "before-tool-edit-failing"],
  ["event-message.part.updated-error", "tool-failed-edit"],
  ["event-message.part.updated-error", undefined],
  ["event-session.created-subagent", "session-start-subagent"],
  ["event-session.idle-subagent", "subagent-stop"],
  ["event-session.idle", "stop"],
  ["event-session.deleted", "session-end"],
];

Deno.test("the plugin sends truce what it has to know of each call, and nothing else", async () => {
  using place = new PluginPlace();
  const noted = `${place.root}/noted`;
  const program = place.program(`echo "$*" >"${noted}"; cat >>"${noted}"`);
  // The folder of the captured calls is not there.
  const hooks = await place.load(program, "/repo", (text) => text.replace("cwd: directory, ", ""));
  for (const [call, payload] of sent) {
    Deno.writeTextFileSync(noted, "");
    await callPlugin(hooks, pluginCall(call));
    const [words, json = "null"] = Deno.readTextFileSync(noted).split("\n");
    const expected = payload === undefined ? null : fixture(opencode, payload);
    assertEquals([call, JSON.parse(json)], [call, expected]);
    if (expected !== null) assertEquals(words, `hook ${expected.hook} --format opencode`);
  }
  assertEquals(pluginCallNames().filter((name) => !sent.some(([call]) => call === name)), []);
});

/** A project in which truce answers the plugin. */
class Scene implements Disposable {
  readonly place = new Place();
  readonly plugins = new PluginPlace();
  readonly file = this.place.write("a.js");

  /** Loads the plugin. An edit waits for its file for as long as `flags` say. */
  load(flags = ""): Promise<PluginHooks> {
    const variables = `PATH="$PATH" HOME='${this.place.home}' TRUCE_STATE_DIR='${this.place.state}'`;
    const program = this.plugins.program(`exec env -i ${variables} '${truceProgram}' "$@" ${flags}`);
    return this.plugins.load(program, this.place.project);
  }

  /** Has somebody else hold the file until `release`. */
  async hold(): Promise<void> {
    assertEquals((await this.place.run(["lock", "acquire", this.file, "--as", "other", "--ttl", "5m"])).code, 0);
  }

  async release(): Promise<void> {
    assertEquals((await this.place.run(["lock", "release", this.file, "--as", "other", "--grace", "0"])).code, 0);
  }

  before(more: CallDetails = {}): PluginCall {
    return callOf("tool.execute.before", { ...more, filePath: this.file });
  }

  after(more: CallDetails = {}): PluginCall {
    return callOf("tool.execute.after", { ...more, filePath: this.file });
  }

  async phase(): Promise<string | undefined> {
    return (await this.place.lease(this.file))?.phase;
  }

  [Symbol.dispose](): void {
    this.plugins[Symbol.dispose]();
    this.place[Symbol.dispose]();
  }
}

Deno.test("the plugin takes the lock before an edit, and lets it go after it", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  await callPlugin(hooks, scene.before());
  assertEquals(await scene.phase(), "in flight");
  assertEquals((await scene.place.lease(scene.file))?.holder, "opencode session tj7j");
  await callPlugin(hooks, scene.after());
  assertEquals(await scene.phase(), "grace");
});

Deno.test("the plugin takes the lock for each edit of a turn, whose tools run side by side", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  const callIds = ["call_1", "call_2", "call_3"];
  await Promise.all(callIds.map((callID) => callPlugin(hooks, scene.before({ callID }))));
  for (const callID of callIds) {
    assertEquals([callID, await scene.phase()], [callID, "in flight"]);
    await callPlugin(hooks, scene.after({ callID }));
  }
  assertEquals(await scene.phase(), "grace");
});

Deno.test("the plugin gives the lock back when an edit has failed", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  await callPlugin(hooks, scene.before());
  await callPlugin(hooks, failureOf(scene.before()));
  assertEquals(await scene.phase(), undefined);
});

Deno.test("the plugin throws what truce denies, and has no edit then", async () => {
  using scene = new Scene();
  const hooks = await scene.load("--timeout 0");
  await scene.hold();
  const error = await assertRejects(() => callPlugin(hooks, scene.before()), Error);
  assertStringIncludes(error.message, "a.js is locked by other");
  await scene.release();
  await callPlugin(hooks, failureOf(scene.before()));
  assertEquals(await scene.phase(), undefined);
});

Deno.test("the plugin no longer waits for the file of an edit that was interrupted", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  await scene.hold();
  const refused = assertRejects(() => callPlugin(hooks, scene.before()), Error);
  await scene.place.waiting(scene.file, 1);
  await callPlugin(hooks, failureOf(scene.before()));
  // OpenCode runs the tool as soon as it may, interrupted or not.
  assertEquals((await refused).message, "The edit was interrupted");
  await scene.place.waiting(scene.file, 0);
  await scene.release();
  assertEquals(await scene.phase(), undefined);
});

Deno.test("the plugin adds to the prompt what happened to the session's lock", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  await callPlugin(hooks, scene.before());
  assertEquals((await scene.place.run(["lock", "break", scene.file, "--as", "other"])).code, 0);
  const { hook, input, output } = pluginCall("chat.message");
  await callPlugin(hooks, { hook, input, output });
  const [prompt, added] = output.parts as Record<string, unknown>[];
  assertStringIncludes(String(added.text), "a.js was broken by");
  const { id, text: _, ...rest } = added;
  const { messageID, sessionID } = prompt;
  assertEquals(rest, { messageID, sessionID, type: "text", synthetic: true });
  assert(String(id) > String(prompt.id) && String(id).startsWith("prt_"));
});

Deno.test("the plugin ends all that a sub-agent has when it is idle", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  const created = pluginCall("event-session.created-subagent");
  const sessionID = String(asObject(created.input.properties)?.sessionID);
  await callPlugin(hooks, created);
  await callPlugin(hooks, scene.before({ sessionID }));
  await callPlugin(hooks, scene.after({ sessionID }));
  assertEquals(await scene.phase(), "grace");
  await callPlugin(hooks, pluginCall("event-session.idle-subagent"));
  assertEquals(await scene.phase(), undefined);
});

/** What there may be in the place of truce, as lines of a shell script. */
const broken: Readonly<Record<string, readonly string[]>> = {
  "ends at once": ["exit 3"],
  "is killed": ["kill -9 $$"],
  "prints what is no JSON": ["cat >/dev/null", "echo 'deny {'"],
  "prints JSON of another kind": ["cat >/dev/null", "echo '[[]]'"],
  "prints nothing at all": ["cat >/dev/null", "echo null"],
  "prints without an end": ['yes \'{"deny": "no"}\''],
  "hangs": ["exec sleep 1000"],
  "leaves a child that has its output": ["sleep 1000 &", 'echo $! >"$0.child"', "wait"],
};

for (const [what, lines] of Object.entries(broken)) {
  Deno.test(`the plugin lets every edit pass when truce ${what}`, async () => {
    using place = new PluginPlace();
    const program = place.program(...lines);
    const hooks = await place.load(program, place.root, (text) => text.replaceAll(/": (?:90|40)|other: 20/g, "$&e-3"));
    const [before, after] = [callOf("tool.execute.before", {}), callOf("tool.execute.after", {})];
    await callPlugin(hooks, before);
    await callPlugin(hooks, after);
    assertEquals(after.output.output, "Done.");
    endChild(`${program}.child`);
  });
}

Deno.test("the plugin lets every call pass when there is no truce", async () => {
  using place = new PluginPlace();
  const hooks = await place.load(`${place.root}/absent`);
  for (const [call] of sent) {
    const { hook, input, output } = pluginCall(call);
    const before = JSON.stringify(output);
    await callPlugin(hooks, { hook, input, output });
    if (hook !== "shell.env") assertEquals(JSON.stringify(output), before);
  }
});

Deno.test("the plugin lets a call pass that is not as it expects", async () => {
  using place = new PluginPlace();
  const hooks = await place.load(place.program("echo '{}'"));
  for (const hook of Object.keys(hooks)) {
    for (const value of [undefined, null, 5, {}, { tool: "edit" }, { event: {} }]) await hooks[hook](value, value);
  }
});

Deno.test("the plugin asks once where it is installed twice", async () => {
  using place = new PluginPlace();
  const program = place.program(`echo "$2" >>"${place.root}/asked"`);
  const both = [await place.load(program), await place.load(program)];
  for (
    const call of [callOf("tool.execute.before", {}), pluginCall("chat.message"), pluginCall("event-session.idle")]
  ) {
    for (const hooks of both) await callPlugin(hooks, call);
  }
  assertEquals(Deno.readTextFileSync(`${place.root}/asked`), "before-tool\nprompt\nstop\n");
});

Deno.test("the plugin tells commands of the shell their session", async () => {
  using scene = new Scene();
  const hooks = await scene.load();
  const { hook, input, output } = pluginCall("shell.env");
  await callPlugin(hooks, { hook, input, output });
  const env = output.env as Record<string, string>;
  assertEquals((await scene.place.run(["lock", "acquire", scene.file], { env })).code, 0);
  await callPlugin(hooks, scene.before({ sessionID: String(input.sessionID) }));
  assertEquals(
    (await scene.place.lease(scene.file))?.holder,
    `opencode session ${env.OPENCODE_SESSION_ID.slice(0, 4)}`,
  );
});

function endChild(noted: string): void {
  try {
    Deno.kill(Number(Deno.readTextFileSync(noted)), "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
