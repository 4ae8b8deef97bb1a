// What people see of locks, and the one thing they may do to somebody else's.

import type { Now } from "../base/clock.ts";
import { allLeaseKeys, type Claims } from "./claims.ts";
import { claimsIn, claimsSeen, type LockContext } from "./context.ts";
import type { Holder } from "../sessions/holder.ts";
import { type Lease, type Phase, phaseOf } from "./lease.ts";
import { type Waiter, wantsAny } from "./queue.ts";
import { leaveNotice } from "../sessions/session.ts";
import type { Target } from "./target.ts";
import { sayBroken } from "./notices.ts";

/** A lease that binds now, and those who wait for its target, in their order. */
export interface ListedLease {
  readonly lease: Lease;
  readonly phase: Phase;
  readonly secondsLeft: number;
  readonly waiters: readonly Waiter[];
}

/** Returns the leases that bind now, by name. */
export function listLeases(context: LockContext): ListedLease[] {
  const claims = claimsSeen(context);
  const now = context.clock.now();
  return allLeaseKeys(context.store).map((key) => listed(claims, key, now)).filter((one) => one !== undefined)
    .sort((a, b) => a.lease.target.name < b.lease.target.name ? -1 : 1);
}

/** Returns the lease on `target` if it binds now. */
export function leaseOn(context: LockContext, target: Target): ListedLease | undefined {
  return listed(claimsSeen(context), target.key, context.clock.now());
}

/** Ends the lease on `target` whoever has it, and leaves its holder word of it. Returns what was ended. */
export function breakLease(context: LockContext, target: Target, by: Holder): Promise<Lease | undefined> {
  return context.store.change((tx) => {
    const claims = claimsIn(tx, context);
    const lease = claims.lease(target.key);
    if (lease === undefined || claims.boundUntilS(lease) === 0) return undefined;
    claims.change({ ...lease, calls: [], graceUntilS: 0, manualUntilS: 0 });
    if (lease.holder.key !== by.key) leaveNotice(tx, lease.holder.key, sayBroken(lease, by));
    return lease;
  });
}

function listed(claims: Claims, key: string, now: Now): ListedLease | undefined {
  const lease = claims.lease(key);
  const untilS = lease === undefined ? 0 : claims.boundUntilS(lease);
  if (lease === undefined || untilS === 0) return undefined;
  const waiters = claims.waiters.filter((waiter) => wantsAny(waiter, [lease.target]));
  return { lease, phase: phaseOf(lease, now), secondsLeft: Math.ceil(untilS - now.bootS), waiters };
}
