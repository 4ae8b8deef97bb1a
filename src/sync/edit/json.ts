// Edits JSON, with or without comments and trailing commas, so that all bytes but those of the edited values stay.
//
// The library says where everything is; the edits are made on the text itself, one after the other. At the end the text
// is read again: what it says must be what was said before, with the edits, or nothing is returned.

import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { cannotEdit, cannotRead, type Edit, type EditOptions, type Editor } from "./edit.ts";
import { insertItem, type List, type ListStyle, removeItem } from "./list.ts";
import { indentOf, newlineOf, placeOf, replaced, type Span, splitMark } from "./lines.ts";
import { misplaced, type Order } from "./order.ts";
import { partsOf } from "./pointer.ts";
import { asTable, canonical, isSame, plain, valueAt, withoutValue, withValue } from "./value.ts";
import { jsonText } from "./json_text.ts";

const depthMax = 200;
/** The tokens of the scanner that matter here. */
const tokens = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  lineComment: 12,
  blockComment: 13,
  end: 17,
};

/** A text with all that is known of it. */
interface Document {
  readonly path: string;
  readonly text: string;
  /** Absent when the text has no value at all. */
  readonly root: Node | undefined;
  readonly comments: List["comments"];
  readonly style: ListStyle;
}

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

function documentOf(text: string, path: string): Document {
  const errors: ParseError[] = [];
  const comments = commentsOf(text, path);
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length > 0) {
    const { error, offset } = errors[0];
    const fact = printParseErrorCode(error).replace(/(?<!^)[A-Z]/g, " $&").toLowerCase();
    throw cannotRead(path, `it is no JSON, ${placeOf(text, offset)}: ${fact}`);
  }
  const first = root?.children?.[0];
  const unit = first === undefined ? "" : indentOf(text, first.offset);
  const isWritten = first !== undefined && text.slice(root?.offset, first.offset).includes("\n") && unit !== "";
  const style = { newline: newlineOf(text), unit: isWritten ? unit : "  ", empty: { isInline: false } } as const;
  return { path, text, root, comments, style };
}

/** Finds the comments of a text. Throws when it is nested deeply: the parser goes down by recursion. */
function commentsOf(text: string, path: string): List["comments"] {
  const comments: (Span & { isLine: boolean })[] = [];
  const scanner = createScanner(text);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== tokens.end; kind = scanner.scan()) {
    if (kind === tokens.openBrace || kind === tokens.openBracket) depth++;
    if (kind === tokens.closeBrace || kind === tokens.closeBracket) depth--;
    if (depth > depthMax) throw cannotRead(path, `it is nested deeper than ${depthMax}`);
    if (kind !== tokens.lineComment && kind !== tokens.blockComment) continue;
    const start = scanner.getTokenOffset();
    comments.push({ start, end: start + scanner.getTokenLength(), isLine: kind === tokens.lineComment });
  }
  return comments;
}

function valueIn({ root }: Document): unknown {
  return root === undefined ? {} : valueOf(root);
}

function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value;
  return Object.fromEntries(membersOf(node).map(({ name, value }) => [name, valueOf(value)]));
}

interface Member extends Span {
  readonly name: string;
  readonly value: Node;
}

function membersOf(node: Node): Member[] {
  return (node.children ?? []).flatMap(({ children }) => {
    if (children?.length !== 2) return [];
    const [key, value] = children;
    return [{ name: String(key.value), value, start: key.offset, end: value.offset + value.length }];
  });
}

function set(
  document: Document,
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
function setAll({ text, style }: Document, value: unknown): string {
  const { newline, unit } = style;
  const start = text === "" || text.endsWith("\n") ? text : text + newline;
  return start + jsonText(value, { newline, unit, indent: "", isInline: false }) + newline;
}

/** Gives the value at `node` another value; objects are edited field by field, so that what is in them stays. */
function replace(document: Document, node: Node, { value, isOrdered }: { value: unknown; isOrdered: boolean }): string {
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
  document: Document,
  node: Node,
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

function remove(document: Document, parts: readonly string[]): string {
  const { text } = document;
  const holder = nodeAt(document, parts.slice(0, -1));
  const node = nodeAt(document, parts);
  if (node === undefined || holder === undefined) return text;
  const index = holder.children?.findIndex((child) => child === node || child.children?.[1] === node) ?? -1;
  return removeItem(text, listOf(document, holder), index);
}

/** Returns the value at `part` of `node`. Throws when that is two. */
function childOf({ path, text }: Document, node: Node, part: string): Node | undefined {
  if (node.type === "array") return /^(?:0|[1-9]\d*)$/.test(part) ? node.children?.[Number(part)] : undefined;
  if (node.type !== "object") return undefined;
  const found = membersOf(node).filter(({ name }) => name === part);
  if (found.length > 1) throw cannotEdit(path, `"${part}" is there twice, ${placeOf(text, found[1].start)}`);
  return found[0]?.value;
}

function nodeAt(document: Document, parts: readonly string[]): Node | undefined {
  return parts.reduce<Node | undefined>((at, part) => at && childOf(document, at, part), document.root);
}

function listOf({ comments }: Document, node: Node): List {
  const items = node.type === "object"
    ? membersOf(node)
    : (node.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const [open, close] = [node.offset + 1, node.offset + node.length - 1];
  const isOurs = ({ start, end }: Span) => start >= open && end <= close;
  return { open, close, items, comments: comments.filter(isOurs) };
}

function wayTo(node: Node): string[] {
  const parts: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (at.parent.type === "property") parts.unshift(String(at.parent.children?.[0].value));
    else if (at.parent.type === "array") parts.unshift(String(at.parent.children?.indexOf(at)));
  }
  return parts;
}

function sayWay(node: Node): string {
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

function memberOf(document: Document, holder: readonly string[], name: string) {
  const node = nodeAt(document, holder);
  if (node === undefined) return undefined;
  const members = membersOf(node);
  const index = members.findIndex((member) => member.name === name);
  return index < 0 ? undefined : { index, member: members[index], list: listOf(document, node) };
}
