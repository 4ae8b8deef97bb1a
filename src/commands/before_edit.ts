import { type HookEvent, isTelling, type Verdict } from "../hosts/host.ts";
import { acquire } from "../locks/acquire.ts";
import type { Holder } from "../sessions/holder.ts";
import { staleReads } from "../locks/reads.ts";
import * as files from "../platform/files.ts";
import type { Context } from "./command.ts";
import { eventTargets, openLocks, told, workingFolder } from "./lock_use.ts";

/** How long an edit waits in line, unless a flag says otherwise. */
export const hookWaitS = 60;

/** Claims the files of an edit. Denies when they are another's, and tells what changed since they were read. */
export async function beforeEdit(context: Context, event: HookEvent, holder: Holder, waitS: number): Promise<Verdict> {
  const locks = openLocks(context);
  const cwd = workingFolder(context, event);
  const targets = await eventTargets(context, event);
  if (targets.length === 0) return told([]);
  const purpose = { kind: "call", callId: event.tool?.callId ?? "only" } as const;
  const request = {
    holder,
    targets,
    purpose,
    waitS,
    cwd,
    isTelling: isTelling(context.host, event),
    signal: context.signal ?? context.parent,
  };
  const acquired = await acquire(locks, request);
  if (acquired.kind === "gone") return told([]);
  if (acquired.kind !== "granted") {
    const { sayRefused } = await import("../locks/words.ts");
    return { kind: "deny", reason: sayRefused(acquired, targets, cwd) };
  }
  const stale = await staleReads({ store: locks.store, files }, acquired.session, acquired.leases);
  if (stale.length === 0) return told(acquired.notices);
  const { answerStale } = await import("./stale_edit.ts");
  return answerStale(locks, request, { stale, notices: acquired.notices, atMs: context.startMs });
}
