// Leases and waiters as one transaction sees them: who is in whose way, and what changes when a lease does.

import type { Now } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import { isWithin } from "../base/path.ts";
import type { ProcessId } from "../base/process_id.ts";
import { hasShape } from "../base/shape.ts";
import type { Transaction } from "../store/store.ts";
import type { Holder } from "./holder.ts";
import { asLease, boundUntilS, granted, type Lease, type Purpose } from "./lease.ts";
import { asQueue, firstInLine, isWaiting, queueKey, type Waiter, wakeKey, wantsAny } from "./queue.ts";
import { asSession, sessionKey } from "./session.ts";
import { overlap, type Target } from "./target.ts";

/** What keeps a request from being granted: a lease that binds until `untilS`, or somebody who was there before. */
export type Obstacle =
  | { readonly kind: "lease"; readonly holder: Holder; readonly lease: Lease; readonly untilS: number }
  | { readonly kind: "waiter"; readonly holder: Holder; readonly waiter: Waiter };

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
    this.#waiters = tx.get(queueKey, asQueue)?.waiters ?? [];
    if (this.#waiters.length > 0) this.leave(this.#waiters.filter((waiter) => !isWaiting(waiter, now, isLive)));
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
    const obstacles: Obstacle[] = [];
    for (const target of targets) {
      const own = this.lease(target.key);
      if (own !== undefined && own.holder.key === holder.key && this.boundUntilS(own) > 0) continue;
      for (const lease of this.#overlapping(target, own)) {
        const untilS = lease.holder.key === holder.key ? 0 : this.boundUntilS(lease);
        if (untilS > 0) obstacles.push({ kind: "lease", holder: lease.holder, lease, untilS });
      }
      for (const waiter of this.earlier(holder, [target], ticket)) {
        obstacles.push({ kind: "waiter", holder: waiter.holder, waiter });
      }
    }
    return obstacles;
  }

  /** Returns those in line before `ticket` who want one of `targets` and are not `holder`. */
  earlier(holder: Holder, targets: readonly Target[], ticket = Infinity): Waiter[] {
    return this.#waiters.filter((waiter) =>
      waiter.ticket < ticket && waiter.holder.key !== holder.key && wantsAny(waiter, targets)
    );
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

  /** Returns the leases whose target overlaps `target`: its `own`, those of folders above it, those below a folder. */
  #overlapping(target: Target, own: Lease | undefined): Lease[] {
    const leases = own === undefined ? [] : [own];
    if (target.kind === "resource") return leases;
    const folders = this.#folders();
    const keys = target.kind === "folder"
      ? allLeaseKeys(this.#tx)
      : Object.keys(folders).filter((key) => isWithin(target.name, folders[key]));
    for (const key of keys) {
      const lease = key === target.key ? undefined : this.lease(key);
      if (lease !== undefined && overlap(lease.target, target)) leases.push(lease);
    }
    return leases;
  }

  #folders(): Readonly<Record<string, string>> {
    return this.#tx.get(foldersKey, asFolders)?.names ?? {};
  }
}

/** Returns the keys of the targets that have a lease, binding or not. Its cost grows with their number. */
export function allLeaseKeys(store: { list(prefix: string): string[] }): string[] {
  return store.list("leases").flatMap((start) => store.list(`leases/${start}`).map((rest) => start + rest));
}

function asFolders(value: JsonObject): { readonly names: Readonly<Record<string, string>> } | undefined {
  return hasShape(value, { names: {} }) ? value as { names: Record<string, string> } : undefined;
}
