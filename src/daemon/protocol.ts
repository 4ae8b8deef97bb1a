// What is said between the daemon and those who ask it: HTTP with JSON, on a unix socket that only its user can open.

import type { Diagnostic, Severity } from "../lsp/diagnostic.ts";

/** `POST /notify`: asks for the findings of files as they are now. */
export interface NotifyRequest {
  /** The key of the holder who asks; absent when a person does. */
  readonly session?: string;
  /** Real absolute paths. */
  readonly files: readonly string[];
  /** The folders of the session, real absolute paths. */
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

/** The answer to `POST /notify`, one report a file, in their order. */
export interface NotifyReply {
  readonly files: readonly FileReport[];
}

/** `POST /folders`: the full set of a session's folders. */
export interface FoldersRequest {
  readonly session: string;
  readonly folders: readonly string[];
}
