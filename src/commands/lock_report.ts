// How locks are shown to people.

import { sayDuration } from "../base/duration.ts";
import { safeLine } from "../base/safe_text.ts";
import type { ListedLease } from "../locks/listing.ts";
import { nameFrom, sayHeld } from "../locks/words.ts";
import { columns } from "./columns.ts";
import type { Context } from "./command.ts";

const headings = ["PATH", "PHASE", "HOLDER", "SINCE", "LEFT", "WAITING", "REASON"];

/** Returns the table of `leases`, paths as seen from where it is printed. */
export function leaseTable(context: Context, leases: readonly ListedLease[]): string {
  if (leases.length === 0) return "Nothing is locked";
  return columns(headings, leases.map((listed) => leaseRow(context, listed)));
}

/** Returns one lease in sentences, with everybody in line. */
export function leaseSentences(context: Context, { lease, phase, secondsLeft, waiters }: ListedLease): string {
  const line = waiters.map((waiter, place) => `  ${place + 1}. ${waiter.holder.label}`);
  return [
    `${nameFrom(context.cwd, lease.target)} ${sayHeld(lease, context.clock.now())}`,
    `It is ${phase}, ends in ${sayDuration(secondsLeft)} if nothing happens, and has fence ${lease.fence}`,
    line.length === 0 ? "Nobody is in line" : `In line:\n${line.join("\n")}`,
  ].join("\n");
}

/** Returns one lease for programs. */
export function leaseJson({ lease, phase, secondsLeft, waiters }: ListedLease) {
  const { target, holder, fence, reason } = lease;
  return {
    path: target.name,
    kind: target.kind,
    phase,
    holder: holder.label,
    holderKey: holder.key,
    pid: holder.process?.pid,
    fence,
    reason,
    calls: lease.calls.length,
    secondsLeft,
    waiting: waiters.map((waiter) => waiter.holder.label),
  };
}

function leaseRow(context: Context, { lease, phase, secondsLeft, waiters }: ListedLease): string[] {
  return [
    nameFrom(context.cwd, lease.target),
    phase,
    lease.holder.label,
    sayDuration(context.clock.now().bootS - lease.sinceS),
    sayDuration(secondsLeft),
    String(waiters.length),
    safeLine(lease.reason, 60),
  ];
}
