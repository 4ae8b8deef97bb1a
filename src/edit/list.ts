// Puts an item into a list between brackets, or takes one out, and leaves every other byte as it is. Lists are what
// JSON's objects and arrays and TOML's arrays and inline tables have in common: items, commas and comments.
//
// A new item follows the style of those that are there: on a line of its own, or behind a space; with a comma behind the
// last one where there was one. What is put in and taken out again leaves the text as it was. Comments stay: nobody can
// say whether a person's words were about the item that goes.

import { indentOf, lineEnd, lineStart, replaced, type Span } from "./lines.ts";

/** A list in a text. */
export interface List {
  /** The place behind the opening bracket, and that of the closing one. */
  readonly open: number;
  readonly close: number;
  readonly items: readonly Span[];
  /** The comments of the whole text. */
  readonly comments: readonly (Span & { readonly isLine: boolean })[];
}

/** How a new item is to be written. */
export interface ItemStyle {
  readonly indent: string;
  readonly isInline: boolean;
}

/** How lists are written where the text itself does not show it. */
export interface ListStyle {
  readonly newline: string;
  /** One step of indentation. */
  readonly unit: string;
  /** What an empty list is filled with: a line an item, or all on one line with `padding` at both ends. */
  readonly empty: { readonly isInline: false } | { readonly isInline: true; readonly padding: string };
}

/** Puts what `write` returns into `list` before its item number `index`, or behind the last one. */
export function insertItem(
  text: string,
  list: List,
  options: { readonly index: number; readonly style: ListStyle; write(style: ItemStyle): string },
): string {
  const { index, style, write } = options;
  if (list.items.length === 0) return fillEmpty(text, list, style, write);
  const isInline = isOnOneLine(text, list);
  const first = list.items[0];
  const indent = isInline || !isFirstOnLine(text, first.start)
    ? indentOf(text, list.open) + style.unit
    : indentOf(text, first.start);
  const item = write({ indent, isInline });
  const separator = isInline ? " " : style.newline + indent;
  if (index >= list.items.length) return append(text, list, separator, item);
  const { start } = list.items[index];
  if (isInline || !isFirstOnLine(text, start)) return replaced(text, [at(start, `${item}, `)]);
  const behind = index === 0 ? list.open : (commaBehind(text, list, index - 1) ?? list.items[index - 1].end - 1) + 1;
  return replaced(text, [at(behindCommentsOfLine(text, list, behind), `${separator}${item},`)]);
}

/** Takes item number `index` out of `list`. */
export function removeItem(text: string, list: List, index: number): string {
  const item = list.items[index];
  const comma = commaBehind(text, list, index);
  const isTouching = comma !== undefined && text.slice(item.end, comma).trim() === "";
  const end = isTouching ? comma + 1 : item.end;
  const isClosed = text.slice(end, list.close).trim() === "";
  const cuts: Span[] = [
    isClosed ? closedCut(text, list, { start: item.start, end }) : lineCut(text, { start: item.start, end }),
  ];
  if (comma !== undefined && !isTouching) cuts.push({ start: comma, end: comma + 1 });
  if (comma === undefined && index > 0) {
    const before = commaBehind(text, list, index - 1);
    if (before !== undefined) cuts.push({ start: before, end: before + 1 });
  }
  if (list.items.length > 1 || commentsIn(list).length > 0) return replaced(text, cuts);
  return replaced(text, [{ start: list.open, end: list.close }]);
}

function fillEmpty(text: string, list: List, style: ListStyle, write: (style: ItemStyle) => string): string {
  const outer = indentOf(text, list.open);
  const last = commentsIn(list).at(-1);
  const hasLines = text.slice(list.open, list.close).includes("\n");
  if (style.empty.isInline && !hasLines) {
    const { padding } = style.empty;
    const item = write({ indent: outer, isInline: true });
    if (last !== undefined) return replaced(text, [at(last.end, ` ${item}`)]);
    return replaced(text, [{ start: list.open, end: list.close, text: `${padding}${item}${padding}` }]);
  }
  const indent = outer + style.unit;
  const start = last?.end ?? list.open;
  const isClosedBelow = text.slice(start, list.close).includes("\n");
  const item = `${style.newline}${indent}${write({ indent, isInline: false })}`;
  return isClosedBelow
    ? replaced(text, [at(start, item)])
    : replaced(text, [{ start, end: list.close, text: `${item}${style.newline}${outer}` }]);
}

function append(text: string, list: List, separator: string, item: string): string {
  const last = list.items[list.items.length - 1];
  const comma = commaBehind(text, list, list.items.length - 1);
  const comments = commentsIn(list).filter(({ start }) => start >= last.end);
  const word = Math.max(last.end, comma === undefined ? 0 : comma + 1, comments.at(-1)?.end ?? 0);
  const end = separator === " " ? word : behindSpaces(text, word);
  if (comma !== undefined) return replaced(text, [at(end, `${separator}${item},`)]);
  if (end === last.end) return replaced(text, [at(end, `,${separator}${item}`)]);
  return replaced(text, [at(last.end, ","), at(end, `${separator}${item}`)]);
}

/** Returns what goes with an item: its lines when nothing else is on them, else the spaces before it. */
function lineCut(text: string, { start, end }: Span): Span {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  if (!isFirstOnLine(text, start)) return { start: from + text.slice(from, start).trimEnd().length, end };
  if (text.slice(end, to).trim() !== "") {
    return { start, end: end + (/^[ \t]*/.exec(text.slice(end, to))?.[0].length ?? 0) };
  }
  return { start: from === 0 ? 0 : lineEnd(text, from - 2), end: to };
}

/** Returns the same for an item with the closing bracket behind it, which moves up when it was on the item's line. */
function closedCut(text: string, list: List, { start, end }: Span): Span {
  const from = lineStart(text, start);
  const isBracketHere = lineEnd(text, end) > list.close;
  const above = from === 0 ? 0 : lineEnd(text, from - 2);
  const isBehindComment = list.comments.some((comment) => comment.isLine && comment.end === above);
  const isMoving = isBracketHere && isFirstOnLine(text, start) && from > list.open && !isBehindComment;
  return isMoving ? { start: above, end } : lineCut(text, { start, end });
}

/** Returns where the comma behind an item is; comments may stand between. */
function commaBehind(text: string, list: List, index: number): number | undefined {
  const to = list.items[index + 1]?.start ?? list.close;
  const comments = commentsIn(list);
  for (let i = list.items[index].end; i < to; i++) {
    const comment = comments.find(({ start, end }) => start <= i && i < end);
    if (comment !== undefined) i = comment.end - 1;
    else if (text[i] === ",") return i;
  }
  return undefined;
}

/** Returns the end of the line of `from` when only spaces are left of it, else `from`. */
function behindSpaces(text: string, from: number): number {
  const end = lineEnd(text, from);
  return text.slice(from, end).trim() === "" ? end : from;
}

/** Returns the end of the comments that end the line of `from`, or `from`. */
function behindCommentsOfLine(text: string, list: List, from: number): number {
  let end = from;
  for (const comment of commentsIn(list)) {
    if (comment.start >= from && /^[ \t]*$/.test(text.slice(end, comment.start))) end = comment.end;
  }
  return text.slice(end, lineEnd(text, end)).trim() === "" ? end : from;
}

/** Returns the comments of `list` that are not within an item. */
function commentsIn(list: List): List["comments"] {
  return list.comments.filter(({ start, end }) =>
    start >= list.open && end <= list.close && !list.items.some((item) => start >= item.start && end <= item.end)
  );
}

function isOnOneLine(text: string, list: List): boolean {
  return !text.slice(list.open, list.items[0].start).includes("\n") && !commentsIn(list).some(({ isLine }) => isLine);
}

function isFirstOnLine(text: string, start: number): boolean {
  return text.slice(lineStart(text, start), start).trim() === "";
}

function at(place: number, text: string): Span & { readonly text: string } {
  return { start: place, end: place, text };
}
