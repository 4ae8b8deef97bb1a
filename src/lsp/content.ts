import { describeError } from "../base/error.ts";
import { type FileFacts, lookThrough, readBytes } from "../platform/files.ts";
import type { Reason } from "./report.ts";

const megabyte = 1024 * 1024;
const bytesMax = 4 * megabyte;
const binaryLookBytes = 8 * 1024;

/** What a file holds, with facts that change when it does. */
export interface Content {
  readonly kind: "text";
  readonly text: string;
  readonly stamp: string;
}

/** What a file holds, or why it is not for a language server. */
export type FileText = Content | { readonly kind: "none"; readonly reason: Reason };

/** Reads the file at `path` as a server is to see it: UTF-8, without a byte order mark. */
export function readFileText(path: string): FileText {
  try {
    const facts = lookThrough(path);
    if (facts === undefined) return none("deleted", "the file does not exist any more");
    if (facts.kind !== "file") return none("no file", "it is no file");
    if (facts.size > bytesMax) {
      const size = `${(facts.size / megabyte).toFixed(1)} MiB`;
      return none("too large", `it has ${size}; language servers get at most ${bytesMax / megabyte} MiB`);
    }
    const bytes = readBytes(path);
    if (bytes === undefined) return none("deleted", "the file does not exist any more");
    if (bytes.subarray(0, binaryLookBytes).includes(0)) return none("binary", "it is a binary file");
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), stamp: stampOf(facts) };
  } catch (error) {
    if (error instanceof TypeError) return none("not UTF-8", "it is not UTF-8 text");
    return none("unreadable", `it cannot be read: ${describeError(error)}`);
  }
}

/** Returns the stamp of the file at `path` now; one that is equal to that of a `Content` says that it is unchanged. */
export function fileStamp(path: string): string {
  try {
    const facts = lookThrough(path);
    return facts === undefined ? "absent" : stampOf(facts);
  } catch {
    return "unreadable";
  }
}

function stampOf({ size, modifiedMs, identity }: FileFacts): string {
  return `${size} ${modifiedMs} ${identity}`;
}

function none(key: string, text: string): FileText {
  return { kind: "none", reason: { key, text } };
}
