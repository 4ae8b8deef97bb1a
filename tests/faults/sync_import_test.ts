import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { filesBelow, Place } from "../support/place.ts";

const config = `[mcp_servers.fs]
command = "npx"
args = ["-y", "fs"]
env_vars = ["FS_ROOT"]
disabled_tools = ["delete"]

[mcp_servers.keyed]
command = "keyed"
env = { API_TOKEN = "hunter2hunter2" }
`;
const before = `{
  // Ours.
  "mcpServers": {
    "mine": { "command": "mine", "env": { "MY_TOKEN": "tiger4" } }
  }
}
`;

Deno.test("truce sync import shows a patch and writes nothing, --apply writes it, restore undoes it", async () => {
  using place = new Place();
  const path = place.write(".mcp.json", before);
  Deno.chmodSync(path, 0o640);
  place.write(".codex/config.toml", config);
  const files = filesBelow(place.root);

  const shown = await place.run(["sync", "import", "--from", "codex"]);
  assertEquals([shown.code, shown.stderr], [0, ""]);
  assertStringIncludes(shown.stdout, "--- a/.mcp.json\n+++ b/.mcp.json\n@@ ");
  assertStringIncludes(shown.stdout, `\n+        "FS_ROOT": "\${FS_ROOT}"\n`);
  assertStringIncludes(shown.stdout, "--- /dev/null\n+++ b/.claude/settings.json\n");
  assertMatch(shown.stdout, /server keyed +a secret is written out in its variable API_TOKEN/);
  for (const secret of ["hunter2", "tiger4"]) assertEquals(shown.stdout.includes(secret), false, secret);
  assertEquals([filesBelow(place.root), Deno.readTextFileSync(path)], [files, before]);

  const applied = await place.run(["sync", "import", "--from", "codex", "--apply", "--json"]);
  assertEquals([applied.code, applied.stderr], [0, ""]);
  const settings = `${place.project}/.claude/settings.json`;
  assertEquals(JSON.parse(applied.stdout).written, [path, settings]);
  assertEquals(JSON.parse(Deno.readTextFileSync(settings)), { permissions: { deny: ["mcp__fs__delete"] } });
  const after = Deno.readTextFileSync(path);
  assertStringIncludes(after, before.slice(0, before.indexOf("\n  }\n")));
  assertEquals([after.includes("keyed"), (Deno.statSync(path).mode ?? 0) & 0o777], [false, 0o640]);

  const again = await place.run(["sync", "import", "--from", "codex", "--apply"]);
  assertStringIncludes(again.stdout, "Nothing to import from codex");
  assertEquals(Deno.readTextFileSync(path), after);

  const restored = await place.run(["sync", "restore"]);
  assertEquals([restored.code, restored.stderr], [0, ""]);
  assertEquals([Deno.readTextFileSync(path), filesBelow(place.project).includes(settings)], [before, false]);
});

Deno.test("truce sync import takes instructions and permissions over, and names the files that it makes nothing of", async () => {
  using place = new Place();
  place.write("AGENTS.md", "Be kind.\nUse ghp_abcdefghijklmnop0123.\n");
  place.write(".codex/config.toml", `model = "x"\nweb_search = "disabled"\n`);
  place.write(".codex/agents/review.toml", `name = "review"\n`);

  const shown = await place.run(["sync", "import", "--from", "codex"]);
  assertEquals([shown.code, shown.stderr], [0, ""]);
  assertStringIncludes(shown.stdout, "--- /dev/null\n+++ b/CLAUDE.md\n@@ ");
  assertStringIncludes(shown.stdout, "\n+Be kind.\n+Use ***.\n");
  assertMatch(shown.stdout, /^model +only servers/m);
  assertMatch(shown.stdout, /^\.codex\/agents\/review\.toml +files of this kind are not imported/m);

  const applied = await place.run(["sync", "import", "--from", "codex", "--apply"]);
  assertEquals([applied.code, applied.stderr], [0, ""]);
  const read = (name: string) => Deno.readTextFileSync(`${place.project}/${name}`);
  assertEquals(read("CLAUDE.md"), read("AGENTS.md"));
  assertEquals(JSON.parse(read(".claude/settings.json")), { permissions: { deny: ["WebSearch"] } });

  const again = await place.run(["sync", "import", "--from", "codex", "--apply"]);
  assertStringIncludes(again.stdout, "Nothing to import from codex");
  await place.run(["sync", "--target", "codex", "--accept-loss"]);
  assertEquals(read("AGENTS.md"), read("CLAUDE.md"));
});

Deno.test("truce sync import writes nothing when a file cannot be understood, or leads out of the project", async () => {
  using place = new Place();
  place.write(".codex/config.toml", config);
  const path = place.write(".mcp.json", "{ half");
  const half = await place.run(["sync", "import", "--from", "codex", "--apply"]);
  assertEquals([half.code, half.stdout, Deno.readTextFileSync(path)], [1, "", "{ half"]);
  assertStringIncludes(half.stderr, ".mcp.json");

  const outside = `${place.home}/servers.json`;
  Deno.removeSync(path);
  Deno.writeTextFileSync(outside, "{}");
  Deno.symlinkSync(outside, path);
  const away = await place.run(["sync", "import", "--from", "codex", "--apply"]);
  assertEquals([away.code, away.stdout, Deno.readTextFileSync(outside)], [1, "", "{}"]);

  const unknown = await place.run(["sync", "import", "--from", "nobody"]);
  assertEquals(unknown.code, 64);
  assertStringIncludes(unknown.stderr, "codex, gemini, opencode");
});
