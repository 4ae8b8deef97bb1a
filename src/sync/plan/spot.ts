// One place on disk with all that is wanted there, and all that was written.

import { TruceError } from "../../base/error.ts";
import { blockText } from "../../edit/block.ts";
import { cannotRead } from "../../edit/edit.ts";
import { partsOf, pointerOf } from "../../edit/pointer.ts";
import { canonical, plain } from "../../edit/value.ts";
import type { Change } from "./change.ts";
import { bytesOf, type Content, textOf } from "../content.ts";
import type { Force } from "./decide.ts";
import type { Actual, Look } from "../look.ts";
import type { WantedFile } from "../model.ts";
import type { WantedKey } from "./keys.ts";
import type { Entry, FileRecord } from "../record.ts";

/** One place. */
export interface Spot {
  /** As it is wanted, or was. */
  readonly path: string;
  readonly actual: Actual;
  readonly wanted: readonly { readonly target: string; readonly file: WantedFile }[];
  readonly last: FileRecord;
}

/** What all steps of a plan know. */
export interface Planning {
  readonly look: Look;
  readonly force?: Force;
  /** Returns those of `targets` that this run is not about: they want what they wanted. */
  stillWanting(targets: readonly string[]): string[];
}

/** What a step leaves of a place, and what it says and remembers of it. */
export interface Step {
  readonly content: Content;
  readonly changes: readonly Change[];
  readonly entries: readonly Entry[];
  readonly containers?: readonly string[];
}

/** The content of a place where nothing is. */
export const absent: Content = { kind: "absent" };

/** The record of a file that nothing was written to. */
export const noRecord: FileRecord = { entries: [], isMade: false, containers: [] };

/** Returns the one kind of thing that is wanted at a place, if any. Throws when that is two. */
export function kindWanted({ path, wanted }: Spot): WantedFile["kind"] | undefined {
  const kinds = new Set(wanted.map(({ file }) => file.kind === "keys" ? `keys of ${file.format}` : file.kind));
  if (kinds.size > 1) throw differently(path);
  return wanted.at(0)?.file.kind;
}

/** Returns the text that is wanted at a place, if any. Throws when that is two. */
export function textWanted({ path, wanted }: Spot, kind: "block" | "whole"): string | undefined {
  const texts = wanted.flatMap(({ file }) => file.kind === "block" || file.kind === "whole" ? [file.text] : []);
  const compared = kind === "block" ? texts.map(blockText) : texts;
  if (new Set(compared).size > 1) throw differently(path);
  return texts.at(0);
}

/** Returns the values that are wanted in a file, each once. Throws when one is wanted in two ways. */
export function keysWanted({ path, wanted }: Spot): WantedKey[] {
  const keys = new Map<string, WantedKey>();
  for (const { target, file } of wanted) {
    if (file.kind !== "keys") continue;
    for (const { pointer, value } of file.entries) {
      const id = pointer.endsWith("/-") ? `${pointer} ${canonical(plain(value))}` : pointer;
      const known = keys.get(id);
      const isSame = known === undefined || known.order === file.order && sameValue(known.value, value, file.order);
      if (!isSame) throw differently(path, pointer);
      keys.set(id, { pointer, value, order: file.order, targets: [...known?.targets ?? [], target] });
    }
  }
  const pointers = new Set([...keys.values()].map(({ pointer }) => pointer));
  for (const pointer of pointers) {
    const isNested = partsOf(pointer).some((_, depth, parts) => pointers.has(pointerOf(parts.slice(0, depth))));
    if (isNested) throw differently(path, pointer);
  }
  return [...keys.values()];
}

/** Returns the text of a file, or `undefined` when there is none. Throws a TruceError for what is no text. */
export function textIn(content: Content, path: string): string | undefined {
  if (content.kind !== "file") return undefined;
  try {
    return textOf(content.bytes);
  } catch {
    throw cannotRead(path, "it is no UTF-8 text");
  }
}

/** Returns a file with another text, and the mode it has. */
export function withText(content: Content, text: string): Content {
  return { kind: "file", bytes: bytesOf(text), mode: content.kind === "file" ? content.mode : undefined };
}

/** Returns the changes of a place where nothing can be done. */
export function changesOf(
  { path, wanted }: Spot,
  { kind, why }: { readonly kind: "conflict" | "unchanged"; readonly why: string },
): Change[] {
  return wanted.flatMap(({ target, file }): Change[] => {
    const change = { kind, path, targets: [target], why };
    if (file.kind !== "keys") {
      return [{ ...change, part: { of: file.kind }, after: file.kind === "link" ? file.to : file.text }];
    }
    return file.entries.map(({ pointer, value }) => ({ ...change, part: { of: "key", pointer }, after: value }));
  });
}

/** Returns the failure of two targets that do not agree. */
export function differently(path: string, pointer?: string): TruceError {
  const what = pointer === undefined ? "" : ` of "${pointer}"`;
  return new TruceError("refused", `Cannot write "${path}": two targets want something else${what}`, {
    hint: "Name one of them: truce sync --target NAME",
  });
}

function sameValue(a: unknown, b: unknown, order: WantedKey["order"]): boolean {
  return canonical(plain(a), order !== undefined) === canonical(plain(b), order !== undefined);
}
