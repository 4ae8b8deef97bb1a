// The edits that both formats know.

import { TruceError } from "../base/error.ts";
import type { Order } from "./order.ts";

/** One edit of a file of values. A `set` whose pointer ends in `/-` adds an element to an array. */
export type Edit =
  | { readonly kind: "set"; readonly pointer: string; readonly value: unknown }
  | { readonly kind: "remove"; readonly pointer: string };

/** What an edit is told besides. */
export interface EditOptions {
  /** The file, for what is said of it. */
  readonly path: string;
  /** Where the set keys, in their order, are to stand in their object. Without it they stand where they are or come last. */
  readonly order?: Order;
}

/** A format of files of values. Both throw a TruceError for a text that is not of the format. */
export interface Editor {
  /** Returns the value of a text; that of an empty one is an empty object. */
  read(text: string, path: string): unknown;
  /** Returns the names of the object at `parts`, in the order of the text; of what is no object, none. */
  namesAt(text: string, path: string, parts: readonly string[]): string[];
  /** Returns the text after `edits`. All bytes but those of the edited values stay. */
  edit(text: string, edits: readonly Edit[], options: EditOptions): string;
  /** Says whether nothing is in the text that somebody could miss. */
  isBlank(text: string): boolean;
}

/** Returns the failure of an edit. */
export function cannotEdit(path: string, fact: string): TruceError {
  return new TruceError("refused", `Cannot edit "${path}": ${fact}`, {
    hint: "Repair the file by hand; nothing was written",
  });
}

/** Returns the failure of reading a text that is not of its format. */
export function cannotRead(path: string, fact: string): TruceError {
  return new TruceError("refused", `Cannot read "${path}": ${fact}`, {
    hint: "Repair the file by hand; nothing was written",
  });
}
