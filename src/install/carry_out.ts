// Carries plans out, all or none, and remembers what was there before.

import { TruceError } from "../base/error.ts";
import { removeEmptyFolder } from "../platform/tree.ts";
import type { HostPlan } from "./plan.ts";
import { type InstallRecord, keepRecord, lockRecords, recordOf } from "./record.ts";
import { writeAll } from "./write.ts";

/** Returns what is to be known of a file that is about to be written. */
export type Remember = (plan: HostPlan, known: InstallRecord | undefined) => Promise<InstallRecord | undefined>;

/** Returns what is to be written. */
export type Plan = () => Promise<readonly HostPlan[]> | readonly HostPlan[];

/**
 * Writes the files of `plans`, and what is to be known of each first: who dies in between has changed no settings.
 * Without `remember` nothing is known of them afterwards, and the folders that were made for them go when they are empty.
 */
export async function carryOut(state: string, plans: readonly HostPlan[], remember?: Remember): Promise<void> {
  if (changesOf(plans).length > 0) await planAndCarryOut(state, () => plans, remember);
}

/** Does the same with what is planned while nobody else writes: who had to wait may find nothing left to do. */
export async function planAndCarryOut(state: string, plan: Plan, remember?: Remember): Promise<readonly HostPlan[]> {
  const lock = await lockRecords(state);
  try {
    const plans = await plan();
    await carryOutLocked(state, changesOf(plans), remember);
    return plans;
  } finally {
    lock.close();
  }
}

/** Writes the files of `plans` where nothing is known of them. */
export function carryOutUnknown(plans: readonly HostPlan[]): void {
  writeAll(changesOf(plans));
}

async function carryOutLocked(state: string, changes: readonly HostPlan[], remember?: Remember): Promise<void> {
  const known = await Promise.all(changes.map(({ file }) => recordOf(state, file.real)));
  try {
    if (remember !== undefined) {
      for (const [i, plan] of changes.entries()) {
        await keepRecord(state, plan.file.real, await remember(plan, known[i]));
      }
    }
    writeAll(changes);
  } catch (error) {
    for (const [i, { file }] of changes.entries()) await keepRecord(state, file.real, known[i]);
    throw error;
  }
  if (remember !== undefined) return;
  for (const [i, { file, after }] of changes.entries()) {
    if (after === undefined) { for (const folder of known[i]?.folders.toReversed() ?? []) removeEmptyFolder(folder); }
    await keepRecord(state, file.real, undefined);
  }
}

/** Returns the plans that change something. Of two for one file, which links bring about, each would drop the other's. */
function changesOf(plans: readonly HostPlan[]): HostPlan[] {
  const changes = plans.filter(({ file, after }) => file.text !== after);
  for (const [i, { file }] of changes.entries()) {
    const other = changes.slice(0, i).find((change) => change.file.real === file.real);
    if (other === undefined) continue;
    throw new TruceError("refused", `Cannot edit "${file.path}": "${other.file.path}" is the same file`, {
      hint: "Name one host at a time",
    });
  }
  return changes;
}
