// Permissions for Cursor's command line, by https://cursor.com/docs/cli/reference/permissions. It has tokens that allow
// and tokens that deny, and none that asks, so what is asked is denied. Of a command a token names the first word; how it
// compares arguments is not documented, and no denial may depend on that: it is widened to the word, or refused.
//
// Nor is it documented whether the lists of a project are added to those of its user or stand in their place. If they did
// the latter, ours would take back what the user denies. So truce only adds to lists that the project's own cli.json has
// already: a person opens that door by writing `permissions` there, as with `default_permissions` of Codex. Both lists
// are needed, as Cursor takes no file without them.

import { field } from "../../../base/decode.ts";
import { readJson } from "../../../edit/json.ts";
import type { Permission, Source, TargetContext } from "../../model.ts";
import { type PathGlobs, pathGlobs } from "../../permission.ts";
import { made, type Part } from "../parts.ts";
import { pathPattern, withWildcards } from "../path_pattern.ts";
import { type MatchOf, neverMatched, serversLike } from "../permission_parts.ts";
import { approximated, itemsOf, type Outcome, privately, refused, rootOf } from "../shared.ts";

/** The tokens of a denial, and what is to be said besides; or why there are none. */
type Denial = { readonly tokens: readonly string[]; readonly loss?: string } | { readonly refusal: string };

const onlyThere = "it holds for Cursor's command line, not for its editor";
const onlyAsked = "Cursor cannot ask for it, so it is denied";
/** Cursor documents `**`, `*` and `?`. What else may mean something in a glob, or end a token, is any one character. */
const special = /[()[\]{}!|\\,]/g;
const writers = new Set(["Write", "MultiEdit", "NotebookEdit"]);

/** Returns the tokens that deny, and what becomes of each permission. */
export function permissionsPart(source: Source, context: TargetContext): Part {
  return made("cursor", itemsOf(source, context, "permission"), (item) => {
    const problem = privately(item) ?? problemOf(item, context);
    if (problem !== undefined) return { outcome: problem };
    const denial = tokensOf(item, source, context);
    if ("refusal" in denial) return { outcome: refused(denial.refusal) };
    const { tokens, loss } = denial;
    const losses = [...(item.action === "ask" ? [onlyAsked] : []), ...(loss === undefined ? [] : [loss]), onlyThere];
    const entries = tokens.map((value) => ({ pointer: "/permissions/deny/-", value }));
    return { outcome: approximated(losses.join("; ")), entries };
  });
}

function problemOf({ action, match }: Permission, context: TargetContext): Outcome | undefined {
  if (match.tool === "never") return neverMatched;
  if (action === "allow") return approximated("Cursor goes by its own approvals");
  if (action === "ask" && "how" in match && match.how === "all") {
    return refused(`Cursor cannot ask for it, and to deny all of ${match.tool} would leave it without`);
  }
  return context.scope === "user" ? problemOfUser(context) : problemOfProject(context);
}

function problemOfUser(context: TargetContext): Outcome | undefined {
  return context.read(`${rootOf(context)}/.cursor/cli-config.json`) === undefined
    ? refused("Cursor's command line has not made ~/.cursor/cli-config.json yet; start it once")
    : undefined;
}

function problemOfProject(context: TargetContext): Outcome | undefined {
  const path = `${rootOf(context)}/.cursor/cli.json`;
  const permissions = field(readJson(context.read(path) ?? "", path), "permissions");
  const isOpen = ["allow", "deny"].every((name) => Array.isArray(field(permissions, name)));
  return isOpen ? undefined : refused(
    "permissions of the project may replace those of each user; " +
      'write "permissions": {"allow": [], "deny": []} into .cursor/cli.json to have it so',
  );
}

function tokensOf(permission: Permission, source: Source, context: TargetContext): Denial {
  const { match } = permission;
  switch (match.tool) {
    case "Bash":
      return shellTokens(match);
    case "Read":
    case "Edit":
      return pathTokens(permission, match.tool, context);
    case "WebFetch":
      return { tokens: [`WebFetch(${match.how === "all" ? "*" : match.pattern})`] };
    case "mcp":
      return { tokens: serverTokens(match, source) };
    case "other":
      return otherTokens(match);
    case "never":
      return { tokens: [] };
  }
}

function shellTokens({ how, pattern }: MatchOf<"Bash">): Denial {
  if (how === "all") return { tokens: ["Shell(**)"] };
  const [word, next] = pattern.trim().split(/\s+/);
  if (!/^[\w./+-]+$/.test(word)) return { refusal: `Cursor knows a command by its first word, and "${word}" is none` };
  const isWhole = next === undefined && how === "prefix";
  if (!isWhole && next !== undefined && !next.startsWith("-")) {
    return { refusal: `Cursor knows a command by its first word, and all of ${word} would be denied with it` };
  }
  const tokens = word.includes("/") ? [word] : [word, `*/${word}`];
  return {
    tokens: tokens.flatMap((one) => [`Shell(${one})`, `Shell(${one}:*)`]),
    loss: isWhole ? "behind another command it is not seen" : `all of ${word} is denied`,
  };
}

/** A denial to read is one to edit, too. */
function pathTokens(permission: Permission, tool: "Read" | "Edit", context: TargetContext): Denial {
  const tools = tool === "Edit" ? ["Write"] : permission.action === "deny" ? ["Read", "Write"] : ["Read"];
  const loss = "the shell still reaches the path, and upper and lower case count";
  const globs = pathGlobs(permission);
  if (globs === undefined) return { tokens: tools.map((one) => `${one}(**)`), loss: "the shell still reaches files" };
  if (globs.isNegated) return { tokens: [], loss: "Cursor cannot take it back from another rule, which goes on" };
  const { parts, isAnchored } = pathPattern(globs);
  const start = startOf(globs.anchor, context);
  if (start === undefined) return { refusal: "what is in a home cannot be named in a file for everybody" };
  const path = `${start}${isAnchored || parts[0]?.kind === "folders" ? "" : "**/"}${
    parts.map((part) => withWildcards(part, special)).join("/")
  }`;
  const patterns = path.endsWith("**") ? [path] : [path, `${path}/**`];
  return { tokens: tools.flatMap((one) => patterns.map((pattern) => `${one}(${pattern})`)), loss };
}

/** Relative patterns start in the folder that Cursor works in. */
function startOf(anchor: PathGlobs["anchor"], context: TargetContext): string | undefined {
  if (anchor === "absolute") return "/";
  if (context.scope === "project") return anchor === "home" ? undefined : "";
  if (anchor === "cwd") return "";
  return `${rootOf(context)}/${anchor === "settings" ? ".claude/" : ""}`;
}

function serverTokens({ server, name = "*" }: MatchOf<"mcp">, { items }: Source): string[] {
  return [...new Set([...serversLike(server, items), server])].map((one) => `Mcp(${one}:${name})`);
}

function otherTokens({ name, specifier }: MatchOf<"other">): Denial {
  if (specifier === undefined && writers.has(name)) {
    return { tokens: ["Write(**)"], loss: "it holds for all that writes" };
  }
  if (specifier === undefined && name === "*") {
    return { tokens: ["Shell(**)", "Read(**)", "Write(**)", "WebFetch(*)", "Mcp(*:*)"] };
  }
  return { refusal: "Cursor's command line has no token for it" };
}
