// Permissions for Qwen Code 0.24, whose rules look like Claude Code's. What is not the same:
//
// - A command without a star means what begins with it, too, and it is not looked for behind `/bin/` or `sudo`.
// - `.env` is the one in the working folder alone, and case counts. Braces and parentheses mean something.
// - A host is all hosts below it, too. A star stands at the end of the name of a tool or nowhere.
//
// Lists of the user and of the project are joined, and what is denied comes first. Allowances are not written.

import type { Permission, Source, TargetContext } from "../../model.ts";
import { type PathGlobs, pathGlobs, serverInTools } from "../../permission.ts";
import { withLosses } from "../losses.ts";
import { made, type Part } from "../parts.ts";
import { pathPattern, withWildcards } from "../path_pattern.ts";
import { type MatchOf, neverMatched, serversLike } from "../permission_parts.ts";
import { approximated, exact, itemsOf, native, type Outcome, privately, refused } from "../shared.ts";
import { spellingsOf } from "../spellings.ts";
import { isKnown, qwenTools } from "./tools.ts";

/** Characters that mean something in its patterns, or end a rule. */
const special = /[()[\]{}!|\\+@]/g;

/** The rules that a permission becomes. */
interface Made {
  readonly rules: readonly string[];
  readonly outcome: Outcome;
}

/** Returns the rules, and what becomes of each permission. */
export function permissionsPart(source: Source, context: TargetContext): Part {
  return made("qwen", itemsOf(source, context, "permission"), (item) => {
    const problem = privately(item) ?? problemOf(item);
    if (problem !== undefined) return { outcome: problem };
    const { rules, outcome } = rulesOf(item, source, context);
    const entries = rules.map((value) => ({ pointer: `/permissions/${item.action}/-`, value }));
    const skill = isOfSkill(item) ? [{ pointer: "/skills/disabled/-", value: item.match.specifier }] : [];
    return { outcome, entries: [...entries, ...skill] };
  });
}

function problemOf({ action, match }: Permission): Outcome | undefined {
  if (match.tool === "never") return neverMatched;
  return action === "allow" ? approximated("Qwen Code goes by its own approvals") : undefined;
}

function isOfSkill(item: Permission): item is Permission & { match: { specifier: string } } {
  const { action, match } = item;
  return action === "deny" && match.tool === "other" && match.name === "Skill" && match.specifier !== undefined;
}

function rulesOf(permission: Permission, source: Source, context: TargetContext): Made {
  const { match } = permission;
  switch (match.tool) {
    case "Bash":
      return shellRules(match);
    case "Read":
    case "Edit":
      return pathRules(permission, match.tool, context);
    case "WebFetch":
      return hostRules(match);
    case "mcp":
      return serverRules(match, source);
    case "other":
      return otherRules(match);
    case "never":
      return { rules: [], outcome: exact };
  }
}

function shellRules({ how, pattern }: MatchOf<"Bash">): Made {
  if (how === "all") return { rules: ["Bash"], outcome: exact };
  const end = how === "prefix" ? " *" : "";
  const starts = pattern.startsWith("*") ? [""] : ["", "*/", "* "];
  const rules = spellingsOf(pattern).flatMap((one) => starts.map((start) => `Bash(${start}${one}${end})`));
  return { rules, outcome: approximated("it holds for the command behind any other words, too") };
}

/** A denial to read is one to edit, too. */
function pathRules(permission: Permission, tool: "Read" | "Edit", { scope }: TargetContext): Made {
  const tools = tool === "Read" && permission.action === "deny" ? ["Read", "Edit"] : [tool];
  const globs = pathGlobs(permission);
  if (globs === undefined) return { rules: tools, outcome: exact };
  if (globs.isNegated) {
    return { rules: [], outcome: approximated("Qwen Code cannot take it back from another rule, which goes on") };
  }
  const path = `${startOf(globs, scope)}${textOf(globs)}`;
  const patterns = path.endsWith("**") ? [path] : [path, `${path}/**`];
  const rules = tools.flatMap((one) => patterns.map((pattern) => `${one}(${pattern})`));
  return { rules, outcome: approximated("upper and lower case count") };
}

/** Settings of a user speak of the folder that they are in. */
function startOf({ anchor }: PathGlobs, scope: TargetContext["scope"]): string {
  if (anchor === "settings") return scope === "user" ? "~/.claude/" : "/";
  return { absolute: "//", home: "~/", cwd: "./" }[anchor];
}

function textOf(globs: PathGlobs): string {
  const { parts, isAnchored } = pathPattern(globs);
  return `${isAnchored || parts[0]?.kind === "folders" ? "" : "**/"}${
    parts.map((part) => withWildcards(part, special)).join("/")
  }`;
}

function hostRules({ how, pattern }: MatchOf<"WebFetch">): Made {
  if (how === "all") return { rules: ["WebFetch"], outcome: exact };
  const host = pattern.replace(/^\*\./, "");
  if (host.includes("*")) return { rules: [], outcome: refused("Qwen Code knows hosts and what is below them alone") };
  return { rules: [`WebFetch(domain:${host})`], outcome: approximated("it holds for all hosts below it, too") };
}

function serverRules({ server, name }: MatchOf<"mcp">, { items }: Source): Made {
  const known = serversLike(server, items).map(serverInTools);
  const isOpen = name === undefined && /^[^*]*\*$/.test(server);
  const servers = [...known, ...(server.includes("*") && !isOpen ? [] : [server])];
  if (servers.length === 0) return { rules: [], outcome: refused("there is no server here with such a name") };
  const isSaid = name === undefined || /^[^*]*\*?$/.test(name);
  const end = name === undefined || !isSaid ? "" : `__${name}`;
  const rules = [...new Set(servers)].map((one) => `mcp__${one}${end}`);
  return { rules, outcome: withLosses(isSaid ? [] : ["it holds for all tools of the server"]) };
}

function otherRules({ name, specifier }: MatchOf<"other">): Made {
  if (specifier !== undefined) {
    return name === "Agent" || name === "Skill"
      ? { rules: [`${name}(${specifier})`], outcome: exact }
      : { rules: [], outcome: refused(`Qwen Code knows no part of ${name}`) };
  }
  if (!isKnown(name)) return { rules: [], outcome: refused("Qwen Code has no tool like this, as far as is known") };
  const tool = qwenTools[name];
  if (tool === undefined) return { rules: [], outcome: native("Qwen Code has no such tool") };
  return { rules: [tool], outcome: withLosses(name === "MultiEdit" ? ["it holds for all that edits"] : []) };
}
