// What one permission is in policies. What a policy cannot say becomes stricter, and never an allowance.

import { type PathGlobs, pathGlobs } from "../../permission.ts";
import type { Permission } from "../../model.ts";
import { isLike } from "../../source/glob.ts";
import { withLosses } from "../losses.ts";
import { pathPattern } from "../path_pattern.ts";
import { type MatchOf, neverMatched } from "../permission_parts.ts";
import { approximated, exact, native, type Outcome, refused } from "../shared.ts";
import {
  allowedCommands,
  commandsLike,
  commandsNaming,
  commandsWith,
  commandsWriting,
  literal,
  pathArgument,
  pathInProject,
  requestsOnlyTo,
  requestsTo,
} from "./patterns.ts";
import type { PolicyOptions } from "./policies.ts";
import type { PolicyRule } from "./policy_file.ts";
import { serverRules } from "./server_rules.ts";
import { geminiNames, geminiTools } from "./tools.ts";

/** A rule without what all rules of an action have in common. */
export interface RuleStart extends Pick<PolicyRule, "toolName" | "mcpName" | "argsPattern" | "commandRegex"> {
  /** Absent: what the permission says. */
  readonly decision?: "ask_user";
}

/** What one permission becomes. */
export interface Made {
  readonly rules: readonly RuleStart[];
  readonly outcome: Outcome;
  /** Patterns of a .gitignore for what must not be read. */
  readonly ignored?: readonly string[];
}

interface RuleOptions extends PolicyOptions {
  /** The permissions of the scope that are for everybody. */
  readonly common: readonly Permission[];
}

const shell = "run_shell_command";
const readTools = ["read_file", "read_many_files"];
const writeTools = ["replace", "write_file"];
const searchTools = ["glob", "grep_search", "list_directory"];
const allowedStarsMax = 3;
const pathNames = ["file_path", "dir_path", "include_pattern"];
/** Every tool that takes the path of one file. */
export const pathTools: readonly string[] = [...readTools, ...writeTools];

/** Returns the rules for a permission. */
export function rulesFor(permission: Permission, options: RuleOptions): Made {
  const { match } = permission;
  switch (match.tool) {
    case "Bash":
      return shellRules(permission, match);
    case "Read":
    case "Edit":
      return pathRules(permission, match, options);
    case "WebFetch":
      return webRules(permission, match);
    case "mcp":
      return serverRules(permission, match, options);
    case "other":
      return otherRules(match);
    case "never":
      return none(neverMatched);
  }
}

function shellRules({ action }: Permission, { how, pattern }: MatchOf<"Bash">): Made {
  if (how === "all") return { rules: [{ toolName: shell }], outcome: exact };
  if (action === "allow") {
    if (pattern.split("*").length > allowedStarsMax + 1) {
      return none(approximated("Gemini CLI asks, for all its stars"));
    }
    return { rules: [{ toolName: shell, commandRegex: allowedCommands({ how, pattern }) }], outcome: exact };
  }
  const expressions = how === "prefix" ? commandsWith(pattern) : commandsLike(pattern);
  return { rules: expressions.map((commandRegex) => ({ toolName: shell, commandRegex })), outcome: exact };
}

function pathRules(permission: Permission, match: MatchOf<"Read" | "Edit">, options: RuleOptions): Made {
  const globs = pathGlobs(permission);
  if (permission.action === "allow") {
    return match.tool === "Read"
      ? none(approximated("Gemini CLI reads all that lies in the project unasked, and nothing else"))
      : writingAllowed(globs, options);
  }
  if (globs?.isNegated) {
    return none(approximated("Gemini CLI cannot take it back from another rule, which goes on for all it says"));
  }
  return match.tool === "Read" ? readingHeld(permission, globs, options) : writingHeld(globs);
}

/** A denial to read is one to edit, too. */
function readingHeld({ action, match }: Permission, globs: PathGlobs | undefined, { scope }: RuleOptions): Made {
  const held = action === "deny" ? pathTools : readTools;
  if (globs === undefined) return { rules: [{ toolName: held }], outcome: approximated(shellReads) };
  const pattern = pathPattern(globs);
  const rules = [
    { toolName: [...held, ...searchTools], argsPattern: pathArgument(pathNames, pattern) },
    { toolName: shell, commandRegex: commandsNaming(pattern) },
  ];
  const isInProject = scope === "project" && (globs.anchor === "cwd" || globs.anchor === "settings");
  const isHidden = action === "deny" && isInProject && match.tool === "Read";
  return {
    rules,
    outcome: withLosses([isHidden ? poorSearchReads : searchReads, anyFolder, shellReads]),
    ignored: isHidden
      ? globs.globs.filter((glob) => !glob.endsWith("/**") || globs.globs.length === 1).map(ignoreLine)
      : [],
  };
}

const shellReads = "the shell is kept from commands that name the path, not from others that reach it";
const shellWrites = "the shell is kept from commands that name the path and write, not from others that reach it";
const searchReads = "a search from a folder above still shows lines of it";
const poorSearchReads = "where ripgrep is not installed, a search from a folder above still shows lines of it";
const anyFolder = "it holds for paths that end like this in every folder";

function writingHeld(globs: PathGlobs | undefined): Made {
  if (globs === undefined) {
    return {
      rules: [{ toolName: writeTools }],
      outcome: approximated("it holds for the tool that writes whole files, too"),
    };
  }
  const pattern = pathPattern(globs);
  const rules = [
    { toolName: writeTools, argsPattern: pathArgument(["file_path"], pattern) },
    { toolName: shell, commandRegex: commandsWriting(pattern) },
  ];
  return { rules, outcome: withLosses([anyFolder, shellWrites]) };
}

function writingAllowed(globs: PathGlobs | undefined, { common, scope }: RuleOptions): Made {
  if (globs?.isNegated || common.some(isTakenBack)) {
    return none(approximated("Gemini CLI asks, because it cannot take anything back from an allowance"));
  }
  if (globs === undefined) return { rules: [{ toolName: ["replace"] }], outcome: exact };
  const isInProject = globs.anchor === "cwd" || globs.anchor === "settings" && scope === "project";
  if (!isInProject) return none(approximated("Gemini CLI asks, because it lies outside of the project"));
  const argsPattern = pathInProject("file_path", pathPattern(globs));
  return {
    rules: [{ toolName: writeTools, argsPattern }],
    outcome: approximated("Gemini CLI asks where the path is absolute or has .. in it"),
  };
}

function isTakenBack(permission: Permission): boolean {
  return permission.action === "allow" && permission.match.tool === "Edit" && pathGlobs(permission)?.isNegated === true;
}

/** A line of a .gitignore, which has a slash in front where it begins at its folder. */
function ignoreLine(glob: string): string {
  return glob.startsWith("**/") ? glob : `/${glob}`;
}

function webRules({ action }: Permission, { how, pattern }: MatchOf<"WebFetch">): Made {
  if (how === "all") return { rules: [{ toolName: "web_fetch" }], outcome: exact };
  const argsPattern = action === "allow" ? requestsOnlyTo(pattern) : requestsTo(pattern);
  const loss = action === "allow"
    ? "it asks when the request names anything else"
    : "it holds for the hosts below, too";
  return { rules: [{ toolName: "web_fetch", argsPattern }], outcome: approximated(loss) };
}

function otherRules({ name, specifier }: MatchOf<"other">): Made {
  if (specifier !== undefined) return specificRules(name, specifier);
  if (name === "*") return { rules: [{ toolName: "*" }], outcome: exact };
  const known = name.includes("*") ? Object.keys(geminiTools).filter((one) => isLike(name, one)) : [name];
  const tools = [...new Set(known.flatMap((one) => geminiNames(one) ?? []))];
  if (known.every((one) => geminiNames(one) === undefined)) {
    return none(refused("Gemini CLI has no tool like this, as far as is known"));
  }
  if (tools.length === 0) return none(native("Gemini CLI has no such tool"));
  return { rules: [{ toolName: tools }], outcome: exact };
}

/** The name of an agent would do for that of a tool, but then Gemini CLI warns of names that it takes for mistyped. */
function specificRules(name: string, specifier: string): Made {
  const [toolName, argument] = name === "Agent" ? ["invoke_agent", "agent_name"] : ["activate_skill", "name"];
  if (name !== "Agent" && name !== "Skill") return none(refused(`Gemini CLI knows no part of ${name}`));
  return { rules: [{ toolName, argsPattern: `"${argument}":"${literal(specifier)}"` }], outcome: exact };
}

function none(outcome: Outcome): Made {
  return { rules: [], outcome };
}
