// What goes with a line or a section of a TOML text that is removed.

import { lineEnd, lineStart, nextLine, type Span } from "./lines.ts";
import type { TomlDocument, TomlTable } from "./toml_tree.ts";

/** Returns what goes with a section: all of its lines, and a blank line before; comments stay. */
export function sectionCuts({ text, tree }: TomlDocument, { header, members, start }: TomlTable): Span[] {
  const end = members.at(-1)?.end ?? header?.end ?? start;
  const values = members.map(({ value }) => value);
  const isCommented = tree.comments.some((comment) =>
    comment.start >= start && comment.start < lineEnd(text, end) &&
    !values.some((value) => value.start <= comment.start && comment.end <= value.end)
  );
  if (!isCommented) return [blockCut(text, { start: lineStart(text, start), end })];
  return [header ?? { start, end: start }, ...members].map((line) => lineCut(text, line));
}

/** Returns the line of a member, or only the member where a comment shares the line. */
export function lineCut(text: string, { start, end }: Span): Span {
  const from = lineStart(text, start);
  const rest = text.slice(end, lineEnd(text, end));
  if (rest.trim() !== "") return { start, end: end + rest.length - rest.trimStart().length };
  const next = nextLine(text, end);
  const isAlone = (from === 0 || lengthOfBlankBefore(text, from) > 0) && isBlankAt(text, next);
  return { start: from, end: isAlone ? nextLine(text, next) : next };
}

/**
 * Makes one of spans that touch. What is cut off the start takes the blank line behind it along. A text that ended without
 * a line break does so without what is cut off its end.
 */
export function merged(text: string, spans: readonly Span[]): Span[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  const [first, last] = [all.at(0), all.at(-1)];
  if (first?.start === 0 && isBlankAt(text, first.end)) first.end = nextLine(text, first.end);
  if (last?.end === text.length && !text.endsWith("\n")) last.start -= lengthOfNewlineBefore(text, last.start);
  return all;
}

/** Returns the lines from `start` to that of `end`, and the blank line before them. */
function blockCut(text: string, { start, end }: Span): Span {
  return { start: start - lengthOfBlankBefore(text, start), end: nextLine(text, end) };
}

function lengthOfNewlineBefore(text: string, at: number): number {
  return text[at - 1] !== "\n" ? 0 : text[at - 2] === "\r" ? 2 : 1;
}

function lengthOfBlankBefore(text: string, at: number): number {
  if (at === 0) return 0;
  const start = lineStart(text, at - 1);
  return text.slice(start, at).trim() === "" ? at - start : 0;
}

function isBlankAt(text: string, at: number): boolean {
  return at < text.length && text.slice(at, lineEnd(text, at)).trim() === "";
}
