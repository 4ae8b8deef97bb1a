import type { Diagnostic, Severity } from "./diagnostic.ts";

/** A question for what is known of files as they are now. */
export interface ReportRequest {
  /** The key of the session that asks; absent when a person does. */
  readonly session?: string;
  /** The key of the sub-agent of it that asks, if one does: who is told what is found later. */
  readonly agent?: string;
  /** Real absolute paths. */
  readonly files: readonly string[];
  /** The folders of the session, real absolute paths, its root first. */
  readonly folders: readonly string[];
  readonly severity: Severity;
  /** How many findings of a file are wanted. */
  readonly countMax: number;
  readonly timeoutMs: number;
  /** Where the one who asks finds programs: its PATH. */
  readonly searchPath: string;
}

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
