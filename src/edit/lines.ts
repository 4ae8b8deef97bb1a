/** A part of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Returns `text` with what is in each of the spans replaced. Spans do not overlap. */
export function replaced(text: string, spans: readonly (Span & { readonly text?: string })[]): string {
  let result = text;
  for (const { start, end, text: put = "" } of spans.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, start) + put + result.slice(end);
  }
  return result;
}

/** Parts a text from the byte order mark before it. */
export function splitMark(text: string): { mark: string; body: string } {
  return text.startsWith("\ufeff") ? { mark: "\ufeff", body: text.slice(1) } : { mark: "", body: text };
}

/** Returns the line ending of a text: that of its first line. */
export function newlineOf(text: string): string {
  const at = text.indexOf("\n");
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** Returns where the line of the character at `at` starts. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** Returns where the line of the character at `at` ends: before its line ending. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  if (end < 0) return text.length;
  return end > at && text[end - 1] === "\r" ? end - 1 : end;
}

/** Returns where the line after that of `at` starts, or the end of the text. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** Returns the white space that the line of `at` starts with. */
export function indentOf(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? "";
}

/** Says where `at` is, for people: line and column, from 1. */
export function placeOf(text: string, index: number): string {
  const at = Math.min(index, text.length);
  const line = text.slice(0, at).split("\n").length;
  return `line ${line}, column ${at - lineStart(text, at) + 1}`;
}
