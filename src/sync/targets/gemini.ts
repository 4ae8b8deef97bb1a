// Gemini CLI 0.61.0. What a person may have written, too, is settings.json, of which single values are set, and GEMINI.md,
// which gets a block. Policies, agents, commands and the list of hidden files are files of truce's own.
//
// `policyPaths` in the settings of a project takes the place of the user's own folder of policies, so it names both.

import { type JsonObject, textList } from "../../base/decode.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { ItemKind, Projection, Setting, Source, Target, TargetContext, WantedFile } from "../model.ts";
import { agentFile } from "./gemini/agents.ts";
import { checks } from "./gemini/checks.ts";
import { commandFile, commandNameOf } from "./gemini/commands.ts";
import { hookElements } from "./gemini/hooks.ts";
import { importItems } from "./gemini/import.ts";
import { askerOf, instructionsFor } from "./gemini/instructions.ts";
import { policiesOf } from "./gemini/policies.ts";
import { policyFile } from "./gemini/policy_file.ts";
import { serversPart } from "./gemini/servers.ts";
import { readSettings } from "./gemini/settings.ts";
import { trusted } from "./gemini/trust.ts";
import { type Entries, inFile, joined, made, type Part, told } from "./parts.ts";
import { exact, isWritten, itemsOf, type Outcome, privately, refused, rootOf, skillsInAgents } from "./shared.ts";

const name = "gemini";
const userPolicies = "~/.gemini/policies";
const ignoreFile = ".gemini/truce.ignore";
const ignoreHead = "# Written by truce: what Claude Code must not read. Edit its settings and run truce sync.\n";

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "a block in GEMINI.md that imports CLAUDE.md, or holds its text",
  rule: "imported by GEMINI.md; one for certain files is named there, to be read before work on them",
  server: "mcpServers in settings.json; stdio, http and sse, with references and defaults; disabled in mcp.excluded",
  skill: "linked in .agents/skills",
  agent: ".gemini/agents/*.md; tools translated; each user acknowledges it once",
  command: ".gemini/commands/**/*.toml; single arguments are told, not put in",
  permission: ".gemini/policies/truce.toml; denials above all, what is asked or allowed below all",
  hook: "hooks in settings.json, behind a shim that translates; only commands",
  env: "refused: a .gemini/.env would hide the project's .env",
  setting: "additionalDirectories and disableBypassPermissionsMode in settings.json; modes stay with each user",
};

/** Gemini CLI. */
export const gemini: Target = {
  name,
  verifiedWith: "Gemini CLI 0.61.0",
  matrix,
  project,
  importItems,
  trusted,
  checks,
};

function project(source: Source, context: TargetContext): Projection {
  const settingsPath = `${rootOf(context)}/.gemini/settings.json`;
  const settings = readSettings(context.read(settingsPath));
  const parts: Part[] = [
    instructionsFor(source, context, settings),
    serversPart(source, context),
    skillsInAgents(source, context, askerOf(context)),
    agentsPart(source, context),
    commandsPart(source, context),
    permissionsPart(source, context, settings),
    hooksPart(source, context),
    settingsPart(source, context),
    environmentPart(source, context),
  ];
  return joined(source, parts, settingsPath);
}

function agentsPart(source: Source, context: TargetContext): Part {
  const folder = `${rootOf(context)}/.gemini/agents`;
  return made(name, itemsOf(source, context, "agent"), (item) => inFile(`${folder}/${item.name}.md`, agentFile(item)));
}

function commandsPart(source: Source, context: TargetContext): Part {
  const taken = new Set<string>();
  return made(name, itemsOf(source, context, "command"), (item) => {
    const called = commandNameOf(item);
    if (taken.has(called)) return { outcome: refused(`a command before it is called "${called}", too`) };
    const file = commandFile(item);
    if (file.text !== undefined) taken.add(called);
    return inFile(`${rootOf(context)}/.gemini/commands/${item.name}.toml`, file);
  });
}

function permissionsPart(source: Source, context: TargetContext, settings: JsonObject): Part {
  const { scope } = context;
  const servers = source.items.filter((item) => item.kind === "server");
  const { rules, ignored, outcomes } = policiesOf(itemsOf(source, context, "permission"), { scope, servers });
  const root = rootOf(context);
  const files = [
    ...(rules.length === 0 ? [] : [whole(`${root}/.gemini/policies/truce.toml`, policyFile(rules))]),
    ...(ignored.length === 0 ? [] : [whole(`${root}/${ignoreFile}`, `${ignoreHead}${ignored.join("\n")}\n`)]),
  ];
  const entries = [
    ...(rules.length === 0 ? [] : policyPaths(context, settings)),
    ...(ignored.length === 0 ? [] : [{ pointer: "/context/fileFiltering/customIgnoreFilePaths/-", value: ignoreFile }]),
  ];
  return { files, entries, fates: outcomes.map(({ item, outcome }) => ({ item, target: name, ...outcome })) };
}

/** The user's folder of policies is read by itself, unless the settings name others. */
function policyPaths({ scope }: TargetContext, settings: JsonObject): Entries {
  const pointer = "/policyPaths/-";
  if (scope === "project") return [userPolicies, ".gemini/policies/truce.toml"].map((value) => ({ pointer, value }));
  const ours = `${userPolicies}/truce.toml`;
  const others = textList(settings, "policyPaths").filter((path) => path !== ours);
  const isRead = others.length === 0 || others.includes(userPolicies) || others.includes(`${userPolicies}/`);
  return isRead ? [] : [{ pointer, value: ours }];
}

function hooksPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "hook"), (item) => {
    const { elements, outcome } = hookElements(item);
    const entries = elements.map(({ event, value }) => ({ pointer: pointerOf(["hooks", event, "-"]), value }));
    return { outcome, entries };
  });
}

function settingsPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "setting"), (item) => {
    const outcome = privately(item, ".gemini") ?? outcomeOf(item);
    return { outcome, entries: isWritten(outcome) ? entriesOf(item) : [] };
  });
}

function outcomeOf({ name, value }: Setting): Outcome {
  if (name === "defaultMode") return refused("how much is approved at the start stays with each user of Gemini CLI");
  if (name === "disableBypassPermissionsMode") {
    return value === "disable" ? exact : refused(`"${value}" is no value that is known`);
  }
  return Array.isArray(value) ? exact : refused("it is no list of folders");
}

function entriesOf({ name, value }: Setting): Entries {
  if (name === "disableBypassPermissionsMode") return [{ pointer: "/security/disableYoloMode", value: true }];
  const folders = textList({ value }, "value");
  return folders.map((folder) => ({ pointer: "/context/includeDirectories/-", value: folder }));
}

function environmentPart(source: Source, context: TargetContext): Part {
  const outcome = refused(
    "Gemini CLI takes variables from a file alone, and a .gemini/.env would hide the project's .env",
  );
  return told(name, itemsOf(source, context, "env"), () => outcome);
}

function whole(path: string, text: string): WantedFile {
  return { kind: "whole", path, text };
}
