// What truce writes for Codex, judged by Codex itself.

import { field } from "../../src/base/decode.ts";
import { codex } from "../../src/sync/targets/codex.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { installCodex } from "../support/client_install.ts";
import { byName, CodexPlace, fieldsOf } from "../support/codex_place.ts";
import { filesBelow } from "../support/place.ts";
import { unknownModel } from "../support/scripted_responses.ts";
import { syncTo } from "../support/sync_to.ts";

type Files = Readonly<Record<string, string>>;

const settings = {
  permissions: {
    deny: ["Bash(rm -rf:*)", "Bash(curl * | sh)", "mcp__hub__drop", "WebSearch", "Read(/.env)", "Read(/secrets/**)"],
    ask: ["Bash(git push:*)"],
    allow: ["Bash(npm run test:*)"],
  },
  env: { NODE_ENV: "test" },
  hooks: {
    PreToolUse: [{
      matcher: "Bash|Read",
      hooks: [{ type: "command", command: `echo "$CLAUDE_PROJECT_DIR" > "$CLAUDE_PROJECT_DIR/hook.txt"`, timeout: 10 }],
    }],
    Stop: [{ hooks: [{ type: "command", command: "true" }] }],
  },
};
const servers = {
  fs: { command: "fs-server", args: ["-y"], env: { FS_TOKEN: "${FS_TOKEN}", MODE: "ro" } },
  hub: {
    type: "http",
    url: "http://127.0.0.1:9/mcp",
    headers: { Authorization: "Bearer ${HUB_TOKEN}" },
    timeout: 60000,
  },
  "my.dotted-server": { command: "true" },
};
/** A project that uses much of Claude Code, and a user with an own config.toml. */
const tree: Files = {
  "project/CLAUDE.md": "# Project\n\n@docs/layers.md\n",
  "project/docs/layers.md": "Layers: api, then store.\n",
  "project/src/api/CLAUDE.md": "Only in the api.\n",
  "project/CLAUDE.local.md": "Canary of a person.\n",
  "project/.claude/rules/ts.md": "---\npaths: src/**/*.ts\n---\nBe strict with types.\n",
  "project/.claude/skills/pdf-fill/SKILL.md": "---\nname: pdf-fill\ndescription: Fill forms.\n---\nFill.\n",
  "project/.claude/commands/db/migrate.md": "---\ndescription: 'Run: the migration'\n---\nRun $ARGUMENTS\n",
  "project/.claude/agents/expert.md":
    "---\nname: db-expert\ndescription: Knows databases.\n---\nSay \"SQL\", '''so'''.\n",
  "project/.claude/settings.json": JSON.stringify(settings),
  "project/.mcp.json": JSON.stringify({ mcpServers: servers }),
  "project/.env": "SECRET\n",
  "project/secrets/deep/key": "SECRET\n",
  "project/README.md": "Read me.\n",
  "home/.claude/CLAUDE.md": "What the user says.\n",
  "home/.claude/settings.json": JSON.stringify({ permissions: { deny: ["Read(~/.ssh/**)", "Read(.env)"] } }),
  "home/.ssh/key": "SECRET\n",
  "home/.codex/config.toml": '# Mine.\nmodel_reasoning_effort = "low" # so\n',
};
const installed = await installCodex();
const isSandboxed = installed.kind === "installed" && await canSandbox();

codexTest("codex mcp: lists the servers of a project, with their variables by name and no network", async () => {
  using place = await synced(tree);
  const list = byName(await place.json(["mcp", "list", "--json"]));
  assertEquals([...list.keys()].sort(), ["fs", "hub", "my.dotted-server"]);
  assertEquals(fieldsOf(field(list.get("fs"), "transport"), "type", "args", "env", "env_vars"), [
    "stdio",
    ["-y"],
    { MODE: "ro" },
    ["FS_TOKEN"],
  ]);
  const hub = await place.json(["mcp", "get", "hub", "--json"]);
  assertEquals(field(field(hub, "transport"), "bearer_token_env_var"), "HUB_TOKEN");
  assertEquals(fieldsOf(hub, "enabled", "disabled_tools", "tool_timeout_sec"), [true, ["drop"], 60]);
  const strict = await place.run(["app-server", "--strict-config", "--print-startup-config"]);
  assertEquals(strict.code, 0, strict.stderr + strict.stdout);
});

const decisions: readonly (readonly [command: string, decision: string | undefined])[] = [
  ["rm -rf build", "forbidden"],
  ["/bin/rm -fr build", "forbidden"],
  ["rm -f -r build", "forbidden"],
  ["sudo rm -rf build", "forbidden"],
  ["sudo -n rm -rf build", "prompt"],
  ["bash -lc rm", "prompt"],
  ["curl x", "forbidden"],
  ["git push origin", "prompt"],
  ["git pull", undefined],
  ["rm build", undefined],
  ["npm run test", undefined],
];

codexTest("codex execpolicy: decides as Claude Code would, or more strictly", async () => {
  using place = await synced(tree);
  for (const [command, decision] of decisions) {
    const check = ["execpolicy", "check", "--rules", ".codex/rules/truce.rules", ...command.split(" ")];
    assertEquals(field(await place.json(check), "decision"), decision, command);
  }
});

codexTest("codex debug prompt-input: tells the model each thing once, and nothing private", async () => {
  using place = await synced(tree);
  const { stdout } = await place.run(["debug", "prompt-input", "hi"]);
  const count = (text: string) => stdout.split(text).length - 1;
  assertEquals(count("Layers: api, then store."), 1);
  assertEquals(count("Be strict with types."), 1);
  assertEquals(count("What the user says."), 1);
  assertStringIncludes(stdout, "pdf-fill: Fill forms.");
  assertEquals([count("db-migrate"), count("Only in the api."), count("Canary of a person.")], [0, 0, 0]);
});

codexTest(
  "codex app-server: lists the skills and the hooks, and reads the configuration without a warning",
  async () => {
    using place = await synced(tree);
    const cwds = [place.project];
    const skills = firstOf(await place.ask("skills/list", { cwds }));
    assertEquals(field(skills, "errors"), []);
    const own = [...byName(field(skills, "skills")).values()].filter((skill) => skill.scope === "repo");
    assertEquals(own.map(({ name }) => name).sort(), ["db-migrate", "pdf-fill"]);
    const hooks = firstOf(await place.ask("hooks/list", { cwds }));
    assertEquals(fieldsOf(hooks, "warnings", "errors"), [[], []]);
    const listed = field(hooks, "hooks");
    assert(Array.isArray(listed));
    assertEquals(listed.map((hook) => fieldsOf(hook, "eventName", "matcher", "timeoutSec", "trustStatus")), [
      ["preToolUse", "Bash", 10, "untrusted"],
      ["stop", null, 600, "untrusted"],
    ]);
    const config = field(await place.ask("config/read", { cwd: place.project, includeLayers: false }), "config");
    assertEquals(field(config, "web_search"), "disabled");
    assertEquals(field(field(config, "shell_environment_policy"), "set"), { NODE_ENV: "test" });
  },
);

codexTest("codex sandbox: reads nothing that the user denies, in any project", async () => {
  using place = await synced(tree);
  assertStringIncludes(await place.inSandbox("cat .env"), "Permission denied");
  assertStringIncludes(await place.inSandbox("cat ~/.ssh/key"), "Permission denied");
  assertEquals(await place.inSandbox("head -1 CLAUDE.md"), "# Project");
  assertStringIncludes(Deno.readTextFileSync(`${place.home}/.codex/config.toml`), `# Mine.\n`);
}, "sandbox");

codexTest("codex sandbox: reads nothing that a project denies which selects a profile", async () => {
  using place = await synced({ ...tree, "project/.codex/config.toml": `default_permissions = "truce"\n` });
  for (const path of [".env", "secrets/deep/key", "~/.ssh/key"]) {
    assertStringIncludes(await place.inSandbox(`cat ${path}`), "Permission denied");
  }
  assertEquals(await place.inSandbox("echo x > new.txt && cat new.txt README.md"), "x\nRead me.");
}, "sandbox");

/** What a user has set, a command that it keeps from working, and what that says. */
const postures: readonly (readonly [config: string, command: string, complaint: string])[] = [
  [`sandbox_mode = "read-only"\n`, "echo x > new.txt", "Read-only file system"],
  [`default_permissions = ":read-only"\n`, "echo x > new.txt", "Read-only file system"],
  [
    `default_permissions = "mine"\n[permissions.mine]\nextends = ":workspace"\n` +
    `[permissions.mine.filesystem.":workspace_roots"]\n"README.md" = "deny"\n`,
    "cat README.md",
    "Permission denied",
  ],
  [
    `default_permissions = "truce"\n[permissions.truce]\nextends = ":read-only"\n`,
    "echo x > new.txt",
    "Read-only file system",
  ],
];

codexTest("codex sandbox: what a user has set more strictly holds after a sync of user and project", async () => {
  for (const [config, command, complaint] of postures) {
    using place = await synced({ ...tree, "home/.codex/config.toml": config });
    assertStringIncludes(await place.inSandbox(command), complaint, config);
  }
}, "sandbox");

codexTest("codex exec: refuses at work what is denied, also where it cannot take a line apart", async () => {
  using place = await synced({ ...tree, "project/build/x": "x" });
  const commands = [
    "rm -rf build",
    "echo a && rm -rf build",
    "rm -rf build > /dev/null",
    "sudo -n rm -rf build",
    "git push",
    "cat .env",
    "echo a | cat README.md -",
  ];
  const { answers } = await place.session(commands.map((command) => ({ command })));
  assertStringIncludes(answers[0], "Claude Code denies Bash(rm -rf:*)");
  assertStringIncludes(answers[1], "Claude Code denies Bash(rm -rf:*)");
  for (const answer of answers.slice(2, 5)) assertStringIncludes(answer, "approval required by policy");
  assertStringIncludes(answers[5], "Permission denied");
  assertStringIncludes(answers[6], "Read me.\na");
  assertEquals(Deno.readTextFileSync(`${place.project}/build/x`), "x");
}, "sandbox");

codexTest("codex exec: runs the hook in the project, and has no search where that is denied", async () => {
  using place = await synced(tree);
  const args = ["--dangerously-bypass-hook-trust"];
  const { answers, request } = await place.session([{ command: "cat README.md" }], { args });
  assertStringIncludes(answers[0], "Read me.");
  assertEquals(Deno.readTextFileSync(`${place.project}/hook.txt`).trim(), place.project);
  assertStringIncludes(request, '"exec_command"');
  assertEquals(request.includes('"web_search"'), false);
}, "sandbox");

codexTest("codex exec: knows the sub-agent of the project", async () => {
  using place = await synced(tree);
  const { request } = await place.session([], { model: unknownModel });
  assertStringIncludes(request, "db-expert: {\\nKnows databases.");
});

codexTest("codex exec: has no shell and no sub-agents where these are denied as a whole", async () => {
  const denied = JSON.stringify({ permissions: { deny: ["Bash", "Agent"] } });
  using place = await synced({ ...tree, "project/.claude/settings.json": denied });
  const { request } = await place.session([], { model: unknownModel });
  assertStringIncludes(request, '"view_image"');
  assertEquals([request.includes('"exec_command"'), request.includes("spawn_agent")], [false, false]);
});

codexTest("codex exec: sends a server its token, and no file holds that", async () => {
  const seen: Headers[] = [];
  const answer = (request: Request) => {
    seen.push(request.headers);
    return new Response(null, { status: 404 });
  };
  await using stub = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const headers = { Authorization: "Bearer ${HUB_TOKEN}", "X-Org": "${ORG}", "X-Unset": "${UNSET_VARIABLE}" };
  const hub = { type: "http", url: `http://127.0.0.1:${stub.addr.port}/mcp`, headers };
  const env = { PASSED: "${PASSED}", LITERAL: "b" };
  const child = { command: "sh", args: ["-c", "env > child.txt"], env };
  using place = await synced({ ...tree, "project/.mcp.json": JSON.stringify({ mcpServers: { hub, child } }) });
  const canaries = {
    HUB_TOKEN: "canary-token",
    ORG: "canary-org",
    PASSED: "canary-passed",
    UNLISTED: "canary-unlisted",
  };
  await place.session([], { env: canaries });
  assertEquals(seen[0]?.get("authorization"), "Bearer canary-token");
  assertEquals([seen[0]?.get("x-org"), seen[0]?.get("x-unset")], ["canary-org", null]);
  const lines = Deno.readTextFileSync(`${place.project}/child.txt`).split("\n");
  assert(lines.includes("PASSED=canary-passed") && lines.includes("LITERAL=b"));
  assertEquals(lines.some((line) => line.includes("canary-unlisted")), false);
  const written = filesBelow(place.project).filter((path) => /\.(?:toml|rules|json|md)$/.test(path));
  assertEquals(written.filter((path) => Deno.readTextFileSync(path).includes("canary-")), []);
});

function codexTest(name: string, run: () => Promise<void>, need?: "sandbox"): void {
  const reason = installed.kind === "missing"
    ? installed.reason
    : need === "sandbox" && !isSandboxed
    ? "its sandbox cannot be had here"
    : undefined;
  if (reason === undefined) Deno.test(name, run);
  else Deno.test.ignore(`${name} (ignored: ${reason})`, run);
}

/** Writes the files, and what truce makes of them for the user and the project. */
async function synced(files: Files): Promise<CodexPlace> {
  assert(installed.kind === "installed");
  const place = new CodexPlace(installed.command, files);
  await syncTo(codex, { scope: "user", home: place.home });
  await syncTo(codex, { scope: "project", project: place.project });
  return place;
}

async function canSandbox(): Promise<boolean> {
  assert(installed.kind === "installed");
  using place = new CodexPlace(installed.command, {});
  return await place.inSandbox("echo ran") === "ran";
}

function firstOf(result: unknown): unknown {
  const data = field(result, "data");
  return Array.isArray(data) ? data[0] : undefined;
}
