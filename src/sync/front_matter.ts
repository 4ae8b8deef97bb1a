// The YAML between two lines of `---` on top of a Markdown file.
//
// Much of it is not quite YAML: `paths: **/*.ts` is an alias to a reader of YAML, `description: Use when: asked` two
// mappings, `argument-hint: [issue] [text]` half a list. Claude Code takes such a value as the text that it is, and so
// does this file, where the whole cannot be read without.

import { parse } from "yaml";
import { asObject, field, type JsonObject } from "../base/decode.ts";

/** What is on top of a Markdown file, and what is below it. */
export type FrontMatter =
  | { readonly kind: "read"; readonly fields: JsonObject; readonly body: string }
  | { readonly kind: "broken"; readonly why: string };

const byteOrderMark = "\ufeff";
const yamlMax = 64 * 1024;
const opening = /^---[ \t]*(?:\r?\n|$)/;
const closing = /^---[ \t]*(?:\r?\n|$(?![\s\S]))/m;
const line = /^([A-Za-z_][\w-]*):[ \t]+(\S.*)$/gm;

/** Returns the front matter of `text`; a file without any has no fields. One that is not closed is half a file. */
export function frontMatter(text: string): FrontMatter {
  const parts = split(text);
  if (parts === undefined) return { kind: "broken", why: "its front matter has no end" };
  const { yaml = "" } = parts;
  if (yaml.length > yamlMax) return { kind: "broken", why: `its front matter is larger than ${yamlMax / 1024} KiB` };
  const fields = fieldsOf(yaml);
  if (fields === undefined) return { kind: "broken", why: "its front matter is not YAML" };
  return { kind: "read", fields, body: parts.body };
}

/** Returns `text` without its front matter, be that readable or not. */
export function withoutFrontMatter(text: string): string {
  return split(text)?.body ?? text;
}

/** Returns the texts of a list, or of a text with commas between them: `src/**, *.{ts,tsx}` is two. */
export function listIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => typeof item === "string" ? [item.trim()] : []).filter(isFull);
  }
  if (typeof value !== "string") return [];
  return (value.match(/(?:\([^)]*\)|\{[^}]*\}|[^,])+/g) ?? []).map((text) => text.trim()).filter(isFull);
}

/** Returns the names of tools in a list, or in a text with commas or spaces: `Read Bash(git log *)` is two. */
export function toolsIn(value: unknown): string[] {
  if (typeof value !== "string") return listIn(value);
  return value.match(/(?:\([^)]*\)|[^\s,])+/g) ?? [];
}

/** Returns the field `name` as one line of text; a number or a truth is written out. */
export function lineOf(fields: JsonObject, name: string): string | undefined {
  const value = field(fields, name);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  return String(value).trim().replaceAll(/\s*\n\s*/g, " ") || undefined;
}

function isFull(text: string): boolean {
  return text !== "";
}

function split(text: string): { readonly yaml?: string; readonly body: string } | undefined {
  const whole = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  const open = opening.exec(whole);
  if (open === null) return { body: whole };
  const rest = whole.slice(open[0].length);
  const close = closing.exec(rest);
  return close === null
    ? undefined
    : { yaml: rest.slice(0, close.index), body: rest.slice(close.index + close[0].length) };
}

function fieldsOf(yaml: string): JsonObject | undefined {
  return decode(yaml) ?? decode(yaml.replaceAll("\r\n", "\n").replace(line, quoted));
}

/** Returns a line whose value is no YAML by itself with that value in quotes. */
function quoted(whole: string, name: string, value: string): string {
  return decode(whole) === undefined ? `${name}: ${JSON.stringify(value.trim())}` : whole;
}

function decode(yaml: string): JsonObject | undefined {
  try {
    const value: unknown = parse(yaml, { logLevel: "error", uniqueKeys: false });
    return value === null || value === undefined ? {} : asObject(value);
  } catch {
    return undefined;
  }
}
