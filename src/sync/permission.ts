// Permission rules as Claude Code 2.1.329 understands them, found out by running it. What is not obvious:
//
// - `Bash(x *)` is `Bash(x:*)`; in the latter the other stars are stars. `Bash(*)` is `Bash`, `Bash()` is nothing.
// - A deny or ask of `docs/**` holds for every folder `docs` at any depth, an allow only for the one in the working
//   folder. With an anchor, or with a slash before, all three mean one folder. Case does not count.
// - A deny of `Read(x)` also keeps x from being edited. `Edit(x)` is for every tool that writes; `Edit` alone is not.
// - The rules for paths of one kind are one .gitignore: `Read(!x)` takes x back from those before it.
// - A server may have a `*` in its name where it is denied or asked for, not where it is allowed.
// - A deny or ask for the shell looks behind variables, wrappers such as `sudo`, folders (`/bin/rm`) and quotes; an
//   allow behind few wrappers alone.

import { isWithin, resolvePath } from "../base/path.ts";
import type { Origin, Permission, PermissionMatch } from "./model.ts";
import { isLike } from "./source/glob.ts";
import { type IgnorePattern, ignores, readPattern } from "./source/ignore.ts";
import { type ShellLine, shellLine, type SimpleCommand } from "./source/shell.ts";
import { behindWrappers } from "./source/wrappers.ts";

/** What an agent wants to do. A relative path starts in the working folder. */
export type Call =
  | { readonly tool: "Bash"; readonly command: string }
  | { readonly tool: "Read" | "Edit"; readonly path: string }
  | { readonly tool: "WebFetch"; readonly domain: string }
  | { readonly tool: "mcp"; readonly server: string; readonly name: string }
  | { readonly tool: "other"; readonly name: string; readonly specifier?: string };

/** What becomes of a call. */
export type Decision = "deny" | "ask" | "allow";

/** Where an agent works. */
export interface Place {
  readonly cwd: string;
  readonly home: string;
}

/**
 * What a rule for paths matches, in globs where `*` and `?` match no slash, `**` also nothing, and braces are plain. Case
 * does not count.
 */
export interface PathGlobs {
  readonly anchor: "absolute" | "home" | "settings" | "cwd";
  /** Relative to the anchor. */
  readonly globs: readonly string[];
  /** Whether the rule takes these back from the rules of its kind that stand before it. */
  readonly isNegated: boolean;
}

type PathMatch = Extract<PermissionMatch, { tool: "Read" | "Edit" }>;

const never: PermissionMatch = { tool: "never" };
const form = /^([A-Za-z_*][\w*-]*)(?:\(([\s\S]*)\))?$/;
/** Tools for which a rule with a path is accepted and never looked at. */
const pathless = new Set(["Write", "MultiEdit", "NotebookEdit", "Glob", "Grep", "LS"]);
const somewhere: Place = { cwd: "/project", home: "/home" };

/** Returns the permission that the rule `text` is in a list of settings. */
export function permissionOf(action: Permission["action"], text: string, origin: Origin): Permission {
  return { kind: "permission", action, text, match: parsePermission(text, action), origin };
}

/** Returns what the rule `text` is about. A rule that Claude Code does not understand matches nothing there. */
export function parsePermission(text: string, action: Permission["action"]): PermissionMatch {
  const [, name, specifier] = form.exec(text) ?? [];
  if (name === undefined || specifier === "") return never;
  const isWhole = specifier === undefined || specifier === "*";
  if (name.startsWith("mcp__")) return specifier === undefined ? matchOfMcp(name, action) : never;
  if (name.includes("*")) return isWhole && action !== "allow" ? { tool: "other", name } : never;
  if (name === "Bash") return isWhole ? { tool: "Bash", how: "all", pattern: "" } : matchOfBash(specifier);
  if (name === "Read" || name === "Edit") {
    return isWhole ? { tool: name, how: "all", anchor: "cwd", pattern: "" } : matchOfPath(name, specifier);
  }
  if (name === "WebFetch") return isWhole ? { tool: "WebFetch", how: "all", pattern: "" } : matchOfDomain(specifier);
  if (isWhole) return { tool: "other", name: toolOf(name) };
  return pathless.has(name) ? never : { tool: "other", name: toolOf(name), specifier };
}

/** Returns what a server of this name is called in the names of its tools, and so in permissions. */
export function serverInTools(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}

/** Returns the globs of a rule for paths; `undefined` for any other rule, and for one without a path. */
export function pathGlobs({ match, action }: Permission): PathGlobs | undefined {
  if (match.tool !== "Read" && match.tool !== "Edit" || match.how === "all") return undefined;
  const { isNegated, pattern } = patternOf(match, action);
  const isFolder = pattern.endsWith("/");
  const path = (isFolder ? pattern.slice(0, -1) : pattern).replaceAll(/\\([^*?[\]\\])/g, "$1");
  const rooted = path.startsWith("/") ? path.slice(1) : path.includes("/") || path === "**" ? path : `**/${path}`;
  const below = `${rooted}/**`;
  const isOpen = rooted === "**" || rooted.endsWith("/**");
  return { anchor: match.anchor, globs: isOpen ? [rooted] : isFolder ? [below] : [rooted, below], isNegated };
}

/**
 * Returns what Claude Code decides about a call: deny, else ask, else allow, by whichever rule; and ask where none
 * matches. Not modelled: modes, hooks and the sandbox, that it lets reading and harmless commands pass unasked, what
 * links lead to, rules for paths on commands of the shell, and what `shell.ts` does not know.
 */
export function decides(permissions: readonly Permission[], call: Call, place: Place = somewhere): Decision {
  const of = (action: Decision) => permissions.filter((permission) => permission.action === action);
  if (of("deny").some(isAnyTool) || matches(of("deny"), call, place)) return "deny";
  if (call.tool === "Edit" && matches(of("deny"), { ...call, tool: "Read" }, place)) return "deny";
  if (of("ask").some(isAnyTool) || matches(of("ask"), call, place)) return "ask";
  return matches(of("allow"), call, place) ? "allow" : "ask";
}

function toolOf(name: string): string {
  return name === "Task" ? "Agent" : name;
}

function matchOfMcp(name: string, action: Permission["action"]): PermissionMatch {
  const [server, ...rest] = name.slice("mcp__".length).split("__");
  const tool = rest.join("__");
  if (server === "" || rest.length > 0 && tool === "") return never;
  if (server.includes("*") && action === "allow") return never;
  return tool === "" || tool === "*" ? { tool: "mcp", server } : { tool: "mcp", server, name: tool };
}

function matchOfBash(specifier: string): PermissionMatch {
  if (specifier.endsWith(":*")) {
    const pattern = specifier.slice(0, -2);
    return pattern === "" ? never : { tool: "Bash", how: "prefix", pattern };
  }
  if (!specifier.includes("*")) return { tool: "Bash", how: "exact", pattern: specifier };
  const start = specifier.slice(0, -2);
  const isPrefix = specifier.endsWith(" *") && start.trim() !== "" && !start.includes("*");
  return isPrefix ? { tool: "Bash", how: "prefix", pattern: start } : { tool: "Bash", how: "glob", pattern: specifier };
}

function matchOfPath(tool: "Read" | "Edit", specifier: string): PermissionMatch {
  const [, start, pattern] = /^(\/\/|~\/|\/|(?:\.\/)+|)([\s\S]*)$/.exec(specifier) ?? [];
  if (pattern === undefined || /^(?:|\.|!)$/.test(pattern) || pattern.split("/").includes("..")) return never;
  const anchor = start === "//" ? "absolute" : start === "~/" ? "home" : start === "/" ? "settings" : "cwd";
  return { tool, how: "glob", anchor, pattern };
}

function matchOfDomain(specifier: string): PermissionMatch {
  const [, domain] = /^domain:([^\s/]+)$/.exec(specifier) ?? [];
  if (domain === undefined) return never;
  return domain === "*"
    ? { tool: "WebFetch", how: "all", pattern: "" }
    : { tool: "WebFetch", how: "domain", pattern: domain.toLowerCase() };
}

function isAnyTool({ match }: Permission): boolean {
  return match.tool === "other" && match.name === "*";
}

function matches(permissions: readonly Permission[], call: Call, place: Place): boolean {
  if (call.tool === "Bash") return matchesCommand(permissions, shellLine(call.command), call.command.trim());
  if (call.tool === "Read" || call.tool === "Edit") {
    return matchesPaths(permissions, call.tool, { ...place, path: call.path });
  }
  return permissions.some(({ match }) => matchesTool(match, call));
}

function matchesTool(match: PermissionMatch, call: Call): boolean {
  if (match.tool === "WebFetch" && call.tool === "WebFetch") {
    return match.how === "all" || isLike(match.pattern, call.domain.toLowerCase().replace(/\.$/, ""));
  }
  if (match.tool === "mcp" && call.tool === "mcp") {
    return isLike(match.server, serverInTools(call.server)) && isLike(match.name ?? "*", call.name);
  }
  if (match.tool !== "other" || call.tool !== "other") return false;
  return isLike(match.name, toolOf(call.name)) && [undefined, call.specifier].includes(match.specifier);
}

/** An allow must know every command and all that the line does; of deny and ask one command is enough. */
function matchesCommand(permissions: readonly Permission[], line: ShellLine, whole: string): boolean {
  const [first] = permissions;
  const rules = permissions.flatMap(({ match }) => match.tool === "Bash" ? [match] : []);
  const isMatched = (texts: readonly string[]) => rules.some((rule) => texts.some((text) => matchesText(rule, text)));
  if (first?.action !== "allow") return isMatched([whole]) || line.commands.some((one) => isMatched(spellings(one)));
  if (rules.some(({ how }) => how === "all")) return true;
  const { commands, isOpaque } = line;
  return !isOpaque && commands.length > 0 && commands.every((one) => isMatched(plainSpellings(one)));
}

/** Returns all that a deny or an ask may call a command. */
function spellings(command: SimpleCommand): string[] {
  const words = command.words.map(({ value }) => value);
  const starts = [0, ...behindWrappers(words, "deny")];
  const joined = starts.flatMap((start) => {
    const [head, ...rest] = words.slice(start);
    return head === undefined ? [] : [[head, ...rest], [head.slice(head.lastIndexOf("/") + 1), ...rest]];
  });
  return [command.text, ...joined.map((one) => one.join(" "))];
}

/** Returns what an allow may call it: as written, or without what only limits it. */
function plainSpellings({ text, words }: SimpleCommand): string[] {
  const starts = behindWrappers(words.map(({ value }) => value), "allow");
  return [text, ...starts.flatMap((start) => words[start] === undefined ? [] : [text.slice(words[start].start)])];
}

function matchesText({ how, pattern }: Extract<PermissionMatch, { tool: "Bash" }>, text: string): boolean {
  if (how === "all") return true;
  if (how === "exact") return text === pattern;
  if (how === "prefix") return text === pattern || text.startsWith(`${pattern} `);
  return isLike(pattern, text);
}

function matchesPaths(
  permissions: readonly Permission[],
  tool: "Read" | "Edit",
  { path, cwd, home }: Place & { readonly path: string },
): boolean {
  const absolute = resolvePath(cwd, path);
  const byFolder = new Map<string, IgnorePattern[]>();
  for (const { match, action, origin } of permissions) {
    if (match.tool !== tool) continue;
    if (match.how === "all") return true;
    const { isNegated, pattern } = patternOf(match, action);
    const read = readPattern(`${isNegated ? "!" : ""}${pattern}`, { ignoresCase: true });
    const folder = folderOfAnchor(match, origin, { cwd, home });
    if (read !== undefined) byFolder.set(folder, [...byFolder.get(folder) ?? [], read]);
  }
  return [...byFolder].some(([folder, patterns]) =>
    isWithin(absolute, folder) && absolute !== folder &&
    ignores(patterns, absolute.slice(folder === "/" ? 1 : folder.length + 1))
  );
}

/** Returns the pattern of a .gitignore in the folder of the anchor. */
function patternOf({ anchor, pattern }: PathMatch, action: Permission["action"]) {
  const isNegated = anchor === "cwd" && pattern.startsWith("!");
  const path = isNegated ? pattern.slice(1) : pattern;
  const isWide = action !== "allow" && path.endsWith("/**") && path !== "/**";
  const short = isWide ? path.slice(0, -3) : path;
  return { isNegated, pattern: anchor === "cwd" || short.startsWith("/") ? short : `/${short}` };
}

/** The settings of a user are in the folder that they speak of, those of a project one folder below it. */
function folderOfAnchor({ anchor }: PathMatch, { path, scope }: Origin, { cwd, home }: Place): string {
  if (anchor === "cwd") return cwd;
  if (anchor === "home") return home;
  return anchor === "absolute" ? "/" : resolvePath(path, scope === "user" ? ".." : "../..");
}
