import type { JsonObject } from "../base/decode.ts";
import { Literal, plain } from "./value.ts";

/** Writes an object as a whole TOML file: `[name]` for the objects in it, `[[name]]` for lists of objects. */
export function tomlText(value: JsonObject): string {
  return sectionText([], plain(value), "\n");
}

/** Writes a key of TOML, or several with dots between. */
export function tomlKey(...names: readonly string[]): string {
  return names.map((name) => /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name)).join(".");
}

/** Writes a value on one line. Throws for what TOML cannot say: null. */
export function tomlValue(value: unknown): string {
  if (value instanceof Literal) return value.text;
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) throw new Error(`TOML has no ${value}`);
  const members = Object.entries(value).map(([name, inner]) => `${tomlKey(name)} = ${tomlValue(inner)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Says whether `value` is written as a section with a header of its own. */
export function isSection(value: unknown): boolean {
  return isList(value) || isTable(value);
}

/** Writes the sections of an object, or of a list of objects, at `path`. Each line ends; blank lines are between. */
export function sectionText(path: readonly string[], value: unknown, newline: string): string {
  if (isList(value)) return value.map((item) => headed(`[[${tomlKey(...path)}]]`, path, item, newline)).join(newline);
  if (!isTable(value)) throw new Error("only an object has a section");
  const isImplied = path.length === 0 || Object.keys(value).length > 0 && Object.values(value).every(isSection);
  return headed(isImplied ? undefined : `[${tomlKey(...path)}]`, path, value, newline);
}

function headed(header: string | undefined, path: readonly string[], value: JsonObject, newline: string): string {
  const members = Object.entries(value);
  const lines = members.filter(([, inner]) => !isSection(inner))
    .map(([name, inner]) => `${tomlKey(name)} = ${tomlValue(inner)}${newline}`);
  const own = [header === undefined ? "" : header + newline, ...lines].join("");
  const sections = members.filter(([, inner]) => isSection(inner))
    .map(([name, inner]) => sectionText([...path, name], inner, newline));
  return [own, ...sections].filter((part) => part !== "").join(newline);
}

function isTable(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Literal);
}

function isList(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

/** JSON's texts are TOML's, but for one character that TOML wants written by its number. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
