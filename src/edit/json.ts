// Edits JSON, with or without comments and trailing commas, so that all bytes but those of the edited values stay.
//
// The library says where everything is; the edits are made on the text itself, one after the other. At the end the text
// is read again: what it says must be what was said before, with the edits, or nothing is returned.

import { cannotEdit, type Edit, type EditOptions, type Editor } from "./edit.ts";
import { jsonText } from "./json_text.ts";
import {
  childOf,
  documentOf,
  type JsonDocument,
  type JsonNode,
  listOf,
  membersOf,
  nodeAt,
  valueIn,
  valueOf,
  wayTo,
} from "./json_tree.ts";
import { indentOf, replaced, splitMark } from "./lines.ts";
import { insertItem, removeItem } from "./list.ts";
import { misplaced, type Order } from "./order.ts";
import { partsOf } from "./pointer.ts";
import { asTable, canonical, isSame, plain, valueAt, withoutValue, withValue } from "./value.ts";

/** JSON with comments and trailing commas. */
export const jsonEditor: Editor = { read: readJson, namesAt, edit: editJson, isBlank: isBlankJson };

/** Returns the value of a JSON text. Comments and trailing commas are understood; an empty text is an empty object. */
export function readJson(text: string, path: string): unknown {
  return valueIn(documentOf(splitMark(text).body, path));
}

/** Returns `text` after `edits`, in their order. */
export function editJson(text: string, edits: readonly Edit[], options: EditOptions): string {
  const { mark, body } = splitMark(text);
  const { path, order } = options;
  let document = documentOf(body, path);
  let current = valueIn(document);
  let expected = current;
  for (const edit of edits) {
    const parts = partsOf(edit.pointer);
    const value = edit.kind === "set" ? plain(edit.value) : undefined;
    if (isSame(valueAt(current, parts), value, order !== undefined)) continue;
    const edited = edit.kind === "set" ? set(document, parts, { value, order }) : remove(document, parts);
    expected = edit.kind === "set"
      ? withValue(expected, parts, value, order === "first")
      : withoutValue(expected, parts);
    if (edited === document.text) continue;
    document = documentOf(edited, path);
    current = valueIn(document);
  }
  if (order !== undefined) document = documentOf(arranged(document.text, edits, { path, order }), path);
  if (canonical(valueIn(document)) !== canonical(expected)) {
    throw cannotEdit(path, "the edited text would not say what it should");
  }
  return mark + document.text;
}

/** JavaScript puts names that are numbers first; the text knows better. */
function namesAt(text: string, path: string, parts: readonly string[]): string[] {
  const node = nodeAt(documentOf(splitMark(text).body, path), parts);
  return node?.type === "object" ? membersOf(node).map(({ name }) => name) : [];
}

function isBlankJson(text: string): boolean {
  return /^\ufeff?\s*(?:\{\s*\})?\s*$/.test(text);
}

function set(
  document: JsonDocument,
  parts: readonly string[],
  wanted: { value: unknown; order?: Order },
): string {
  const { root } = document;
  if (root === undefined) return setAll(document, withValue({}, parts, wanted.value));
  let node = root;
  for (const [depth, part] of parts.entries()) {
    const child = childOf(document, node, part);
    if (child === undefined) {
      const missing = parts.slice(depth + 1);
      const value = missing.length === 0 ? wanted.value : withValue(undefined, missing, wanted.value);
      return insert(document, node, { part, value, isFirst: wanted.order === "first" });
    }
    node = child;
  }
  return replace(document, node, { value: wanted.value, isOrdered: wanted.order !== undefined });
}

/** Writes the value of a text that has none. */
function setAll({ text, style }: JsonDocument, value: unknown): string {
  const { newline, unit } = style;
  const start = text === "" || text.endsWith("\n") ? text : text + newline;
  return start + jsonText(value, { newline, unit, indent: "", isInline: false }) + newline;
}

/** Gives the value at `node` another value; objects are edited field by field, so that what is in them stays. */
function replace(
  document: JsonDocument,
  node: JsonNode,
  { value, isOrdered }: { value: unknown; isOrdered: boolean },
): string {
  const { text } = document;
  const before = valueOf(node);
  if (isSame(before, value, isOrdered)) return text;
  const [old, wanted] = [asTable(before), asTable(value)];
  if (old === undefined || wanted === undefined || isOrdered) {
    const span = { start: node.offset, end: node.offset + node.length };
    const isInline = !text.slice(span.start, span.end).includes("\n") && node.type === "array";
    const { newline, unit } = document.style;
    return replaced(text, [{
      ...span,
      text: jsonText(value, { newline, unit, isInline, indent: indentOf(text, span.start) }),
    }]);
  }
  const parts = wayTo(node);
  let edited = text;
  for (const name of Object.keys(old).filter((name) => !Object.hasOwn(wanted, name))) {
    edited = remove(documentOf(edited, document.path), [...parts, name]);
  }
  for (const name of Object.keys(wanted)) {
    edited = set(documentOf(edited, document.path), [...parts, name], { value: wanted[name] });
  }
  return edited;
}

function insert(
  document: JsonDocument,
  node: JsonNode,
  { part, value, isFirst }: { part: string; value: unknown; isFirst: boolean },
): string {
  const { text, style, path } = document;
  const count = node.children?.length ?? 0;
  const isElement = node.type === "array" && (part === "-" || part === String(count));
  if (node.type !== "object" && !isElement) {
    throw cannotEdit(
      path,
      `there is ${node.type === "array" ? "a list" : "a value"} at "${sayWay(node)}", not an object`,
    );
  }
  return insertItem(text, listOf(document, node), {
    index: isElement && isFirst ? 0 : count,
    style,
    write({ indent, isInline }) {
      const written = jsonText(value, { newline: style.newline, unit: style.unit, indent, isInline });
      return isElement ? written : `${JSON.stringify(part)}: ${written}`;
    },
  });
}

function remove(document: JsonDocument, parts: readonly string[]): string {
  const { text } = document;
  const holder = nodeAt(document, parts.slice(0, -1));
  const node = nodeAt(document, parts);
  if (node === undefined || holder === undefined) return text;
  const index = holder.children?.findIndex((child) => child === node || child.children?.[1] === node) ?? -1;
  return removeItem(text, listOf(document, holder), index);
}

function sayWay(node: JsonNode): string {
  return wayTo(node).join(".") || "the top";
}

/** Moves the keys that `edits` set to where `order` wants them; their text moves with them. */
function arranged(
  text: string,
  edits: readonly Edit[],
  { path, order }: EditOptions & { order: Order },
): string {
  const groups = new Map<string, { holder: string[]; names: string[] }>();
  for (const edit of edits) {
    const holder = partsOf(edit.pointer);
    const name = holder.pop() ?? "";
    if (edit.kind !== "set" || name === "-") continue;
    const key = JSON.stringify(holder);
    groups.set(key, { holder, names: [...groups.get(key)?.names ?? [], name] });
  }
  let edited = text;
  for (const { holder, names } of groups.values()) edited = arrangedIn(edited, holder, { names, path, order });
  return edited;
}

function arrangedIn(
  text: string,
  holder: readonly string[],
  { names, path, order }: { names: readonly string[]; path: string; order: Order },
): string {
  const present = namesAt(text, path, holder);
  let edited = text;
  for (const name of misplaced(present, names, order)) {
    const from = memberOf(documentOf(edited, path), holder, name);
    if (from === undefined) continue;
    const raw = edited.slice(from.member.start, from.member.end);
    const rest = documentOf(removeItem(edited, from.list, from.index), path);
    const node = nodeAt(rest, holder);
    if (node === undefined) continue;
    const list = listOf(rest, node);
    const index = order === "first" ? 0 : list.items.length;
    edited = insertItem(rest.text, list, { index, style: rest.style, write: () => raw });
  }
  return edited;
}

function memberOf(document: JsonDocument, holder: readonly string[], name: string) {
  const node = nodeAt(document, holder);
  if (node === undefined) return undefined;
  const members = membersOf(node);
  const index = members.findIndex((member) => member.name === name);
  return index < 0 ? undefined : { index, member: members[index], list: listOf(document, node) };
}
