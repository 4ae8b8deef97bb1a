// What `truce sync` leaves on the disk: all of what was asked for, nothing else, and nothing that was not accepted.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { filesBelow } from "../support/place.ts";
import { asJson, lossy, sample, SyncPlace } from "../support/sync_place.ts";

const written = [
  ".agents/skills/db-migrate/SKILL.md",
  ".agents/skills/forms",
  ".codex/config.toml",
  ".codex/rules/truce.rules",
  ".gemini/commands/db/migrate.toml",
  ".gemini/policies/truce.toml",
  ".gemini/settings.json",
  ".opencode/commands/db/migrate.md",
  ".opencode/opencode.json",
  "AGENTS.md",
];

Deno.test("truce sync writes every target, and then nothing, not even the time of a file", async () => {
  using place = new SyncPlace();
  const said = await place.synced();
  for (const name of written) {
    assert(place.has(name), name);
    assertStringIncludes(said, `wrote ${name}\n`);
  }
  const tree = place.tree();
  assertStringIncludes(await place.synced(), "in step");
  assertEquals(place.tree(), tree);
  // The first one has changed the folders that are looked at for new files, which the second took notice of.
  const state = knownOf(place);
  assertStringIncludes(await place.synced(), "in step");
  assertEquals([place.tree(), knownOf(place)], [tree, state]);
  assertStringIncludes(await place.synced("--check"), "in step");
});

Deno.test("truce sync status finds nothing pending after a sync, whatever a person has chosen for it", async () => {
  using place = new SyncPlace();
  place.put(".claude/settings.json", { permissions: { allow: ["Bash(make test:*)"], deny: ["Bash(rm -rf:*)"] } });
  const pending = async () => {
    const { stdout } = await place.run(["sync", "status", "--json"]);
    return JSON.parse(stdout).targets
      .filter((one: { scope: string; target: string }) => one.scope === "project" && one.target === "codex")
      .map((one: { pending: number }) => one.pending);
  };
  await place.synced("--allow-rules");
  assertStringIncludes(place.read(".codex/rules/truce.rules"), "Claude Code allows");
  assertEquals(await pending(), [0]);
  place.put("CLAUDE.md", "# Shop\n\nUse spaces.\n");
  assertEquals(await pending(), [1]);
});

Deno.test("truce sync does not even wait for another one once what it found in step is old enough to be certain", async () => {
  using place = new SyncPlace();
  await place.synced();
  const seen = () => filesBelow(place.state).find((path) => path.endsWith("/in_step.json"));
  while (seen() === undefined) assertStringIncludes(await place.synced(), "in step");
  const [lock] = filesBelow(`${place.state}/sync`).filter((path) => path.endsWith("/lock"));
  using other = Deno.openSync(lock, { read: true, write: true });
  other.lockSync(true);
  assertStringIncludes(await place.synced(), "in step");
  assertEquals(await place.synced("--quiet"), "");
  other.unlockSync();
  place.write("CLAUDE.md", "# Shop\n\nUse spaces.\n");
  assertStringIncludes(await place.synced(), "wrote AGENTS.md");
});

for (const { words, code } of [{ words: "--dry-run", code: 0 }, { words: "--check", code: 1 }]) {
  Deno.test(`truce sync ${words} writes nothing, neither in the project nor in the state`, async () => {
    using place = new SyncPlace();
    const tree = place.tree();
    assertStringIncludes(await place.synced(words, code), "AGENTS.md (new)");
    assertEquals(place.tree(), tree);
    assertEquals(statesOf(place), []);

    await place.synced();
    place.write("CLAUDE.md", "# Shop\n\nUse spaces.\n");
    const [later, state] = [place.tree(), place.tree(place.state)];
    assertMatch(await place.synced(words, code), /-Use tabs\.\n.*\+Use spaces\./);
    assertEquals(place.tree(), later);
    assertEquals(place.tree(place.state), state);
  });
}

Deno.test("truce sync asks once about each loss, and writes nothing until it is accepted", async () => {
  using place = new SyncPlace({ ...sample, ".claude/settings.json": asJson(lossy) });
  const tree = place.tree();
  const said = await place.synced("", 4);
  assertMatch(said, /codex +refused +permission deny Read\(\.\/\.env\)/);
  assertStringIncludes(said, "truce sync --accept-loss");
  assertEquals(place.tree(), tree);
  await place.synced("--dry-run", 4);
  await place.synced("--dry-run --accept-loss");
  await place.synced("", 4);

  await place.synced("--accept-loss");
  await place.synced();
  place.put(".claude/settings.json", { permissions: { deny: ["Read(./.env)", "Read(./key.pem)"] } });
  const later = place.tree();
  const next = await place.synced("", 4);
  assertMatch(next, /codex +refused +permission deny Read\(\.\/key\.pem\)/);
  assert(!/refused +permission deny Read\(\.\/\.env\)/.test(next), next);
  assertEquals(place.tree(), later);
});

/** How somebody changes what truce wrote, and what is there after each choice. */
const drifts = [
  { file: ".codex/config.toml", from: "https://example.invalid/mcp", to: "https://mine.invalid/mcp" },
  { file: ".gemini/settings.json", from: "https://example.invalid/mcp", to: "https://mine.invalid/mcp" },
  { file: ".opencode/opencode.json", from: "https://example.invalid/mcp", to: "https://mine.invalid/mcp" },
  { file: "AGENTS.md", from: "Use tabs.", to: "Use three spaces." },
] as const;

for (const { file, from, to } of drifts) {
  Deno.test(`truce sync leaves it to a person whose ${file} is to be`, async () => {
    for (const [choice, kept] of [["ours", from], ["theirs", to]]) {
      using place = new SyncPlace();
      await place.synced();
      place.write(file, place.read(file).replace(from, to));
      const edited = place.tree();
      assertStringIncludes(await place.synced("", 3), file);
      assertEquals(place.tree(), edited);
      await place.synced("--check", 1);
      await place.synced(`--force ${choice}`);
      assertStringIncludes(place.read(file), kept);
      assertStringIncludes(await place.synced(), "in step");
      assertStringIncludes(place.read(file), kept);
    }
  });
}

/** Files of a source as they are while an editor writes them, or as somebody broke them. */
const broken = {
  ".mcp.json": '{"mcpServers": {"github": {"ty',
  ".claude/settings.json": '{"permissions": {"deny": [',
};

for (const [file, text] of Object.entries(broken)) {
  Deno.test(`truce sync writes nothing while ${file} is half written`, async () => {
    using place = new SyncPlace();
    await place.synced();
    place.write("CLAUDE.md", "# Shop\n\nUse spaces.\n");
    place.write(file, text);
    const [tree, state] = [place.tree(), place.tree(place.state)];
    for (const words of ["", "--accept-loss", "--force ours", "--check", "--dry-run"]) {
      assertMatch(await place.synced(words, 1), new RegExp(`nothing was written[^]*${file.replaceAll(".", "\\.")}`));
      assertEquals(place.tree(), tree);
    }
    assertEquals(place.tree(place.state), state);
    place.put(file, sample[file]);
    await place.synced();
    assertStringIncludes(place.read("AGENTS.md"), "Use spaces.");
  });
}

/** A file of a target that is not what it should be. */
const unreadable = {
  ".codex/config.toml": '[mcp_servers\nname = "x',
  ".gemini/settings.json": '{ "theme": "dark", ',
  ".opencode/opencode.json": "[1]",
};

for (const [file, text] of Object.entries(unreadable)) {
  Deno.test(`truce sync writes nothing where it cannot understand ${file}`, async () => {
    using place = new SyncPlace({ ...sample, [file]: text });
    const tree = place.tree();
    const { code, stderr } = await place.sync();
    assert(code !== 0 && stderr.includes(file), `exit ${code}: ${stderr}`);
    assertEquals(place.tree(), tree);
  });
}

Deno.test("truce sync restore brings back every byte, and the folders that were not there", async () => {
  using place = new SyncPlace({
    ...sample,
    "AGENTS.md": "\uFEFFMine,\r\nwithout an end",
    ".gemini/settings.json": '// mine\n{ "theme": "dark" /* at night */ }',
    ".codex/config.toml": 'model = "m" # mine',
  });
  const contents = place.contents();
  await place.synced();
  assert(place.read("AGENTS.md").includes("Use tabs."));
  assertEquals((await place.run(["sync", "restore"])).code, 0);
  assertEquals(place.contents(), contents);
  const again = await place.run(["sync", "restore"]);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertEquals(place.contents(), contents);
});

Deno.test("truce sync restore overwrites what was changed since only when it is forced to", async () => {
  using place = new SyncPlace();
  const contents = place.contents();
  await place.synced();
  place.write("AGENTS.md", `${place.read("AGENTS.md")}mine\n`);
  const tree = place.tree();
  const refused = await place.run(["sync", "restore"]);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "AGENTS.md");
  assertEquals(place.tree(), tree);
  assertEquals((await place.run(["sync", "restore", "--force"])).code, 0);
  assertEquals(place.contents(), contents);
});

for (const words of [["extra", "words"], ["--", "--scope user"], ["--force", "ours"], ["--scope", "all"]]) {
  Deno.test(`truce sync restore ${words.join(" ")} is a misuse, and undoes nothing`, async () => {
    using place = new SyncPlace();
    await place.synced();
    const [tree, state] = [place.tree(), place.tree(place.state)];
    const { code, stdout, stderr } = await place.run(["sync", "restore", ...words]);
    assertEquals([code, stdout], [64, ""]);
    assertMatch(stderr, /^truce: Cannot (?:undo|use --scope) "/);
    assertEquals([place.tree(), place.tree(place.state)], [tree, state]);
  });
}

Deno.test("truce sync writes no value of a variable anywhere", async () => {
  using place = new SyncPlace();
  const env = { GITHUB_TOKEN: "canary-one-1f3a", FILES_KEY: "canary-two-9c7e", HEADER_KEY: "canary-three-5d2b" };
  const servers = JSON.parse(sample[".mcp.json"]).mcpServers;
  place.put(".mcp.json", {
    mcpServers: {
      ...servers,
      keyed: { type: "http", url: "https://example.invalid/keyed", headers: { "X-Key": "${HEADER_KEY}" } },
    },
  });
  place.put(".claude/settings.json", { enabledMcpjsonServers: ["github", "files", "keyed"] });
  const said = [];
  for (const words of ["--dry-run", "--accept-loss", "--json", "--check --github"]) {
    const { stdout, stderr } = await place.sync(words, { env });
    said.push(stdout, stderr);
  }
  assertStringIncludes(place.read(".codex/config.toml"), "HEADER_KEY");
  assertStringIncludes(place.read(".gemini/settings.json"), "${HEADER_KEY}");
  assertStringIncludes(place.read(".opencode/opencode.json"), "{env:HEADER_KEY}");
  const everything = [...said, ...place.tree().values(), ...place.tree(place.state).values()].join("\n");
  for (const canary of Object.values(env)) assert(!everything.includes(canary), `${canary} is written`);
});

Deno.test("truce sync writes nothing of what is private to a user into the project", async () => {
  using place = new SyncPlace();
  place.write("CLAUDE.local.md", "canary-private-one\n");
  place.put(".claude/settings.local.json", {
    permissions: { deny: ["Bash(canary-private-two:*)"] },
    env: { NAME: "canary-private-three" },
  });
  Deno.writeTextFileSync(
    `${place.home}/.claude.json`,
    asJson({ projects: { [place.project]: { mcpServers: { "canary-private-four": { command: "x" } } } } }),
  );
  await place.synced("--accept-loss");
  const sources = ["CLAUDE.local.md", ".claude/settings.local.json"];
  for (const [name, content] of place.tree()) {
    if (!sources.includes(name)) assert(!content.includes("canary-private"), `${name}: ${content}`);
  }
});

Deno.test("truce sync projects a project without a home, and as with one", async () => {
  using place = new SyncPlace();
  const { code, stdout } = await place.sync("--scope project", { env: { HOME: "" } });
  assertEquals(code, 0, stdout);
  assertStringIncludes(await place.synced("--check"), "in step");
  const refused = await place.sync("--scope user", { env: { HOME: "" } });
  assertEquals([refused.code, refused.stdout], [69, ""]);
  assertStringIncludes(refused.stderr, "--scope project");
});

Deno.test("truce sync --check --github says each file that is behind, and which source is broken", async () => {
  using place = new SyncPlace();
  const said = await place.synced("--check --github", 1);
  for (const line of said.trimEnd().split("\n")) assertMatch(line, /^::error file=[^:,\n]+::.+$/);
  assertMatch(said, /^::error file=AGENTS\.md::add: run truce sync/m);
  await place.synced();
  assertEquals((await place.synced("--check --github")).trim(), "");
  place.write(".mcp.json", "{");
  assertMatch(await place.synced("--check --github", 1), /^::error file=\.mcp\.json::/m);
});

Deno.test("truce sync --quiet says nothing when all went well, and everything else", async () => {
  using place = new SyncPlace();
  await place.synced("--check --quiet", 1);
  for (const words of ["--quiet", "--check --quiet"]) assertEquals((await place.synced(words)).trim(), "");
  place.write("AGENTS.md", place.read("AGENTS.md").replace("tabs", "spaces"));
  assertStringIncludes(await place.synced("--quiet", 3), "AGENTS.md");
});

Deno.test("truce sync --json says what is written, pending, disputed and lost", async () => {
  using place = new SyncPlace({ ...sample, ".claude/settings.json": asJson(lossy) });
  const scopeOf = async (words: string, code: number) =>
    JSON.parse(await place.synced(`${words} --json`, code)).scopes[0];
  const ahead = await scopeOf("--check", 1);
  assertEquals([ahead.scope, ahead.root, ahead.kind], ["project", place.project, "done"]);
  assertEquals([ahead.written.length, ahead.disputes.length, ahead.unaccepted], [0, 0, 1]);
  assert(ahead.pending.some(({ path }: { path: string }) => path === `${place.project}/AGENTS.md`));
  const lost = ahead.fates.filter(({ outcome }: { outcome: string }) => outcome === "refused");
  assertEquals(lost.length, 1);
  assertEquals([lost[0].target, lost[0].item.name], ["codex", "deny Read(./.env)"]);
  const done = await scopeOf("--accept-loss", 0);
  assert(done.written.includes(`${place.project}/AGENTS.md`));
  assertEquals([(await scopeOf("", 0)).written, (await scopeOf("", 0)).pending], [[], []]);
  place.write(".mcp.json", "{");
  const problem = await scopeOf("", 1);
  assertEquals([problem.kind, problem.problems[0].path], ["broken", `${place.project}/.mcp.json`]);
});

Deno.test("truce sync leaves an AGENTS.md alone that CLAUDE.md is a link to", async () => {
  using place = new SyncPlace({ "AGENTS.md": "Use tabs.\n", "CLAUDE.md": "-> AGENTS.md" });
  for (let round = 1; round <= 2; round++) {
    await place.synced("--accept-loss");
    assertEquals(place.read("AGENTS.md"), "Use tabs.\n");
    assertEquals(Deno.readLinkSync(`${place.project}/CLAUDE.md`), "AGENTS.md");
  }
});

Deno.test("truce sync waits for another one of the same project, and both do all of it", async () => {
  using place = new SyncPlace();
  const rans = await Promise.all([1, 2, 3].map(() => place.sync()));
  assertEquals(rans.map(({ code, stderr }) => `${code} ${stderr}`), ["0 ", "0 ", "0 "]);
  assertEquals(rans.filter(({ stdout }) => stdout.includes("wrote ")).length, 1);
  assertEquals(rans.filter(({ stdout }) => stdout.includes("in step")).length, 2);
});

Deno.test("truce sync refuses a project that is the home, and says what to type", async () => {
  using place = new SyncPlace();
  for (const words of ["", "--check", "--scope all"]) {
    const { code, stdout, stderr } = await place.sync(words, { env: { HOME: place.project } });
    assertEquals([code, stdout], [64, ""]);
    assertStringIncludes(stderr, "truce sync --scope user");
  }
});

const misuses = ["--scope mine", "--force mine", "--nothing", "a/path", "--target"];

for (const words of misuses) {
  Deno.test(`truce sync ${words} is a misuse`, async () => {
    using place = new SyncPlace();
    const tree = place.tree();
    const { code, stdout, stderr } = await place.sync(words);
    assertEquals([code, stdout], [64, ""]);
    assertMatch(stderr, /^truce: Cannot /);
    assertEquals(place.tree(), tree);
  });
}

Deno.test("truce sync --target names the targets where one is not known", async () => {
  using place = new SyncPlace();
  const { code, stderr } = await place.run(["sync", "--target", "codex,codec"]);
  assertEquals(code, 64);
  assertMatch(stderr, /"codec".*codex, gemini, opencode/);
});

Deno.test("truce sync --target leaves the other targets as they are", async () => {
  using place = new SyncPlace();
  await place.synced();
  place.put(".mcp.json", { mcpServers: {} });
  const gemini = place.read(".gemini/settings.json");
  assertEquals((await place.run(["sync", "--target", "codex"])).code, 0);
  assert(!place.has(".codex/config.toml") || !place.read(".codex/config.toml").includes("github"));
  assertEquals(place.read(".gemini/settings.json"), gemini);
});

/** Returns the files that `place` keeps as its state. */
/** Returns the state but for what a sync saw, which is kept once that is old enough. */
function knownOf(place: SyncPlace): Map<string, string> {
  return new Map([...place.tree(place.state)].filter(([name]) => !name.endsWith("in_step.json")));
}

function statesOf({ root, state }: SyncPlace): string[] {
  return filesBelow(root).filter((path) => path.startsWith(state) && !path.endsWith("/"));
}
