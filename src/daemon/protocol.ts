// What is said between the daemon and those who ask it: HTTP with JSON, on a unix socket that only its user can open.

import type { FileReport, Reason, ReportRequest } from "../lsp/report.ts";

/** The header with which a hook says which build of truce it is. */
export const buildHeader = "truce-build";

/** `POST /notify`: asks for the findings of files as they are now. */
export type NotifyRequest = ReportRequest;

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
  /** The home of the one who asks; the daemon may have been started with another one, or with none. */
  readonly home?: string;
  readonly afterMs: number;
}
