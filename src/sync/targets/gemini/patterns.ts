// Regular expressions over the arguments of a tool call, as Gemini CLI 0.61.0 tests them: the arguments are JSON, with a
// NUL before and behind each of them, so that `[^\x00]*` is the rest of one argument, whatever it holds.
//
// Gemini CLI drops a rule whose expression it holds to be slow, and with it the denial: no group may be repeated.

import type { NamePiece, PathPattern } from "../path_pattern.ts";
import { spellingsOf } from "../spellings.ts";

const expressionMax = 2048;
/** With more of them an expression would take its time over a long command; what it is then for is more, not less. */
const starsMax = 3;
/** What the shell takes out of a word, or between two, as JSON shows it. */
const quotes = String.raw`["\x27\\]*`;
const space = String.raw`[\s\\tn"\x27]+`;
/** What runs the command behind it. */
const wrappers = "sudo|doas|env|command|builtin|exec|nohup|nice|ionice|time|timeout|stdbuf|setsid|strace|watch|xargs";
const folders = String.raw`(?:[^\s\x00]*/|)`;
const beforeCommand = String.raw`(?:${quotes}(?:\w+\+?=|[\d&]*[<>]|${folders}${quotes}(?:${wrappers})(?=["\x27\s\\]))` +
  String.raw`[^\x00]*(?:[\s/"\x27\\]|\\[tnr])|)${folders}${quotes}`;
const wordEnd = String.raw`(?:[\s"\x27<>|;&()]|\\[tnr])`;
const commandEnd = String.raw`[\s\\"\x27]*"\x00`;
const rest = String.raw`[^\x00]*`;
const nameCharacter = String.raw`[^/\\\x00"]`;
const separator = String.raw`[/\\]+`;
/** A path may be absolute, and `@` in front of it is dropped by the tool. */
const beforePath = String.raw`(?:[^\x00"]*[/\\@]|)`;
const beforeWord = String.raw`(?:[^\x00]*[\s/\\"\x27=<>(:@,|;&]|)`;
const behindWord = String.raw`[\s/\\"\x27<>|;&):,*]`;
/** A word that is also an everyday one names a folder where a slash or nothing more stands behind it. */
const behindFolder = String.raw`(?:[/\\]|\s*(?:"\x00|[;&|]))`;
const writers = "rm|rmdir|mv|cp|tee|touch|mkdir|ln|dd|sed|truncate|install|rsync|chmod|chown";

/** Paths with detours in them, which could go around every other expression. */
export const detours = String.raw`"file_path":"(?:[^\x00"]*[^"./\\][^\x00"]*[/\\]\.\.?[/\\]|[^\x00]*\\u0000)`;

/** Says whether Gemini CLI takes the expression; otherwise it would drop the rule. */
export function isTaken(expression: string): boolean {
  try {
    new RegExp(expression);
  } catch {
    return false;
  }
  return expression.length <= expressionMax && !/\([^)]*[*+?{].*\)[*+?{]/.test(expression);
}

/** Returns an expression for `text` itself, as it stands in JSON. */
export function literal(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1);
  return shown.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll("'", String.raw`\x27`);
}

/** Returns expressions for commands that begin with `prefix`, in other spellings and behind other commands, too. */
export function commandsWith(prefix: string): string[] {
  return joined(spellingsOf(prefix).map(quoted), quotes + wordEnd);
}

/** Returns expressions for commands with `*` in them, in other spellings and behind other commands, too. */
export function commandsLike(pattern: string): string[] {
  const parts = pattern.split("*");
  const held = parts.length > starsMax + 1 ? `${parts.slice(0, starsMax).join("*")}*` : pattern;
  return joined(spellingsOf(held).map(quoted), held.endsWith("*") ? "" : commandEnd);
}

/** Returns the expression for the commands that Claude Code allows: those with a value put in are not among them. */
export function allowedCommands(
  { how, pattern }: { readonly how: "exact" | "prefix" | "glob"; readonly pattern: string },
) {
  const noValue = String.raw`(?![^\x00]*[$\x60])`;
  const end = how === "prefix" ? String.raw`(?:\s|"\x00)` : String.raw`"\x00`;
  return noValue + (how === "glob" ? pattern.split("*") : [pattern]).map(literal).join(rest) + end;
}

/** Returns the expression for one argument that is a path, or a list of them. Paths are found in every folder. */
export function pathArgument(names: readonly string[], pattern: PathPattern): string {
  const one = names.length === 1 ? names[0] : `(?:${names.join("|")})`;
  const key = names.length === 1 ? `"${one}":"` : String.raw`(?:"${one}":|"include":\[[^\x00]*)"`;
  const { parts } = pattern;
  const ends = pattern.isElsewhere ? parts.slice(1).map((_, i) => path({ ...pattern, parts: parts.slice(i + 1) })) : [];
  const start = `${beforePath}${path(pattern)}`;
  const any = ends.length === 0 ? start : String.raw`(?:${start}|(?:\.[/\\]|@|)(?:${ends.join("|")}))`;
  return `${key}${any}[/\\\\"]`;
}

/** Returns the expression for one argument that is a path below the folder of the project and says so. */
export function pathInProject(name: string, pattern: PathPattern): string {
  const start = String.raw`\x00"${name}":"(?![^\x00]*\.\.)(?:\./|)`;
  const above = pattern.isAnchored ? "" : String.raw`(?:[^/\\\x00"][^\x00"]*/|)`;
  return `${start}${above}${path(pattern, exactName)}[/"]`;
}

/** Returns the expression for shell commands that name a path. */
export function commandsNaming(pattern: PathPattern): string {
  return `${beforeWord}${path(pattern)}${isWord(pattern) ? behindFolder : behindWord}`;
}

/** Returns the expression for shell commands that name a path and may write. */
export function commandsWriting(pattern: PathPattern): string {
  return String.raw`[^\x00]*(?:>|\b(?:${writers})\s)${beforeWord}${path(pattern)}${
    isWord(pattern) ? behindFolder : behindWord
  }`;
}

/** Returns the expression for a request to a host or one below it. */
export function requestsTo(host: string): string {
  return String.raw`"(?:prompt|url)":"(?:[^\x00]*[^a-zA-Z0-9_-]|)${hostName(host)}(?![a-zA-Z0-9-]|\.[a-zA-Z0-9])`;
}

/** Returns the expression for a request to nothing but one host. */
export function requestsOnlyTo(host: string): string {
  return String.raw`"(?:prompt|url)":"[^\x00:]*\bhttps?://${hostName(host)}(?:[/?#\s][^\x00:]*|)"\x00`;
}

/** One expression for all when it is not too long, else one each. */
function joined(all: readonly string[], end: string): string[] {
  const whole = `${beforeCommand}(?:${all.join("|")})${end}`;
  return isTaken(`"command":"${whole}`) ? [whole] : all.map((one) => `${beforeCommand}${one}${end}`);
}

function quoted(command: string): string {
  return command.split(/\s+/).map((word) =>
    word.split("*").map((text) => Array.from(text, literal).join(quotes)).join(rest)
  ).join(space);
}

/** Says whether the pattern is one word that a sentence could have, too. */
function isWord({ parts }: PathPattern): boolean {
  const [part] = parts;
  const text = parts.length === 1 && part.kind === "name" && part.pieces.length === 1 ? part.pieces[0] : undefined;
  return text?.kind === "text" && /^[\w-]+$/.test(text.text);
}

function path({ parts }: PathPattern, name: (text: string) => string = anyCase): string {
  let text = "";
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (part.kind === "name") text += part.pieces.map((one) => piece(one, name)).join("") + (isLast ? "" : separator);
    else text += isLast ? String.raw`[^\x00"]*` : String.raw`(?:[^\x00"]*[/\\]|)`;
  }
  return text;
}

function piece(one: NamePiece, name: (text: string) => string): string {
  if (one.kind === "text") return name(one.text);
  return one.kind === "one" ? nameCharacter : `${nameCharacter}*`;
}

function exactName(text: string): string {
  return literal(text);
}

/** Claude Code compares paths and hosts without regard to case. */
function anyCase(text: string): string {
  return Array.from(text, (letter) => {
    const both = [...new Set([letter.toLowerCase(), letter.toUpperCase()])];
    return both.length === 2 && both.every((one) => one.length === 1) ? `[${both.join("")}]` : literal(letter);
  }).join("");
}

function hostName(host: string): string {
  return host.split("*").map(anyCase).join(String.raw`[^\x00\s"/]*`);
}
