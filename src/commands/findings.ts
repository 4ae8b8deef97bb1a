// What language servers say of files, in the words that a model reads.

import { digest } from "../base/digest.ts";
import { describeError } from "../base/error.ts";
import { shownFrom } from "../base/path.ts";
import { framed } from "../base/safe_text.ts";
import { notifyDaemon } from "../daemon/client.ts";
import type { NotifyReply } from "../daemon/protocol.ts";
import type { HookEvent } from "../hosts/host.ts";
import type { Target } from "../locks/target.ts";
import { sayDiagnostic, type Severity } from "../lsp/diagnostic.ts";
import type { FileReport, Reason } from "../lsp/report.ts";
import { variable } from "../platform/dirs.ts";
import type { Holder } from "../sessions/holder.ts";
import { mainHolder } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import { isNotifying } from "./config.ts";
import { workingFolder } from "./lock_use.ts";
import { syncRoots } from "./session_folders.ts";

const findingsMax = 30;

/** What the one who asks may choose. */
export interface Wanted {
  readonly severity: Severity;
  readonly timeoutS: number;
}

/** How long findings are waited for, and which are told, unless a flag says otherwise. */
export const usualWanted: Wanted = { timeoutS: 10, severity: "warning" };

/** Returns what is to be told of the files that an event has written: their findings, `[clean]`, or why nothing is known. */
export async function findingsAfter(
  context: Context,
  event: HookEvent,
  holder: Holder,
  { targets, severity, timeoutS }: Wanted & { readonly targets: readonly Target[] },
): Promise<string[]> {
  const files = targets.filter(({ kind }) => kind !== "resource").map(({ name }) => name);
  if (files.length === 0 || !isNotifying(workingFolder(context, event))) return [];
  const folders = await syncRoots(context, event, holder);
  const session = mainHolder(holder).key;
  const reply = await ask(context, { session, agent: holder.key, files, folders, severity, timeoutS });
  const cwd = workingFolder(context, event);
  const isNews = newsFor(context, holder);
  const lines: string[] = [];
  for (const report of reply.files) {
    if (report.kind !== "unknown" || await isNews(report.reason)) lines.push(sayReport(report, cwd));
  }
  for (const note of reply.notes) if (await isNews(note)) lines.push(note.text);
  const { findingsHeading } = context.host;
  return lines.length === 0 || findingsHeading === undefined ? lines : [findingsHeading, ...lines];
}

/** Asks the daemon, which is started if need be. */
export function ask(
  context: Context,
  question: Wanted & {
    readonly session?: string;
    readonly agent?: string;
    readonly files: readonly string[];
    readonly folders: readonly string[];
  },
): Promise<NotifyReply> {
  const { timeoutS, ...rest } = question;
  return notifyDaemon(context, {
    ...rest,
    countMax: findingsMax,
    timeoutMs: timeoutS * 1000,
    searchPath: variable("PATH") ?? "",
  });
}

/** Returns one report in words, its path as seen from `cwd`. What a server says is data, and framed as such. */
export function sayReport(report: FileReport, cwd: string): string {
  const path = shownFrom(cwd, report.path);
  if (report.kind === "clean") return `${path}: [clean]`;
  if (report.kind === "unknown") return `${path}: [not checked] ${report.reason.text}`;
  const { findings, total, server } = report;
  const rest = total > findings.length ? [`… and ${total - findings.length} more in ${path}`] : [];
  return framed(server, [...findings.map((one) => sayDiagnostic(path, one)), ...rest].join("\n"));
}

/** Returns what says whether the session was not told a reason yet. */
function newsFor(context: Context, holder: Holder): (reason: Reason) => Promise<boolean> {
  const store = openStore(context.stateFolder(), context.log);
  return async ({ key }) => {
    try {
      return store.first(await digest(JSON.stringify([holder.key, key])));
    } catch (error) {
      context.log("a reason is told again", { why: describeError(error) });
      return true;
    }
  };
}
