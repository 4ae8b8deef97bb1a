// Permissions for OpenCode 1.18.33. The last rule that matches decides; the rules of a project come behind those of its
// user, and with the same name in both they are mixed. Names of tools are patterns, too, and so what is asked stands
// under `bash*` and what is denied under `bash**`, names that nobody else has: whoever writes first, every denial comes
// behind all that is asked, and a user's `"bash": "ask"` stays what it is.
//
// Allowances are not written. OpenCode runs what no rule is about, and one behind a denial would take that back.

import type { Permission, Server } from "../../model.ts";
import { type PathGlobs, pathGlobs } from "../../permission.ts";
import { isLike } from "../../source/glob.ts";
import { withLosses } from "../losses.ts";
import { type MatchOf, neverMatched, serversLike } from "../permission_parts.ts";
import { approximated, exact, type Outcome, privately, refused } from "../shared.ts";
import { commandPatterns, commandsNaming, commandsWriting, hostPatterns, pathPatterns } from "./patterns.ts";
import { toolPrefixOf } from "./servers.ts";
import { isKnown, openCodeTools } from "./tools.ts";

/** What one scope asks or denies. */
export interface Held {
  /** Patterns by the starts of the names of tools. */
  readonly patterns: ReadonlyMap<string, ReadonlySet<string>>;
  /** Single tools of servers, by their whole names. */
  readonly tools: ReadonlySet<string>;
}

/** What one scope asks and denies. */
export type Rules = Readonly<Record<"ask" | "deny", Held>>;

/** A value of `permission` in the settings. */
export type PermissionEntry = readonly [name: string, actions: Readonly<Record<string, string>>];

/** What permissions are seen with. */
export interface RuleOptions {
  readonly scope: "user" | "project";
  readonly servers: readonly Server[];
  /** Says whether the user has rules for this tool in OpenCode itself. */
  hasOwnRules(tool: string): boolean;
}

interface Made {
  /** Without patterns a rule is for one tool of a server, else for the tools whose names begin like this. */
  readonly rules: readonly { readonly tool: string; readonly patterns?: readonly string[] }[];
  readonly outcome: Outcome;
}

const notWritten = approximated("OpenCode runs what no rule denies or has asked, so nothing is written");
const anyFolder = "it holds for paths that end like this in every folder";
const caseCounts = "upper and lower case count";
const oneSpelling = "a command is known by its words as they are written, not behind quotes or more spaces";
const shellReads = "the shell is kept from commands that name the path, and a search still shows lines of it";
const shellWrites = "the shell is kept from commands that name the path and write, not from others that reach it";

/** Returns the rules of a scope, and what became of each permission. */
export function rulesOf(
  permissions: readonly Permission[],
  options: RuleOptions,
): { readonly rules: Rules; readonly outcomes: ReadonlyMap<Permission, Outcome> } {
  const rules = { ask: nothingHeld(), deny: nothingHeld() };
  const outcomes = new Map<Permission, Outcome>();
  for (const permission of permissions) {
    const made = rulesFor(permission, options);
    outcomes.set(permission, made.outcome);
    if (permission.action === "allow") continue;
    const held = rules[permission.action];
    for (const { tool, patterns } of made.rules) {
      if (patterns === undefined) held.tools.add(tool);
      else held.patterns.set(tool, new Set([...held.patterns.get(tool) ?? [], ...patterns]));
    }
  }
  return { rules, outcomes };
}

/**
 * Returns the values of `permission` in the settings, in the order in which they have to stand. In those of a user there
 * is a place for what a project asks, before every denial.
 */
export function permissionEntries({ ask, deny }: Rules, { scope }: Pick<RuleOptions, "scope">): PermissionEntry[] {
  const places = scope === "user" ? [...deny.patterns.keys()].filter((tool) => tool !== "") : [];
  const asking = [...new Set([...ask.patterns.keys(), ...places])].sort();
  const onlyAsked = [...ask.tools].filter((tool) => !deny.tools.has(tool)).sort();
  return [
    ...asking.map((tool): PermissionEntry => [`${tool}*`, actionsOf(ask.patterns.get(tool) ?? new Set(), "ask")]),
    ...onlyAsked.map((tool): PermissionEntry => [tool, { "**": "ask" }]),
    ...denyEntries(deny, { isBehindAsk: scope === "user" }),
  ];
}

/** Returns the denials alone. */
export function denyEntries(deny: Held, { isBehindAsk = false } = {}): PermissionEntry[] {
  return [
    ...[...deny.patterns].sort(byName).map((
      [tool, patterns],
    ): PermissionEntry => [`${tool}**`, actionsOf(patterns, "deny")]),
    ...[...deny.tools].sort().map((
      tool,
    ): PermissionEntry => [tool, isBehindAsk ? { "**": "ask", "*": "deny" } : { "*": "deny" }]),
  ];
}

function nothingHeld() {
  return { patterns: new Map<string, Set<string>>(), tools: new Set<string>() };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function actionsOf(patterns: ReadonlySet<string>, action: string): Record<string, string> {
  return Object.fromEntries([...patterns].map((pattern) => [pattern, action]));
}

function rulesFor(permission: Permission, options: RuleOptions): Made {
  const { match, action } = permission;
  const secluded = privately(permission, ".opencode");
  if (secluded !== undefined) return none(secluded);
  if (match.tool === "never") return none(neverMatched);
  if (action === "allow") return none(notWritten);
  const made = heldRules(permission, options);
  const whole = made.rules.find(({ patterns }) => patterns?.includes("*"));
  const isOpen = options.scope === "user" && whole?.tool !== "" && !options.hasOwnRules(whole?.tool ?? "");
  if (action === "ask" && whole !== undefined && !isOpen) {
    return none(refused(`it would take back what a user denies of "${whole.tool}" in OpenCode`));
  }
  return made;
}

function heldRules(permission: Permission, { servers }: RuleOptions): Made {
  const { match } = permission;
  switch (match.tool) {
    case "Bash":
      return shellRules(match);
    case "Read":
    case "Edit":
      return pathRules(permission, match.tool);
    case "WebFetch":
      if (match.how === "all") return one("webfetch", ["*"], exact);
      return one("webfetch", hostPatterns(match.pattern), approximated(caseCounts));
    case "mcp":
      return serverRules(match, servers);
    case "other":
      return otherRules(match);
    case "never":
      return none(refused("it matches nothing in Claude Code either"));
  }
}

function shellRules({ how, pattern }: MatchOf<"Bash">): Made {
  if (how === "all") return one("bash", ["*"], exact);
  return one("bash", commandPatterns({ how, pattern }), approximated(oneSpelling));
}

/** A denial to read is one to edit, too. */
function pathRules(permission: Permission, tool: "Read" | "Edit"): Made {
  const globs = pathGlobs(permission);
  const tools = tool === "Edit" ? ["edit"] : permission.action === "deny" ? ["read", "edit"] : ["read"];
  if (globs === undefined) {
    const loss = tool === "Edit" ? "it holds for the tool that writes whole files, too" : "the shell still reads";
    return { rules: tools.map((one) => ({ tool: one, patterns: ["*"] })), outcome: approximated(loss) };
  }
  if (globs.isNegated) {
    return none(approximated("OpenCode cannot take it back from another rule, which goes on for all it says"));
  }
  const held = tools.map((one) => ({ tool: one, patterns: pathPatterns(globs) }));
  const commands = tool === "Read" ? commandsNaming(globs) : commandsWriting(globs);
  const outside = outsideRule(globs, permission, tool);
  const losses = [anyFolder, tool === "Read" ? shellReads : shellWrites, caseCounts];
  return { rules: [...held, { tool: "bash", patterns: commands }, ...outside], outcome: withLosses(losses) };
}

/** What lies outside of the project has to be let in first, and that can be said by its whole path. */
function outsideRule({ anchor, globs }: PathGlobs, { action }: Permission, tool: string): Made["rules"] {
  if (action !== "deny" || tool !== "Read" || anchor !== "home" && anchor !== "absolute") return [];
  const start = anchor === "home" ? "~/" : "/";
  const patterns = globs.map((glob) => `${start}${glob.replaceAll("**", "*")}`);
  return [{ tool: "external_directory", patterns }];
}

function serverRules({ server, name }: MatchOf<"mcp">, servers: readonly Server[]): Made {
  const known = serversLike(server, servers).map(toolPrefixOf);
  const isOne = name !== undefined && !name.includes("*");
  const rules = [...new Set([...known, server])].map((prefix) => {
    if (isOne && !prefix.includes("*")) return { tool: `${prefix}_${name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}` };
    return { tool: `${prefix}_${name ?? ""}`, patterns: ["*"] };
  });
  return { rules, outcome: exact };
}

function otherRules({ name, specifier }: MatchOf<"other">): Made {
  if (specifier !== undefined) {
    const tool = name === "Agent" ? "task" : name === "Skill" ? "skill" : undefined;
    return tool === undefined ? none(refused(`OpenCode knows no part of ${name}`)) : one(tool, [specifier], exact);
  }
  if (name === "*") return one("", ["*"], exact);
  const known = Object.keys(openCodeTools).filter((tool) => isLike(name, tool));
  if (known.length === 0 && !isKnown(name)) return none(refused("OpenCode has no tool like this, as far as is known"));
  const tools = [...new Set(known.flatMap((tool) => openCodeTools[tool] ?? []))];
  if (tools.length === 0) return none({ outcome: "native", reason: "OpenCode has no such tool" });
  return { rules: tools.map((tool) => ({ tool, patterns: ["*"] })), outcome: wholeOutcome(name) };
}

function wholeOutcome(name: string): Outcome {
  return name === "Write" || name === "MultiEdit" ? approximated("it holds for all tools that edit") : exact;
}

function one(tool: string, patterns: readonly string[], outcome: Outcome): Made {
  return { rules: [{ tool, patterns }], outcome };
}

function none(outcome: Outcome): Made {
  return { rules: [], outcome };
}
