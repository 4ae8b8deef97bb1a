// Permissions of OpenCode's own tools as Claude Code says them: a tool as a whole, and single sub-agents and skills. The
// patterns for commands and paths mean other things in each of the two, so they are not taken over.

import { asObject } from "../../../base/decode.ts";
import type { Imported, Origin, Permission, Skipped } from "../../model.ts";
import { permissionOf } from "../../permission.ts";
import { allowedElsewhere } from "../imported.ts";

/** A tool, or a pattern for the names of tools, and what is said of it. */
export type Rule = readonly [name: string, said: unknown];

type Action = "deny" | "ask" | "allow";

/** From the least strict on. */
const actions: readonly Action[] = ["allow", "ask", "deny"];

/** The tools that are the same in both. */
const claudeTools: Readonly<Record<string, string>> = {
  "": "*",
  bash: "Bash",
  glob: "Glob",
  grep: "Grep",
  list: "LS",
  lsp: "LSP",
  plan_enter: "EnterPlanMode",
  plan_exit: "ExitPlanMode",
  question: "AskUserQuestion",
  skill: "Skill",
  task: "Agent",
  todowrite: "TodoWrite",
  webfetch: "WebFetch",
  websearch: "WebSearch",
};
const withParts = new Set(["task", "skill"]);

/** Reads those of `rules` that `isRead` says. The last one that matches decides, so a later one may take them back. */
export function importToolRules(rules: readonly Rule[], origin: Origin, isRead: (rule: Rule) => boolean): Imported {
  const items: Permission[] = [];
  const skipped: Skipped[] = [];
  for (const [i, rule] of rules.entries()) {
    if (!isRead(rule)) continue;
    const what = `permission ${rule[0]}`;
    const made = permissionsIn(rule, origin);
    if (typeof made === "string") skipped.push({ what, why: made });
    else if (rules.slice(i + 1).some((later) => takesBack(later, rule))) {
      skipped.push({ what, why: "a rule behind it is less strict" });
    } else items.push(...made);
  }
  return { items, skipped };
}

/** Returns what a rule says of a tool as a whole. */
export function actionOf(value: unknown): Action | undefined {
  const entries = Object.entries(asObject(value) ?? { "*": value });
  const [pattern, action] = entries[0] ?? [];
  return entries.length === 1 && /^\*+$/.test(pattern ?? "") ? actionNamed(action) : undefined;
}

/** Returns the permissions in a rule, or why it is none of Claude Code's. */
function permissionsIn([name, said]: Rule, origin: Origin): Permission[] | string {
  const tool = name.replace(/\*+$/, "");
  const claudeTool = Object.hasOwn(claudeTools, tool) ? claudeTools[tool] : undefined;
  const parts = Object.entries(asObject(said) ?? { "*": said });
  const named = parts.map(([, action]) => actionNamed(action));
  if (named.every((action) => action === "allow")) return allowedElsewhere;
  if (claudeTool === undefined) return "Claude Code has no rule for just this tool";
  const permissions = parts.map(([pattern], i) => {
    const action = named[i];
    if (action !== "deny" && action !== "ask") return undefined;
    if (/^\*+$/.test(pattern)) return permissionOf(action, claudeTool, origin);
    const isPart = withParts.has(tool) && !/[*?]/.test(pattern);
    const permission = permissionOf(action, `${claudeTool}(${pattern})`, origin);
    return isPart && permission.match.tool === "other" ? permission : undefined;
  });
  const all = permissions.filter((one) => one !== undefined);
  return all.length === permissions.length ? all : "its patterns mean something else in Claude Code";
}

/** Says whether `later` is less strict in anything than `rule`, and about tools of the same name. */
function takesBack(later: Rule, rule: Rule): boolean {
  const [start, other] = [later, rule].map(([name]) => name.replace(/\*+$/, ""));
  if (!start.startsWith(other) && !other.startsWith(start)) return false;
  return Math.min(...strictnesses(later)) < Math.max(...strictnesses(rule));
}

function strictnesses([, said]: Rule): number[] {
  return Object.values(asObject(said) ?? { "*": said }).map((action) =>
    actions.indexOf(actionNamed(action) ?? "allow")
  );
}

function actionNamed(action: unknown): Action | undefined {
  return action === "deny" || action === "ask" || action === "allow" ? action : undefined;
}
