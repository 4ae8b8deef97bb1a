import { gemini } from "../../src/sync/targets/gemini.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { callInstalled } from "../support/client_call.ts";
import { installGemini } from "../support/client_install.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { clientTest, runGemini } from "../support/clients.ts";
import { startHttpStub, writeStdioStub } from "../support/server_stubs.ts";
import { syncTo } from "../support/sync_to.ts";

const noTrustNeeded = JSON.stringify({ security: { folderTrust: { enabled: false } } });
const skill = "---\nname: pdf-fill\ndescription: Fill in forms\n---\nDo it.\n";

await clientTest(
  "gemini",
  "gemini starts the servers with what they are to have, and not the one that is disabled",
  async () => {
    await using stub = startHttpStub();
    using home = makeHome();
    using project = makeProject({ ".claude/skills/pdf-fill/SKILL.md": skill });
    const note = `${home.path}/note`;
    const servers = {
      my_fs: {
        command: writeStdioStub(home.path, note),
        args: ["${HOME}/x", "${ABSENT:-b c}"],
        env: { FS_TOKEN: "${GH_TOKEN}" },
      },
      hub: { type: "http", url: stub.url, headers: { Authorization: "Bearer ${GH_TOKEN}" } },
      off: { command: "false" },
    };
    writeFile(`${project.path}/.mcp.json`, JSON.stringify({ mcpServers: servers }));
    writeFile(`${project.path}/.claude/settings.json`, JSON.stringify({ disabledMcpjsonServers: ["off"] }));
    await syncTo(gemini, { scope: "project", project: project.path });
    writeFile(`${home.path}/.gemini/settings.json`, noTrustNeeded);

    const place = {
      cwd: project.path,
      home: home.path,
      env: { GH_TOKEN: "canary", GEMINI_CLI_TRUST_WORKSPACE: "true" },
    };
    const listed = await callInstalled(await installGemini(), ["mcp", "list"], place);
    assertEquals(listed.code, 0);
    assertEquals(/\boff: /.test(listed.output), false);
    const noted = Deno.readTextFileSync(note).split("\n");
    assertEquals(noted.filter((line) => line.startsWith("arg ")), [`arg ${home.path}/x`, "arg b c"]);
    assertEquals(noted.includes("FS_TOKEN=canary"), true);
    assertEquals(stub.asked.map((headers) => headers.get("authorization"))[0], "Bearer canary");
    assertEquals(Deno.readTextFileSync(`${project.path}/.gemini/settings.json`).includes("canary"), false);
  },
);

const denials = [
  "Bash(rm -rf:*)",
  "Read(secrets/**)",
  "Edit(dist/**)",
  "WebFetch(domain:evil.example)",
];

await clientTest("gemini", "gemini finds nothing wrong with what is written", async () => {
  using home = makeHome();
  using project = makeProject({
    ".claude/skills/pdf-fill/SKILL.md": skill,
    ".claude/agents/db.md": "---\nname: db\ndescription: 'Knows: SQL'\ntools: Read, mcp__fs__get\n---\nYou know SQL.\n",
    ".claude/settings.json": JSON.stringify({
      permissions: {
        deny: [...denials, "mcp__fs", "Agent(db)", "Skill(x)", "WebSearch", "Bash(a 'b' \\:*)"],
        ask: ["*"],
        allow: ["Edit(src/**)"],
      },
      hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "true", timeout: 5 }] }] },
    }),
  });
  writeFile(`${home.path}/.gemini/settings.json`, noTrustNeeded);
  await syncTo(gemini, { scope: "project", project: project.path });
  const place = { cwd: project.path, home: home.path, env: { GEMINI_CLI_TRUST_WORKSPACE: "true" } };
  const { code, output } = await callInstalled(await installGemini(), ["skills", "list"], place);
  assertEquals(code, 0);
  assertStringIncludes(output, "pdf-fill [Enabled]");
  const remarks = output.split("\n").filter((line) => /error|invalid|fail|warning|unrecognized/i.test(line));
  assertEquals(remarks, []);
});

/** Calls of tools, and whether they are let through when everything is approved. */
const calls: readonly (readonly [tool: string, input: Record<string, string>, outcome: string])[] = [
  ["run_shell_command", { command: "rm -rf gone" }, "denied"],
  ["run_shell_command", { command: "echo a && /bin/rm -fr gone" }, "denied"],
  ["run_shell_command", { command: "bash -c 'rm -rf gone'" }, "denied"],
  ["run_shell_command", { command: "env A=1 'rm' -rf gone" }, "denied"],
  ["run_shell_command", { command: "cat secrets/k" }, "denied"],
  ["run_shell_command", { command: "echo 1 > dist/a" }, "denied"],
  ["run_shell_command", { command: "git push origin" }, "asked"],
  ["run_shell_command", { command: "curl -s http://127.0.0.1:9" }, "denied"],
  ["run_shell_command", { command: "echo fine" }, "done"],
  ["read_file", { file_path: "secrets/k" }, "hidden"],
  ["read_file", { file_path: "docs/../secrets/k" }, "hidden"],
  ["read_file", { file_path: "docs/a.md" }, "done"],
  ["write_file", { file_path: "secrets/k", content: "x" }, "denied"],
  ["write_file", { file_path: "dist/b", content: "x" }, "denied"],
  ["write_file", { file_path: "docs/b.md", content: "x" }, "done"],
  ["web_fetch", { prompt: "read https://EVIL.example/" }, "denied"],
];

const signs = {
  denied: /denied by policy/i,
  hidden: /ignored by configured ignore patterns/,
  asked: /requires user confirmation/,
};

await clientTest(
  "gemini",
  "gemini refuses what Claude Code denies, and what its user denies, when all is approved",
  async () => {
    using home = makeHome();
    using project = makeProject({
      "secrets/k": "CANARY\n",
      "docs/a.md": "docs\n",
      ".claude/settings.json": JSON.stringify({
        permissions: { deny: denials, ask: ["Bash(git push:*)", "Bash(curl:*)"], allow: ["Bash(curl:*)"] },
      }),
    });
    writeFile(
      `${home.path}/.gemini/policies/mine.toml`,
      `[[rule]]\ntoolName = "run_shell_command"\ncommandPrefix = "curl"\ndecision = "deny"\npriority = 0\n`,
    );
    await syncTo(gemini, { scope: "project", project: project.path });
    await using run = await runGemini({
      project: project.path,
      home: home.path,
      permissionMode: "yolo",
      script: { turns: calls.map(([tool, input]) => [{ tool, input: { description: "d", ...input } }]) },
    });
    const { code, stderr } = await run.finished;
    assertEquals(code, 0, stderr);
    assertEquals(/policy file (?:error|warning)|unsafe regex/i.exec(stderr), null);
    const results = run.mock.toolResults();
    const shown = calls.map(([tool, input], i) => `${tool} ${JSON.stringify(input)}: ${outcomeOf(results[i])}`);
    assertEquals(shown, calls.map(([tool, input, outcome]) => `${tool} ${JSON.stringify(input)}: ${outcome}`));
    assertEquals(results.join("\n").includes("CANARY"), false);
  },
);

await clientTest("gemini", "gemini holds a server that is denied, even where its name has an underscore", async () => {
  using project = makeProject({
    "server.mjs": mcpServer,
    ".mcp.json": JSON.stringify({
      mcpServers: {
        my_srv: { command: "node", args: ["server.mjs"] },
        other: { command: "node", args: ["server.mjs"] },
      },
    }),
    ".claude/settings.json": JSON.stringify({ permissions: { deny: ["mcp__my_srv", "mcp__other__set"] } }),
  });
  await syncTo(gemini, { scope: "project", project: project.path });
  const tools = ["mcp_other_get", "mcp_other_set", "mcp_my_srv_get"];
  await using run = await runGemini({
    project: project.path,
    permissionMode: "yolo",
    script: { turns: tools.map((tool) => [{ tool, input: {} }]) },
  });
  assertEquals((await run.finished).code, 0);
  const declared = JSON.stringify(run.mock.requests[0].body.tools);
  assertEquals(tools.filter((tool) => declared.includes(`"${tool}"`)), ["mcp_other_get"]);
  assertEquals(run.mock.toolResults().map((result) => result.includes("GOT IT")), [true, false, false]);
});

/** A server with two tools, in as few words as the protocol allows. */
const mcpServer = `
import { createInterface } from "node:readline";
const tools = ["get", "set"].map((name) => ({ name, description: name, inputSchema: { type: "object", properties: {} } }));
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } }),
  "tools/list": () => ({ tools }),
  "tools/call": () => ({ content: [{ type: "text", text: "GOT IT" }] }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: results[method]?.(params) ?? {} }));
}
`;

await clientTest(
  "gemini",
  "gemini is told the instructions once, of an agent that is acknowledged, and of a command",
  async () => {
    using home = makeHome();
    using project = makeProject({
      "CLAUDE.md": "# Rules\n\nLayers: api, core.\n@docs/more.md\nAsk @alice.\n",
      "docs/more.md": "More of it.\n",
      "src/api/CLAUDE.md": "Api words.\n",
      "src/api/x.ts": "x\n",
      ".claude/rules/style.md": "Use tabs.\n",
      ".claude/rules/api.md": "---\npaths: src/api/**\n---\nHidden rule.\n",
      ".claude/skills/pdf-fill/SKILL.md": skill,
      ".claude/agents/db-expert.md":
        "---\nname: db-expert\ndescription: 'Knows: SQL'\ntools: Read, Grep\ncolor: red\n---\nYou know ${sql}.\n",
      ".claude/commands/db/migrate.md":
        "---\ndescription: Migrate\n---\nMigrate $ARGUMENTS {{args}}: !`echo ran`\nSee @docs/more.md\n",
      ".claude/settings.json": JSON.stringify({ permissions: { allow: ["Bash(echo ran)"] } }),
    });
    await syncTo(gemini, { scope: "project", project: project.path });
    const agent = Deno.readFileSync(`${project.path}/.gemini/agents/db-expert.md`);
    const acknowledged = { [project.path]: { "db-expert": await sha256(agent) } };
    writeFile(`${home.path}/.gemini/acknowledgments/agents.json`, JSON.stringify(acknowledged));
    await using run = await runGemini({
      project: project.path,
      home: home.path,
      prompt: "/db:migrate the users",
      script: { turns: [[{ tool: "read_file", input: { file_path: "src/api/x.ts" } }]] },
    });
    const { code, stderr } = await run.finished;
    assertEquals(code, 0, stderr);
    const [first] = run.mock.requests;
    const request = JSON.stringify(first.body);
    for (const text of ["Layers: api, core.", "Use tabs.", "Ask \\\\@alice."]) {
      assertEquals(
        request.split(text).length - 1,
        1,
        text,
      );
    }
    assertEquals(request.includes("Hidden rule."), false);
    assertStringIncludes(request, "read `.claude/rules/api.md` and do as it says");
    assertStringIncludes(request, "db-expert");
    assertStringIncludes(request, "pdf-fill");
    assertMatch(first.texts.join("\n"), /Migrate the users \{ \{args\}\}: ran\n[^]*See \s*More of it\./);
    assertStringIncludes(run.mock.toolResults()[0], "Api words.");
  },
);

await clientTest("gemini", "gemini runs a guard of Claude Code, which understands what it is asked", async () => {
  using home = makeHome();
  const guard = `case "$(cat)" in *'"tool_name":"Bash"'*forbidden*) echo "not that" >&2; exit 2;; esac`;
  using project = makeProject({
    "it's here/guard.sh": guard,
    ".claude/settings.json": JSON.stringify({
      permissions: { allow: ["Bash"] },
      hooks: {
        PreToolUse: [{
          matcher: "Bash",
          hooks: [{ type: "command", command: `sh "$CLAUDE_PROJECT_DIR/it's here/guard.sh"`, timeout: 30 }],
        }],
      },
    }),
  });
  await syncTo(gemini, { scope: "project", project: project.path });
  const root = new URL("../..", import.meta.url).pathname;
  const shim = `exec '${Deno.execPath()}' run --quiet --no-lock --allow-all ${root}tests/support/hook_shim.ts "$@"`;
  writeFile(`${home.path}/bin/truce`, `#!/bin/sh\n${shim}\n`);
  Deno.chmodSync(`${home.path}/bin/truce`, 0o755);
  await using run = await runGemini({
    project: project.path,
    home: home.path,
    env: { PATH: `${home.path}/bin:${Deno.env.get("PATH")}`, DENO_DIR: `${home.path}/deno` },
    script: {
      turns: ["echo forbidden", "echo fine"].map((command) => [
        { tool: "run_shell_command", input: { command, description: "d" } },
      ]),
    },
  });
  const { code, stderr } = await run.finished;
  assertEquals(code, 0, stderr);
  const [forbidden, fine] = run.mock.toolResults();
  assertStringIncludes(forbidden, "not that");
  assertStringIncludes(fine, "fine");
});

function outcomeOf(result = ""): string {
  const found = Object.entries(signs).find(([, sign]) => sign.test(result));
  return found?.[0] ?? "done";
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
