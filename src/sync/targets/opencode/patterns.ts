// Patterns of OpenCode 1.18.33: `*` is any text, slashes and line breaks included, `?` any one character; a pattern is
// for the whole, but ` *` at its end may be missing. Nothing can be escaped, and case counts.

import type { PathGlobs } from "../../permission.ts";
import { type PathPattern, pathPattern, withWildcards } from "../path_pattern.ts";
import { spellingsOf } from "../spellings.ts";

/** What writes, among the commands for the shell. */
const writers = ["cp", "mkdir", "mv", "rm", "rmdir", "sed", "tee", "touch"];

/** Returns patterns for commands, in other spellings, by their path, and behind other words, too. */
export function commandPatterns(
  { how, pattern }: { readonly how: "exact" | "prefix" | "glob"; readonly pattern: string },
) {
  // A redirection belongs to what is compared, and may stand behind a command that is named to its end.
  const ends = how === "prefix" ? [" *"] : pattern.endsWith("*") ? [""] : ["", " *>*", ">*", " *<*", "<*"];
  return spellingsOf(pattern).flatMap((one) =>
    [one, `*/${one}`, `* ${one}`].flatMap((start) => ends.map((end) => `${start}${end}`))
  );
}

/**
 * Returns patterns for paths. OpenCode compares what is relative to the root of the repository, or to `/` where there is
 * none, so that the same path can have more or less in front.
 */
export function pathPatterns(globs: PathGlobs): string[] {
  const pattern = pathPattern(globs);
  const path = textOf(pattern);
  const ends = pattern.isElsewhere ? path.split("/").map((_, i, names) => names.slice(i).join("/")) : [path];
  return [...new Set([...ends.flatMap(withBelow), ...withBelow(`*/${path}`)])];
}

/** Returns patterns for commands that name a path. A word that is also an everyday one must stand at the end. */
export function commandsNaming(globs: PathGlobs): string[] {
  const path = textOf(pathPattern(globs));
  const end = /^[\w-]+$/.test(path) ? "" : " *";
  return [`* ${path}${end}`, `*/${path}${end}`, ...withBelow(path).slice(1).map((one) => `*${one}`)];
}

/** Returns patterns for commands that name a path and may write. */
export function commandsWriting(globs: PathGlobs): string[] {
  const path = textOf(pathPattern(globs));
  const starts = [...writers.map((writer) => `${writer} *`), "*> *", "*>"];
  const ends = path.endsWith("*") ? [path] : [`${path} *`, `${path}/*`];
  return starts.flatMap((start) => ends.map((end) => `${start}${end}`));
}

/** Returns patterns for a host, whatever is behind it. */
export function hostPatterns(host: string): string[] {
  return [`*://${host}`, `*://${host}?*`, `*://*@${host}`, `*://*@${host}?*`];
}

function withBelow(path: string): string[] {
  return path.endsWith("*") ? [path] : [path, `${path}/*`];
}

function textOf({ parts }: PathPattern): string {
  return parts.map((part) => withWildcards(part)).join("/").replaceAll("**/", "*").replaceAll("**", "*");
}
