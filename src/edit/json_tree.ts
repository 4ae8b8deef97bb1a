// Where everything is in a JSON text, by a library that understands comments and trailing commas.

import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { cannotEdit, cannotRead } from "./edit.ts";
import { indentOf, newlineOf, placeOf, type Span } from "./lines.ts";
import type { List, ListStyle } from "./list.ts";

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

/** A value in a text, and those in it. */
export type JsonNode = Node;

/** A text with all that is known of it. */
export interface JsonDocument {
  readonly path: string;
  readonly text: string;
  /** Absent when the text has no value at all. */
  readonly root: JsonNode | undefined;
  readonly comments: List["comments"];
  readonly style: ListStyle;
}

/** A field of an object. */
export interface Member extends Span {
  readonly name: string;
  readonly value: JsonNode;
}

/** Reads a text. Throws when it is no JSON, and when it is nested deeply. */
export function documentOf(text: string, path: string): JsonDocument {
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

/** Returns the value of a text. One that has none is an empty object. */
export function valueIn({ root }: JsonDocument): unknown {
  return root === undefined ? {} : valueOf(root);
}

/** Returns the value of a node. */
export function valueOf(node: JsonNode): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value;
  return Object.fromEntries(membersOf(node).map(({ name, value }) => [name, valueOf(value)]));
}

/** Returns the fields of an object, in the order of the text. */
export function membersOf(node: JsonNode): Member[] {
  return (node.children ?? []).flatMap(({ children }) => {
    if (children?.length !== 2) return [];
    const [key, value] = children;
    return [{ name: String(key.value), value, start: key.offset, end: value.offset + value.length }];
  });
}

/** Returns the node that `parts` lead to. Throws when there are two. */
export function nodeAt(document: JsonDocument, parts: readonly string[]): JsonNode | undefined {
  return parts.reduce<JsonNode | undefined>((at, part) => at && childOf(document, at, part), document.root);
}

/** Returns the value at `part` of `node`. Throws when that is two. */
export function childOf({ path, text }: JsonDocument, node: JsonNode, part: string): JsonNode | undefined {
  if (node.type === "array") return /^(?:0|[1-9]\d*)$/.test(part) ? node.children?.[Number(part)] : undefined;
  if (node.type !== "object") return undefined;
  const found = membersOf(node).filter(({ name }) => name === part);
  if (found.length > 1) throw cannotEdit(path, `"${part}" is there twice, ${placeOf(text, found[1].start)}`);
  return found[0]?.value;
}

/** Returns where the items of an object or an array stand. */
export function listOf({ comments }: JsonDocument, node: JsonNode): List {
  const items = node.type === "object"
    ? membersOf(node)
    : (node.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const [open, close] = [node.offset + 1, node.offset + node.length - 1];
  const isOurs = ({ start, end }: Span) => start >= open && end <= close;
  return { open, close, items, comments: comments.filter(isOurs) };
}

/** Returns the parts that lead to a node. */
export function wayTo(node: JsonNode): string[] {
  const parts: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (at.parent.type === "property") parts.unshift(String(at.parent.children?.[0].value));
    else if (at.parent.type === "array") parts.unshift(String(at.parent.children?.indexOf(at)));
  }
  return parts;
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
