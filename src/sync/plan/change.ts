import type { ChangeKind } from "./decide.ts";

/** What becomes of one thing in one file. */
export interface Change {
  readonly kind: ChangeKind;
  /** The path as it is wanted. */
  readonly path: string;
  /** A value by its pointer, see RFC 6901, or a text. */
  readonly part: { readonly of: "key"; readonly pointer: string } | { readonly of: "block" | "whole" | "link" };
  /** Who wants it, or did. */
  readonly targets: readonly string[];
  /** A sentence without a full stop, for drift, conflict and what is not plain. */
  readonly why?: string;
  /** The value or the text that is there, and the one that is wanted; `undefined`: none. */
  readonly before?: unknown;
  readonly after?: unknown;
}
