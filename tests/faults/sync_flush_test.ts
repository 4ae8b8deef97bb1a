// After a first `truce sync`, hooks lead to all further ones. Nobody waits for those, so each test waits for what they do.

import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { type Captured, hear, heard, payload } from "../support/hook_input.ts";
import { endDaemon, filesBelow, until } from "../support/place.ts";
import { asJson, lossy, sample, SyncPlace } from "../support/sync_place.ts";

const noted = "a sync in the background";

/** A project that was projected once, with a daemon that projects soon after a change (`using`). */
async function syncedPlace(config: unknown = { sync: { afterS: 0.2 } }): Promise<SyncPlace> {
  const place = new SyncPlace({ ...sample, "truce.jsonc": asJson(config), "docs/style.md": "Use docs.\n" });
  await place.synced();
  return place;
}

/** Writes a file of the project, and lets the hook of the edit run. */
async function edit(place: SyncPlace, name: string, text: string): Promise<void> {
  const path = place.write(name, text);
  await after(place, "after-edit", [path]);
}

async function after(place: SyncPlace, moment: Captured, paths: readonly string[] = []): Promise<void> {
  assertEquals(await hear(place, moment, { session: "s", paths }), { kind: "nothing", text: "" });
}

/** Runs the hook after a batch of tool calls; returns what the agent is told. */
async function afterBatch(place: SyncPlace): Promise<string> {
  const stdin = JSON.stringify({
    ...payload("claude", "stop", { session_id: "s", cwd: place.project }),
    hook_event_name: "PostToolBatch",
    tool_calls: [],
  });
  const env = { CLAUDE_PID: String(Deno.pid) };
  return heard(await place.run(["hook", "tool-batch", "--format", "claude"], { stdin, env })).text;
}

async function untilProjected(place: SyncPlace, text: string): Promise<void> {
  await until(`AGENTS.md says "${text}"`, () => Promise.resolve(place.read("AGENTS.md").includes(text)));
}

/** Returns how often the log has a fact. */
function countOf(place: SyncPlace, wanted: string): number {
  return place.log().filter(({ fact }) => fact === wanted).length;
}

/** Waits until there were `count` syncs in the background. The log tells of one when all else of it is done. */
async function untilFlushed(place: SyncPlace, count: number, wanted = noted): Promise<void> {
  await until(`there were ${count} syncs`, () => Promise.resolve(countOf(place, wanted) >= count));
}

/** Ends the daemon and removes what is left of it, so that `hasDaemon` says whether another one is needed. */
function forgetDaemon(place: SyncPlace): void {
  endDaemon(place.state);
  Deno.removeSync(`${place.state}/serve`, { recursive: true });
}

/** Returns whether a daemon was needed. */
function hasDaemon(place: SyncPlace): boolean {
  return filesBelow(place.state).includes(`${place.state}/serve/lock`);
}

Deno.test("truce hook after-tool has an edit of CLAUDE.md projected", async () => {
  using place = await syncedPlace();
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  await untilProjected(place, "Use spaces.");
  assert(!place.read("AGENTS.md").includes("Use tabs."));
});

Deno.test("truce hook after-tool has the last of twenty edits in a row projected", async () => {
  using place = await syncedPlace();
  for (let edits = 1; edits <= 20; edits++) await edit(place, "CLAUDE.md", `Edit ${edits}.\n`);
  await untilProjected(place, "Edit 20.");
});

Deno.test("truce hook after-tool has the last of twenty edits at once projected, in few syncs", async () => {
  using place = await syncedPlace({ sync: { afterS: 4 } });
  await edit(place, "CLAUDE.md", "Edit 0.\n");
  await Promise.all(Array.from({ length: 20 }, (_, edits) => edit(place, "CLAUDE.md", `Edit ${edits + 1}.\n`)));
  const last = place.read("CLAUDE.md").trim();
  await untilProjected(place, last);
  const flushes = countOf(place, noted);
  assert(flushes < 10, `${flushes} syncs were made`);
});

Deno.test("truce hook after-tool starts nothing for an edit of another file", async () => {
  using place = await syncedPlace();
  place.write("CLAUDE.md", "Use spaces.\n");
  for (const name of ["docs/style.md", "src/a.ts", "CLAUDE.md.txt", ".mcp.json.old"]) {
    await edit(place, name, "new\n");
    assertEquals(hasDaemon(place), false, name);
  }
});

Deno.test("truce hook after-tool has instructions projected in a folder that had none", async () => {
  using place = await syncedPlace();
  await edit(place, "src/deep/CLAUDE.md", "Use deep words.\n");
  await untilFlushed(place, 1);
  assert(place.read("src/deep/AGENTS.md").includes("Use deep words."));
});

Deno.test("truce hook after-tool has a file tried once that is named like a source and is none", async () => {
  using place = await syncedPlace();
  await edit(place, "node_modules/a/CLAUDE.md", "Use nothing.\n");
  await untilFlushed(place, 1);
  forgetDaemon(place);
  await after(place, "stop");
  assertEquals(hasDaemon(place), false);
});

for (const moment of ["stop", "session-start"] as const) {
  Deno.test(`truce hook ${moment} has instructions projected that a command of the shell made in a folder that had none`, async () => {
    using place = await syncedPlace();
    for (const name of ["a.txt", "src/a.ts"]) place.write(name);
    await after(place, "stop");
    await untilFlushed(place, 1);
    forgetDaemon(place);
    // Nothing that anybody looks for.
    for (const name of ["b.txt", "src/b.ts", "node_modules/a.md"]) place.write(name);
    await after(place, moment);
    assertEquals(hasDaemon(place), false);
    place.write("src/CLAUDE.md", "Use shells.\n");
    await after(place, moment);
    await untilFlushed(place, 2);
    assert(place.read("src/AGENTS.md").includes("Use shells."));
  });
}

for (const config of [{ sync: false }, { sync: { afterS: 0 } }]) {
  const isOff = config.sync === false;
  const name = isOff ? "is told not to" : "was never projected before";
  Deno.test(`truce hook projects nothing where it ${name}`, async () => {
    using place = isOff ? await syncedPlace(config) : new SyncPlace({ ...sample, "truce.jsonc": asJson(config) });
    const names = [...place.tree().keys()];
    await edit(place, "CLAUDE.md", "Use spaces.\n");
    for (const moment of ["session-start", "stop"] as const) await after(place, moment);
    await afterBatch(place);
    assertEquals(hasDaemon(place), false);
    assertEquals([...place.tree().keys()], names);
  });
}

Deno.test("truce hook session-start has a change from outside projected", async () => {
  using place = await syncedPlace();
  place.write("CLAUDE.md", "Use spaces.\n");
  await after(place, "session-start");
  await untilProjected(place, "Use spaces.");
});

Deno.test("truce hook tool-batch has what a command of the shell changed projected", async () => {
  using place = await syncedPlace();
  await after(place, "session-start");
  assertEquals(hasDaemon(place), false);
  place.write(".claude/rules/new.md", "Use rules.\n");
  await afterBatch(place);
  await untilProjected(place, "Use rules.");
});

Deno.test("truce hook tool-batch has a changed import projected", async () => {
  using place = await syncedPlace();
  place.write("CLAUDE.md", "See @docs/style.md\n");
  await place.synced("--accept-loss");
  await edit(place, "docs/style.md", "Use imports.\n");
  await afterBatch(place);
  await untilProjected(place, "Use imports.");
});

Deno.test("truce hook stop has projected what a daemon that died was to project", async () => {
  using place = await syncedPlace({ sync: { afterS: 3_600 } });
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  assert(hasDaemon(place));
  endDaemon(place.state);
  assert(!place.read("AGENTS.md").includes("Use spaces."));
  place.put("truce.jsonc", { sync: { afterS: 0.2 } });
  await after(place, "stop");
  await untilProjected(place, "Use spaces.");
});

Deno.test("truce hook says nothing of a source that is half written, and has it projected when it is whole", async () => {
  using place = await syncedPlace();
  await edit(place, ".mcp.json", '{ "mcpServers": {');
  await until("a sync had to wait", () => Promise.resolve(countOf(place, `${noted} had to wait`) > 0));
  assert(place.read(".codex/config.toml").includes("[mcp_servers.github]"));
  await edit(place, ".mcp.json", asJson({ mcpServers: { later: { command: "later" } } }));
  await edit(place, ".claude/settings.json", asJson({ enableAllProjectMcpServers: true }));
  await until(
    "the server is projected",
    () => Promise.resolve(place.read(".codex/config.toml").includes("[mcp_servers.later]")),
  );
});

/** A project in which something is allowed, which Codex is told when a person says so. */
const allowing = { permissions: { allow: ["Bash(npm test:*)"], deny: ["Bash(rm -rf:*)"] } };

for (const words of ["", "--allow-rules"]) {
  Deno.test(`truce hook has projected what is allowed as truce sync ${words} did before`, async () => {
    using place = new SyncPlace({ ...sample, "truce.jsonc": asJson({ sync: { afterS: 0.2 } }) });
    const isAllowed = () => /npm.*test/s.test(place.read(".codex/rules/truce.rules"));
    place.put(".claude/settings.json", allowing);
    for (const before of ["--allow-rules", "", words]) await place.synced(before);
    assertEquals(isAllowed(), words !== "");
    await edit(place, "CLAUDE.md", "Use spaces.\n");
    await untilFlushed(place, 1);
    assert(place.read("AGENTS.md").includes("Use spaces."));
    assertEquals(isAllowed(), words !== "");
  });
}

Deno.test("truce hook has projected to the targets of the last truce sync, and to no other", async () => {
  using place = await syncedPlace();
  assertEquals((await place.run(["sync", "--target", "codex"])).code, 0);
  const [gemini, opencode] = [place.read(".gemini/settings.json"), place.read(".opencode/opencode.json")];
  await edit(place, ".mcp.json", asJson({ mcpServers: { files: { command: "later" } } }));
  await untilFlushed(place, 1);
  assert(place.read(".codex/config.toml").includes('"later"'));
  assertEquals([place.read(".gemini/settings.json"), place.read(".opencode/opencode.json")], [gemini, opencode]);
});

Deno.test("truce hook has projected to a target that had nothing before", async () => {
  using place = new SyncPlace({ "truce.jsonc": asJson({ sync: { afterS: 0.2 } }) });
  assertEquals((await place.run(["sync", "--target", "codex"])).code, 0);
  assert(!place.has("AGENTS.md"));
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  await untilFlushed(place, 1);
  assert(place.read("AGENTS.md").includes("Use spaces."));
});

Deno.test("truce hook projects nothing after truce sync restore, until somebody syncs again", async () => {
  using place = await syncedPlace({ sync: { afterS: 3_600 } });
  const contents = place.contents();
  await place.synced();
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  assertEquals((await place.run(["sync", "restore"])).code, 0);
  const restored = place.contents();
  assert(!place.has("AGENTS.md") && contents["AGENTS.md"] !== undefined);
  // What waits is done at the end of the daemon, if at all.
  await place.run(["serve", "--stop"]);
  Deno.removeSync(`${place.state}/serve`, { recursive: true });
  await edit(place, "CLAUDE.md", "Use three spaces.\n");
  for (const moment of ["session-start", "stop"] as const) await after(place, moment);
  assertEquals(hasDaemon(place), false);
  assertEquals({ ...place.contents(), "CLAUDE.md": "" }, { ...restored, "CLAUDE.md": "" });
  place.put("truce.jsonc", { sync: { afterS: 0.2 } });
  await place.synced();
  await edit(place, "CLAUDE.md", "Use no tabs.\n");
  await untilProjected(place, "Use no tabs.");
});

/** What keeps a sync from being done, how the log calls that sync, and what an agent is told of it. */
const hindrances: Readonly<Record<string, { act(place: SyncPlace): void; fact: string; says: RegExp }>> = {
  "a new loss": {
    act: (place) => place.put(".claude/settings.json", lossy),
    fact: noted,
    says: /a loss has to be accepted first: deny Read\(\.\/\.env\) in codex\. Type truce sync --target codex,/,
  },
  "a conflict": {
    act(place) {
      place.write("AGENTS.md", place.read("AGENTS.md").replace("tabs", "three spaces"));
      place.write("CLAUDE.md", "Use spaces.\n");
    },
    fact: noted,
    says: /somebody has changed what it wrote: AGENTS\.md\. Type truce sync --target codex,/,
  },
  "a broken source": {
    act: (place) => void place.write(".mcp.json", "{"),
    fact: `${noted} had to wait`,
    says: /a source cannot be read: \.mcp\.json: .*half of it\. Type truce sync --target codex,/,
  },
  "a file of a target that cannot be understood": {
    act(place) {
      place.write(".codex/config.toml", "[mcp_servers\\n");
      place.write("CLAUDE.md", "Use spaces.\n");
    },
    fact: `${noted} failed`,
    says: /config\.toml.*\. Type truce sync --target codex,/,
  },
};

for (const [name, { act, fact, says }] of Object.entries(hindrances)) {
  Deno.test(`truce hook tells once of ${name}, and has it tried once`, async () => {
    using place = await syncedPlace();
    act(place);
    assertEquals(await afterBatch(place), "");
    await untilFlushed(place, 1, fact);
    const told = await afterBatch(place);
    assertMatch(told, /^truce sync is behind: /);
    assertMatch(told, says);
    forgetDaemon(place);
    assertEquals(await afterBatch(place), "");
    for (const moment of ["session-start", "prompt", "stop"] as const) await after(place, moment);
    assertEquals([hasDaemon(place), countOf(place, fact)], [false, 1]);
    // The same again is tried after the next change, and is no news.
    place.write(".claude/rules/new.md", "Use rules.\n");
    assertEquals(await afterBatch(place), "");
    await untilFlushed(place, 2, fact);
    forgetDaemon(place);
    assertEquals([await afterBatch(place), hasDaemon(place)], ["", false]);
  });
}

Deno.test("truce hook session-start tells what the last session was not told of, with the words that set it right", async () => {
  using place = await syncedPlace();
  place.put(".claude/settings.json", lossy);
  await after(place, "stop");
  await untilFlushed(place, 1);
  const told = (await hear(place, "session-start", { session: "next" })).text;
  const [, words] = told.match(/Type truce (.*) to see/) ?? [];
  assertEquals((await place.run(words.split(" "))).code, 4);
  assertEquals((await place.run([...words.split(" "), "--accept-loss"])).code, 0);
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  await untilProjected(place, "Use spaces.");
  assertEquals(await afterBatch(place), "");
});

Deno.test("truce hook after-tool has an edit in another project than the session's projected", async () => {
  using place = await syncedPlace();
  const cwd = `${place.root}/other`;
  Deno.mkdirSync(`${cwd}/.git`, { recursive: true });
  Deno.writeTextFileSync(`${cwd}/.git/HEAD`, "ref: refs/heads/main\n");
  assertEquals((await place.run(["sync", "--target", "codex"], { cwd })).code, 0);
  Deno.writeTextFileSync(`${cwd}/CLAUDE.md`, "Use spaces.\n");
  await after(place, "after-edit", [`${cwd}/CLAUDE.md`]);
  await untilFlushed(place, 1);
  assert(Deno.readTextFileSync(`${cwd}/AGENTS.md`).includes("Use spaces."));
});

Deno.test("truce hook has the source of its own user watched, whoever started the daemon", async () => {
  using place = await syncedPlace();
  const HOME = `${place.root}/another home`;
  Deno.mkdirSync(HOME);
  assertEquals((await place.run(["serve", "--detach"], { env: { HOME } })).code, 0);
  await edit(place, "CLAUDE.md", "Use spaces.\n");
  await untilFlushed(place, 1);
  Deno.writeTextFileSync(`${place.home}/.claude.json`, "{}");
  await until("its change is noticed", async () => {
    assertEquals(await afterBatch(place), "");
    return countOf(place, noted) > 1;
  });
});
