// What permissions say about other tools than the shell, files and those of servers, and the settings around them.

import type { Permission, Setting, Source, TargetContext } from "../../model.ts";
import { type Entry, made, type Part, told } from "../parts.ts";
import type { MatchOf } from "../permission_parts.ts";
import { approximated, exact, itemsOf, type Outcome, refused } from "../shared.ts";
import { entry, leftToCodex } from "./part.ts";

type OtherPermission = Permission & {
  readonly match: MatchOf<"other" | "never" | "WebFetch">;
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
  const { entries, fates } = made("codex", itemsOf(source, context, "permission").filter(isAboutOthers), (item) => {
    const [outcome, ...own] = write(item, source, context);
    return { outcome, entries: own };
  });
  const settings = told("codex", itemsOf(source, context, "setting"), fateOfSetting);
  return { entries, fates: [...fates, ...settings.fates] };
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
