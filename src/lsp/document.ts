// Documents in the words of LSP: names, changes, and what a server says of them.

import { asObject, field, numberField, textField } from "../base/decode.ts";
import { type Diagnostic, severities } from "./diagnostic.ts";

const diagnosticsMax = 20_000;

/**
 * Returns the URI of an absolute path.
 *
 * ```ts
 * import { uriOf } from "./document.ts";
 * if (uriOf("/a b/#1.ts") !== "file:///a%20b/%231.ts") throw new Error();
 * ```
 */
export function uriOf(path: string): string {
  return `file://${path.startsWith("/") ? "" : "/"}${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Returns the path that a file URI names, however it is spelled; `undefined` for anything else. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file://")) return undefined;
  try {
    const path = decodeURIComponent(uri.slice("file://".length));
    return path.replace(/^\/([A-Za-z]):/, (_all, drive) => `${drive.toUpperCase()}:`);
  } catch {
    return undefined;
  }
}

/** A change of a document, as `textDocument/didChange` has it. Positions count lines and UTF-16 units from 0. */
export interface Change {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

/** A place in a document. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Returns the one change that makes `before` into `after`: all between what is equal at the start and at the end. */
export function changeBetween(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (isWithinPair(before, start) || isWithinPair(after, start)) start--;
  let same = 0;
  while (
    same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same++;
  }
  if (isWithinPair(before, before.length - same) || isWithinPair(after, after.length - same)) same--;
  const range = { start: positionAt(before, start), end: positionAt(before, before.length - same) };
  return { range, text: after.slice(start, after.length - same) };
}

/** Decodes a list of LSP diagnostics; what is none is left out. Without a severity it is an error, as editors show it. */
export function diagnosticsFrom(list: unknown): Diagnostic[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, diagnosticsMax).map(diagnosticFrom).filter((one) => one !== undefined);
}

/** Says whether `at` lies between the halves of one character, or of a line break. */
function isWithinPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (text[at - 1] === "\r" && text[at] === "\n") return true;
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit < 0xe000 && before >= 0xd800 && before < 0xdc00;
}

function positionAt(text: string, at: number): Position {
  let line = 0;
  let lineStart = 0;
  for (const { index, 0: end } of text.slice(0, at).matchAll(/\r\n|\r|\n/g)) {
    line++;
    lineStart = index + end.length;
  }
  return { line, character: at - lineStart };
}

function diagnosticFrom(value: unknown): Diagnostic | undefined {
  const start = field(field(value, "range"), "start");
  const line = numberField(start, "line");
  const message = messageOf(field(value, "message"));
  if (line === undefined || message === undefined) return undefined;
  const code = field(value, "code");
  return {
    line: line + 1,
    col: (numberField(start, "character") ?? 0) + 1,
    severity: severities[(numberField(value, "severity") ?? 1) - 1] ?? "error",
    message,
    source: textField(value, "source"),
    code: typeof code === "string" && code !== "" || typeof code === "number" ? String(code) : undefined,
  };
}

/** A message is text, or since LSP 3.18 `{ kind, value }`. */
function messageOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : asObject(value) && textField(value, "value");
}
