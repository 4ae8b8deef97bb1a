// OpenCode 1.18.33. It reads Claude Code's skills itself, and CLAUDE.md where there is no AGENTS.md, but does not follow
// the imports in it: with imports or rules there is AGENTS.md, which several targets share.

import { asObject, field, type JsonObject } from "../../base/decode.ts";
import { folderOf } from "../../base/path.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { ItemKind, Projection, SlashCommand, Source, Target, TargetContext, WantedFile } from "../model.ts";
import { withLosses } from "./losses.ts";
import { agentFile, ownAgents } from "./opencode/agents.ts";
import { checks } from "./opencode/checks.ts";
import { configPath, folderFor, otherConfigs, readConfig } from "./opencode/config.ts";
import { importItems } from "./opencode/import.ts";
import { denyEntries, permissionEntries, type PermissionEntry, rulesOf } from "./opencode/permissions.ts";
import { serverPart } from "./opencode/servers.ts";
import { ownText } from "./own_text.ts";
import { type Entries, fatesIn, inFile, made, type Part, told } from "./parts.ts";
import {
  approximated,
  type Asker,
  exact,
  instructionsInAgentsMd,
  itemsOf,
  native,
  type Outcome,
  privately,
  refused,
  rootOf,
} from "./shared.ts";

const name = "opencode";

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "read by itself from CLAUDE.md; with imports or rules in AGENTS.md",
  rule: "in AGENTS.md, with the files it is for",
  server: "mcp in opencode.json; stdio, http and sse, with references; no defaults",
  skill: "read by itself from .claude/skills",
  agent: ".opencode/agents/*.md; denied the tools that it does not have",
  command: "linked in .opencode/commands; with a model of its own a copy without it",
  permission: "permission in opencode.json; denials last; allowances are not needed",
  hook: "refused: OpenCode runs plugins in its own process, no commands",
  env: "refused: OpenCode has no variables for its tools",
  setting: "refused: how much is approved stays with each user",
};

/** OpenCode. */
export const opencode: Target = {
  name,
  verifiedWith: "OpenCode 1.18.33",
  matrix,
  project,
  importItems,
  trusted: () => "yes",
  checks,
};

function project(source: Source, context: TargetContext): Projection {
  const path = configPath(context);
  const servers = serversPart(source, context);
  const permissions = permissionsPart(source, context);
  const parts: Part[] = [
    instructionsPart(source, context),
    skillsPart(source, context),
    servers,
    agentsPart(source, context),
    commandsPart(source, context),
    permissions,
    refusedPart(source, context),
  ];
  const keys: WantedFile[] = [
    { kind: "keys", path, format: "json", entries: servers.entries },
    { kind: "keys", path, format: "json", entries: permissions.entries, order: "last" },
  ];
  return {
    files: [
      ...keys.filter((one) => one.kind === "keys" && one.entries.length > 0),
      ...parts.flatMap((part) => part.files ?? []),
    ],
    fates: fatesIn(source, parts),
  };
}

function instructionsPart(source: Source, context: TargetContext): Part {
  const asker: Asker = { target: name, title: "OpenCode", userFile: `${folderFor(context)}/AGENTS.md` };
  const instructions = itemsOf(source, context, "instructions");
  const isNeeded = itemsOf(source, context, "rule").length > 0 ||
    instructions.some((item) => item.expanded !== item.text || !isRead(item.origin.path, context)) ||
    ownText(context.read(agentsMd(context)) ?? "").trim() !== "";
  if (isNeeded) return instructionsInAgentsMd(source, context, asker);
  const secluded = refused("it is private, and OpenCode has no place for what is private to a project");
  const read = native("OpenCode reads CLAUDE.md itself");
  return told(name, instructions, ({ origin }) => origin.scope === "private" ? secluded : read);
}

/** Says whether OpenCode finds instructions by their name: not in `.claude`, but for the user's own. */
function isRead(path: string, { scope }: TargetContext): boolean {
  return path.endsWith("/CLAUDE.md") && (scope === "user" || !path.endsWith("/.claude/CLAUDE.md"));
}

/** The file that OpenCode would read in place of CLAUDE.md. */
function agentsMd(context: TargetContext): string {
  return context.scope === "user" ? `${folderFor(context)}/AGENTS.md` : `${rootOf(context)}/AGENTS.md`;
}

function skillsPart(source: Source, context: TargetContext): Part {
  const reason = "OpenCode reads .claude/skills itself";
  return told(
    name,
    itemsOf(source, context, "skill"),
    ({ isManual }) => isManual ? approximated(`${reason}, and may start it by itself`) : native(reason),
  );
}

function serversPart(source: Source, context: TargetContext): Required<Part> {
  const others = otherConfigs(context);
  return made(name, itemsOf(source, context, "server"), (server) => serverPart(server, others));
}

function agentsPart(source: Source, context: TargetContext): Part {
  const servers = source.items.filter((item) => item.kind === "server");
  const folder = `${folderFor(context)}/agents`;
  return made(
    name,
    itemsOf(source, context, "agent"),
    (item) => inFile(`${folder}/${item.name}.md`, agentFile(item, servers)),
  );
}

function commandsPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "command"), (item) => {
    const secluded = privately(item, ".opencode");
    if (secluded !== undefined) return { outcome: secluded };
    const losses = [
      ...(item.allowedTools.length > 0 ? ["its tools are not allowed in advance"] : []),
      ...(item.model === undefined ? [] : ["its model is left out"]),
    ];
    const file = commandFile(item, `${folderFor(context)}/commands/${item.name}.md`);
    return { outcome: withLosses(losses), files: [file] };
  });
}

/** The files are the same but for the names of models. */
function commandFile({ origin, body, description, model }: SlashCommand, path: string): WantedFile {
  if (model === undefined) return { kind: "link", path, to: relativeTo(folderOf(path), origin.path) };
  const head = description === undefined ? "" : `---\ndescription: ${JSON.stringify(description)}\n---\n`;
  return { kind: "whole", path, text: `${head}${body}` };
}

function relativeTo(folder: string, path: string): string {
  const [from, to] = [folder.split("/"), path.split("/")];
  const same = from.findIndex((part, i) => part !== to[i]);
  const shared = same < 0 ? from.length : same;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

function permissionsPart(source: Source, context: TargetContext): Required<Omit<Part, "files">> {
  const { scope } = context;
  const servers = source.items.filter((item) => item.kind === "server");
  const config = readConfig(configPath(context), context);
  const own = [config, ...otherConfigs(context)].map((one) => field(one, "permission"));
  const hasOwnRules = (tool: string) =>
    own.some((rules) =>
      typeof rules === "string" || asObject(rules)?.[tool] !== undefined || asObject(rules)?.["*"] !== undefined
    );
  const { rules, outcomes } = rulesOf(itemsOf(source, context, "permission"), { scope, servers, hasOwnRules });
  const entries = [
    ...entriesAt(["permission"], permissionEntries(rules, { scope })),
    ...(scope === "user" ? ownAgents.flatMap((agent) => agentEntries(agent, denyEntries(rules.deny), config)) : []),
  ];
  return { entries, fates: [...outcomes].map(([item, outcome]) => ({ item, target: name, ...outcome })) };
}

/** What a project allows comes behind what its user denies, but before what the user denies for one agent. */
function agentEntries(agent: string, denials: readonly PermissionEntry[], config: JsonObject): Entries {
  const held = field(field(field(config, "agent"), agent), "permission");
  return held === undefined || asObject(held) !== undefined ? entriesAt(["agent", agent, "permission"], denials) : [];
}

function entriesAt(way: readonly string[], entries: readonly PermissionEntry[]): Entries {
  return entries.map(([tool, actions]) => ({ pointer: pointerOf([...way, tool]), value: actions }));
}

function refusedPart(source: Source, context: TargetContext): Part {
  const hook = refused("OpenCode runs no commands at its events, only plugins in its own process");
  const variable = refused("OpenCode has no variables for its tools; they have its own environment");
  const parts = [
    told(name, itemsOf(source, context, "hook"), () => hook),
    told(name, itemsOf(source, context, "env"), () => variable),
    told(name, itemsOf(source, context, "setting"), (item) => outcomeOfSetting(item.name)),
  ];
  return { fates: fatesIn(source, parts) };
}

function outcomeOfSetting(setting: string): Outcome {
  if (setting === "additionalDirectories") return approximated("OpenCode asks before it leaves the project");
  if (setting === "defaultMode") return refused("how much is approved at the start stays with each user of OpenCode");
  return setting === "disableBypassPermissionsMode" ? refused("OpenCode cannot forbid --auto") : exact;
}
