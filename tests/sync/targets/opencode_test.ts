import type { Agent, Instructions, Item, Rule, Server, SlashCommand } from "../../../src/sync/model.ts";
import { type Call, decides, permissionOf } from "../../../src/sync/permission.ts";
import { shellLine } from "../../../src/sync/source/shell.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { originOf, permission, said, server, stdio } from "../fixtures/codex.ts";
import { originAt, outcomes } from "../fixtures/gemini.ts";
import { Permissions, play } from "../fixtures/opencode.ts";
import { Random } from "../fixtures/random.ts";

const http: Exclude<Server["transport"], typeof stdio> = { type: "http", url: "https://s.example/mcp", headers: {} };

function claudeMd(text: string, fields: Partial<Instructions> = {}): Instructions {
  return { kind: "instructions", name: "", text, expanded: text, origin: originAt("CLAUDE.md"), ...fields };
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

function command(fields: Partial<SlashCommand> = {}): SlashCommand {
  const origin = originAt(".claude/commands/db/migrate.md");
  return { kind: "command", name: "db/migrate", allowedTools: [], body: "Go.\n", origin, ...fields };
}

Deno.test("opencode reads CLAUDE.md itself, unless it would miss something", () => {
  const rule: Rule = { kind: "rule", name: "r", text: "Tabs.", globs: [], origin: originAt(".claude/rules/r.md") };
  const plain = play([claudeMd("Layers.")]);
  assertEquals([plain.files, said(plain.fates)], [[], ["native"]]);
  assertEquals(play([claudeMd("@a", { expanded: "Layers." })]).texts, { "/p/AGENTS.md": "Layers." });
  assertEquals(play([claudeMd("Layers."), rule]).texts, { "/p/AGENTS.md": "Layers.\n\nTabs." });
  assertEquals(play([claudeMd("X", { origin: originAt(".claude/CLAUDE.md") })]).texts, { "/p/AGENTS.md": "X" });
  assertEquals(play([claudeMd("X")], { files: { "/p/AGENTS.md": "Mine." } }).texts, { "/p/AGENTS.md": "X" });
  const block = "<!-- truce:begin 0 Written. -->\nX\n<!-- truce:end -->\n";
  assertEquals(play([claudeMd("X")], { files: { "/p/AGENTS.md": block } }).texts, {});
});

Deno.test("opencode reads the user's CLAUDE.md and skills itself", () => {
  const skill: Item = {
    kind: "skill",
    name: "pdf",
    description: "PDF",
    folder: "/h/.claude/skills/pdf",
    isManual: false,
    origin: originAt(".claude/skills/pdf/SKILL.md", "user"),
  };
  const origin = originAt(".claude/CLAUDE.md", "user");
  const { files, fates } = play([claudeMd("Be brief.", { origin }), skill], { scope: "user" });
  assertEquals([files, said(fates)], [[], ["native", "native"]]);
  assertEquals(said(play([{ ...skill, isManual: true }], { scope: "user" }).fates), ["approximated"]);
});

Deno.test("opencode gets no private item in a project", () => {
  const origin = originOf("private");
  const items: Item[] = [
    claudeMd("Mine.", { origin }),
    server("s", { scope: "private" }),
    permission("deny Bash(x:*)", "private"),
    agent({ origin }),
    command({ origin }),
  ];
  const { files, fates } = play(items);
  assertEquals([files, said(fates)], [[], items.map(() => "refused")]);
});

Deno.test("opencode writes a server in its own fields, with its own references", () => {
  const { settings, fates } = play([
    server("fs", {
      transport: { ...stdio, args: ["${HOME}/x"], env: { TOKEN: "${GH_TOKEN}" }, cwd: "/srv" },
      timeoutMs: 1500,
      isEnabled: false,
    }),
    server("a b", { transport: { ...http, headers: { Authorization: "Bearer ${TOKEN}" } } }),
    server("old", { transport: { ...http, type: "sse" } }),
  ]);
  assertEquals(settings, {
    "/mcp/fs": {
      type: "local",
      command: ["npx", "{env:HOME}/x"],
      environment: { TOKEN: "{env:GH_TOKEN}" },
      cwd: "/srv",
      enabled: false,
      timeout: 1500,
    },
    "/mcp/a b": { type: "remote", url: "https://s.example/mcp", headers: { Authorization: "Bearer {env:TOKEN}" } },
    "/mcp/old": { type: "remote", url: "https://s.example/mcp" },
  });
  assertEquals(said(fates), ["exact", "exact", "approximated"]);
});

const refusedServers: readonly (readonly [reason: string, server: Partial<Server>])[] = [
  ["WebSocket", { transport: { ...http, type: "ws" } }],
  ["come from a program", { transport: { ...http, headersHelper: "x" } }],
  ["no default for A", { transport: { ...stdio, args: ["${A:-b}"] } }],
  ["{env: or {file:", { transport: { ...stdio, args: ["{file:/etc/passwd}"] } }],
  ["header Authorization", { transport: { ...http, headers: { Authorization: "Bearer canary-1" } } }],
  ["variable API_KEY", { transport: { ...stdio, env: { API_KEY: "canary" } } }],
];

Deno.test("opencode refuses a server that it cannot say, with the reason, and never writes a secret", () => {
  for (const [reason, fields] of refusedServers) {
    const { files, fates } = play([server("s", fields)]);
    assertEquals([files, said(fates)], [[], ["refused"]], reason);
    assertStringIncludes(fates[0].reason ?? "", reason);
    assertEquals((fates[0].reason ?? "").includes("canary"), false);
  }
  const files = { "/p/opencode.jsonc": '{ /* mine */ "mcp": { "s": { "type": "local", "command": ["x"] } }, }' };
  assertStringIncludes(play([server("s")], { files }).fates[0].reason ?? "", "another file of OpenCode's settings");
});

Deno.test("opencode keeps a sub-agent from the tools that it does not have, and allows it none", () => {
  const item = agent({ tools: ["Read", "Bash", "mcp__fs__get"], model: "sonnet", rest: { color: "red", maxTurns: 3 } });
  const played = play([item, server("fs"), server("a b")]);
  const text = played.texts["/p/.opencode/agents/db.md"];
  assertEquals(text.split("permission:")[0], '---\ndescription: "Knows: SQL"\nmode: subagent\nsteps: 3\n');
  const denied = ["a_b_*", "edit", "glob", "grep", "list", "skill", "task", "todowrite", "webfetch", "websearch"];
  assertEquals(deniedIn(text), denied);
  assertEquals(text.includes("allow"), false);
  assertEquals(
    outcomes(played)[0],
    [
      "approximated: it has all tools of a server of which it has one; it has the model of the session; " +
      "not carried over: color",
    ][0],
  );
});

Deno.test("opencode never gives a sub-agent more tools than Claude Code does", () => {
  const denied = (fields: Partial<Agent>) => {
    const { texts, fates } = play([agent(fields), server("fs")]);
    const text = texts[`/p/.opencode/agents/${fields.name ?? "db"}.md`];
    return text === undefined ? fates[0].reason : deniedIn(text);
  };
  assertEquals(denied({}), []);
  assertEquals(denied({ disallowedTools: ["Bash", "mcp__fs"] }), ["bash", "fs_*"]);
  assertEquals(denied({ rest: { permissionMode: "plan" } }), ["edit"]);
  assertEquals(denied({ tools: ["*"] }), []);
  assertEquals(denied({ tools: ["Bash(git:*)"] })?.includes("bash"), true);
  assertEquals(denied({ tools: ["Flux"] }), "OpenCode has no tool like Flux, as far as is known");
  assertEquals(denied({ name: "plan" }), 'OpenCode has an agent of its own called "plan"');
  assertEquals(denied({ name: "../x" }), '"../x" is no name for a file of OpenCode\'s agents');
});

Deno.test("opencode gets a link to a command, or a copy of one that names a model", () => {
  const played = play([
    command({ allowedTools: ["Bash"] }),
    command({ name: "m", model: "opus", description: "A: b" }),
  ]);
  assertEquals(played.links, { "/p/.opencode/commands/db/migrate.md": "../../../.claude/commands/db/migrate.md" });
  assertEquals(played.texts, { "/p/.opencode/commands/m.md": '---\ndescription: "A: b"\n---\nGo.\n' });
  assertEquals(said(played.fates), ["approximated", "approximated"]);
  const origin = originAt(".claude/commands/x.md", "user");
  const { links } = play([command({ name: "x", origin })], { scope: "user" });
  assertEquals(links, { "/h/.config/opencode/commands/x.md": "../../../.claude/commands/x.md" });
});

Deno.test("opencode refuses what it has no place for", () => {
  const origin = originOf("project");
  const items: Item[] = [
    { kind: "hook", event: "PreToolUse", type: "command", command: "x", origin },
    { kind: "env", name: "A", value: "b", origin },
    { kind: "setting", name: "defaultMode", value: "plan", origin },
    { kind: "setting", name: "disableBypassPermissionsMode", value: "disable", origin },
    { kind: "setting", name: "additionalDirectories", value: ["/x"], origin },
  ];
  const { files, fates } = play(items);
  assertEquals([files, said(fates)], [[], ["refused", "refused", "refused", "refused", "approximated"]]);
});

Deno.test("opencode writes to the file that it reads last", () => {
  const items = [permission("deny Bash(x:*)")];
  const pathWith = (files: Record<string, string>) => play(items, { files }).files[0].path;
  assertEquals(pathWith({}), "/p/.opencode/opencode.json");
  assertEquals(pathWith({ "/p/.opencode/opencode.jsonc": "{}" }), "/p/.opencode/opencode.jsonc");
  const user = play([permission("deny Bash(x:*)", "user")], { scope: "user" });
  assertEquals(user.files[0].path, "/h/.config/opencode/opencode.json");
});

/** Rules, with calls that they hold, and such that they do not. A call is the name of a tool and what it is given. */
const rules: readonly (readonly [rule: string, held: readonly string[], free: readonly string[]])[] = [
  [
    "deny Bash(rm -rf:*)",
    ["bash rm -rf x", "bash rm -rf", "bash /bin/rm -rf x", "bash rm -fr x", "bash rm -r -f x", "bash sudo rm -rf x"],
    ["bash rm -r x", "bash rm -rfv", "bash xrm -rf x", "bash rm"],
  ],
  ["ask Bash(git push *)", ["bash git push", "bash git push x"], ["bash git pushx", "bash git stash push"]],
  ["deny Bash(npm publish)", ["bash npm publish"], ["bash npm publish x"]],
  ["deny Bash", ["bash ls"], ["read x"]],
  [
    "deny Read(./secrets/**)",
    ["read secrets/k", "read p/secrets/k", "edit secrets/k", "bash cat secrets/k", "bash cd secrets"],
    ["read mysecrets/k", "bash git commit -m 'hide secrets now'"],
  ],
  ["deny Read(.env)", ["read .env", "read a/.env", "bash cat .env", "bash cat a/.env x"], [
    "bash node -p process.env.X",
  ]],
  ["deny Edit(dist/*.js)", ["edit dist/a.js", "bash rm dist/a.js", "bash echo > dist/a.js"], [
    "read dist/a.js",
    "bash cat dist/a.js",
  ]],
  ["deny Read(~/.config/gh/**)", ["read ../.config/gh/x", "read gh/x", "external_directory ~/.config/gh/*"], [
    "read src/gh/x",
  ]],
  [
    "deny WebFetch(domain:a.org)",
    ["webfetch https://a.org", "webfetch http://a.org:8/x", "webfetch https://u@a.org/"],
    ["webfetch https://b.a.org", "webfetch https://xa.org"],
  ],
  ["deny WebFetch", ["webfetch https://b.org"], []],
  ["deny mcp__fs", ["fs_get *", "fs_set *"], ["fsx_get *"]],
  ["deny mcp__fs__get", ["fs_get *"], ["fs_get_all *", "fs_set *"]],
  ["deny mcp__*__get", ["a_get *", "b_get *"], ["a_set *"]],
  ["deny mcp__a_b", ["a_b_get *"], []],
  ["deny Agent(db)", ["task db"], ["task x"]],
  ["deny Skill(pdf)", ["skill pdf"], ["skill x"]],
  ["deny Grep", ["grep x"], ["glob x"]],
  ["deny *", ["bash ls", "fs_get *"], []],
];

Deno.test("opencode permissions hold a call however it is written, and no other", () => {
  for (const [rule, held, free] of rules) {
    const permissions = new Permissions([play([permission(rule), server("a b")]).settings]);
    const decision = rule.split(" ")[0];
    const decided = (call: string) => permissions.decision(call.split(" ")[0], call.slice(call.indexOf(" ") + 1));
    assertEquals(held.filter((call) => decided(call) !== decision), [], rule);
    assertEquals(free.filter((call) => decided(call) !== "allow"), [], rule);
  }
});

Deno.test("opencode permissions deny last, whoever denies and whoever asks", () => {
  const places = [
    play([permission("deny Bash(rm -rf:*)", "user"), permission("deny mcp__fs__get", "user")], { scope: "user" }),
    play([
      permission("ask Bash(rm:*)"),
      permission("ask mcp__fs__get"),
      permission("deny Bash(git push:*)"),
      permission("ask Bash(git:*)"),
    ]),
  ];
  const permissions = new Permissions(places.map(({ settings }) => settings));
  const commands = ["rm -rf x", "rm x", "git push", "git pull", "ls"];
  assertEquals(commands.map((one) => permissions.decision("bash", one)), ["deny", "ask", "deny", "ask", "allow"]);
  assertEquals(permissions.decision("fs_get", "*"), "deny");
});

Deno.test("opencode permissions hold for each of its agents what the user denies", () => {
  const { settings } = play([permission("deny Bash(x:*)", "user"), permission("ask Bash(y:*)", "user")], {
    scope: "user",
  });
  const denied = { "x *": "deny", "*/x *": "deny", "* x *": "deny" };
  for (const name of ["build", "plan", "general", "explore"]) {
    assertEquals(settings[`/agent/${name}/permission/bash**`], denied);
  }
  const files = { "/h/.config/opencode/opencode.json": '{"agent":{"build":{"permission":"ask"}}}' };
  const played = play([permission("deny Bash(x:*)", "user")], { scope: "user", files });
  assertEquals(Object.keys(played.settings).some((pointer) => pointer.startsWith("/agent/build")), false);
});

Deno.test("opencode permissions never ask for all that a tool does where a user may deny some of it", () => {
  assertEquals(said(play([permission("ask Bash")]).fates), ["refused"]);
  const asked = (files: Record<string, string>) =>
    said(play([permission("ask Bash", "user")], { scope: "user", files }).fates);
  assertEquals(asked({}), ["exact"]);
  assertEquals(asked({ "/h/.config/opencode/opencode.jsonc": '{"permission":{"bash":{"curl *":"deny"}}}' }), [
    "refused",
  ]);
});

Deno.test("opencode permissions allow nothing", () => {
  const allowed = play([
    permission("allow Bash(npm test:*)"),
    permission("allow Read(.env)"),
    permission("allow mcp__fs"),
  ]);
  assertEquals([allowed.files, said(allowed.fates)], [[], ["approximated", "approximated", "approximated"]]);
});

const randomRules = [
  "Bash(rm -rf:*)",
  "Bash(git push:*)",
  "Bash(git * --force)",
  "Bash(npm)",
  "Bash(*x*)",
  "Read(secrets/**)",
  "Read(**/k?y)",
  "Read(/abs/x)",
  "Read(~/h/**)",
  "Read(!secrets/k)",
  "Edit(src/*.ts)",
  "Edit([ab]c)",
  "WebFetch(domain:*.x.org)",
  "mcp__a",
  "mcp__a__t",
  "mcp__*__u",
  "Agent(x)",
];
const randomStarts = ["sudo", "timeout 5", "A=1", "env -i", "xargs", "/usr/bin/sudo -u x"];
const randomCommands = ["rm -rf", "git push", "npm", "git a --force", "/bin/rm -rf", "x"];
const randomPaths = [
  "secrets/k",
  "a/secrets/k",
  "key",
  "a/kay",
  "src/a.ts",
  "src/b/a.ts",
  "abs/x",
  "h/x",
  "ac",
  "docs/a",
];

Deno.test("opencode permissions deny whatever Claude Code denies", () => {
  const random = new Random(11);
  for (let round = 0; round < 1500; round++) {
    const items = random.some(randomRules, 6).map((text) =>
      permissionOf(random.pick(["deny", "deny", "ask", "allow"]), text, originOf("project"))
    );
    const permissions = new Permissions([play(items).settings]);
    for (const call of randomCalls(random)) {
      if (decides(items, call, { cwd: "/p", home: "/h" }) !== "deny") continue;
      const there = decisionsOn(permissions, call, random).includes("deny") ? "deny" : "wider";
      assertEquals(
        there,
        "deny",
        `${JSON.stringify(call)} under ${items.map(({ action, text }) => `${action} ${text}`).join(", ")}`,
      );
    }
  }
});

function randomCalls(random: Random): Call[] {
  const words = [...random.some(randomStarts, 2), random.pick(randomCommands), ...random.some(["a", "--force"], 2)];
  return [
    { tool: "Bash", command: random.pick(["", "echo a && "]) + words.join(" ") },
    { tool: "Read", path: random.pick(randomPaths) },
    { tool: "Edit", path: random.pick(randomPaths) },
    { tool: "WebFetch", domain: random.pick(["a.x.org", "x.org"]) },
    { tool: "mcp", server: "a", name: random.pick(["t", "u"]) },
  ];
}

/** OpenCode compares paths from the root of the repository, or from `/` where there is none. */
function decisionsOn(permissions: Permissions, call: Call, random: Random): string[] {
  if (call.tool === "Bash") {
    return shellLine(call.command).commands.map(({ text }) => permissions.decision("bash", text));
  }
  if (call.tool === "Read" || call.tool === "Edit") {
    return [permissions.decision(call.tool.toLowerCase(), random.pick(["", "p/", "w/p/"]) + call.path)];
  }
  if (call.tool === "WebFetch") return [permissions.decision("webfetch", `https://${call.domain}/a`)];
  return call.tool === "mcp" ? [permissions.decision(`${call.server}_${call.name}`, "*")] : [];
}

function deniedIn(text: string): string[] {
  return Array.from(text.matchAll(/^ {2}"(.*)": deny$/gm), ([, tool]) => tool);
}
