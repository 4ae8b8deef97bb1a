// What permissions say about other tools than the shell, files and those of servers, and the settings around them.

import type { Permission, PermissionMatch, Setting, Source, TargetContext } from "../../model.ts";
import { approximated, exact, itemsOf, type Outcome, refused } from "../shared.ts";
import { type Entry, entry, fateOf, leftToCodex, type Part } from "./part.ts";

type OtherPermission = Permission & {
  readonly match: Extract<PermissionMatch, { tool: "other" | "never" | "WebFetch" }>;
};

/** Tools of Claude Code that do nothing to the world, and that Codex does not have. */
const harmless = new Set(
  ("AskUserQuestion BashOutput EnterPlanMode ExitPlanMode KillBash KillShell ListMcpResourcesTool SlashCommand " +
    "TaskOutput TaskStop TodoRead TodoWrite ToolSearch").split(" "),
);
const noSearch = entry(["web_search"], "disabled");
const noNetwork = approximated(
  "no tool of Codex fetches pages; its commands have no network unless a profile opens it",
);
const writers = new Set(["Write", "MultiEdit", "NotebookEdit"]);
const strictModes = new Set(["plan", "dontAsk"]);

/** Returns what becomes of the permissions of other tools, and of the settings of permissions. */
export function toolsPart(source: Source, context: TargetContext): Part {
  const entries: Entry[] = [];
  const fates = itemsOf(source, context, "permission").filter(isAboutOthers).map((permission) => {
    const [outcome, ...own] = write(permission, source, context);
    entries.push(...own);
    return fateOf(permission, outcome);
  });
  const settings = itemsOf(source, context, "setting").map((item) => fateOf(item, fateOfSetting(item)));
  return { entries, fates: [...fates, ...settings] };
}

/** Says whether a permission keeps the sub-agent `name` from being started unasked. */
export function isClosedAgent(name: string, source: Source, context: TargetContext): boolean {
  return itemsOf(source, context, "permission").some(({ action, match }) =>
    action !== "allow" && match.tool === "other" && match.name === "Agent" && match.specifier === name
  );
}

function write({ action, match }: OtherPermission, source: Source, context: TargetContext): [Outcome, ...Entry[]] {
  if (match.tool === "never") return [refused("Claude Code itself never matches it")];
  if (action === "allow") return [leftToCodex];
  if (match.tool === "WebFetch") return match.how === "all" && action === "deny" ? [noNetwork, noSearch] : [noNetwork];
  const { name, specifier } = match;
  const isKnown = (kind: "agent" | "skill") => itemsOf(source, context, kind).some((item) => item.name === specifier);
  const isDenied = action === "deny";
  if (name === "WebSearch") {
    const outcome = isDenied ? exact : approximated("Codex cannot ask for each search, so it has none");
    return [outcome, noSearch];
  }
  if (name === "Agent" && specifier === undefined) {
    const outcome = isDenied ? exact : approximated("Codex cannot ask for each sub-agent, so it has none");
    return [outcome, entry(["agents", "enabled"], false)];
  }
  if (name === "Agent" && isKnown("agent")) {
    return [isDenied ? exact : approximated("Codex is not given this sub-agent")];
  }
  if (name === "Skill" && isKnown("skill") && isDenied) return [exact];
  if (name === "Agent" || name === "Skill") {
    return [refused("Codex is kept from a sub-agent or skill only by not being given it in the same scope")];
  }
  if (harmless.has(name)) return [approximated("Codex has no such tool")];
  if (writers.has(name)) return [refused(`Codex writes with one tool; deny Edit to keep it from all`)];
  return [refused("Codex has nothing that can be closed in its place")];
}

function fateOfSetting({ name, value }: Setting): Outcome {
  if (name === "additionalDirectories") return approximated("Codex is told more folders by --add-dir");
  if (name === "disableBypassPermissionsMode") {
    return refused("in Codex only an administrator can take that away, in requirements.toml");
  }
  return typeof value === "string" && strictModes.has(value)
    ? refused(`Codex has no mode like ${value} in its configuration`)
    : approximated("Codex keeps its own approval policy");
}

function isAboutOthers(permission: Permission): permission is OtherPermission {
  return ["other", "never", "WebFetch"].includes(permission.match.tool);
}
