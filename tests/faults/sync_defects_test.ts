// What other programs of this kind were seen to do to the files of their users: each a line of data, or a test.

import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { asJson, type Files, sample, SyncPlace } from "../support/sync_place.ts";

const codexFile = ".codex/config.toml";
const geminiFile = ".gemini/settings.json";
const opencodeFile = ".opencode/opencode.json";

const ownToml = `# mine, all of it
model = "m"   # the large one
env_vars = [ "A", # first
  "B" ]

[mcp_servers.mine]
command = 'mine'
[mcp_servers.mine.tools.look]
approval_mode = "prompt"

[tools.web_search] # kept
location = { country = "DE" }
[profiles.deep]
model = "d"
`;

const ownJsonc = `// mine
{
  "theme": "dark", /* at night */
  // "off": true
  "mcpServers": { "mine": { "command": "mine" } }
}
`;

/** A project, and what has to be in a file of a target after a sync, or must not be there. */
interface Defect {
  readonly name: string;
  readonly files?: Files;
  /** The servers of `.mcp.json`. */
  readonly servers?: Readonly<Record<string, unknown>>;
  readonly settings?: unknown;
  readonly file: string;
  readonly has?: readonly string[];
  readonly hasNot?: readonly string[];
}

const defects: readonly Defect[] = [
  {
    name: "it deletes the model, comments and tables of config.toml",
    files: { [codexFile]: ownToml },
    file: codexFile,
    has: [...ownToml.trim().split("\n"), "[mcp_servers.github]"],
  },
  {
    name: "it takes settings with comments for empty ones",
    files: { [geminiFile]: ownJsonc },
    file: geminiFile,
    has: [`// mine\n{\n  "theme": "dark", /* at night */\n  // "off": true\n`, '{ "command": "mine" }', '"github"'],
  },
  {
    name: "it starts a server that the user has disabled",
    settings: { enableAllProjectMcpServers: true, disabledMcpjsonServers: ["github"] },
    file: codexFile,
    has: ['bearer_token_env_var = "GITHUB_TOKEN"\nenabled = false\n'],
  },
  {
    name: "it starts a server that the user has not enabled",
    settings: { enabledMcpjsonServers: ["files"] },
    file: codexFile,
    has: ['bearer_token_env_var = "GITHUB_TOKEN"\nenabled = false\n'],
  },
  {
    name: "it writes an approval policy with which the client does not start",
    settings: { permissions: { deny: ["Bash(rm -rf:*)"], ask: ["Bash(git push:*)"], defaultMode: "default" } },
    file: codexFile,
    hasNot: ["approval_policy", "untrusted"],
  },
  {
    name: "it adds values that nobody asked for",
    settings: { permissions: { deny: ["Bash(rm -rf:*)"], defaultMode: "acceptEdits" } },
    file: codexFile,
    hasNot: ["approvals_reviewer", "approval_policy", "network", "danger-full-access"],
  },
  {
    name: "it writes a relative path with which the client does not start",
    files: { [codexFile]: 'default_permissions = "truce"\n' },
    settings: { permissions: { deny: ["Read(./.env)"] } },
    file: codexFile,
    has: ['"**/.env" = "deny"'],
    hasNot: ["./.env"],
  },
  {
    name: "it keeps the colon of a denied command, which matches nothing",
    file: ".codex/rules/truce.rules",
    has: ['["-rf", "-fr"]', 'decision = "forbidden"'],
    hasNot: ['"-rf:*"'],
  },
  {
    name: "it writes denies that match nothing, and an allow for everything",
    settings: { permissions: { allow: ["Read"], deny: ["Bash(rm -rf:*)", "Read(./.env)", "Read(./secrets/**)"] } },
    file: opencodeFile,
    has: ['"rm -rf *": "deny"', '".env": "deny"', '"secrets/*": "deny"'],
    hasNot: ["rm -rf:*", "./.env", "./secrets", '"*": "allow"'],
  },
  {
    name: "it writes a reference that the client takes for the token",
    file: codexFile,
    has: ['bearer_token_env_var = "GITHUB_TOKEN"'],
    hasNot: ["${", "Bearer"],
  },
  {
    name: "it leaves a reference in an argument that the client does not know",
    servers: {
      files: { command: "npx", args: ["--root", "${HOME}/data"] },
      web: { type: "http", url: "https://${HOST_NAME}/mcp" },
    },
    file: opencodeFile,
    has: ["{env:HOME}/data", "https://{env:HOST_NAME}/mcp"],
    hasNot: ["${"],
  },
];

for (const { name, files, servers, settings, file, has = [], hasNot = [] } of defects) {
  Deno.test(`truce sync has not the defect that ${name}`, async () => {
    using place = new SyncPlace({ ...sample, ...files });
    if (servers !== undefined) place.put(".mcp.json", { mcpServers: servers as Record<string, unknown> });
    if (servers !== undefined) place.put(".claude/settings.json", { enableAllProjectMcpServers: true });
    if (settings !== undefined) place.write(".claude/settings.json", asJson(settings));
    await place.synced("--accept-loss");
    const text = place.has(file) ? place.read(file) : "";
    for (const part of has) assertStringIncludes(text, part);
    for (const part of hasNot) assert(!text.includes(part), `${file} has ${part}:\n${text}`);
  });
}

Deno.test("truce sync has not the defect that a second one doubles what was written, or the hand-written", async () => {
  using place = new SyncPlace({ ...sample, "AGENTS.md": "# By hand\n", [codexFile]: ownToml });
  place.put(".claude/settings.json", {
    enableAllProjectMcpServers: true,
    hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "./guard", timeout: 10 }] }] },
  });
  await place.synced("--accept-loss");
  const tree = place.tree();
  assertEquals(place.read("AGENTS.md").split("# By hand").length, 2);
  assertEquals(place.read("AGENTS.md").split("Use tabs.").length, 2);
  for (let round = 1; round <= 2; round++) {
    assertStringIncludes(await place.synced(), "in step");
    assertEquals(place.tree(), tree);
  }
});

Deno.test("truce sync has not the defect that what the source no longer has stays in the targets", async () => {
  using place = new SyncPlace();
  await place.synced();
  place.put(".mcp.json", { mcpServers: {} });
  place.remove(".claude/skills/forms");
  place.remove(".claude/commands/db");
  place.put(".claude/settings.json", {});
  await place.synced();
  const rest = [...place.tree()].filter(([name]) => !/^(?:\.git|\.claude|\.mcp\.json|CLAUDE\.md)/.test(name));
  for (const [name, content] of rest) assert(!/github|files|forms|migrat|rm -rf/i.test(`${name} ${content}`), name);
});

/** The user's own things of the same name as one of the source, made before the first sync. */
const namesakes: Files = {
  [codexFile]: '[mcp_servers.github]\nurl = "https://example.invalid/own"\n',
  [geminiFile]: asJson({ mcpServers: { github: { httpUrl: "https://example.invalid/own" } } }),
  [opencodeFile]: asJson({ mcp: { github: { type: "remote", url: "https://example.invalid/own" } } }),
  ".agents/skills/forms/SKILL.md": "---\nname: forms\ndescription: own\n---\nOwn.\n",
  ".gemini/commands/db/migrate.toml": 'prompt = "own"\n',
  ".opencode/commands/db/migrate.md": "own\n",
};

for (const [file, text] of Object.entries(namesakes)) {
  Deno.test(`truce sync removes nothing of a user's ${file}, whatever the source has and loses`, async () => {
    using place = new SyncPlace({ ...sample, [file]: text });
    await place.synced("", 3);
    assertStringIncludes(place.read(file), "own");
    await place.synced("--force theirs");
    assertStringIncludes(place.read(file), "own");
    place.put(".mcp.json", { mcpServers: {} });
    place.remove(".claude/skills/forms");
    place.remove(".claude/commands/db");
    place.put(".claude/settings.json", {});
    await place.synced();
    assertEquals(place.read(file), text);
  });
}

Deno.test("truce sync has not the defect that a user's servers land in the project", async () => {
  using place = new SyncPlace();
  Deno.writeTextFileSync(`${place.home}/.claude.json`, asJson({ mcpServers: { personal: { command: "personal" } } }));
  await place.synced("--scope all --accept-loss");
  for (const [name, content] of place.tree()) assert(!content.includes("personal"), `${name}: ${content}`);
  const [user, project] = [place.home, place.project].map((folder) => Deno.readTextFileSync(`${folder}/${codexFile}`));
  assertStringIncludes(user, "[mcp_servers.personal]");
  assertStringIncludes(project, "[mcp_servers.github]");
});

Deno.test("truce sync has not the defect that the last target to write AGENTS.md wins", async () => {
  using place = new SyncPlace({ ...sample, "AGENTS.md": "Before.\n" });
  using other = new SyncPlace({ ...sample, "AGENTS.md": "Before.\n" });
  await place.synced();
  for (const target of ["opencode", "gemini", "codex"]) {
    assertEquals((await other.run(["sync", "--target", target])).code, 0, target);
  }
  assertEquals(other.read("AGENTS.md"), place.read("AGENTS.md"));
  place.write("AGENTS.md", `First.\n${place.read("AGENTS.md")}Last.\n`);
  place.write("CLAUDE.md", "Use spaces.\n");
  await place.synced();
  const text = place.read("AGENTS.md");
  for (const part of ["First.\nBefore.\n", "Use spaces.", "Last.\n"]) assertStringIncludes(text, part);
  assert(!text.includes("Use tabs."), text);
});
