// Codex, by the client itself: https://developers.openai.com/codex describes the files. What a project says, Codex reads
// once the user trusts the project, and a hook once the user has approved it.

import { asObject, type JsonObject } from "../../base/decode.ts";
import { readToml } from "../../edit/toml.ts";
import type { Projection, Source, Target, TargetContext, WantedFile } from "../model.ts";
import { agentsPart } from "./codex/agents.ts";
import { checks } from "./codex/checks.ts";
import { envPart } from "./codex/env.ts";
import { hooksPart } from "./codex/hooks.ts";
import { importItems } from "./codex/import.ts";
import { instructionsPart } from "./codex/instructions.ts";
import { leftOut } from "./codex/part.ts";
import { profilePart } from "./codex/profile.ts";
import { rulesPart } from "./codex/rules.ts";
import { serversPart } from "./codex/servers.ts";
import { toolsPart } from "./codex/tools.ts";
import { trusted } from "./codex/trust.ts";
import { type Entry, fatesIn, type Part, told } from "./parts.ts";
import { type Asker, commandsInAgents, refused, rootOf, skillsInAgents } from "./shared.ts";

const name = "codex";

/** The target Codex. */
export const codex: Target = {
  name,
  verifiedWith: "codex-cli 0.169.0",
  matrix: {
    instructions: "AGENTS.md, imports put in; 32 KiB from the root down; nested ones where Codex works",
    rule: "AGENTS.md; with paths: approximated, always told",
    server: "mcp_servers: stdio and http; variables by name only; no sse, no ws, no renames, no defaults",
    skill: ".agents/skills, a link; whether only the user starts it is Claude's alone",
    agent: ".codex/agents; one without Bash is refused, tools and models are not held to",
    command: "a skill in .agents/skills, which only the user starts; arguments are told",
    permission: "Bash: rules with their tests; files: a permission profile; tools of servers; allows by --allow-rules",
    hook: ".codex/hooks.json; type command, events that Codex has; each is approved by hand",
    env: "shell_environment_policy.set; no secrets",
    setting: "no mode, no folders; they are the user's in Codex",
  },
  project,
  importItems,
  trusted,
  checks,
};

function project(source: Source, context: TargetContext): Projection {
  const folder = `${rootOf(context)}/.codex`;
  const asker: Asker = { target: name, title: "Codex", userFile: `${folder}/AGENTS.md` };
  const shown = { items: source.items.filter(({ origin }) => origin.scope !== "private") };
  const config = configIn(folder, context);
  const userConfig = context.home === undefined ? {} : configIn(`${context.home}/.codex`, context);
  const parts: Part[] = [
    instructionsPart(shown, context, asker),
    skillsInAgents(shown, context, asker),
    commandsInAgents(shown, context, asker),
    serversPart(shown, context, userConfig),
    agentsPart(shown, context, `${folder}/agents`),
    rulesPart(shown, context, `${folder}/rules/truce.rules`),
    profilePart(shown, context, { config, userConfig }),
    toolsPart(shown, context),
    hooksPart(shown, context, `${folder}/hooks.json`),
    envPart(shown, context),
    privatePart(source, context),
  ];
  const entries = parts.flatMap((part) => part.entries ?? []);
  const configFile: WantedFile = {
    kind: "keys",
    path: `${folder}/config.toml`,
    format: "toml",
    entries: [...new Map(entries.map((one): [string, Entry] => [one.pointer, one])).values()],
  };
  return {
    files: [...parts.flatMap((part) => part.files ?? []), ...(entries.length === 0 ? [] : [configFile])],
    fates: fatesIn(source, parts),
  };
}

function configIn(folder: string, context: TargetContext): JsonObject {
  const path = `${folder}/config.toml`;
  return asObject(readToml(context.read(path) ?? "", path)) ?? {};
}

/** Private items belong to a project, whose files are for everybody. What they only allow is no loss of safety. */
function privatePart({ items }: Source, { scope }: TargetContext): Part {
  const secluded = scope === "user" ? [] : items.filter(({ origin }) => origin.scope === "private");
  const refusal = refused("it is private, and what Codex reads in a project is for everybody");
  return told(name, secluded, (item) => item.kind === "permission" && item.action === "allow" ? leftOut : refusal);
}
