// The language servers of the daemon, set up as the configuration of each folder says.

import { describeError } from "../base/error.ts";
import { Pool } from "../lsp/pool.ts";
import type { FileReport, Reason } from "../lsp/report.ts";
import type { LanguageServer } from "../lsp/servers.ts";
import { serversFrom } from "../lsp/settings.ts";
import { isTrusted } from "../lsp/trust.ts";
import { ownPid } from "../platform/background.ts";
import { openLog } from "../platform/log.ts";
import { treeMemory } from "../platform/memory.ts";
import { programFacts } from "../platform/programs.ts";
import { watchTree } from "../platform/tree_watch.ts";
import { subjectOfLater } from "../sessions/later.ts";
import { asSession, leaveNotice, sessionKey } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import { projectConfig, userConfig } from "./config.ts";
import { sayReport } from "./findings.ts";

/** Returns the pool of all language servers. What they print is kept in a log of their own. */
export function openPool(context: Context): Pool {
  return new Pool({
    processId: ownPid(),
    serversIn: (folder) => serversIn(context, folder),
    factsFor: programFacts,
    watch: watchTree,
    memoryOf: treeMemory,
    log: openLog(context.stateFolder(), "servers"),
    onLater: (session, report) => void tellLater(context, session, report),
  });
}

async function serversIn(
  context: Context,
  folder: string,
): Promise<{ servers: readonly LanguageServer[]; notes: readonly Reason[] }> {
  const store = openStore(context.stateFolder(), context.log);
  const [user, project] = [userConfig(), projectConfig(folder)];
  const trusted = project && { ...project, isTrusted: await isTrusted(store, project.path, project.text) };
  const { servers, refused, problems } = serversFrom(user?.value, trusted);
  const broken = [user?.problem, project?.problem].filter((text) => text !== undefined);
  return { servers, notes: [...refused, ...problems, ...broken.map((text) => ({ key: text, text }))] };
}

/** Leaves what was found later for the next hook of `session`, in the place of what was left about the same file. */
async function tellLater(context: Context, session: string, report: FileReport): Promise<void> {
  try {
    const store = openStore(context.stateFolder(), context.log);
    const cwd = store.peek(sessionKey(session), asSession)?.cwd ?? "/";
    const subject = subjectOfLater(report.path);
    await store.change((tx) => leaveNotice(tx, session, `${subject}${sayReport(report, cwd)}`, subject));
  } catch (error) {
    context.log("later findings could not be left", { why: describeError(error) });
  }
}
