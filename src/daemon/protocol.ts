// What is said between the daemon and those who ask it: HTTP with JSON, on a unix socket that only its user can open.

import type { Severity } from "../lsp/diagnostic.ts";
import type { FileReport, Reason } from "../lsp/report.ts";

/** `POST /notify`: asks for the findings of files as they are now. */
export interface NotifyRequest {
  /** The key of the session that asks; absent when a person does. */
  readonly session?: string;
  /** The key of the sub-agent of it that asks, if one does. */
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

/** The answer to `POST /notify`: one report a file, in their order, and what else there is to know. */
export interface NotifyReply {
  readonly files: readonly FileReport[];
  readonly notes: readonly Reason[];
}

/** `POST /folders`: the full set of a session's folders. */
export interface FoldersRequest {
  readonly session: string;
  readonly folders: readonly string[];
}

/** `POST /sync`: asks for a projection `afterMs` after the last time that it was asked for. */
export interface SyncRequest {
  readonly scope: "user" | "project";
  readonly root: string;
  readonly afterMs: number;
}
