// Instructions for Gemini CLI 0.61.0: a block in GEMINI.md. Where Gemini CLI understands CLAUDE.md as Claude Code does, the
// block only imports it, so that nothing is there twice. Otherwise it holds the text with its imports in their places.
//
// AGENTS.md would have to be named in `context.fileName`, and the name in a project's settings would take the place of
// the names that its user has chosen. Where the settings do name AGENTS.md or CLAUDE.md, these are read as they are.

import { field, type JsonObject, textField, textList } from "../../../base/decode.ts";
import { folderOf, shownFrom } from "../../../base/path.ts";
import type { Fate, Instructions, Projection, Rule, Source, TargetContext, WantedFile } from "../../model.ts";
import { withLosses } from "../losses.ts";
import { ownText } from "../own_text.ts";
import { told } from "../parts.ts";
import {
  approximated,
  type Asker,
  instructionsInAgentsMd,
  itemsOf,
  native,
  type Outcome,
  privately,
  refused,
  rootOf,
} from "../shared.ts";

const usualName = "GEMINI.md";
const withheld = "what it imports of private files is left out";
/** What Gemini CLI takes for an import, outside of backticks. */
const importMark = /(?<=^|[ \t\r\n])@(?=[./A-Za-z])/g;
const codeSpan = /(`+)[\s\S]*?\1/g;

/** Returns the files with all instructions and rules of the scope. */
export function instructionsFor(source: Source, context: TargetContext, settings: JsonObject): Projection {
  const names = contextNames(settings);
  if (names.includes("AGENTS.md")) return instructionsInAgentsMd(source, context, askerOf(context));
  const instructions = itemsOf(source, context, "instructions");
  const rules = itemsOf(source, context, "rule");
  if (names.includes("CLAUDE.md") && context.scope === "project") return readAsTheyAre(instructions, rules);
  const name = names.includes(usualName) ? usualName : names[0];
  const texts = new Map<string, string[]>();
  const fates: Fate[] = [];
  for (const item of [...instructions, ...rules]) {
    const path = pathOf(item, name, context);
    const { text, outcome } = item.kind === "rule" ? sayRule(item, path, context) : say(item, path, context);
    fates.push({ item, target: "gemini", ...outcome });
    if (text !== "") texts.set(path, [...texts.get(path) ?? [], text]);
  }
  const files = [...texts].map(([path, parts]): WantedFile => ({ kind: "block", path, text: parts.join("\n\n") }));
  return { files, fates };
}

/** Returns who asks for what several targets share. */
export function askerOf({ home }: TargetContext): Asker {
  return { target: "gemini", title: "Gemini CLI", userFile: `${home}/.gemini/AGENTS.md` };
}

/** Returns the names of the files that Gemini CLI reads instructions from. */
export function contextNames(settings: JsonObject): string[] {
  const context = field(settings, "context");
  const names = [textField(context, "fileName") ?? textList(context, "fileName")].flat();
  return names.length === 0 ? [usualName] : names;
}

function readAsTheyAre(instructions: readonly Instructions[], rules: readonly Rule[]): Projection {
  const unread = refused("context.fileName in the settings names CLAUDE.md, which does not hold it");
  const parts = [
    told(
      "gemini",
      instructions,
      ({ origin: { path } }) =>
        path.endsWith("/CLAUDE.md") && !path.endsWith("/.claude/CLAUDE.md")
          ? native("context.fileName in the settings names CLAUDE.md")
          : refused("context.fileName in the settings does not name it"),
    ),
    told("gemini", rules, () => unread),
  ];
  return { files: [], fates: parts.flatMap(({ fates }) => fates) };
}

function pathOf(item: Instructions | Rule, name: string, context: TargetContext): string {
  if (context.scope === "user") return `${context.home}/.gemini/${name}`;
  const folder = item.kind === "rule" ? "" : item.name;
  return folder === "" ? `${rootOf(context)}/${name}` : `${rootOf(context)}/${folder}/${name}`;
}

function say(item: Instructions, path: string, context: TargetContext): { text: string; outcome: Outcome } {
  const secluded = privately(item, usualName);
  if (secluded !== undefined) return { text: "", outcome: secluded };
  const written = context.read(path);
  if (written === item.text) {
    return { text: "", outcome: native(`it is the same text as ${path}`) };
  }
  const shown = importOf(item, path, context);
  if (ownText(written ?? "").split(/\s+/).some((word) => word === shown || `@./${word.slice(1)}` === shown)) {
    return { text: "", outcome: native(`${path} imports it`) };
  }
  const isPlain = (item.imports ?? []).length === 0 && withoutImports(item.text) === item.text;
  const text = isPlain && shown !== undefined ? shown : withoutImports(item.expanded.trim());
  return { text, outcome: withLosses((item.privateImports ?? []).length > 0 ? [withheld] : []) };
}

function sayRule(item: Rule, path: string, context: TargetContext): { text: string; outcome: Outcome } {
  const { text, globs } = item;
  const secluded = privately(item, usualName);
  if (secluded !== undefined) return { text: "", outcome: secluded };
  const losses = (item.privateImports ?? []).length > 0 ? [withheld] : [];
  const shown = importOf(item, path, context);
  if (globs.length === 0) {
    const isPlain = (item.imports ?? []).length === 0 && withoutImports(text) === text;
    return { text: isPlain && shown !== undefined ? shown : withoutImports(text.trim()), outcome: withLosses(losses) };
  }
  const files = globs.map((glob) => `\`${glob}\``).join(" or ");
  if (shown !== undefined) {
    const told = "Gemini CLI is told to read it before it works on the files it is for";
    const sentence = `Before you work on files that match ${files}, read \`${shown.slice(3)}\` and do as it says.`;
    return { text: sentence, outcome: approximated([told, ...losses].join("; ")) };
  }
  const always = "Gemini CLI is always told it, with the files it is for";
  const said = `For files that match ${files}:\n\n${withoutImports(text.trim())}`;
  return { text: said, outcome: approximated([always, ...losses].join("; ")) };
}

/** Returns the import of a file as it is written in the file `from`; only what lies in the project can be imported. */
function importOf({ origin }: Instructions | Rule, from: string, { scope }: TargetContext): string | undefined {
  const shown = shownFrom(folderOf(from), origin.path);
  const isElsewhere = scope === "user" || shown === origin.path || origin.realPath !== undefined;
  return isElsewhere || /\s/.test(shown) ? undefined : `@./${shown}`;
}

/** Returns a text in which Gemini CLI finds no import. */
function withoutImports(text: string): string {
  let result = "";
  let end = 0;
  for (const { index, 0: code } of text.matchAll(codeSpan)) {
    result += text.slice(end, index).replaceAll(importMark, "\\@") + code;
    end = index + code.length;
  }
  return result + text.slice(end).replaceAll(importMark, "\\@");
}
