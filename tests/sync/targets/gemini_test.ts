import { readToml } from "../../../src/edit/toml.ts";
import type { Agent, Hook, Instructions, Item, Rule, Server, SlashCommand } from "../../../src/sync/model.ts";
import { gemini } from "../../../src/sync/targets/gemini.ts";
import { geminiEvents } from "../../../src/sync/targets/gemini/hooks.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { originOf, permission, said, server, stdio } from "../fixtures/codex.ts";
import { originAt, outcomes, play } from "../fixtures/gemini.ts";

const http: Exclude<Server["transport"], typeof stdio> = { type: "http", url: "https://s.example/mcp", headers: {} };

function claudeMd(text: string, fields: Partial<Instructions> = {}): Instructions {
  return { kind: "instructions", name: "", text, expanded: text, origin: originAt("CLAUDE.md"), ...fields };
}

function rule(name: string, text: string, globs: readonly string[] = []): Rule {
  return { kind: "rule", name, text, globs, origin: originAt(`.claude/rules/${name}.md`) };
}

function agent(fields: Partial<Agent> = {}): Agent {
  const origin = originAt(".claude/agents/db.md");
  return {
    kind: "agent",
    name: "db",
    description: "Knows: SQL",
    disallowedTools: [],
    body: "Be it.",
    rest: {},
    origin,
    ...fields,
  };
}

function command(body: string, fields: Partial<SlashCommand> = {}): SlashCommand {
  return {
    kind: "command",
    name: "db/migrate",
    allowedTools: [],
    body,
    origin: originAt(".claude/commands/db/migrate.md"),
    ...fields,
  };
}

function hook(fields: Partial<Hook> = {}): Hook {
  return {
    kind: "hook",
    event: "PreToolUse",
    type: "command",
    command: "guard.sh",
    origin: originOf("project"),
    ...fields,
  };
}

Deno.test("gemini imports CLAUDE.md in GEMINI.md, in every folder that has one, and rules that are always told", () => {
  const { texts, fates } = play([
    claudeMd("Layers."),
    claudeMd("Api.", { name: "src/api", origin: originAt("src/api/CLAUDE.md") }),
    claudeMd("Deep.", { name: "deep", origin: originAt("deep/.claude/CLAUDE.md") }),
    rule("style", "Tabs."),
  ]);
  assertEquals(texts, {
    "/p/GEMINI.md": "@./CLAUDE.md\n\n@./.claude/rules/style.md",
    "/p/src/api/GEMINI.md": "@./CLAUDE.md",
    "/p/deep/GEMINI.md": "@./.claude/CLAUDE.md",
  });
  assertEquals(said(fates), ["exact", "exact", "exact", "exact"]);
});

Deno.test("gemini is told to read a rule that is for certain files before it works on them", () => {
  const { texts, fates } = play([rule("api", "Use it.", ["src/api/**", "*.api"])]);
  const sentence =
    "Before you work on files that match `src/api/**` or `*.api`, read `.claude/rules/api.md` and do as it says.";
  assertEquals([texts["/p/GEMINI.md"], ...said(fates)], [sentence, "approximated"]);
});

Deno.test("gemini gets the text itself where it would understand an @ otherwise than Claude Code", () => {
  const texts: readonly (readonly [text: string, expanded: string, written: string])[] = [
    ["Ask @alice.", "Ask @alice.", "Ask \\@alice."],
    ["See @docs/a.md", "See Layers.", "See Layers."],
    ["Use `@x` and a@b.c", "Use `@x` and a@b.c", "@./CLAUDE.md"],
    ["```\n@x\n```\n@y", "```\n@x\n```\n@y", "```\n@x\n```\n\\@y"],
    ["@~/.claude/my.md", "@~/.claude/my.md", "@./CLAUDE.md"],
  ];
  for (const [text, expanded, written] of texts) {
    const imports = text === expanded ? [] : [{ path: "/p/docs/a.md", text: "Layers." }];
    assertEquals(play([claudeMd(text, { expanded, imports })]).texts["/p/GEMINI.md"], written, text);
  }
});

Deno.test("gemini reads the instructions that are there already as they are", () => {
  const items = [claudeMd("Layers.")];
  const same = play(items, { files: { "/p/GEMINI.md": "Layers." } });
  assertEquals([same.files, said(same.fates)], [[], ["native"]]);
  const imported = play(items, { files: { "/p/GEMINI.md": "# Mine\n@CLAUDE.md\n" } });
  assertEquals([imported.files, said(imported.fates)], [[], ["native"]]);
  const block = "<!-- truce:begin 0 Written. -->\n@./CLAUDE.md\n<!-- truce:end -->\n";
  assertEquals(play(items, { files: { "/p/GEMINI.md": block } }).texts, { "/p/GEMINI.md": "@./CLAUDE.md" });
});

Deno.test("gemini finds instructions in the files that its settings name", () => {
  const named = (fileName: unknown) =>
    play([claudeMd("Layers.")], {
      files: { "/p/.gemini/settings.json": `{ /* mine */ "context": { "fileName": ${JSON.stringify(fileName)} } }` },
    });
  assertEquals(Object.keys(named(["AGENTS.md", "GEMINI.md"]).texts), ["/p/AGENTS.md"]);
  assertEquals(Object.keys(named("RULES.md").texts), ["/p/RULES.md"]);
  assertEquals([named(["CLAUDE.md"]).files, said(named("CLAUDE.md").fates)], [[], ["native"]]);
});

Deno.test("gemini gets no private item in a project, and no item of another scope", () => {
  const origin = originOf("private");
  const items: Item[] = [
    claudeMd("Mine.", { origin: originAt("CLAUDE.local.md", "private") }),
    server("s", { scope: "private" }),
    permission("deny Bash(x:*)", "private"),
    hook({ origin }),
    agent({ origin }),
    command("x", { origin }),
    { kind: "setting", name: "additionalDirectories", value: ["/x"], origin },
    { kind: "env", name: "A", value: "b", origin },
  ];
  const { files, fates } = play(items);
  assertEquals([files, said(fates)], [[], items.map(() => "refused")]);
  assertEquals(play([permission("deny Bash(x:*)", "user")]).fates, []);
});

Deno.test("gemini writes what is the user's to the home, with the text of CLAUDE.md in it", () => {
  const origin = originAt(".claude/CLAUDE.md", "user");
  const { texts, settings } = play(
    [claudeMd("Be brief.", { origin }), permission("deny Bash(x:*)", "user"), server("s", { scope: "user" })],
    { scope: "user" },
  );
  assertEquals(Object.keys(texts), ["/h/.gemini/GEMINI.md", "/h/.gemini/policies/truce.toml"]);
  assertEquals(texts["/h/.gemini/GEMINI.md"], "Be brief.");
  assertEquals(Object.keys(settings), ["/mcpServers/s"]);
});

Deno.test("gemini reads the policies of a user and of a project, whatever the settings name besides", () => {
  const items = [permission("deny Bash(x:*)", "user")];
  const paths = (list: unknown) =>
    play(items, { scope: "user", files: { "/h/.gemini/settings.json": JSON.stringify({ policyPaths: list }) } })
      .settings["/policyPaths/-"];
  assertEquals(paths([]), undefined);
  assertEquals(paths(["~/.gemini/policies"]), undefined);
  assertEquals(paths(["~/mine"]), ["~/.gemini/policies/truce.toml"]);
  assertEquals(paths(["~/mine", "~/.gemini/policies/truce.toml"]), ["~/.gemini/policies/truce.toml"]);
  const inProject = play([permission("ask Bash(x:*)")]).settings["/policyPaths/-"];
  assertEquals(inProject, ["~/.gemini/policies", ".gemini/policies/truce.toml"]);
});

Deno.test("gemini writes a server in its own fields, with references as they are", () => {
  const { settings, fates } = play([
    server("fs", {
      transport: { ...stdio, args: ["${HOME}/x", "${A:-b}"], env: { TOKEN: "${GH_TOKEN}" }, cwd: "/srv" },
      timeoutMs: 1500,
    }),
    server("hub", { transport: { ...http, headers: { Authorization: "Bearer ${TOKEN}" } } }),
    server("old", { transport: { ...http, type: "sse" }, isEnabled: false }),
  ]);
  assertEquals(settings, {
    "/mcpServers/fs": {
      command: "npx",
      args: ["${HOME}/x", "${A:-b}"],
      env: { TOKEN: "${GH_TOKEN}" },
      cwd: "/srv",
      timeout: 1500,
    },
    "/mcpServers/hub": { httpUrl: "https://s.example/mcp", headers: { Authorization: "Bearer ${TOKEN}" } },
  });
  assertEquals(said(fates), ["exact", "exact", "approximated"]);
});

const lossyServers: readonly (readonly [outcome: string, server: Partial<Server>])[] = [
  ["refused: Gemini CLI does not speak to servers over WebSocket", { transport: { ...http, type: "ws" } }],
  ["refused: its headers come from a program", { transport: { ...http, headersHelper: "x" } }],
  ["refused: a secret is written out in its header Authorization", {
    transport: { ...http, headers: { Authorization: "Bearer canary-1" } },
  }],
  ["refused: a secret is written out in its variable API_KEY", { transport: { ...stdio, env: { API_KEY: "canary" } } }],
  ["refused: a secret is written out in its arguments", { transport: { ...stdio, args: ["--token=canary"] } }],
  ["approximated: Gemini CLI gives no server the variable NODE_OPTIONS", {
    transport: { ...stdio, env: { NODE_OPTIONS: "-r x" } },
  }],
  ["approximated: Gemini CLI puts in a variable for every word behind a dollar sign", {
    transport: { ...stdio, args: ["$HOME"] },
  }],
  ["approximated: Gemini CLI puts in a variable for every word behind a dollar sign", {
    transport: { ...stdio, cwd: "$HOME/work" },
  }],
  ["approximated: not carried over: oauth", { unknown: ["oauth"] }],
  ['approximated: it is called "a-b" there', { name: "a b" }],
];

Deno.test("gemini says what is lost of a server, and never writes a secret", () => {
  for (const [outcome, fields] of lossyServers) {
    const played = play([server("s", fields)]);
    assertStringIncludes(outcomes(played)[0], outcome);
    assertEquals(played.files.length, outcome.startsWith("refused") ? 0 : 1, outcome);
    assertEquals(JSON.stringify([played.files, outcomes(played)]).includes("canary"), false, outcome);
  }
  const twins = play([server("a b"), server("a/b")]);
  assertEquals(said(twins.fates), ["approximated", "refused"]);
});

Deno.test("gemini gets a sub-agent with its own names of tools, and no field that it does not know", () => {
  const item = agent({ tools: ["Read", "Bash", "mcp__fs__get"], model: "sonnet", rest: { color: "red", maxTurns: 3 } });
  const played = play([item]);
  assertEquals(
    played.texts["/p/.gemini/agents/db.md"],
    [
      "---",
      "name: db",
      'description: "Knows: SQL"',
      "tools:",
      '  - "read_file"',
      '  - "read_many_files"',
      '  - "run_shell_command"',
      '  - "mcp_fs_get"',
      "max_turns: 3",
      "---",
      "",
      "Be it.",
      "",
    ].join("\n"),
  );
  assertEquals(outcomes(played), [
    "approximated: Gemini CLI asks every user of the project to acknowledge it before it is used; " +
    "it has the model of the session; not carried over: color",
  ]);
});

Deno.test("gemini never gives a sub-agent more tools than Claude Code does", () => {
  const tools = (fields: Partial<Agent>) => {
    const { texts, fates } = play([agent(fields)]);
    const text = texts["/p/.gemini/agents/db.md"];
    return text === undefined ? fates[0].reason : Array.from(text.matchAll(/^ {2}- "(.*)"$/gm), ([, tool]) => tool);
  };
  assertEquals(tools({}), []);
  assertEquals(tools({ tools: ["Grep", "Bash(git:*)"] }), ["grep_search"]);
  assertEquals(tools({ tools: ["Read", "Edit"], disallowedTools: ["Read"] }), ["replace"]);
  assertEquals(tools({ tools: ["Grep", "Write"], rest: { permissionMode: "plan" } }), ["grep_search"]);
  assertEquals(tools({ tools: ["Flux"] }), "Gemini CLI has no tool like Flux, as far as is known");
  assertEquals(tools({ tools: ["NotebookEdit"] }), "none of its tools is in Gemini CLI, which would give it all");
  assertEquals(tools({ name: "Data Base" }), 'Gemini CLI takes no agent called "Data Base"');
  const without = tools({ disallowedTools: ["Bash", "mcp__fs__get"] }) ?? [];
  assertEquals(["run_shell_command", "mcp_*", "read_file"].map((tool) => without.includes(tool)), [false, false, true]);
});

Deno.test("gemini does not take a part of an agent's prompt for a value to put in", () => {
  const { texts } = play([agent({ body: "Say ${name} and $x." })]);
  assertStringIncludes(texts["/p/.gemini/agents/db.md"], "Say $\\{name} and $x.");
});

/** Bodies of commands, and the prompts that they become. */
const prompts: readonly (readonly [body: string, prompt: string])[] = [
  ["Do $ARGUMENTS now.", "Do {{args}} now."],
  ["Now: !`git diff`\n", "Now: !{git diff}\n"],
  ["```!\ngit log\n```", "!{git log}"],
  ["See @src/a.ts, @./b and mail a@b.c", "See @{src/a.ts}, @{./b} and mail a@b.c"],
  ["Ask @alice", "Ask @alice"],
  ["See @$ARGUMENTS", "See {{args}}"],
  ["Hey!$ARGUMENTS", "Hey! {{args}}"],
  ["A !{x} and @{u} and {{args}}", "A ! {x} and @ {u} and { {args}}"],
  ['Back\\slash "quotes" """ \'\'\' 😀 {{x}} $$', 'Back\\slash "quotes" """ \'\'\' 😀 {{x}} $$'],
  ['Ends in "', 'Ends in "'],
  ["Fix $1 for $2.", "Fix $1 for $2.\n\n`$1`, `$2` and so on stand for the words of these arguments: {{args}}\n"],
];

Deno.test("gemini gets a command that runs and reads what Claude Code's does, and nothing by chance", () => {
  for (const [body, prompt] of prompts) {
    const { texts } = play([command(body)]);
    const text = texts["/p/.gemini/commands/db/migrate.toml"];
    assertEquals(readToml(text, "migrate.toml"), { prompt }, body);
  }
});

const refusedCommands: readonly (readonly [reason: string, body: string])[] = [
  ["braces in `echo }` are not balanced", "!`echo }`"],
  ["the @{ in `git rev-parse @{u}`", "!`git rev-parse @{u}`"],
  ["no single argument into `git show $1`", "!`git show $1`"],
  ['reads no "~/x.md"', "See @~/x.md"],
];

Deno.test("gemini refuses a command that would run something else", () => {
  for (const [reason, body] of refusedCommands) {
    const { files, fates } = play([command(body)]);
    assertEquals([files, said(fates)], [[], ["refused"]], body);
    assertStringIncludes(fates[0].reason ?? "", reason);
  }
  const twins = play([command("a", { name: "a b" }), command("b", { name: "a?b" })]);
  assertEquals(said(twins.fates), ["exact", "refused"]);
});

Deno.test("gemini shows what a command is for, and says what is lost of it", () => {
  const item = command("Use $1.", {
    description: "Migrate: all",
    argumentHint: "[name]",
    allowedTools: ["Bash"],
    model: "opus",
  });
  const played = play([item]);
  assertStringIncludes(played.texts["/p/.gemini/commands/db/migrate.toml"], 'description = "Migrate: all [name]"\n');
  assertEquals(outcomes(played), [
    "approximated: its single arguments are told, not put in; its tools are not allowed in advance; its model is left out",
  ]);
});

Deno.test("gemini runs a hook behind the shim, for the same tools, with its time in milliseconds", () => {
  const played = play([
    hook({ matcher: "Bash|Edit|mcp__fs__.*", command: `"$CLAUDE_PROJECT_DIR"/guard.sh 50%`, timeoutS: 10 }),
  ]);
  assertEquals(played.settings["/hooks/BeforeTool/-"], [{
    matcher: "^(mcp_fs_.*|replace|run_shell_command)$",
    hooks: [{
      type: "command",
      name: `"$CLAUDE_PROJECT_DIR"/guard.sh 50%`,
      command: "truce hook-shim gemini '%22%24CLAUDE_PROJECT_DIR%22/guard.sh 50%25'",
      timeout: 10000,
    }],
  }]);
  assertEquals(said(played.fates), ["approximated"]);
});

Deno.test("gemini goes on in silence where truce is missing, but for what a hook guards, which stays closed", async () => {
  for (const event of Object.keys(geminiEvents)) {
    const played = play([hook({ event, command: "exit 2" })]);
    const [[{ hooks: [{ command }] }]] = Object.values(played.settings) as { hooks: { command: string }[] }[][];
    const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
      args: ["-c", command],
      env: { PATH: "/nowhere" },
      clearEnv: true,
    }).output();
    // Gemini CLI denies for a code above 1 and some words.
    const isClosed = event === "PreToolUse";
    assertEquals([code, stdout.length, stderr.length > 0], isClosed ? [127, 0, true] : [0, 0, false], command);
    assertEquals(outcomes(played).join().includes("where truce is missing, Gemini CLI denies"), isClosed);
  }
});

/** Hooks, and the matchers they become; or why they are refused. */
const matchers: readonly (readonly [hook: Partial<Hook>, becomes: unknown])[] = [
  [{ matcher: "*" }, { BeforeTool: [undefined] }],
  [{ event: "PostToolUse", matcher: "Write" }, { AfterTool: ["^(write_file)$"] }],
  [{ matcher: "mcp__.*" }, { BeforeTool: ["^(mcp_.*)$"] }],
  [{ matcher: "mcp__fs" }, { BeforeTool: ["^(mcp_fs_.*)$"] }],
  [{ event: "SessionStart", matcher: "startup|resume" }, { SessionStart: ["startup", "resume"] }],
  [{ event: "UserPromptSubmit" }, { BeforeAgent: [undefined] }],
  [{ event: "Stop" }, { AfterAgent: [undefined] }],
  [{ event: "SubagentStop" }, "Gemini CLI has no event like SubagentStop"],
  [{ type: "prompt" }, 'Gemini CLI runs no hooks of the type "prompt"'],
  [{ matcher: "NotebookEdit" }, "Gemini CLI has nothing that NotebookEdit would match"],
  [{ event: "SessionStart", matcher: "compact" }, "Gemini CLI has nothing that compact would match"],
];

Deno.test("gemini runs a hook at the moments that Claude Code would", () => {
  for (const [fields, becomes] of matchers) {
    const { settings, fates } = play([hook(fields)]);
    const lists = Object.entries(settings).map(([pointer, list]) => [
      pointer.split("/")[2],
      (list as { matcher?: string }[]).map(({ matcher }) => matcher),
    ]);
    const made = lists.length === 0 ? fates[0].reason : Object.fromEntries(lists);
    assertEquals(made, becomes, JSON.stringify(fields));
  }
});

Deno.test("gemini takes further folders and the end of yolo over, and no variables", () => {
  const origin = originOf("project");
  const { settings, fates } = play([
    { kind: "setting", name: "additionalDirectories", value: ["../lib"], origin },
    { kind: "setting", name: "disableBypassPermissionsMode", value: "disable", origin },
    { kind: "setting", name: "defaultMode", value: "acceptEdits", origin },
    { kind: "env", name: "A", value: "b", origin },
  ]);
  assertEquals(settings, { "/context/includeDirectories/-": ["../lib"], "/security/disableYoloMode": true });
  assertEquals(said(fates), ["exact", "exact", "refused", "refused"]);
});

Deno.test("gemini trusts a folder that its user trusts, or that nobody is asked about", () => {
  const trusted = (folders: unknown, settings: unknown = {}) => {
    const files: Record<string, string> = {
      "/h/.gemini/trustedFolders.json": JSON.stringify(folders),
      "/h/.gemini/settings.json": JSON.stringify(settings),
    };
    return gemini.trusted?.({
      scope: "project",
      project: "/w/p",
      home: "/h",
      read: (path) => files[path],
      allowsRules: false,
    });
  };
  assertEquals(trusted({}), "no");
  assertEquals(trusted({ "/w": "TRUST_FOLDER" }), "yes");
  assertEquals(trusted({ "/w": "TRUST_FOLDER", "/w/p": "DO_NOT_TRUST" }), "no");
  assertEquals(trusted({ "/w/x": "TRUST_PARENT" }), "yes");
  assertEquals(trusted({}, { security: { folderTrust: { enabled: false } } }), "yes");
});

Deno.test("gemini has a fate for every item, in the order of the source, and the same result each time", () => {
  const items: Item[] = [
    hook(),
    command("x"),
    permission("deny Bash(x:*)"),
    agent(),
    server("s"),
    claudeMd("x"),
    rule("r", "y"),
  ];
  const first = play(items);
  assertEquals(first.fates.map(({ item }) => item), items);
  assertEquals(JSON.stringify(play(items).files), JSON.stringify(first.files));
});
