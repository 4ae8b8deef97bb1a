// The toy language of the scripted language server. What is wrong with a document is written in it, so that a test sees
// which content a finding belongs to:
//
//     ERROR no such name          also WARN, INFO and HINT; the rest of the line is the message
//     LATER ERROR not so quick    found in the second round only
//     MANY 10000 too much         so many errors, `too much 1` to `too much 10000`
//
// `\n`, `\u001b` and what else JSON escapes stand for what they mean there.

/** A position as LSP counts it: from 0, the character in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A finding as LSP has it. */
export interface Found {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly severity: number;
  readonly source: string;
  readonly code: string;
  readonly message: string;
}

const severities = ["ERROR", "WARN", "INFO", "HINT"];
const pattern = /(LATER )?\b(?:(ERROR|WARN|INFO|HINT)|MANY (\d+))\b ?(.*)$/;

/** Returns the findings of `text`; those that are found later only when `isLater`. */
export function findingsIn(text: string, isLater: boolean): Found[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const match = pattern.exec(line);
    if (match === null || (match[1] !== undefined && !isLater)) return [];
    const [, , severity = "ERROR", count, rest] = match;
    const found: Found = {
      range: { start: { line: index, character: match.index }, end: { line: index, character: line.length } },
      severity: severities.indexOf(severity) + 1,
      source: "toy",
      code: severity.toLowerCase(),
      message: unescaped(rest),
    };
    if (count === undefined) return [found];
    return Array.from({ length: Number(count) }, (_, at) => ({ ...found, message: `${found.message} ${at + 1}` }));
  });
}

/** Returns `text` after the edit of a `didChange`: a part of it, or without a range all of it, is replaced. */
export function edited(text: string, edit: { range?: { start: Position; end: Position }; text: string }): string {
  if (edit.range === undefined) return edit.text;
  return text.slice(0, offsetOf(text, edit.range.start)) + edit.text + text.slice(offsetOf(text, edit.range.end));
}

function offsetOf(text: string, { line, character }: Position): number {
  const before = text.split("\n").slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, before + character);
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
