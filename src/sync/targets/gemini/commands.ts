// Slash commands for Gemini CLI 0.61.0, each a TOML file. What runs or reads something is written otherwise there, and
// nothing can be written that only looks like it: a text that would run by chance gets a space in between.

import type { SlashCommand } from "../../model.ts";
import { withLosses } from "../losses.ts";
import type { MadeText } from "../parts.ts";
import { privately, refused } from "../shared.ts";
import { tomlBlock, tomlText } from "./toml.ts";

/** A piece of the body of a command. */
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "shell"; readonly command: string }
  | { readonly kind: "file"; readonly path: string };

const shellOrFile =
  /^```!\s*\n([\s\S]*?)\n```[ \t]*$|!`([^`\n]+)`|(?<=^|\s)@((?:~\/|\.{0,2}\/)?[\w.-]+(?:\/[\w.-]+)*)/gm;
const wholeArguments = /\$ARGUMENTS\b(?!\[)/g;
const oneArgument = /\$ARGUMENTS\[\d+\]|\$\d\b/;
const loneTriggers = /(?:[!@]\{|\{\{args\}\})/g;

/** Returns the name under which Gemini CLI knows the command. */
export function commandNameOf({ name }: SlashCommand): string {
  return name.split("/").map((part) => part.replaceAll(/[^A-Za-z0-9_.-]/g, "_")).join(":");
}

/** Returns the file of a command. */
export function commandFile(command: SlashCommand): MadeText {
  const { body, description, argumentHint, allowedTools, model } = command;
  const secluded = privately(command, ".gemini");
  if (secluded !== undefined) return { outcome: secluded };
  const pieces = piecesOf(body);
  const refusal = refusalOf(pieces);
  if (refusal !== undefined) return { outcome: refused(refusal) };
  const hasOne = oneArgument.test(body);
  const hasLone = pieces.some((piece) => piece.kind === "text" && piece.text.search(loneTriggers) >= 0);
  const losses = [
    ...(hasOne ? ["its single arguments are told, not put in"] : []),
    ...(pieces.some((piece) => piece.kind === "shell" && isGiven(piece.command))
      ? ["what the user writes reaches the shell as one word"]
      : []),
    ...(hasLone ? ["a space is put into `!{`, `@{` or `{{args}}`, which would do something"] : []),
    ...(allowedTools.length > 0 ? ["its tools are not allowed in advance"] : []),
    ...(model === undefined ? [] : ["its model is left out"]),
  ];
  const prompt = pieces.map(pieceText).join("") + (hasOne ? argumentNote : "");
  const about = [description, argumentHint].filter((one) => one !== undefined && one !== "").join(" ");
  const head = about === "" ? "" : `description = ${tomlText(about.replaceAll(/\s+/g, " "))}\n`;
  return { text: `${comment}${head}prompt = ${tomlBlock(prompt)}\n`, outcome: withLosses(losses) };
}

const comment = "# Written by truce from a command of Claude Code. Edit that and run truce sync.\n";
const argumentNote = "\n\n`$1`, `$2` and so on stand for the words of these arguments: {{args}}\n";

function piecesOf(body: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of body.matchAll(shellOrFile)) {
    const [whole, fenced, inline, file] = match;
    const path = file?.replace(/\.+$/, "");
    if (path !== undefined && !/[./]/.test(path)) continue;
    pieces.push({ kind: "text", text: body.slice(end, match.index) });
    end = match.index + (path === undefined ? whole.length : 1 + path.length);
    pieces.push(path === undefined ? { kind: "shell", command: fenced ?? inline } : { kind: "file", path });
  }
  return [...pieces, { kind: "text", text: body.slice(end) }];
}

function refusalOf(pieces: readonly Piece[]): string | undefined {
  for (const piece of pieces) {
    if (piece.kind === "file" && piece.path.startsWith("~")) {
      return `Gemini CLI reads no "${piece.path}" from outside of the project`;
    }
    if (piece.kind !== "shell") continue;
    const { command } = piece;
    if (!isBalanced(command)) {
      return `the braces in \`${command}\` are not balanced, and Gemini CLI ends a command at one`;
    }
    if (command.includes("@{")) return `Gemini CLI would take the @{ in \`${command}\` for a file`;
    if (oneArgument.test(command)) return `Gemini CLI puts no single argument into \`${command}\``;
  }
  return undefined;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === "{") depth++;
    if (char === "}" && --depth < 0) return false;
  }
  return depth === 0;
}

function isGiven(command: string): boolean {
  return command.search(wholeArguments) >= 0;
}

function pieceText(piece: Piece): string {
  if (piece.kind === "file") return `@{${piece.path}}`;
  if (piece.kind === "shell") return `!{${piece.command.replaceAll(wholeArguments, "{{args}}")}}`;
  const harmless = piece.text.replaceAll(loneTriggers, (trigger) => `${trigger[0]} ${trigger.slice(1)}`);
  return harmless.replaceAll(/([@!]?)\$ARGUMENTS\b(?!\[)/g, (_, mark) => mark === "!" ? "! {{args}}" : "{{args}}");
}
