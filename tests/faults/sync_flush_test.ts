// After a first `truce sync`, hooks lead to all further ones. Nobody waits for those, so each test waits for what they do.

import { assert, assertEquals } from "../support/assert.ts";
import { type Captured, hear, payload } from "../support/hook_input.ts";
import { endDaemon, filesBelow, until } from "../support/place.ts";
import { asJson, sample, SyncPlace } from "../support/sync_place.ts";

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

/** Runs the hook after a batch of tool calls. */
async function afterBatch(place: SyncPlace): Promise<void> {
  const stdin = JSON.stringify({
    ...payload("claude", "stop", { session_id: "s", cwd: place.project }),
    hook_event_name: "PostToolBatch",
    tool_calls: [],
  });
  const { code, stderr } = await place.run(["hook", "tool-batch", "--format", "claude"], {
    stdin,
    env: { CLAUDE_PID: String(Deno.pid) },
  });
  assertEquals([code, stderr], [0, ""]);
}

async function untilProjected(place: SyncPlace, text: string): Promise<void> {
  await until(`AGENTS.md says "${text}"`, () => Promise.resolve(place.read("AGENTS.md").includes(text)));
}

/** Returns how often the log has a fact. */
function countOf(place: SyncPlace, wanted: string): number {
  return place.log().filter(({ fact }) => fact === wanted).length;
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
