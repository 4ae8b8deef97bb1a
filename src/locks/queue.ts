// Everybody who waits, in one record: a request for several paths has one place in line, and the same for all of them,
// so those who wait cannot wait for each other.

import type { Now } from "../base/clock.ts";
import { asObject, type JsonObject, numberField, textField } from "../base/decode.ts";
import { asProcessId, type ProcessId } from "../base/process_id.ts";
import { asHolder, type Holder } from "./holder.ts";
import { asTarget, overlap, type Target } from "./target.ts";

/** How many may wait at once; more are refused. */
export const waitersMax = 256;

/** One that waits. Served in the order of tickets. */
export interface Waiter {
  readonly ticket: number;
  readonly holder: Holder;
  /** The process that sleeps; when it is gone nobody waits here any more. */
  readonly process: ProcessId;
  readonly targets: readonly Target[];
  readonly boot: string;
  readonly untilS: number;
}

/** The record of all waiters. */
export interface Queue {
  readonly v: 1;
  readonly waiters: readonly Waiter[];
}

/** Where the queue is kept. */
export const queueKey = "queue";

/** Returns the record that a waiter watches, and that others change to wake it. */
export function wakeKey(ticket: number): string {
  return `wake/${ticket}`;
}

/** Says whether `waiter` still waits at `now`. One second is for a process that is just giving up. */
export function isWaiting(waiter: Waiter, now: Now, isLive: (process: ProcessId) => boolean): boolean {
  return waiter.boot === now.boot && now.bootS < waiter.untilS + 1 && isLive(waiter.process);
}

/** Says whether `waiter` asks for something that a request for `targets` also asks for. */
export function wantsAny(waiter: Waiter, targets: readonly Target[]): boolean {
  return waiter.targets.some((wanted) => targets.some((target) => overlap(wanted, target)));
}

/** Returns those of `waiters` who want one of `targets` and have nobody before them who wants what they want. */
export function firstInLine(waiters: readonly Waiter[], targets: readonly Target[]): Waiter[] {
  return waiters.filter((waiter, place) =>
    wantsAny(waiter, targets) && !waiters.slice(0, place).some((earlier) => wantsAny(earlier, waiter.targets))
  );
}

/** Decodes the queue as it is stored. */
export function asQueue(value: JsonObject): Queue | undefined {
  if (!Array.isArray(value.waiters)) return undefined;
  return { v: 1, waiters: value.waiters.map(asWaiter).filter((waiter) => waiter !== undefined) };
}

function asWaiter(value: unknown): Waiter | undefined {
  const object = asObject(value);
  const ticket = numberField(object, "ticket"),
    untilS = numberField(object, "untilS"),
    boot = textField(object, "boot");
  const holder = asHolder(object?.holder), process = asProcessId(object?.process);
  const targets = Array.isArray(object?.targets) ? object.targets.map(asTarget).filter((one) => one !== undefined) : [];
  if (ticket === undefined || untilS === undefined || boot === undefined || !holder || !process) return undefined;
  return { ticket, holder, process, targets, boot, untilS };
}
