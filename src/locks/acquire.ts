// Claims all of the paths of a request or none.

import type { Now } from "../base/clock.ts";
import type { Transaction } from "../store/store.ts";
import type { Claims } from "./claims.ts";
import { claimsIn, type LockContext } from "./context.ts";
import type { Holder } from "../sessions/holder.ts";
import type { Lease, Purpose } from "./lease.ts";
import type { Refused } from "./refusal.ts";
import { save, type Session, touched } from "../sessions/session.ts";
import { sweep } from "./sweep.ts";
import type { Target } from "./target.ts";

/** Says whether nobody wants an answer any more. */
export interface Abortable {
  readonly aborted: boolean;
}

/** A request for all of `targets` or none. `waitS` 0 is now or never. */
export interface AcquireRequest {
  readonly holder: Holder;
  readonly targets: readonly Target[];
  readonly purpose: Purpose;
  readonly waitS: number;
  readonly reason?: string;
  readonly cwd?: string;
  /** Whether what others left for the holder can be told with the answer. */
  readonly isTelling?: boolean;
  /** Is aborted when nobody wants the answer any more: nothing is granted then, and nothing is kept. */
  readonly signal?: Abortable;
}

/** The answer to a request. */
export type Acquired =
  | {
    readonly kind: "granted";
    readonly leases: readonly Lease[];
    /** What was known of the holder before. */
    readonly session: Session;
    readonly notices: readonly string[];
  }
  | Refused;

/** Claims the targets of `request`, waiting in line up to its time. It is in no line any more when this returns. */
export async function acquire(context: LockContext, request: AcquireRequest): Promise<Acquired> {
  const granted = await context.store.change((tx) => {
    const claims = claimsIn(tx, context);
    const isFree = claims.obstacles(request.holder, request.targets).length === 0;
    return isFree ? grantAll(tx, claims, request, context.clock.now()) : undefined;
  });
  const acquired = granted ?? await (await import("./wait.ts")).acquireInLine(context, request);
  if (acquired.kind !== "granted" || !request.signal?.aborted) return acquired;
  return (await import("./give_back.ts")).giveBack(context, request, acquired);
}

/** Gives the holder of `request` its targets, in whose way nothing is. */
export function grantAll(tx: Transaction, claims: Claims, request: AcquireRequest, now: Now): Acquired {
  const { holder, targets, purpose, reason = "", cwd, isTelling } = request;
  const session = touched(tx, holder, now, cwd);
  const held = { ...session.held };
  const leases: Lease[] = [];
  let isNews = isTelling === true && session.notices.length > 0;
  for (const target of targets) {
    const lease = claims.grant(holder, target, purpose, reason);
    leases.push(lease);
    if (held[target.key]?.fence === lease.fence) continue;
    held[target.key] = { name: target.name, fence: lease.fence };
    isNews = true;
  }
  save(tx, { ...session, held, notices: isTelling ? [] : session.notices }, isNews);
  sweep(tx, now);
  return { kind: "granted", leases, session, notices: isTelling ? session.notices : [] };
}
