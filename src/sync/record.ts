// What truce wrote last, for one project and scope: enough to know ours from a person's, and no value of any file. It is
// kept beside the journal of the one that writes, in a folder that only this user may enter.

import { asObject, field, textField, textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { TruceError } from "../base/error.ts";
import { readText, realPath } from "../platform/files.ts";

/** A project or a home that is projected to, and where truce keeps what it knows of it. */
export interface SyncPlace {
  readonly scope: "user" | "project";
  /** The project, or the home. Nothing is written outside of it. */
  readonly root: string;
  /** The folder of all state. */
  readonly state: string;
  /** Further folders that may be written to, such as a client's own home that is elsewhere. */
  readonly alsoIn?: readonly string[];
}

/** What was written in one place of a file. */
export interface Entry {
  readonly kind: "key" | "block" | "whole" | "link";
  /** Of a key. */
  readonly pointer?: string;
  /** Of the value or text that the source wanted. */
  readonly hash: string;
  /** Who wants it. */
  readonly targets: readonly string[];
  /** Whether the order of names within the value counts. */
  readonly isOrdered?: boolean;
  /** Whether a person chose to keep something else here, as long as the source wants the same. */
  readonly isTheirs?: boolean;
  /** Of a link for which a copy with this hash was made. */
  readonly copy?: string;
}

/** What was written in one file. */
export interface FileRecord {
  readonly entries: readonly Entry[];
  /** Whether the file was not there before. */
  readonly isMade: boolean;
  readonly format?: "json" | "toml";
  /** The objects that were not there before. */
  readonly containers: readonly string[];
}

/** What was written last. Files go by their absolute paths. */
export interface SyncRecord {
  readonly v: 1;
  readonly root: string;
  readonly scope: string;
  readonly files: Readonly<Record<string, FileRecord>>;
  /** The folders that were not there before. */
  readonly folders: readonly string[];
}

/** Returns the folder with what truce knows of `place`. */
export async function stateOf(place: SyncPlace): Promise<string> {
  return `${place.state}/sync/${await digest(`${place.scope}\0${realPath(place.root) ?? place.root}`)}`;
}

/** Returns the record of a place that was never written to. */
export function emptyRecord(place: SyncPlace): SyncRecord {
  return { v: 1, root: place.root, scope: place.scope, files: {}, folders: [] };
}

/**
 * Returns what was written last, or `undefined` when nothing is known: then what is there already is taken for a
 * person's. Throws a TruceError for a record of a later format.
 */
export async function readRecord(place: SyncPlace): Promise<SyncRecord | undefined> {
  const path = `${await stateOf(place)}/record.json`;
  return decodeRecord(parsed(readText(path) ?? ""), path);
}

/** Understands a record; `undefined` when it is damaged. Throws a TruceError for one of a later format. */
export function decodeRecord(value: unknown, path: string): SyncRecord | undefined {
  const version = field(value, "v");
  if (typeof version === "number" && version !== 1) {
    throw new TruceError("unavailable", `Cannot use "${path}": its format is ${version}, and this truce knows 1`, {
      hint: "Update truce, or set TRUCE_STATE_DIR to another folder",
    });
  }
  const files = asObject(field(value, "files"));
  if (version !== 1 || files === undefined) return undefined;
  const decoded = Object.entries(files).map(([name, file]) => [name, fileRecord(file)] as const);
  return {
    v: 1,
    root: textField(value, "root") ?? "",
    scope: textField(value, "scope") ?? "",
    files: Object.fromEntries(decoded),
    folders: textList(value, "folders"),
  };
}

/** Parses what may be damaged. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fileRecord(value: unknown): FileRecord {
  const format = field(value, "format");
  const entries = field(value, "entries");
  return {
    entries: Array.isArray(entries) ? entries.flatMap((one) => entryOf(one) ?? []) : [],
    isMade: field(value, "isMade") === true,
    format: format === "json" || format === "toml" ? format : undefined,
    containers: textList(value, "containers"),
  };
}

function entryOf(value: unknown): Entry | undefined {
  const kind = field(value, "kind");
  const hash = textField(value, "hash");
  const pointer = textField(value, "pointer");
  if (kind !== "key" && kind !== "block" && kind !== "whole" && kind !== "link") return undefined;
  if (hash === undefined || kind === "key" && pointer === undefined) return undefined;
  return {
    kind,
    pointer,
    hash,
    targets: textList(value, "targets"),
    isOrdered: field(value, "isOrdered") === true || undefined,
    isTheirs: field(value, "isTheirs") === true || undefined,
    copy: textField(value, "copy"),
  };
}
