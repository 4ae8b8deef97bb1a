// Leases and waiters as one transaction sees them: who is in whose way, and what changes when a lease does.

import type { Now } from "../base/clock.ts";
import { asObject, type JsonObject } from "../base/decode.ts";
import { isWithin } from "../base/path.ts";
import type { ProcessId } from "../base/process_id.ts";
import type { Transaction } from "../store/store.ts";
import type { Holder } from "./holder.ts";
import { asLease, boundUntilS, granted, type Lease, type Purpose } from "./lease.ts";
import { asQueue, firstInLine, isWaiting, queueKey, type Waiter, wakeKey, wantsAny } from "./queue.ts";
import { asSession, sessionKey } from "./session.ts";
import { overlap, type Target } from "./target.ts";
import type { Wait } from "./wait_graph.ts";

/** What keeps a request from being granted: a lease that binds until `untilS`, or somebody who was there before. */
export type Obstacle =
  | { readonly kind: "lease"; readonly holder: Holder; readonly lease: Lease; readonly untilS: number }
  | { readonly kind: "waiter"; readonly holder: Holder; readonly waiter: Waiter };

/** A wait, and what it is for. */
export type ObstacleWait = Wait & { readonly obstacle: Obstacle };

const foldersKey = "folders";

/** Returns where the lease on the target with `key` is kept. */
export function leaseKey(key: string): string {
  return `leases/${key.slice(0, 2)}/${key.slice(2)}`;
}

/** The leases and waiters of one transaction. Waiters that are gone are not among them. */
export class Claims {
  readonly #tx: Transaction;
  readonly #now: Now;
  readonly #isLive: (process: ProcessId) => boolean;
  #waiters: readonly Waiter[];

  constructor(tx: Transaction, now: Now, isLive: (process: ProcessId) => boolean) {
    this.#tx = tx;
    this.#now = now;
    this.#isLive = isLive;
    const queued = tx.get(queueKey, asQueue)?.waiters ?? [];
    this.#waiters = queued;
    this.leave(queued.filter((waiter) => !isWaiting(waiter, now, isLive)));
  }

  get waiters(): readonly Waiter[] {
    return this.#waiters;
  }

  /** Returns the lease on a target, binding or not. */
  lease(key: string): Lease | undefined {
    return this.#tx.get(leaseKey(key), asLease);
  }

  /** Returns until when `lease` binds others, 0 when it does not. */
  boundUntilS(lease: Lease): number {
    const session = this.#tx.get(sessionKey(lease.holder.key), asSession);
    const process = session?.holder.process ?? lease.holder.process;
    if (process !== undefined && !this.#isLive(process)) return 0;
    return boundUntilS(lease, this.#now, session?.boot === this.#now.boot ? session.seenS : 0);
  }

  /** Returns what is in the way of `holder`; `ticket` is its place in line when it has one. */
  obstacles(holder: Holder, targets: readonly Target[], ticket = Infinity): Obstacle[] {
    return targets.flatMap((target) => {
      const leases = this.#overlapping(target).map((lease) => ({ lease, untilS: this.boundUntilS(lease) }))
        .filter(({ untilS }) => untilS > 0);
      if (leases.some(({ lease }) => lease.target.key === target.key && lease.holder.key === holder.key)) return [];
      const held: Obstacle[] = leases.filter(({ lease }) => lease.holder.key !== holder.key)
        .map(({ lease, untilS }) => ({ kind: "lease", holder: lease.holder, lease, untilS }));
      const earlier: Obstacle[] = this.#waiters
        .filter((waiter) => waiter.ticket < ticket && waiter.holder.key !== holder.key && wantsAny(waiter, [target]))
        .map((waiter) => ({ kind: "waiter", holder: waiter.holder, waiter }));
      return [...held, ...earlier];
    });
  }

  /** Returns every wait of those in line, to find a circle in. */
  waits(): ObstacleWait[] {
    return this.#waiters.flatMap((waiter) =>
      waitsFor(waiter.holder, this.obstacles(waiter.holder, waiter.targets, waiter.ticket))
    );
  }

  /** Returns how many in line before `ticket` want one of `targets`, plus one. */
  placeInLine(targets: readonly Target[], holder: Holder, ticket = Infinity): number {
    const before = this.#waiters.filter((waiter) =>
      waiter.ticket < ticket && waiter.holder.key !== holder.key && wantsAny(waiter, targets)
    );
    return before.length + 1;
  }

  /** Gives `holder` the lease on `target`, in whose way nothing is. */
  grant(holder: Holder, target: Target, purpose: Purpose, reason: string): Lease {
    const before = this.lease(target.key);
    const isBinding = before !== undefined && this.boundUntilS(before) > 0;
    const lease = granted(holder, target, purpose, reason, {
      before,
      isBinding,
      now: this.#now,
      fence: this.#tx.fence(),
    });
    this.#put(lease);
    return lease;
  }

  /** Changes a lease and wakes those who now may go on, or know better until when to wait. */
  change(lease: Lease): void {
    this.#put(lease);
    this.#wake([lease.target]);
  }

  /** Puts `waiter` at the end of the line. */
  enter(waiter: Waiter): void {
    this.#tx.put(wakeKey(waiter.ticket), { v: 1, woken: 0 });
    this.#setWaiters([...this.#waiters, waiter]);
  }

  /** Takes `gone` out of the line and wakes those behind them. */
  leave(gone: readonly Waiter[]): void {
    if (gone.length === 0) return;
    for (const waiter of gone) this.#tx.delete(wakeKey(waiter.ticket));
    this.#setWaiters(this.#waiters.filter((waiter) => !gone.includes(waiter)));
    this.#wake(gone.flatMap((waiter) => waiter.targets));
  }

  #wake(targets: readonly Target[]): void {
    if (this.#waiters.length === 0) return;
    const woken = this.#tx.fence();
    for (const waiter of firstInLine(this.#waiters, targets)) this.#tx.put(wakeKey(waiter.ticket), { v: 1, woken });
  }

  #setWaiters(waiters: readonly Waiter[]): void {
    this.#waiters = waiters;
    if (waiters.length === 0) this.#tx.delete(queueKey);
    else this.#tx.put(queueKey, { v: 1, waiters });
  }

  #put(lease: Lease): void {
    this.#tx.put(leaseKey(lease.target.key), lease);
    if (lease.target.kind !== "folder") return;
    const isHeld = boundUntilS(lease, this.#now, 0) > 0;
    const { [lease.target.key]: _before, ...others } = this.#folders();
    this.#tx.put(foldersKey, { v: 1, names: isHeld ? { ...others, [lease.target.key]: lease.target.name } : others });
  }

  /** Returns the leases whose target overlaps `target`: its own, those of folders above it, those below a folder. */
  #overlapping(target: Target): Lease[] {
    const keys = new Set([target.key]);
    if (target.kind !== "resource") {
      for (const [key, name] of Object.entries(this.#folders())) if (isWithin(target.name, name)) keys.add(key);
    }
    if (target.kind === "folder") { for (const key of allLeaseKeys(this.#tx)) keys.add(key); }
    return [...keys].map((key) => this.lease(key))
      .filter((lease) => lease !== undefined && overlap(lease.target, target)) as Lease[];
  }

  #folders(): Record<string, string> {
    return this.#tx.get(foldersKey, asFolders) ?? {};
  }
}

/** Returns the waits of `holder` for what is in its way. */
export function waitsFor(holder: Holder, obstacles: readonly Obstacle[]): ObstacleWait[] {
  return obstacles.map((obstacle) => ({ from: holder.key, to: obstacle.holder.key, obstacle }));
}

/** Returns the keys of the targets that have a lease, binding or not. Its cost grows with their number. */
export function allLeaseKeys(store: { list(prefix: string): string[] }): string[] {
  return store.list("leases").flatMap((start) => store.list(`leases/${start}`).map((rest) => start + rest));
}

function asFolders(value: JsonObject): Record<string, string> | undefined {
  const names = asObject(value.names);
  return names === undefined
    ? undefined
    : Object.fromEntries(Object.entries(names).filter(([, name]) => typeof name === "string")) as Record<
      string,
      string
    >;
}
