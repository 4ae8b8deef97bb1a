// What a language server is asked, and what it said.

import type { Diagnostic } from "./diagnostic.ts";
import type { Reason } from "./report.ts";

/** A question for the findings of the file at `path` as it is now. */
export interface Question {
  readonly path: string;
  readonly languageId: string;
  readonly session?: string;
  /** When the answer comes too late, by `performance.now()`. */
  readonly untilMs: number;
}

/** What the server said. */
export type Known =
  | { readonly kind: "findings"; readonly all: readonly Diagnostic[] }
  | { readonly kind: "unknown"; readonly reason: Reason }
  | { readonly kind: "ended"; readonly why: string };

/** Returns how long the answer may still take. */
export function leftMs({ untilMs }: Question): number {
  return Math.max(0, untilMs - performance.now());
}

/** Returns that nothing is known, with the parts of the reason. */
export function notKnown(key: string, text: string): Known {
  return { kind: "unknown", reason: { key, text } };
}
