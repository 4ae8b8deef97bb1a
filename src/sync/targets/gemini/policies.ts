// Permissions as policies of Gemini CLI. A denial stands above everything that a user can set; what is asked or allowed
// stands below everything, so that it takes back no denial of the user's own.

import type { Permission, Server } from "../../model.ts";
import { type Outcome, privately, refused } from "../shared.ts";
import { detours, isTaken } from "./patterns.ts";
import type { PolicyRule } from "./policy_file.ts";
import { type Made, pathTools, rulesFor, type RuleStart } from "./policy_rules.ts";

/** What the permissions of a scope become. */
export interface Policies {
  readonly rules: readonly PolicyRule[];
  /** Patterns of a .gitignore for what must not be read. */
  readonly ignored: readonly string[];
  readonly outcomes: readonly { readonly item: Permission; readonly outcome: Outcome }[];
}

/** What permissions are seen with. */
export interface PolicyOptions {
  readonly scope: "user" | "project";
  readonly servers: readonly Server[];
}

const denialPriority = 999;
/** The other mode, plan, is for reading alone. */
const workingModes = ["default", "autoEdit", "yolo"];
const decisions = { deny: "deny", ask: "ask_user", allow: "allow" } as const;

const detourRule: PolicyRule = {
  from: "paths with . or .. on the way, which could go around the rules for paths",
  toolName: pathTools,
  argsPattern: detours,
  decision: "deny",
  priority: denialPriority,
  denyMessage: "Write the path without . and .. on the way",
};

/** Returns the policies for the permissions of a scope. */
export function policiesOf(permissions: readonly Permission[], options: PolicyOptions): Policies {
  const rules: PolicyRule[] = [];
  const ignored: string[] = [];
  const outcomes: { item: Permission; outcome: Outcome }[] = [];
  const common = permissions.filter(({ origin }) => origin.scope !== "private");
  for (const action of ["deny", "ask", "allow"] as const) {
    for (const item of permissions.filter((one) => one.action === action)) {
      const secluded = privately(item, ".gemini");
      const made = secluded === undefined
        ? taken(rulesFor(item, { ...options, common }))
        : { rules: [], outcome: secluded };
      outcomes.push({ item, outcome: made.outcome });
      rules.push(...made.rules.map((start) => finished(start, item)));
      ignored.push(...made.ignored ?? []);
    }
  }
  const hasPaths = rules.some(({ decision, argsPattern }) => decision === "deny" && argsPattern?.includes("file_path"));
  return { rules: distinct(hasPaths ? [detourRule, ...rules] : rules), ignored: [...new Set(ignored)], outcomes };
}

/** All expressions of an item must be taken: with one of them missing it would not be what it says. */
function taken(made: Made): Made {
  const expressions = made.rules.flatMap(({ argsPattern, commandRegex }) =>
    commandRegex === undefined ? argsPattern ?? [] : `"command":"${commandRegex}`
  );
  if (expressions.every(isTaken)) return made;
  return { rules: [], outcome: refused("Gemini CLI takes no expression as long or as involved as this needs") };
}

function finished(start: RuleStart, { action, text }: Permission): PolicyRule {
  const denied = { denyMessage: `Denied by ${text} in the settings of Claude Code` };
  return {
    from: `${action} ${text}`,
    ...start,
    decision: start.decision ?? decisions[action],
    priority: action === "deny" ? denialPriority : 0,
    ...(action === "deny" ? denied : {}),
    ...(action === "allow" ? { modes: workingModes } : {}),
  };
}

function distinct(rules: readonly PolicyRule[]): PolicyRule[] {
  const byText = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { from: _from, denyMessage: _message, ...said } = rule;
    const key = JSON.stringify(said);
    if (!byText.has(key)) byText.set(key, rule);
  }
  return [...byText.values()];
}
