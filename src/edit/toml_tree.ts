// What a TOML text says, and where. The library reads it; this gives it the shape that edits need.

import { type AST, parseTOML } from "toml-eslint-parser";
import type { JsonObject } from "../base/decode.ts";
import { cannotRead } from "./edit.ts";
import { newlineOf, placeOf, type Span } from "./lines.ts";
import { Literal } from "./value.ts";

/** A value behind an equals sign, in an array or in an inline table. */
export interface TomlValue extends Span {
  readonly kind: "plain" | "array" | "table";
  readonly path: readonly string[];
  readonly value: unknown;
  /** Of an array. */
  readonly items: readonly TomlValue[];
  /** Of an inline table. */
  readonly members: readonly TomlMember[];
}

/** A key with its value. The path is that of the value, from the top; an element of an array goes by its number. */
export interface TomlMember extends Span {
  readonly path: readonly string[];
  readonly value: TomlValue;
}

/** A table with a header, up to the end of its last member; the top of the text is one, too. */
export interface TomlTable extends Span {
  readonly path: readonly string[];
  /** Absent for the top. */
  readonly header?: Span;
  /** Whether it is an element of an array: `[[name]]`. */
  readonly isElement: boolean;
  readonly members: readonly TomlMember[];
}

/** A TOML text. */
export interface TomlTree {
  readonly top: TomlTable;
  readonly tables: readonly TomlTable[];
  readonly comments: readonly (Span & { readonly isLine: true })[];
  readonly value: JsonObject;
}

/** A text with all that is known of it. */
export interface TomlDocument {
  readonly path: string;
  readonly text: string;
  readonly tree: TomlTree;
  readonly newline: string;
}

/** Reads a text. Throws when it is no TOML. */
export function documentOf(text: string, path: string): TomlDocument {
  return { path, text, tree: parseToml(text, path), newline: newlineOf(text) };
}

/** Reads a TOML text of version 1.1 or earlier. Throws a TruceError with the place of what is wrong. */
export function parseToml(text: string, path: string): TomlTree {
  try {
    // The line break: of a text that ends in `= 0`, the parser says that the number is nowhere.
    return treeOf(parseTOML(`${text}\n`, { tomlVersion: "1.1" }), text);
  } catch (error) {
    if (error instanceof RangeError) throw cannotRead(path, "it is nested too deeply");
    if (!(error instanceof SyntaxError) || !("index" in error)) throw error;
    throw cannotRead(path, `it is no TOML, ${placeOf(text, Number(error.index))}: ${error.message.toLowerCase()}`);
  }
}

function treeOf({ body: [program], comments }: AST.TOMLProgram, text: string): TomlTree {
  const tables = program.body.filter((node) => node.type === "TOMLTable").map((node) => tableOf(node, text));
  const members = program.body.filter((node) => node.type === "TOMLKeyValue").map((node) => memberOf(node, []));
  const top: TomlTable = { start: 0, end: 0, path: [], isElement: false, members };
  return {
    top,
    tables,
    comments: comments.map((node) => ({ ...spanOf(node), isLine: true })),
    value: valueOfTables([top, ...tables]),
  };
}

function tableOf(node: AST.TOMLTable, text: string): TomlTable {
  const path = node.resolvedKey.map(String);
  const isElement = node.kind === "array";
  const end = text.indexOf("]", node.key.range[1]) + (isElement ? 2 : 1);
  const members = node.body.map((member) => memberOf(member, path));
  return { ...spanOf(node), path, isElement, header: { start: node.range[0], end }, members };
}

function memberOf(node: AST.TOMLKeyValue, holder: readonly string[]): TomlMember {
  const path = [...holder, ...node.key.keys.map((key) => key.type === "TOMLBare" ? key.name : key.value)];
  return { ...spanOf(node), path, value: valueOf(node.value, path) };
}

function valueOf(node: AST.TOMLContentNode, path: readonly string[]): TomlValue {
  const place = { ...spanOf(node), path, items: [], members: [] };
  if (node.type === "TOMLArray") {
    const items = node.elements.map((item, i) => valueOf(item, [...path, String(i)]));
    return { ...place, kind: "array", items, value: items.map(({ value }) => value) };
  }
  if (node.type === "TOMLInlineTable") {
    const members = node.body.map((member) => memberOf(member, path));
    return { ...place, kind: "table", members, value: valueOfMembers(members, path.length) };
  }
  return { ...place, kind: "plain", value: plainValueOf(node) };
}

/** Returns a value that JSON knows, too, or the text of one that it does not know. */
function plainValueOf(node: AST.TOMLValue): unknown {
  switch (node.kind) {
    case "string":
    case "boolean":
      return node.value;
    case "integer":
      return Number.isSafeInteger(node.value) ? node.value : new Literal(String(node.bigint));
    case "float":
      return Number.isFinite(node.value) ? node.value : new Literal(String(node.value));
    default:
      return new Literal(node.datetime);
  }
}

/** A place of a value on its way to becoming JSON; fields of any name are its own. */
type Growing = Map<string, unknown>;

function valueOfTables(tables: readonly TomlTable[]): JsonObject {
  const root: Growing = new Map();
  const arrays = new Set<string>();
  for (const { path, isElement } of tables) if (isElement) arrays.add(JSON.stringify(path.slice(0, -1)));
  for (const { path, members } of tables) {
    placeAt(root, path);
    for (const member of members) placeAt(root, member.path.slice(0, -1)).set(lastOf(member.path), member.value.value);
  }
  return frozen(root, [], arrays) as JsonObject;
}

function valueOfMembers(members: readonly TomlMember[], depth: number): unknown {
  const root: Growing = new Map();
  for (const { path, value } of members) {
    placeAt(root, path.slice(depth, -1)).set(lastOf(path), value.value);
  }
  return frozen(root, [], new Set());
}

function placeAt(root: Growing, path: readonly string[]): Growing {
  let at = root;
  for (const part of path) {
    const next = at.get(part);
    const place: Growing = next instanceof Map ? next : new Map();
    if (place !== next) at.set(part, place);
    at = place;
  }
  return at;
}

function frozen(place: Growing, path: readonly string[], arrays: ReadonlySet<string>): unknown {
  const entries = Array.from(place, ([name, value]) => {
    return [name, value instanceof Map ? frozen(value, [...path, name], arrays) : value] as const;
  });
  const isArray = arrays.size > 0 && arrays.has(JSON.stringify(path));
  return isArray ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function lastOf(path: readonly string[]): string {
  return path[path.length - 1];
}

function spanOf(node: { readonly range: readonly [number, number] }): Span {
  return { start: node.range[0], end: node.range[1] };
}
