// What a transaction keeps in the state while it runs, and what remains of it for `restore`.

import { asObject, field, textField, textList } from "../../base/decode.ts";
import { readText } from "../../platform/files.ts";
import { replacePrivateFile } from "../../platform/tree.ts";
import { bytesOf, type Content, textOf } from "../content.ts";
import { decodeRecord, parsed, type SyncRecord } from "../record.ts";

/** How far a transaction is: nothing counts yet; all of it counts; none of it is to count any more. */
export type Phase = "stage" | "commit" | "undo";

/** One path that changes. Hashes say what was there and what is to be there; an empty one is nothing. */
export interface JournalStep {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Where what is to be there waits. What was there, or is put back, may wait beside it: see `besides`. */
  readonly temp: string;
  /** Whether what was there cannot be replaced or removed in one step, and is moved aside first. */
  readonly isMovedAside: boolean;
}

/** Returns where what was there is moved to, and where what is put back waits. */
export function besides({ temp }: Pick<JournalStep, "temp">): { readonly trash: string; readonly back: string } {
  return { trash: `${temp}.old`, back: `${temp}.back` };
}

/** A transaction that is not over. */
export interface Journal {
  readonly v: 1;
  readonly phase: Phase;
  /** What goes stands first. */
  readonly steps: readonly JournalStep[];
  /** The folders that are missing, from the top. */
  readonly folders: readonly string[];
  /** The folders that go when nothing is left in them, from the bottom. */
  readonly hollow: readonly string[];
  readonly folderMode?: number;
  /** Whether the transaction can be undone later. */
  readonly isKept: boolean;
}

/** What a transaction has changed, for undoing it. */
export interface Undo {
  readonly v: 1;
  readonly steps: readonly { readonly path: string; readonly before: Content; readonly after: string }[];
  /** What was known before. */
  readonly record: SyncRecord;
}

/** The files of one place's state. */
export interface StateFiles {
  readonly folder: string;
  readonly lock: string;
  readonly journal: string;
  readonly record: string;
  readonly nextRecord: string;
  readonly undo: string;
  readonly nextUndo: string;
  /** What the last sync saw that found everything in step. */
  readonly inStep: string;
}

/** Names the files in the folder of a place's state. */
export function stateFiles(folder: string): StateFiles {
  return {
    folder,
    lock: `${folder}/lock`,
    journal: `${folder}/journal.json`,
    record: `${folder}/record.json`,
    nextRecord: `${folder}/record.next.json`,
    undo: `${folder}/undo.json`,
    nextUndo: `${folder}/undo.next.json`,
    inStep: `${folder}/in_step.json`,
  };
}

/** Writes a journal, forced to the disk. */
export function writeJournal({ journal }: StateFiles, value: Journal): void {
  replacePrivateFile(journal, JSON.stringify(value));
}

/** Returns the journal of a transaction that is not over, if any; `"damaged"` for what is none. */
export function readJournal({ journal }: StateFiles): Journal | "damaged" | undefined {
  const text = readText(journal);
  if (text === undefined) return undefined;
  const value = parsed(text);
  const [phase, steps] = [field(value, "phase"), field(value, "steps")];
  if (field(value, "v") !== 1 || !Array.isArray(steps)) return "damaged";
  if (phase !== "stage" && phase !== "commit" && phase !== "undo") return "damaged";
  const folderMode = field(value, "folderMode");
  return {
    v: 1,
    phase,
    steps: steps.flatMap((step) => stepOf(step) ?? []),
    folders: textList(value, "folders"),
    hollow: textList(value, "hollow"),
    folderMode: typeof folderMode === "number" ? folderMode : undefined,
    isKept: field(value, "isKept") === true,
  };
}

/** Writes what undoes a transaction, forced to the disk. */
export function writeUndo(path: string, { steps, ...undo }: Undo): void {
  const written = steps.map(({ path, before, after }) => ({ path, before: encoded(before), after }));
  replacePrivateFile(path, JSON.stringify({ ...undo, steps: written }));
}

/** Returns what undoes a transaction; `undefined` when there is none. */
export function readUndo(path: string): Undo | undefined {
  const value = parsed(readText(path) ?? "");
  const [steps, record] = [field(value, "steps"), decodeRecord(field(value, "record"), path)];
  if (field(value, "v") !== 1 || !Array.isArray(steps) || record === undefined) return undefined;
  return {
    v: 1,
    steps: steps.map((step) => ({
      path: textField(step, "path") ?? "",
      before: decoded(field(step, "before")),
      after: textField(step, "after") ?? "",
    })),
    record,
  };
}

function stepOf(value: unknown): JournalStep | undefined {
  const [path, temp] = [textField(value, "path"), textField(value, "temp")];
  if (path === undefined || temp === undefined) return undefined;
  return {
    path,
    before: textField(value, "before") ?? "",
    after: textField(value, "after") ?? "",
    temp,
    isMovedAside: field(value, "isMovedAside") === true,
  };
}

function encoded(content: Content): unknown {
  if (content.kind === "file") return { ...content, bytes: encodedBytes(content.bytes) };
  if (content.kind !== "tree") return content;
  return { ...content, files: content.files.map((file) => ({ ...file, bytes: encodedBytes(file.bytes) })) };
}

function decoded(value: unknown): Content {
  const mode = field(value, "mode");
  switch (field(value, "kind")) {
    case "file":
      return {
        kind: "file",
        bytes: decodedBytes(field(value, "bytes")),
        mode: typeof mode === "number" ? mode : undefined,
      };
    case "link":
      return { kind: "link", to: textField(value, "to") ?? "" };
    case "tree":
      return { kind: "tree", files: filesOf(field(value, "files")) };
    default:
      return { kind: "absent" };
  }
}

function filesOf(value: unknown): Extract<Content, { kind: "tree" }>["files"] {
  if (!Array.isArray(value)) return [];
  return value.map((file) => {
    const mode = field(file, "mode");
    const bytes = decodedBytes(field(file, "bytes"));
    return { path: textField(file, "path") ?? "", mode: typeof mode === "number" ? mode : 0o644, bytes };
  });
}

/** Most files are text, which stays readable; others are kept in base64. */
function encodedBytes(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return textOf(bytes);
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  }
}

function decodedBytes(value: unknown): Uint8Array<ArrayBuffer> {
  if (typeof value === "string") return bytesOf(value);
  const text = atob(textField(asObject(value), "base64") ?? "");
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
