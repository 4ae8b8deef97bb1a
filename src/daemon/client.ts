// What hooks want of the daemon. They fail open: whatever is wrong with it becomes a reason for the agent, never an error.

import { field, idField } from "../base/decode.ts";
import { hasShape } from "../base/shape.ts";
import type { Reason } from "../lsp/report.ts";
import { askSocket } from "../platform/http_client.ts";
import { askDaemon, type DaemonAccess, reach, start } from "./ask.ts";
import type { FoldersRequest, NotifyReply, NotifyRequest, SyncRequest } from "./protocol.ts";

const foldersMaxMs = 2_000;
const syncMaxMs = 2_000;
const probeMaxMs = 200;
/** How much longer than the daemon may work an answer may take. */
const wayMs = 1_000;

/** Asks the daemon for the findings of files, and starts it if need be. Without it every file is unknown. */
export async function notifyDaemon(access: DaemonAccess, request: NotifyRequest): Promise<NotifyReply> {
  const asked = await askDaemon(access, {
    path: "/notify",
    body: (leftMs) => ({ ...request, timeoutMs: Math.max(0, Math.min(request.timeoutMs, leftMs - wayMs)) }),
    timeoutMs: request.timeoutMs + wayMs,
    effort: "start",
  });
  const reply = asked.kind === "answer" ? asNotifyReply(asked.value, request) : undefined;
  if (reply !== undefined) return reply;
  const reason = asked.kind === "unavailable" ? asked.reason : refusalReason(asked.status, asked.value);
  return { files: request.files.map((path) => ({ path, kind: "unknown", reason })), notes: [] };
}

/** Tells the daemon the folders of a session. Returns false when that did not come about; it is not started for it. */
export async function tellFolders(access: DaemonAccess, request: FoldersRequest): Promise<boolean> {
  const asking = { path: "/folders", body: () => request, timeoutMs: foldersMaxMs, effort: "ask" } as const;
  const asked = await askDaemon(access, asking);
  return asked.kind === "answer" && asked.status === 200;
}

/** Has the daemon project a scope, soon, and starts it if need be. Returns why it will not, if so. */
export async function scheduleSync(access: DaemonAccess, request: SyncRequest): Promise<string | undefined> {
  const asking = { path: "/sync", body: () => request, timeoutMs: syncMaxMs, effort: "start" } as const;
  const asked = await askDaemon(access, asking);
  if (asked.kind === "unavailable") return asked.reason.text;
  return asked.status === 200 ? undefined : refusalReason(asked.status, asked.value).text;
}

/** Starts the daemon unless one listens, and does not wait for it. */
export async function startDaemon(access: DaemonAccess): Promise<void> {
  try {
    const daemon = reach(access);
    const probe = await askSocket(daemon.places.socket, { path: "/health", headers: {}, deadlineMs: probeMaxMs });
    if (probe.kind === "nobody") start(daemon, []);
  } catch {
    // Who asks for something will be told why it cannot.
  }
}

function refusalReason(status: number, value: unknown): Reason {
  const error = idField(value, "error") ?? `status ${status}`;
  return { key: "daemon refused", text: `truce's daemon did not do it: ${error}` };
}

/** Returns `value` as an answer to `request`. What a report says beside its kind is our own build's word. */
function asNotifyReply(value: unknown, { files }: NotifyRequest): NotifyReply | undefined {
  const reports = field(value, "files");
  const isWhole = hasShape(value, { files: [{ path: "", kind: "" }], notes: [{ key: "", text: "" }] }) &&
    Array.isArray(reports) && reports.length === files.length;
  return isWhole ? value as NotifyReply : undefined;
}
