// Rules for the tools of servers, by Gemini CLI's own loader and engine: it warns of none of them, and none is wider.

import type { Item } from "../../src/sync/model.ts";
import { permissionOf } from "../../src/sync/permission.ts";
import { gemini } from "../../src/sync/targets/gemini.ts";
import { verifyTargets } from "../../src/sync/verify.ts";
import { assertEquals } from "../support/assert.ts";
import { installGemini } from "../support/client_install.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { geminiDecisions, type ToolCall } from "../support/gemini_judge.ts";
import { syncTo } from "../support/sync_to.ts";

const installed = await installGemini();
const isMissing = installed.kind === "missing";
/** Names that Gemini CLI takes for those of its own tools, mistyped, and other odd ones. */
const names = ["fs__drop", "fs__get", "fs__glob", "fs__read_file", "my_srv__replace", "mcp_hub__get", "fs__a__b"];
const longName = "a-server-with-a-name-that-is-long";

Deno.test({
  name: "Gemini CLI has no complaint about a rule for a tool of a server, whatever it is called",
  ignore: isMissing,
  async fn() {
    const rules = names.map((name) => `mcp__${name}`);
    const permissions = { allow: rules, ask: rules.map((rule) => `${rule}2`), deny: rules.map((rule) => `${rule}3`) };
    using project = makeProject({ ".claude/settings.json": JSON.stringify({ permissions }) });
    await syncTo(gemini, { scope: "project", project: project.path });
    if (installed.kind === "missing") return;
    using folder = makeHome();
    const program = `${folder.path}/gemini`;
    writeFile(program, `#!/bin/sh\nexec ${installed.command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
    Deno.chmodSync(program, 0o755);
    const facts = { findProgram: () => program };
    const all = await verifyTargets({ project: project.path, targets: [gemini], facts });
    assertEquals(all.map(({ detail }) => detail), ["no complaint"]);
  },
});

/** Rules, with calls of a tool of a server, and what is decided where all else is denied. */
const cases: readonly (readonly [rule: string, tool: string, server: string, decision: string])[] = [
  ["allow mcp__fs__drop", "mcp_fs_drop", "fs", "allow"],
  ["allow mcp__fs__drop", "mcp_fs_drop", "fs_drop", "deny"],
  ["allow mcp__fs__drop", "mcp_fs_drop", "other", "deny"],
  ["allow mcp__fs__drop", "mcp_fs_mcp_fs_drop", "fs", "ask_user"],
  ["allow mcp__fs__drop", "mcp_fs_drops", "fs", "deny"],
  ["allow mcp__my_srv__get", "mcp_my_srv_get", "my_srv", "allow"],
  ["allow mcp__my_srv__get", "mcp_my_srv_get", "my", "deny"],
  ["allow mcp__fs__a__b", "mcp_fs_a__b", "fs", "deny"],
  ["ask mcp__fs__drop", "mcp_fs_drop", "fs", "ask_user"],
  ["ask mcp__fs", "mcp_fs_drop", "fs", "ask_user"],
  ["ask mcp__fs__a__b", "mcp_fs_a__b", "fs", "ask_user"],
  ["ask mcp__mcp_hub__get", "mcp_hub_get", "mcp_hub", "ask_user"],
  ["ask mcp__mcp_fs", "mcp_mcp-fs_get", "mcp-fs", "ask_user"],
  [`ask mcp__${longName}`, `mcp_${longName.slice(0, 25)}_get`, longName.slice(0, 25), "ask_user"],
  [
    `ask mcp__${longName}`,
    `mcp_${longName.slice(0, 25)}_...${"get".padStart(30, "x")}`,
    longName.slice(0, 25),
    "ask_user",
  ],
];

Deno.test({
  name: "Gemini CLI's engine allows a tool on its own server alone, and holds those of servers with odd names",
  ignore: isMissing,
  async fn() {
    using home = makeHome();
    const rest = `\n[[rule]]\ntoolName = "*"\ndecision = "deny"\npriority = 0\n`;
    const questions = cases.map(([rule, name, server], i) => {
      const path = `${home.path}/${i}/truce.toml`;
      writeFile(path, policiesFor(rule) + rest);
      return { path, calls: [{ name, server, args: {} }] satisfies ToolCall[] };
    });
    const decisions = await geminiDecisions(installed, questions, home.path);
    const said = cases.map(([rule, name, server], i) => `${rule}: ${server} ${name}: ${decisions[i]}`);
    assertEquals(said, cases.map(([rule, name, server, decision]) => `${rule}: ${server} ${name}: ${decision}`));
  },
});

function policiesFor(rule: string): string {
  const [, action, text] = /^(allow|ask|deny) (.*)$/.exec(rule) ?? [];
  const origin = { scope: "project", path: "/p/.claude/settings.json" } as const;
  const known = ["mcp_fs", longName].map((name): Item => ({
    kind: "server",
    name,
    transport: { type: "stdio", command: "true", args: [], env: {} },
    isEnabled: true,
    unknown: [],
    origin,
  }));
  const context = { scope: "project", project: "/p", read: () => undefined, allowsRules: false } as const;
  const items = [...known, permissionOf(action === "allow" || action === "ask" ? action : "deny", text, origin)];
  const { files } = gemini.project({ items }, context);
  return files.map((file) => file.kind === "whole" && file.path.endsWith(".toml") ? file.text : "").join("");
}
