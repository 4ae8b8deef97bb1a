// A block of ours in a text that is a person's: between two marks, each a line of its own. The first mark carries a hash
// of what it was written for, so that an edit of the block shows even where the state that truce keeps is not.

import { TruceError } from "../base/error.ts";
import { lineEnd, lineStart, newlineOf, nextLine, splitMark } from "./lines.ts";

const beginPattern = /^<!-- truce:begin(?: ([0-9a-f]+))?\b.*-->[ \t]*$/;
const endPattern = /^<!-- truce:end\b.*-->[ \t]*$/;
const advice = "Written by truce sync. Edit the source, not this.";

/** A block as it was found. */
export interface Block {
  /** With `\n` for line breaks, whatever the file has; the last line has none. */
  readonly text: string;
  /** The hash that the mark carries. */
  readonly hash: string | undefined;
}

/** A block with its place in the text. */
interface Placed extends Block {
  readonly start: number;
  readonly end: number;
}

/** Returns the block of a text, or `undefined` when it has none. Throws a TruceError for marks that are not a pair. */
export function blockIn(text: string, path: string): Block | undefined {
  return find(splitMark(text).body, path);
}

/** Returns `text` with the block, in the place of the one before or at the end. Nothing else in it changes. */
export function withBlock(
  text: string,
  path: string,
  { text: block, hash }: Block & { readonly hash: string },
): string {
  const { mark, body } = splitMark(text);
  if (block.split(/\r?\n/).some((line) => beginPattern.test(line) || endPattern.test(line))) {
    throw new TruceError("refused", `Cannot write a block to "${path}": its text has a mark of a block itself`, {
      hint: "Remove the line with <!-- truce:begin or <!-- truce:end from the source",
    });
  }
  const newline = newlineOf(body);
  const lines = [`<!-- truce:begin ${hash} ${advice} -->`, ...linesOf(block), "<!-- truce:end -->"].join(newline);
  const before = find(body, path);
  if (before !== undefined) return mark + body.slice(0, before.start) + lines + body.slice(before.end);
  if (body === "") return `${mark}${lines}${newline}`;
  return body.endsWith("\n")
    ? `${mark}${body}${newline}${lines}${newline}`
    : `${mark}${body}${newline}${newline}${lines}`;
}

/** Returns `text` without its block: as it was before that was put in. */
export function withoutBlock(text: string, path: string): string {
  const { mark, body } = splitMark(text);
  const block = find(body, path);
  if (block === undefined) return text;
  const next = nextLine(body, block.end);
  const isOpen = next === body.length && !body.endsWith("\n");
  let head = body.slice(0, block.start);
  if (/(?:^|\n)\r?\n$/.test(head)) head = withoutLineBreak(head);
  return mark + (isOpen ? withoutLineBreak(head) : head) + body.slice(next);
}

/** Returns the block text as it is compared: without line breaks at its end, and with one kind within. */
export function blockText(text: string): string {
  return linesOf(text).join("\n");
}

function linesOf(text: string): string[] {
  return text.replace(/(?:\r?\n)+$/, "").split(/\r?\n/);
}

function find(text: string, path: string): Placed | undefined {
  const marks = marksIn(text);
  if (marks.length === 0) return undefined;
  const [begin, end] = marks;
  if (marks.length !== 2 || begin.kind !== "begin" || end.kind !== "end") throw brokenMarks(text, path, marks);
  const inner = text.slice(nextLine(text, begin.start), end.start).replace(/\r?\n$/, "");
  return {
    start: begin.start,
    end: end.end,
    hash: begin.hash,
    text: inner.split(/\r?\n/).join("\n"),
  };
}

/** A line that is a mark. */
interface Mark {
  readonly kind: "begin" | "end";
  readonly start: number;
  readonly end: number;
  readonly hash?: string;
}

function marksIn(text: string): Mark[] {
  const marks: Mark[] = [];
  for (let at = text.indexOf("<!-- truce:"); at >= 0; at = text.indexOf("<!-- truce:", at + 1)) {
    if (lineStart(text, at) !== at) continue;
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const begin = beginPattern.exec(line);
    if (begin !== null) marks.push({ kind: "begin", start: at, end, hash: begin[1] });
    else if (endPattern.test(line)) marks.push({ kind: "end", start: at, end });
  }
  return marks;
}

function brokenMarks(text: string, path: string, marks: readonly Mark[]): TruceError {
  const said = marks.map(({ kind, start }) => `truce:${kind} in line ${text.slice(0, start).split("\n").length}`);
  return new TruceError("refused", `Cannot edit "${path}": its marks are not one pair: ${said.join(", ")}`, {
    hint: "Remove these lines, and what truce wrote between them, by hand; nothing was written",
  });
}

function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}
