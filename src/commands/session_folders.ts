// The folders that a host's session works in: kept with the session, and told to the daemon.

import { describeError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import { placesIn } from "../daemon/places.ts";
import type { HookEvent } from "../hosts/host.ts";
import { lookAt } from "../platform/files.ts";
import { type FolderTaker, presentFolders, syncFolders } from "../sessions/folders.ts";
import type { Holder } from "../sessions/holder.ts";
import { mainHolder } from "../sessions/session.ts";
import type { Context } from "./command.ts";
import { openLocks, workingFolder } from "./lock_use.ts";

/** Does what `syncRoots` does, and has the daemon start, which the first edit will need. */
export async function beginSession(context: Context, event: HookEvent, holder: Holder): Promise<void> {
  const { isNotifying } = await import("./config.ts");
  if (isNotifying(workingFolder(context, event))) {
    const { startDaemon } = await import("../daemon/client.ts");
    await startDaemon(context);
  }
  await syncRoots(context, event, holder);
}

/**
 * Brings the folders of the session of `event` up to date, with the daemon, too, if one runs. Returns those that are
 * present, without links, the root first. Never throws: what goes wrong here is no reason to leave the rest undone.
 */
export async function syncRoots(context: Context, event: HookEvent, holder: Holder): Promise<readonly string[]> {
  const { host, clock, log } = context;
  const cwd = workingFolder(context, event);
  const { transcriptPath } = event;
  const { transcriptReader } = host;
  const transcript = transcriptPath === undefined || transcriptReader === undefined
    ? undefined
    : { path: transcriptPath, reader: transcriptReader };
  const added = event.moment === "directory-added" ? event.folder : undefined;
  try {
    const { store } = openLocks(context);
    return await syncFolders({ store, clock, log }, { holder, cwd, transcript, added }, takerOf(context, holder));
  } catch (error) {
    log("the folders of a session are not known", { why: describeError(error) });
    return presentFolders([cwd]);
  }
}

function takerOf(context: Context, holder: Holder): FolderTaker {
  return {
    running: () => runningDaemon(context),
    async take(folders) {
      const { tellFolders } = await import("../daemon/client.ts");
      return await tellFolders(context, { session: mainHolder(holder).key, folders });
    },
  };
}

/** Returns what tells the daemon from others: each makes a socket of its own. */
function runningDaemon(context: Context): string | undefined {
  try {
    const { socket } = placesIn(resolvePath(context.cwd, context.stateFolder()));
    const facts = lookAt(socket);
    return facts && `${facts.identity} ${facts.modifiedMs}`;
  } catch {
    // Where no socket can be, none runs.
    return undefined;
  }
}
