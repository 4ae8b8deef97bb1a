// Everybody who waits, in one record: a request for several paths has one place in line, and the same for all of them,
// so those who wait cannot wait for each other.

import type { Now } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import type { ProcessId } from "../base/process_id.ts";
import { hasShape } from "../base/shape.ts";
import type { Holder } from "../sessions/holder.ts";
import { overlap, type Target } from "./target.ts";

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

const sample: Queue = {
  v: 1,
  waiters: [{
    ticket: 0,
    holder: { key: "", label: "" },
    process: { pid: 0, started: "", space: "" },
    targets: [{ key: "", kind: "file", name: "" }],
    boot: "",
    untilS: 0,
  }],
};

/** Decodes the queue as it is stored. */
export function asQueue(value: JsonObject): Queue | undefined {
  return hasShape(value, sample) ? value as unknown as Queue : undefined;
}
