import { asObject, field, type JsonObject } from "../../src/base/decode.ts";
import { opencode } from "../../src/sync/targets/opencode.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { type Called, callInstalled } from "../support/client_call.ts";
import { installOpencode } from "../support/client_install.ts";
import { makeHome, makeProject, type TemporaryFolder, writeFile } from "../support/client_project.ts";
import { startHttpStub, writeStdioStub } from "../support/server_stubs.ts";
import { syncTo } from "../support/sync_to.ts";

const installed = await installOpencode();
const name = installed.kind === "missing" ? ` (ignored: ${installed.reason})` : "";
const prevented = /specified a rule which prevents you from using this specific tool call|is disabled for agent/;

/** A home and a project, and OpenCode in them. */
class Scene implements Disposable {
  readonly home: TemporaryFolder = makeHome();
  readonly project: TemporaryFolder;

  constructor(files: Readonly<Record<string, string>>) {
    const own = Object.entries(files).filter(([path]) => !path.startsWith("~/"));
    this.project = makeProject(Object.fromEntries(own));
    for (const [path, text] of Object.entries(files)) {
      if (path.startsWith("~/")) writeFile(`${this.home.path}/${path.slice(2)}`, text);
    }
  }

  async sync(): Promise<void> {
    await syncTo(opencode, { scope: "user", home: this.home.path });
    await syncTo(opencode, { scope: "project", project: this.project.path });
  }

  call(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Called> {
    return callInstalled(installed, ["--pure", ...args], { cwd: this.project.path, home: this.home.path, env });
  }

  async config(): Promise<JsonObject> {
    const { code, output } = await this.call(["debug", "config"]);
    assertEquals(code, 0, output);
    return asObject(JSON.parse(output)) ?? {};
  }

  /** Says whether a call of a tool is denied to an agent. What is asked counts as allowed here. */
  async isDenied(tool: string, params: JsonObject, agent = "build"): Promise<boolean> {
    const { code, output } = await this.call([
      "debug",
      "agent",
      agent,
      "--tool",
      tool,
      "--params",
      JSON.stringify(params),
    ]);
    assertEquals(code === 0 || prevented.test(output), true, output);
    return code !== 0;
  }

  [Symbol.dispose](): void {
    this.home[Symbol.dispose]();
    this.project[Symbol.dispose]();
  }
}

function opencodeTest(what: string, run: () => Promise<void>): void {
  Deno.test({ name: what + name, ignore: installed.kind === "missing", fn: run });
}

function bash(command: string): JsonObject {
  return { command, description: "d" };
}

opencodeTest("opencode starts with what is written, and shows the same servers, agents and commands", async () => {
  using scene = new Scene({
    "CLAUDE.md": "# Rules\n",
    ".claude/agents/db-expert.md":
      "---\nname: db-expert\ndescription: 'Knows: SQL'\ntools: Read, Grep\ncolor: red\n---\nYou know SQL.\n",
    ".claude/commands/db/migrate.md":
      "---\ndescription: 'Migrate: all'\nargument-hint: '[name]'\nallowed-tools: Bash\n---\nMigrate $ARGUMENTS.\n",
    ".claude/skills/pdf-fill/SKILL.md": "---\nname: pdf-fill\ndescription: Fill in forms\n---\nDo it.\n",
    ".mcp.json": JSON.stringify({
      mcpServers: { "my fs": { command: "true", args: ["${HOME}"] }, off: { command: "x" } },
    }),
    ".claude/settings.json": JSON.stringify({ disabledMcpjsonServers: ["off"], permissions: { deny: ["Bash(x:*)"] } }),
  });
  await scene.sync();
  const config = await scene.config();
  assertEquals(field(config, "mcp"), {
    "my fs": { type: "local", command: ["true", scene.home.path] },
    off: { type: "local", command: ["x"], enabled: false },
  });
  assertEquals(Object.keys(asObject(field(config, "command")) ?? {}), ["db/migrate"]);
  const agent = field(field(config, "agent"), "db-expert");
  assertEquals([field(agent, "mode"), field(agent, "prompt")], ["subagent", "You know SQL."]);
  assertEquals(await scene.isDenied("bash", bash("echo"), "db-expert"), true);
  assertEquals(await scene.isDenied("glob", { pattern: "*" }, "db-expert"), true);
  const skills = await scene.call(["debug", "skill"]);
  assertEquals(skills.output.split('"name": "pdf-fill"').length - 1, 1);
});

opencodeTest("opencode starts servers with what they are to have", async () => {
  await using stub = startHttpStub();
  using scene = new Scene({});
  const note = `${scene.home.path}/note`;
  const servers = {
    fs: { command: writeStdioStub(scene.home.path, note), args: ["${HOME}/x"], env: { FS_TOKEN: "${GH_TOKEN}" } },
    hub: { type: "http", url: stub.url, headers: { Authorization: "Bearer ${GH_TOKEN}" } },
  };
  writeFile(`${scene.project.path}/.mcp.json`, JSON.stringify({ mcpServers: servers }));
  await scene.sync();
  const { code, output } = await scene.call(["mcp", "list"], { GH_TOKEN: "canary" });
  assertEquals(code, 0, output);
  const noted = Deno.readTextFileSync(note).split("\n");
  assertEquals(noted.filter((line) => line.startsWith("arg ")), [`arg ${scene.home.path}/x`]);
  assertEquals(noted.includes("FS_TOKEN=canary"), true);
  assertEquals(stub.asked[0].get("authorization"), "Bearer canary");
  assertEquals(Deno.readTextFileSync(`${scene.project.path}/.opencode/opencode.json`).includes("canary"), false);
});

/** Calls of tools in a project, and whether they are denied. */
const calls: readonly (readonly [tool: string, params: JsonObject, isDenied: boolean])[] = [
  ["bash", bash("rm -rf gone"), true],
  ["bash", bash("echo a && sudo /bin/rm -fr gone"), true],
  ["bash", bash("cat secrets/k"), true],
  ["bash", bash("echo fine"), false],
  ["read", { filePath: "{project}/secrets/k" }, true],
  ["read", { filePath: "{project}/docs/a.md" }, false],
  ["write", { filePath: "{project}/secrets/k", content: "x" }, true],
  ["edit", { filePath: "{project}/dist/a", oldString: "1", newString: "2" }, true],
  ["webfetch", { url: "https://evil.example/x", format: "text" }, true],
  ["task", { description: "d", prompt: "p", subagent_type: "general" }, true],
];

opencodeTest("opencode refuses what Claude Code denies", async () => {
  const deny = [
    "Bash(rm -rf:*)",
    "Read(./secrets/**)",
    "Edit(dist/**)",
    "WebFetch(domain:evil.example)",
    "Agent(general)",
  ];
  using scene = new Scene({
    "secrets/k": "k\n",
    "docs/a.md": "docs\n",
    "dist/a": "1\n",
    ".claude/settings.json": JSON.stringify({ permissions: { deny, ask: ["Bash(rm:*)"] } }),
  });
  await scene.sync();
  const shown: string[] = [];
  for (const [tool, params] of calls) {
    const here = asObject(JSON.parse(JSON.stringify(params).replaceAll("{project}", scene.project.path))) ?? {};
    shown.push(`${tool} ${JSON.stringify(params)}: ${await scene.isDenied(tool, here)}`);
  }
  assertEquals(shown, calls.map(([tool, params, isDenied]) => `${tool} ${JSON.stringify(params)}: ${isDenied}`));
});

opencodeTest("opencode refuses what the user denies, whatever the project asks or allows", async () => {
  using scene = new Scene({
    "~/.claude/settings.json": JSON.stringify({ permissions: { deny: ["Bash(npm publish:*)", "Read(~/.ssh/**)"] } }),
    "~/.config/opencode/opencode.jsonc":
      '{\n  // mine\n  "permission": { "bash": "deny", "edit": { "mine/*": "deny" } },\n}\n',
    "opencode.json": JSON.stringify({ permission: { bash: { "*": "allow" } } }),
    ".claude/settings.json": JSON.stringify({
      permissions: { ask: ["Bash(npm:*)", "Edit(mine2/**)"], deny: ["Bash(x:*)"] },
    }),
    ".claude/agents/mate.md": "---\nname: mate\ndescription: Helps\n---\nHelp.\n",
  });
  await scene.sync();
  assertEquals(await scene.isDenied("bash", bash("npm publish")), true);
  assertEquals(await scene.isDenied("read", { filePath: `${scene.home.path}/.ssh/id` }), true);
  assertEquals(await scene.isDenied("write", { filePath: `${scene.project.path}/mine/a`, content: "x" }), true);
  assertEquals(await scene.isDenied("bash", bash("x 1"), "mate"), true);
  const written = Deno.readTextFileSync(`${scene.home.path}/.config/opencode/opencode.jsonc`);
  assertStringIncludes(written, '// mine\n  "permission": { "bash": "deny", "edit": { "mine/*": "deny" }');
});

opencodeTest("opencode keeps what the user has set stricter than the project", async () => {
  using scene = new Scene({
    "~/.config/opencode/opencode.json": JSON.stringify({ permission: { bash: "deny" } }),
    ".claude/settings.json": JSON.stringify({ permissions: { deny: ["Bash(rm -rf:*)"], ask: ["Bash(git push:*)"] } }),
  });
  await scene.sync();
  assertEquals(await scene.isDenied("bash", bash("echo fine")), true);
});

opencodeTest("opencode refuses what Claude Code denies also where there is no repository", async () => {
  using scene = new Scene({
    "secrets/k": "k\n",
    ".claude/settings.json": JSON.stringify({ permissions: { deny: ["Read(secrets/**)"] } }),
  });
  Deno.removeSync(`${scene.project.path}/.git`, { recursive: true });
  await scene.sync();
  assertEquals(await scene.isDenied("read", { filePath: `${scene.project.path}/secrets/k` }), true);
});
