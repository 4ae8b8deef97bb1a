// GitHub Copilot CLI 1.0.102. In a project it reads Claude Code's own files, and so nothing is written twice: CLAUDE.md
// with its imports, rules, .mcp.json, skills, commands, sub-agents, and the hooks of the settings, which it tells and asks
// in Claude Code's own words. Of a user it reads none of these.
//
// `.github/copilot-instructions.md` is never written: Zed would read it in place of AGENTS.md. What the settings of a
// project deny, a session holds to for servers alone, whatever the documentation says of skills and addresses.

import { nameOf } from "../../base/path.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { Agent, Hook, Item, ItemKind, Projection, Source, Target, TargetContext } from "../model.ts";
import { permissionsPart } from "./copilot/permissions.ts";
import { serversPart, userServers } from "./copilot/servers.ts";
import { joined, made, type Part, told } from "./parts.ts";
import {
  type Asker,
  commandsInAgents,
  exact,
  instructionsInAgentsMd,
  itemsOf,
  native,
  type Outcome,
  privately,
  refused,
  rootOf,
  skillsInAgents,
} from "./shared.ts";

const name = "copilot";

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "native: CLAUDE.md; a user's in ~/.copilot/copilot-instructions.md",
  rule: "native: .claude/rules; a user's in ~/.copilot/copilot-instructions.md",
  server: "native: .mcp.json; a user's in ~/.copilot/mcp-config.json; disabled in settings.json",
  skill: "native: .claude/skills; a user's linked in ~/.agents/skills",
  agent: "native: .claude/agents; a user's linked in ~/.copilot/agents",
  command: "native: .claude/commands; in folders, and a user's, a skill in .agents/skills",
  permission: "denials of servers; a user's of addresses and skills, too; all others are flags of its command line",
  hook: "native: .claude/settings.json; a user's in ~/.copilot/settings.json; only commands",
  env: "refused: Copilot has no variables for its tools",
  setting: "a user's disableBypassPermissionsMode; modes and folders stay with each user",
};

/** GitHub Copilot CLI. */
export const copilot: Target = { name, verifiedWith: "Copilot CLI 1.0.102", matrix, project };

function project(source: Source, context: TargetContext): Projection {
  const isUser = context.scope === "user";
  const root = rootOf(context);
  const asker: Asker = { target: name, title: "Copilot", userFile: `${root}/.copilot/copilot-instructions.md` };
  const parts: Part[] = [
    isUser ? instructionsInAgentsMd(source, context, asker) : instructionsPart(source, context),
    isUser ? userServers(source, context) : serversPart(source, context),
    isUser ? skillsInAgents(source, context, asker) : skillsPart(source, context),
    agentsPart(source, context),
    commandsPart(source, context, asker),
    permissionsPart(source, context),
    hooksPart(source, context),
    told(name, itemsOf(source, context, "env"), () => refused("Copilot has no variables for its tools")),
    settingsPart(source, context),
  ];
  return joined(source, parts, isUser ? `${root}/.copilot/settings.json` : `${root}/.github/copilot/settings.json`);
}

function instructionsPart(source: Source, context: TargetContext): Part {
  const items = [...itemsOf(source, context, "instructions"), ...itemsOf(source, context, "rule")];
  return told(name, items, (item) => {
    if (item.kind === "instructions" && item.origin.path.endsWith("/.claude/CLAUDE.md")) {
      return refused("Copilot reads CLAUDE.md, but none in .claude; move it to the root of the project");
    }
    const file = item.kind === "rule" ? ".claude/rules" : "CLAUDE.md";
    return privately(item) ??
      native(`Copilot reads ${file} itself; AGENTS.md and GEMINI.md, where others need them, too`);
  });
}

function skillsPart(source: Source, context: TargetContext): Part {
  const reason = "Copilot reads .claude/skills itself";
  return told(name, itemsOf(source, context, "skill"), (item) => privately(item) ?? native(reason));
}

function agentsPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "agent"), (item) => {
    const problem = privately(item) ?? problemOfAgent(item);
    if (problem !== undefined) return { outcome: problem };
    if (context.scope === "project") return { outcome: native("Copilot reads .claude/agents itself") };
    const path = `${rootOf(context)}/.copilot/agents/${item.name}.agent.md`;
    const inClaude = item.origin.path.slice(rootOf(context).length + 1);
    return { outcome: exact, files: [{ kind: "link", path, to: `../../${inClaude}` }] };
  });
}

function problemOfAgent({ name: agent, disallowedTools }: Agent): Outcome | undefined {
  if (nameOf(agent) !== agent) return refused(`"${agent}" is no name for a file`);
  return disallowedTools.length > 0
    ? refused("Copilot knows what tools a sub-agent has, not those that it must not have")
    : undefined;
}

/** Copilot does not look into folders of commands. The others are read where they are. */
function commandsPart(source: Source, context: TargetContext, asker: Asker): Part {
  const { files, fates } = commandsInAgents(source, context, asker);
  if (context.scope === "user") return { files, fates };
  const isNested = (item: Item) => item.kind === "command" && item.name.includes("/");
  const folders = fates.filter(({ item, outcome }) => isNested(item) && outcome !== "refused").map(({ item }) =>
    item.kind === "command" ? `${rootOf(context)}/.agents/skills/${item.name.replaceAll("/", "-")}/` : ""
  );
  const reason = "Copilot reads .claude/commands itself";
  return {
    files: files.filter(({ path }) => folders.some((folder) => path.startsWith(folder))),
    fates: fates.map((fate) => isNested(fate.item) ? fate : { ...fate, ...privately(fate.item) ?? native(reason) }),
  };
}

function hooksPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "hook"), (item) => {
    if (item.type !== "command") {
      return { outcome: refused(`it is not known whether Copilot runs hooks of the type "${item.type}"`) };
    }
    if (context.scope === "project") {
      return { outcome: native("Copilot runs the hooks of .claude/settings.json itself") };
    }
    return { outcome: exact, entries: [{ pointer: pointerOf(["hooks", item.event, "-"]), value: hookValue(item) }] };
  });
}

function hookValue({ matcher, type, command, timeoutS, rest }: Hook) {
  const timeout = timeoutS === undefined ? {} : { timeout: timeoutS };
  return { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type, command, ...timeout, ...rest }] };
}

function settingsPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "setting"), (item) => {
    const isHeld = item.name === "disableBypassPermissionsMode" && item.value === "disable" && context.scope === "user";
    if (!isHeld) return { outcome: refused("Copilot takes it from each user, not from what a project says") };
    return { outcome: exact, entries: [{ pointer: `/permissions/${item.name}`, value: item.value }] };
  });
}
