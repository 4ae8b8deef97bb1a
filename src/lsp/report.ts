import type { Diagnostic } from "./diagnostic.ts";

/** What is known of one file. */
export type FileReport =
  | { readonly path: string; readonly kind: "clean" }
  | {
    readonly path: string;
    readonly kind: "findings";
    /** The worst first; perhaps not all of `total`. */
    readonly findings: readonly Diagnostic[];
    readonly total: number;
    /** The language server that found them. */
    readonly server: string;
  }
  | { readonly path: string; readonly kind: "unknown"; readonly reason: Reason };

/** Why nothing is known. */
export interface Reason {
  /** Equal for reasons that need not be said twice to a session, such as `not installed: pyright`. */
  readonly key: string;
  readonly text: string;
}
