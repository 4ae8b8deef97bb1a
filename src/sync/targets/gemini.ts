// Gemini CLI 0.61.0. What a person may have written, too, is settings.json, of which single values are set, and GEMINI.md,
// which gets a block. Policies, agents, commands and the list of hidden files are files of truce's own.
//
// `policyPaths` in the settings of a project takes the place of the user's own folder of policies, so it names both.

import { type JsonObject, textList } from "../../base/decode.ts";
import { pointerOf } from "../edit/pointer.ts";
import type { Fate, Item, ItemKind, Projection, Setting, Source, Target, TargetContext, WantedFile } from "../model.ts";
import { agentFile } from "./gemini/agents.ts";
import { checks } from "./gemini/checks.ts";
import { commandFile, commandNameOf } from "./gemini/commands.ts";
import { hookElements } from "./gemini/hooks.ts";
import { importItems } from "./gemini/import.ts";
import { askerOf, instructionsFor } from "./gemini/instructions.ts";
import { policiesOf } from "./gemini/policies.ts";
import { policyFile } from "./gemini/policy_file.ts";
import { serverEntries } from "./gemini/servers.ts";
import { type Entries, readSettings } from "./gemini/settings.ts";
import { trusted } from "./gemini/trust.ts";
import { exact, isOfScope, itemsOf, type Outcome, refused, rootOf, skillsInAgents } from "./shared.ts";

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

/** A part of a projection. */
interface Part {
  readonly files?: readonly WantedFile[];
  readonly entries?: Entries;
  readonly fates: readonly Fate[];
}

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
  const entries = distinct(parts.flatMap((part) => part.entries ?? []));
  const files = parts.flatMap((part) => part.files ?? []);
  const keys: WantedFile[] = entries.length === 0
    ? []
    : [{ kind: "keys", path: settingsPath, format: "json", entries }];
  const order = new Map(source.items.map((item, i) => [item, i]));
  const fates = parts.flatMap((part) => part.fates).toSorted((a, b) =>
    (order.get(a.item) ?? 0) - (order.get(b.item) ?? 0)
  );
  return { files: [...keys, ...files], fates };
}

/** The same element twice in a list is one. */
function distinct(entries: Entries): Entries {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function serversPart(source: Source, context: TargetContext): Part {
  const { entries, outcomes } = serverEntries(itemsOf(source, context, "server"));
  return { entries, fates: [...outcomes].map(([item, outcome]) => fateOf(item, outcome)) };
}

function agentsPart(source: Source, context: TargetContext): Part {
  const files: WantedFile[] = [];
  const fates = itemsOf(source, context, "agent").map((item) => {
    const { text, outcome } = agentFile(item);
    if (text !== undefined) files.push(whole(`${rootOf(context)}/.gemini/agents/${item.name}.md`, text));
    return fateOf(item, outcome);
  });
  return { files, fates };
}

function commandsPart(source: Source, context: TargetContext): Part {
  const files: WantedFile[] = [];
  const taken = new Set<string>();
  const fates = itemsOf(source, context, "command").map((item) => {
    const called = commandNameOf(item);
    if (taken.has(called)) return fateOf(item, refused(`a command before it is called "${called}", too`));
    const { text, outcome } = commandFile(item);
    if (text === undefined) return fateOf(item, outcome);
    taken.add(called);
    files.push(whole(`${rootOf(context)}/.gemini/commands/${item.name}.toml`, text));
    return fateOf(item, outcome);
  });
  return { files, fates };
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
  return { files, entries, fates: outcomes.map(({ item, outcome }) => fateOf(item, outcome)) };
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
  const entries: { pointer: string; value: unknown }[] = [];
  const fates = itemsOf(source, context, "hook").map((item) => {
    const { elements, outcome } = hookElements(item);
    for (const { event, value } of elements) entries.push({ pointer: pointerOf(["hooks", event, "-"]), value });
    return fateOf(item, outcome);
  });
  return { entries, fates };
}

function settingsPart(source: Source, context: TargetContext): Part {
  const entries: { pointer: string; value: unknown }[] = [];
  const fates = itemsOf(source, context, "setting").map((item) => {
    const outcome = item.origin.scope === "private"
      ? refused("it is private, and .gemini is for everybody")
      : outcomeOf(item);
    if (outcome.outcome !== "refused") entries.push(...entriesOf(item));
    return fateOf(item, outcome);
  });
  return { entries, fates };
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
  return {
    fates: source.items.filter((item) => item.kind === "env" && isOfScope(item, context)).map((item) =>
      fateOf(item, outcome)
    ),
  };
}

function whole(path: string, text: string): WantedFile {
  return { kind: "whole", path, text };
}

function fateOf(item: Item, outcome: Outcome): Fate {
  return { item, target: name, ...outcome };
}
