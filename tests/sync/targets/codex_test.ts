import { readToml } from "../../../src/edit/toml.ts";
import type { Agent, Hook, Item, Server } from "../../../src/sync/model.ts";
import { assert, assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { originOf, permission, play, said, server, stdio } from "../fixtures/codex.ts";

const http: Exclude<Server["transport"], typeof stdio> = {
  type: "http",
  url: "https://s.example.com/mcp",
  headers: {},
};

Deno.test("codex writes a server with its variables by their names", () => {
  const { values, fates } = play([
    server("fs", { transport: { ...stdio, env: { FS_TOKEN: "${FS_TOKEN}", MODE: "ro" }, cwd: "/srv" } }),
    server("hub", {
      transport: {
        ...http,
        headers: { Authorization: "Bearer ${HUB_TOKEN}", "X-Org": "${ORG}", "X-Kind": "a" },
        headersHelper: "headers.sh",
      },
      timeoutMs: 1500,
      isEnabled: false,
    }),
  ]);
  assertEquals(values["/mcp_servers/fs"], {
    command: "npx",
    args: ["-y", "s"],
    cwd: "/srv",
    env_vars: ["FS_TOKEN"],
    env: { MODE: "ro" },
  });
  assertEquals(values["/mcp_servers/hub"], {
    url: "https://s.example.com/mcp",
    bearer_token_env_var: "HUB_TOKEN",
    env_http_headers: { "X-Org": "ORG" },
    http_headers: { "X-Kind": "a" },
    http_headers_helper: "headers.sh",
    enabled: false,
    tool_timeout_sec: 1.5,
  });
  assertEquals(said(fates), ["exact", "exact"]);
});

const refusedServers: readonly (readonly [reason: string, server: Partial<Server>])[] = [
  ['takes no server called "a b"', { name: "a b" }],
  ["does not speak sse", { transport: { ...http, type: "sse" } }],
  ["does not speak ws", { transport: { ...http, type: "ws" } }],
  ['no variable into "${HOME}/s"', { transport: { ...stdio, command: "${HOME}/s" } }],
  ['no variable into "${A:-b}"', { transport: { ...stdio, args: ["${A:-b}"] } }],
  ["GH_TOKEN under the other name GH", { transport: { ...stdio, env: { GH: "${GH_TOKEN}" } } }],
  ["no default for A", { transport: { ...stdio, env: { A: "${A:-b}" } } }],
  ["a part of A", { transport: { ...stdio, env: { A: "x${A}" } } }],
  ["variable API_KEY", { transport: { ...stdio, env: { API_KEY: "canary" } } }],
  ["arguments", { transport: { ...stdio, args: ["--token=canary"] } }],
  ["no variable into", { transport: { ...http, url: "https://${HOST}/mcp" } }],
  ["url", { transport: { ...http, url: "https://a:canary@s.example.com" } }],
  ["header X", { transport: { ...http, headers: { X: "a ${B}" } } }],
  ["header Authorization", { transport: { ...http, headers: { Authorization: "Bearer canary-1" } } }],
  ["headersHelper", { transport: { ...http, headersHelper: "get ${KEY}" } }],
];

Deno.test("codex refuses a server that it cannot say, with the reason, and never writes a secret", () => {
  for (const [reason, fields] of refusedServers) {
    const { files, fates } = play([server("s", fields)]);
    assertEquals(said(fates), ["refused"], reason);
    assertStringIncludes(fates[0].reason ?? "", reason);
    assertEquals(files, []);
    assertEquals(JSON.stringify(fates.map((fate) => fate.reason)).includes("canary"), false);
  }
});

Deno.test("codex leaves out a server that it cannot say and that is switched off", () => {
  const { files, fates } = play([server("s", { transport: { ...http, type: "sse" }, isEnabled: false })]);
  assertEquals([files, said(fates)], [[], ["approximated"]]);
});

Deno.test("codex refuses a server of the project that would be one with another of the user's", () => {
  const config = `[mcp_servers.s]\ncommand = "true"\n`;
  const files = { "/h/.codex/config.toml": config };
  const one = server("s", { transport: http });
  assertEquals(said(play([one], { files, hasHome: true }).fates), ["refused"]);
  assertEquals(said(play([one], { files }).fates), ["exact"], "without a home it depends on the project alone");
  assertEquals(said(play([server("s")], { files, hasHome: true }).fates), ["exact"]);
  const both = play([server("s", { scope: "user", transport: stdio }), one]);
  assertEquals(said(both.fates), ["refused"]);
});

Deno.test("codex closes tools of a server, and has the others asked for", () => {
  const items = [
    server("my.hub"),
    permission("deny mcp__my_hub__drop"),
    permission("ask mcp__my_hub__push"),
    permission("allow mcp__my_hub__read"),
  ];
  const { values, fates } = play(items, { allowsRules: true });
  assertEquals(values["/mcp_servers/my.hub"], {
    command: "npx",
    args: ["-y", "s"],
    disabled_tools: ["drop"],
    tools: { read: { approval_mode: "approve" }, push: { approval_mode: "prompt" } },
  });
  assertEquals(said(fates), ["exact", "exact", "exact", "exact"]);
});

Deno.test("codex closes a whole server for a rule that it cannot say for a part", () => {
  const { values, fates } = play([server("s"), permission("deny mcp__s__get_*"), permission("ask mcp__s")]);
  assertEquals(values["/mcp_servers/s"], {
    command: "npx",
    args: ["-y", "s"],
    enabled: false,
    default_tools_approval_mode: "prompt",
  });
  assertEquals(said(fates), ["exact", "approximated", "exact"]);
});

Deno.test("codex allows a server as a whole only where no tool of it is asked for by a pattern", () => {
  const allow = permission("allow mcp__s");
  const mode = (items: readonly Item[], allowsRules = true) =>
    play([server("s"), ...items], { allowsRules }).values["/mcp_servers/s"];
  const bare = { command: "npx", args: ["-y", "s"] };
  assertEquals(mode([allow]), { ...bare, default_tools_approval_mode: "approve" });
  assertEquals(mode([allow, permission("ask mcp__s__get_*")]), { ...bare, default_tools_approval_mode: "prompt" });
  assertEquals(mode([allow], false), bare);
});

Deno.test("codex refuses a rule for a server that is not in the scope", () => {
  const { fates } = play([server("s", { scope: "user" }), permission("deny mcp__s__x"), permission("ask mcp__other")]);
  assertEquals(said(fates), ["refused", "refused"]);
});

Deno.test("codex writes a sub-agent as a file that says all of it", () => {
  const body = `You say "SQL",\n'''quotes''' and \\ and 😀.`;
  const { files, fates } = play([
    agent("db-expert", { body, tools: ["Bash", "Read"], model: "opus", rest: { color: "red" } }),
  ]);
  const [file] = files;
  assert(file.kind === "whole");
  assertEquals(file.path, "/p/.codex/agents/db-expert.toml");
  assertEquals(readToml(file.text, file.path), {
    name: "db-expert",
    description: "About: it",
    developer_instructions: `${body}\n\nUse only what these tools of Claude Code do: Bash, Read.`,
  });
  assertEquals(said(fates), ["approximated"]);
  assertEquals(said(play([agent("plain", { model: "inherit", rest: { color: "red" } })]).fates), ["exact"]);
});

Deno.test("codex refuses a sub-agent that is to have no shell, and gives none that a permission denies", () => {
  const { files, fates } = play([
    agent("reader", { tools: ["Read", "Grep"] }),
    agent("safe", { disallowedTools: ["Bash"] }),
    agent("../x"),
    agent("closed"),
    permission("deny Agent(closed)"),
  ]);
  assertEquals(files, []);
  assertEquals(said(fates), ["refused", "refused", "refused", "approximated", "exact"]);
});

/** A hook, and what it becomes: its matcher, or nothing. */
const hooks: readonly (readonly [hook: Partial<Hook>, matcher: string | undefined])[] = [
  [{ matcher: "Bash" }, "Bash"],
  [{ matcher: "Edit|MultiEdit|Write|Read" }, "Edit|Write"],
  [{ matcher: "mcp__hub__.*" }, "mcp__hub__.*"],
  [{ matcher: "*" }, ""],
  [{}, ""],
  [{ event: "Stop", matcher: "x" }, ""],
  [{ event: "SessionStart", matcher: "startup" }, "startup"],
  [{ matcher: "Read" }, undefined],
  [{ matcher: "Read.*" }, undefined],
  [{ event: "Notification" }, undefined],
  [{ type: "http" }, undefined],
  [{ command: "curl -H 'Authorization: Bearer canary-1'" }, undefined],
];

Deno.test("codex calls a hook for the tools that it has", () => {
  for (const [fields, matcher] of hooks) {
    const { files, fates } = play([hook(fields)]);
    const [file] = files;
    assertEquals(said(fates), [matcher === undefined ? "refused" : "approximated"], JSON.stringify(fields));
    if (matcher === undefined) assertEquals(files, []);
    else {
      assert(file.kind === "keys");
      assertEquals(file.path, "/p/.codex/hooks.json");
      assertEquals(file.entries, [{
        pointer: `/hooks/${fields.event ?? "PreToolUse"}/-`,
        value: { ...(matcher === "" ? {} : { matcher }), hooks: [{ type: "command", command: "check", timeout: 10 }] },
      }]);
    }
  }
});

Deno.test("codex finds the folder of the project for a hook, and says that it gets a patch for an edit", () => {
  const { files, fates } = play([hook({ matcher: "Edit", command: `"$CLAUDE_PROJECT_DIR"/x.sh` })]);
  assertStringIncludes(JSON.stringify(files), "git rev-parse --show-toplevel");
  assertStringIncludes(fates[0].reason ?? "", "patch");
  assertStringIncludes(fates[0].reason ?? "", "approved");
});

Deno.test("codex sets variables for commands, but no secrets", () => {
  const origin = originOf("project");
  const variables = { NODE_ENV: "test", API_TOKEN: "canary", CLAUDE_CODE_X: "1" };
  const { values, fates } = play(
    Object.entries(variables).map(([name, value]): Item => ({ kind: "env", name, value, origin })),
  );
  assertEquals(values, {
    "/shell_environment_policy/set/NODE_ENV": "test",
    "/shell_environment_policy/set/CLAUDE_CODE_X": "1",
  });
  assertEquals(said(fates), ["exact", "refused", "approximated"]);
});

Deno.test("codex says when AGENTS.md is longer than it reads, and when it reads another", () => {
  const long = instructions("x".repeat(32 * 1024 - 10));
  assertEquals(said(play([long]).fates), ["exact"]);
  const files = { "/p/AGENTS.md": "A person's own words.\n" };
  assertStringIncludes(play([long], { files }).fates[0].reason ?? "", "32768 of these");
  const nested = play([long, instructions("y".repeat(20), "src")]);
  assertEquals(said(nested.fates), ["exact", "approximated"]);
  const hidden = play([instructions("x")], { files: { "/p/AGENTS.override.md": "" } });
  assertStringIncludes(hidden.fates[0].reason ?? "", "AGENTS.override.md");
});

Deno.test("codex writes nothing of what is private, and says so of each", () => {
  const origin = originOf("private");
  const items: Item[] = [
    { ...instructions("canary"), origin },
    server("canary", { scope: "private" }),
    permission("deny Bash(canary:*)", "private"),
    permission("allow Bash(canary:*)", "private"),
    { kind: "env", name: "CANARY", value: "canary", origin },
    { ...hook({ command: "canary" }), origin },
    { ...agent("canary"), origin },
  ];
  const { files, fates } = play(items, { allowsRules: true });
  assertEquals(files, []);
  assertEquals(said(fates), ["refused", "refused", "refused", "approximated", "refused", "refused", "refused"]);
});

Deno.test("codex gives one fate to each item of the scope, in the order of the source, and the same files each time", () => {
  const items = [
    hook({}),
    permission("deny Bash(rm -rf:*)"),
    server("b"),
    server("a"),
    permission("deny Bash(x:*)", "user"),
    agent("z"),
    instructions("x"),
  ];
  const { fates, files } = play(items);
  assertEquals(fates.map(({ item }) => item), items.filter(({ origin }) => origin.scope === "project"));
  assertEquals(files, play(items).files);
  assertEquals(files, play(items, { hasHome: true }).files, "no home shows in what is written");
});

function agent(name: string, fields: Partial<Agent> = {}): Agent {
  const origin = originOf("project");
  return {
    kind: "agent",
    name,
    description: "About: it",
    disallowedTools: [],
    body: "Do.",
    rest: {},
    origin,
    ...fields,
  };
}

function hook(fields: Partial<Hook>): Hook {
  const origin = originOf("project");
  return { kind: "hook", event: "PreToolUse", type: "command", command: "check", timeoutS: 10, origin, ...fields };
}

function instructions(expanded: string, name = ""): Item {
  const origin = { scope: "project", path: "/p/CLAUDE.md" } as const;
  return { kind: "instructions", name, text: "source", expanded, origin };
}
