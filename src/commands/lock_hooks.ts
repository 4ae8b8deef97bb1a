// What is done with locks at the events of a host. The granular commands and `truce hook` share it.

import { type HookEvent, isTelling, type Verdict } from "../hosts/host.ts";
import { acquire } from "../locks/acquire.ts";
import type { Holder } from "../locks/holder.ts";
import { type Content, contentOf, contentShown, type NewStamp, staleReads } from "../locks/reads.ts";
import { settle, type Settlement } from "../locks/settle.ts";
import type { Target } from "../locks/target.ts";
import * as files from "../platform/files.ts";
import type { Context } from "./command.ts";
import { eventTargets, openLocks, workingFolder } from "./lock_use.ts";

/** How long a hook waits, and how long a lease is kept for its holder after an edit, unless a flag says otherwise. */
export const hookWaitS = 60;
/** See `hookWaitS`. */
export const hookGraceS = 30;

const pass: Verdict = { kind: "pass" };

/** Claims the files of an edit. Denies when they are another's, and tells what changed since they were read. */
export async function beforeEdit(context: Context, event: HookEvent, holder: Holder, waitS: number): Promise<Verdict> {
  const locks = openLocks(context);
  const cwd = workingFolder(context, event);
  const targets = await eventTargets(context, event);
  if (targets.length === 0) return pass;
  const tells = isTelling(context.host, event);
  const purpose = { kind: "call", callId: event.tool?.callId ?? "only" } as const;
  const acquired = await acquire(locks, { holder, targets, purpose, waitS, cwd, isTelling: tells });
  if (acquired.kind !== "granted") {
    const { sayRefused } = await import("../locks/words.ts");
    return { kind: "deny", reason: sayRefused(acquired, targets, cwd) };
  }
  const stale = await staleReads({ store: locks.store, files }, acquired.session, acquired.leases);
  if (stale.length === 0) return told(acquired.notices);
  const { describeStale } = await import("./describe_stale.ts");
  const notices = [...acquired.notices, ...describeStale(stale, cwd, locks.clock.now())];
  const reads = stale.map(({ target, current }): NewStamp => ({ target, content: current, atMs: context.startMs }));
  if (tells) {
    await settle(locks, { ...nothingEnds, holder, reads });
    return told(notices);
  }
  // This host's model reads nothing before an edit but a denial. So it is denied once, and its next try goes through.
  const keys = targets.map(({ key }) => key);
  await settle(locks, {
    holder,
    targets: keys,
    ending: { kind: "calls", callIds: [purpose.callId] },
    graceS: 0,
    reads,
  });
  return { kind: "deny", reason: `${notices.join("\n")}\nRead it again, then retry the edit` };
}

/** Ends the call of an edit; after one that succeeded, remembers what it wrote and starts the grace. */
export async function afterEdit(context: Context, event: HookEvent, holder: Holder, graceS: number): Promise<Verdict> {
  const targets = await eventTargets(context, event);
  if (targets.length === 0) return pass;
  const isFailed = event.tool?.isFailed === true;
  const { notices } = await settle(openLocks(context), {
    holder,
    cwd: workingFolder(context, event),
    targets: targets.map(({ key }) => key),
    ending: { kind: "calls", callIds: [event.tool?.callId ?? "only"] },
    graceS: isFailed ? 0 : graceS,
    writes: isFailed ? undefined : await stampsOf(context, targets),
    isTelling: isTelling(context.host, event),
  });
  return told(notices);
}

/** Remembers what a tool has shown of files. */
export async function afterRead(context: Context, event: HookEvent, holder: Holder): Promise<Verdict> {
  const targets = await eventTargets(context, event);
  if (targets.length === 0 || event.tool?.isFailed) return pass;
  const shown = targets.length === 1 ? event.tool?.shown[0]?.text : undefined;
  const reads = await stampsOf(context, targets, shown);
  await settle(openLocks(context), { ...nothingEnds, holder, cwd: workingFolder(context, event), reads });
  return pass;
}

/** Ends what `settlement` says of the holder's leases, and tells what others left for it. */
export async function endOf(
  context: Context,
  event: HookEvent,
  holder: Holder,
  settlement: Partial<Settlement>,
): Promise<Verdict> {
  const cwd = workingFolder(context, event);
  const tells = isTelling(context.host, event);
  const { notices } = await settle(openLocks(context), {
    ...nothingEnds,
    holder,
    cwd,
    isTelling: tells,
    ...settlement,
  });
  return told(notices);
}

/** Returns stamps of now for the files among `targets`; `shown` is what the model saw of the only one. */
export async function stampsOf(context: Context, targets: readonly Target[], shown?: string): Promise<NewStamp[]> {
  const stamps: NewStamp[] = [];
  for (const target of targets) {
    if (target.kind !== "file") continue;
    const content: Content = shown === undefined
      ? await contentOf(files, target.name)
      : await contentShown(files, target.name, shown);
    stamps.push({ target, content, atMs: context.startMs });
  }
  return stamps;
}

const nothingEnds = { targets: [], ending: { kind: "all calls" }, graceS: 0 } as const;

function told(notices: readonly string[]): Verdict {
  return notices.length === 0 ? pass : { kind: "tell", text: notices.join("\n") };
}
