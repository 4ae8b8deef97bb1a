// Leases and waiters as one transaction sees them: who is in whose way, and what changes when a lease does.

import type { Now } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import { isWithin } from "../base/path.ts";
import type { ProcessId } from "../base/process_id.ts";
import { hasShape } from "../base/shape.ts";
import type { Transaction } from "../store/store.ts";
import type { Holder } from "../sessions/holder.ts";
import { asLease, boundUntilS, granted, type Lease, type Purpose } from "./lease.ts";
import { asQueue, firstInLine, isWaiting, queueKey, type Waiter, wakeKey, wantsAny } from "./queue.ts";
import { asSession, sessionKey } from "../sessions/session.ts";
import { covers, overlap, type Target } from "./target.ts";

/**
 * What keeps `holder`'s turn from coming to who asks for `target`: a lease that binds until `untilS`, or somebody who was
 * there before. The death of `process` would end it.
 */
export type Obstacle =
  & { readonly holder: Holder; readonly target: Target; readonly process: ProcessId | undefined }
  & ({ readonly kind: "lease"; readonly lease: Lease; readonly untilS: number } | { readonly kind: "waiter" });

const foldersKey = "folders";
/** Those at the front of the line come next; whether the others live is looked at when they get there. */
const lookedUsually = 4;

/** Returns where the lease on the target with `key` is kept. */
export function leaseKey(key: string): string {
  return `leases/${key.slice(0, 2)}/${key.slice(2)}`;
}

/** The leases and waiters of one transaction. */
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
    this.lookAt(lookedUsually);
  }

  /** Takes those out of the line who are gone, among the first `count` in it. */
  lookAt(count: number): void {
    this.leave(this.#waiters.slice(0, count).filter((waiter) => !isWaiting(waiter, this.#now, this.#isLive)));
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
    const process = this.#processOf(lease.holder);
    if (process !== undefined && !this.#isLive(process)) return 0;
    const session = this.#tx.get(sessionKey(lease.holder.key), asSession);
    return boundUntilS(lease, this.#now, session?.boot === this.#now.boot ? session.seenS : 0);
  }

  /** Returns what is in the way of `holder`; `ticket` is its place in line when it has one. */
  obstacles(holder: Holder, targets: readonly Target[], ticket = Infinity): Obstacle[] {
    const obstacles: Obstacle[] = [];
    for (const target of targets) {
      const held: Obstacle[] = [];
      let isOwn = false;
      for (const lease of this.#overlapping(target)) {
        const untilS = this.boundUntilS(lease);
        if (untilS === 0) continue;
        const { holder: other } = lease;
        if (other.key === holder.key) isOwn ||= covers(lease.target, target);
        else held.push({ kind: "lease", holder: other, target, process: this.#processOf(other), lease, untilS });
      }
      // Who has it already is in nobody's line.
      if (isOwn) continue;
      obstacles.push(...held);
      for (const { holder: other, process } of this.earlier(holder, [target], ticket)) {
        obstacles.push({ kind: "waiter", holder: other, target, process });
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
    if (this.#waiters.length > 0) this.#wake(firstInLine(this.#waiters, [lease.target]));
  }

  /** Puts `waiter` at the end of the line. */
  enter(waiter: Waiter): void {
    this.#tx.put(wakeKey(waiter.ticket), { v: 1, woken: 0 });
    this.#setWaiters([...this.#waiters, waiter]);
  }

  /** Takes out of the line those who gave up or died, and wakes those behind them. */
  leave(gone: readonly Waiter[]): void {
    if (gone.length === 0) return;
    this.#remove(gone);
    this.#wake(firstInLine(this.#waiters, gone.flatMap((waiter) => waiter.targets)));
  }

  /** Takes out of the line those who get what they wait for, which helps nobody else but their own other calls. */
  serve(served: readonly Waiter[]): void {
    this.#remove(served);
    this.#wake(this.#waiters.filter((waiter) => served.some((one) => one.holder.key === waiter.holder.key)));
  }

  #remove(gone: readonly Waiter[]): void {
    if (gone.length === 0) return;
    for (const waiter of gone) this.#tx.delete(wakeKey(waiter.ticket));
    this.#setWaiters(this.#waiters.filter((waiter) => !gone.includes(waiter)));
  }

  #wake(waiters: readonly Waiter[]): void {
    const woken = waiters.length === 0 ? 0 : this.#tx.fence();
    for (const waiter of waiters) this.#tx.put(wakeKey(waiter.ticket), { v: 1, woken });
  }

  #setWaiters(waiters: readonly Waiter[]): void {
    this.#waiters = waiters;
    if (waiters.length === 0) this.#tx.delete(queueKey);
    else this.#tx.put(queueKey, { v: 1, waiters });
  }

  #put(lease: Lease): void {
    this.#tx.put(leaseKey(lease.target.key), lease);
    if (lease.target.kind !== "folder") return;
    const bound = Object.entries(this.#folders()).filter(([key]) => {
      const other = key === lease.target.key ? lease : this.lease(key);
      return other !== undefined && this.boundUntilS(other) > 0;
    });
    const names = { ...Object.fromEntries(bound), [lease.target.key]: lease.target.name };
    if (this.boundUntilS(lease) === 0) delete names[lease.target.key];
    this.#tx.put(foldersKey, { v: 1, names });
  }

  /** A session may go on in another process than the one that took the lease. */
  #processOf(holder: Holder): ProcessId | undefined {
    return this.#tx.get(sessionKey(holder.key), asSession)?.holder.process ?? holder.process;
  }

  /** Returns the leases whose target overlaps `target`: its own, those of folders above it, those below a folder. */
  #overlapping(target: Target): Lease[] {
    const keys = new Set([target.key]);
    if (target.kind === "folder") { for (const key of allLeaseKeys(this.#tx)) keys.add(key); }
    if (target.kind === "file") {
      for (const [key, name] of Object.entries(this.#folders())) if (isWithin(target.name, name)) keys.add(key);
    }
    const leases: Lease[] = [];
    for (const key of keys) {
      const lease = this.lease(key);
      if (lease !== undefined && overlap(lease.target, target)) leases.push(lease);
    }
    return leases;
  }

  #folders(): Readonly<Record<string, string>> {
    const folders = this.#tx.get(foldersKey, asFolders);
    return folders === undefined && this.#tx.wasDamaged(foldersKey) ? this.#rebuiltFolders() : folders?.names ?? {};
  }

  #rebuiltFolders(): Readonly<Record<string, string>> {
    const leases = allLeaseKeys(this.#tx).map((key) => this.lease(key)?.target);
    const folders = leases.filter((target) => target?.kind === "folder") as Target[];
    const names = Object.fromEntries(folders.map(({ key, name }) => [key, name]));
    this.#tx.put(foldersKey, { v: 1, names });
    return names;
  }
}

/** Returns the keys of the targets that have a lease, binding or not. Its cost grows with their number. */
export function allLeaseKeys(store: { list(prefix: string): string[] }): string[] {
  return store.list("leases").flatMap((start) => store.list(`leases/${start}`).map((rest) => start + rest));
}

function asFolders(value: JsonObject): { readonly names: Readonly<Record<string, string>> } | undefined {
  const names = value.names;
  const isWhole = hasShape(names, {}) && Object.values(names as object).every((name) => typeof name === "string");
  return isWhole ? { names: names as Record<string, string> } : undefined;
}
