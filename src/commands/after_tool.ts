// What is done with locks when a tool, a turn or a session is over.

import { type HookEvent, isTelling, type Verdict } from "../hosts/host.ts";
import type { Holder } from "../sessions/holder.ts";
import { subjectOfLater } from "../sessions/later.ts";
import { type Content, contentOf, contentShown, type NewStamp } from "../locks/reads.ts";
import { endSession, settle, type Settlement } from "../locks/settle.ts";
import type { Target } from "../locks/target.ts";
import * as files from "../platform/files.ts";
import type { Context } from "./command.ts";
import { eventTargets, openLocks, told, workingFolder } from "./lock_use.ts";

/** How many seconds a lease is kept for its holder after an edit, unless a flag says otherwise. */
export const hookGraceS = 30;

const nothingEnds = { targets: [], ending: { kind: "all calls" }, graceS: 0 } as const;

/** What is found in the files of an edit, in the words for the model. */
export type Findings = (targets: readonly Target[]) => Promise<readonly string[]>;

/**
 * Ends the call of an edit; after one that succeeded, remembers what it wrote and starts the grace. What `find` takes is
 * covered by the lease, so that the agent can mend what it is told of before anybody else writes.
 */
export async function afterEdit(
  context: Context,
  event: HookEvent,
  holder: Holder,
  { graceS, find }: { readonly graceS: number; readonly find?: Findings },
): Promise<Verdict> {
  const targets = await eventTargets(context, event);
  if (targets.length === 0) return told([]);
  const locks = openLocks(context);
  const cwd = workingFolder(context, event);
  const isFailed = event.tool?.isFailed === true;
  const writes = isFailed ? undefined : await stampsOf(context, targets);
  let findings: readonly string[] = [];
  if (find !== undefined && !isFailed) {
    await settle(locks, { ...nothingEnds, holder, cwd, reads: writes });
    findings = await find(targets);
  }
  const { notices } = await settle(locks, {
    holder,
    cwd,
    targets: targets.map(({ key }) => key),
    ending: { kind: "calls", callIds: [event.tool?.callId ?? "only"] },
    graceS: isFailed ? 0 : graceS,
    writes,
    isTelling: isTelling(context.host, event),
  });
  // What was found later about what the file was before says nothing of what it is now.
  const outdated = targets.map(({ name }) => subjectOfLater(name));
  return told([...findings, ...notices.filter((notice) => !outdated.some((subject) => notice.startsWith(subject)))]);
}

/** Remembers what a tool has shown of files. */
export async function afterRead(context: Context, event: HookEvent, holder: Holder): Promise<Verdict> {
  const targets = await eventTargets(context, event);
  if (targets.length === 0 || event.tool?.isFailed) return told([]);
  const shown = targets.length === 1 ? event.tool?.shown[0]?.text : undefined;
  const reads = await stampsOf(context, targets, shown);
  await settle(openLocks(context), { ...nothingEnds, holder, cwd: workingFolder(context, event), reads });
  return told([]);
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

/** Ends everything of the session and of its sub-agents. */
export async function endOfSession(context: Context, _event: HookEvent, holder: Holder): Promise<Verdict> {
  await endSession(openLocks(context), holder);
  return told([]);
}
