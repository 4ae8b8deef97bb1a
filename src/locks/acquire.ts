// Claims all of the paths of a request or none, and waits in line for them.

import type { Now } from "../base/clock.ts";
import { numberField } from "../base/decode.ts";
import type { Transaction, Watch } from "../store/store.ts";
import { type Claims, type Obstacle, type ObstacleWait, waitsFor } from "./claims.ts";
import { claimsIn, type LockContext } from "./context.ts";
import type { Holder } from "./holder.ts";
import { isGraceOnly, type Lease, type Purpose } from "./lease.ts";
import { type Waiter, waitersMax, wakeKey } from "./queue.ts";
import { save, type Session, touched } from "./session.ts";
import { sweep } from "./sweep.ts";
import type { Target } from "./target.ts";
import { findCycle } from "./wait_graph.ts";

/** How often a sleeper looks whether those it waits for are alive: no kernel tells of the death of a stranger. */
const aliveCheckMs = 250;
const circlesMax = 16;

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

/** A refusal: something was in the way to the end, waiting would have closed a circle, or too many wait. */
export type Refused =
  | { readonly kind: "busy"; readonly obstacle: Obstacle; readonly place: number; readonly now: Now }
  | { readonly kind: "circle"; readonly waits: readonly ObstacleWait[]; readonly holder: Holder; readonly now: Now }
  | { readonly kind: "crowded" };

interface Waiting {
  readonly kind: "waiting";
  readonly ticket: number;
  readonly obstacles: readonly Obstacle[];
}

/** Claims the targets of `request`, waiting in line up to its time. It is in no line any more when this returns. */
export async function acquire(context: LockContext, request: AcquireRequest): Promise<Acquired> {
  const untilS = context.clock.now().bootS + request.waitS;
  const attempt = (ticket?: number) => context.store.change((tx) => attemptIn(tx, context, request, untilS, ticket));
  let outcome = await attempt();
  if (outcome.kind !== "waiting") return outcome;
  const { ticket } = outcome;
  const watch = context.store.watch(wakeKey(ticket));
  try {
    for (let woken = 0; outcome.kind === "waiting"; outcome = await attempt(ticket)) {
      woken = await sleep(context, watch, outcome, woken, untilS);
    }
    return outcome;
  } finally {
    watch.close();
  }
}

function attemptIn(
  tx: Transaction,
  context: LockContext,
  request: AcquireRequest,
  untilS: number,
  ticket?: number,
): Acquired | Waiting {
  const { holder, targets } = request;
  const now = context.clock.now();
  const claims = claimsIn(tx, context);
  const session = touched(tx, holder, now, request.cwd);
  let obstacles = claims.obstacles(holder, targets, ticket);
  if (obstacles.length === 0) return grantAll(tx, claims, request, session, now, ticket);

  save(tx, session);
  const place = claims.placeInLine(targets, holder, ticket);
  const refuse = (refused: Refused): Refused => {
    leaveLine(claims, ticket);
    return refused;
  };
  if (now.bootS >= untilS) return refuse({ kind: "busy", obstacle: obstacles[0], place, now });
  if (ticket !== undefined) return { kind: "waiting", ticket, obstacles };

  const circle = breakCircles(claims, holder, () => obstacles = claims.obstacles(holder, targets), now);
  if (circle !== undefined) return { kind: "circle", waits: circle, holder, now };
  if (obstacles.length === 0) return grantAll(tx, claims, request, session, now, ticket);
  if (claims.waiters.length >= waitersMax) return { kind: "crowded" };
  const waiter = newWaiter(tx.fence(), context, request, now, untilS);
  claims.enter(waiter);
  return { kind: "waiting", ticket: waiter.ticket, obstacles };
}

function grantAll(
  tx: Transaction,
  claims: Claims,
  request: AcquireRequest,
  session: Session,
  now: Now,
  ticket: number | undefined,
): Acquired {
  const { holder, targets, purpose, reason = "" } = request;
  leaveLine(claims, ticket);
  const leases = targets.map((target) => claims.grant(holder, target, purpose, reason));
  const held = { ...session.held };
  for (const { target, fence } of leases) held[target.key] = { name: target.name, fence };
  save(tx, { ...session, held, notices: request.isTelling ? [] : session.notices });
  sweep(tx, now);
  return { kind: "granted", leases, session, notices: request.isTelling ? session.notices : [] };
}

/**
 * Looks for a circle that `holder` would close by waiting. One that stands on a grace is broken: who waits writes
 * nothing, so its grace may pass on. One that stands on none is returned, for waiting would never end.
 */
function breakCircles(
  claims: Claims,
  holder: Holder,
  look: () => readonly Obstacle[],
  now: Now,
): ObstacleWait[] | undefined {
  for (let circles = 0; circles < circlesMax; circles++) {
    const circle = findCycle(holder.key, [...waitsFor(holder, look()), ...claims.waits()]);
    if (circle === undefined) return undefined;
    const grace = circle.map(({ obstacle }) => obstacle)
      .find((obstacle) => obstacle.kind === "lease" && isGraceOnly(obstacle.lease, now));
    if (grace?.kind !== "lease") return circle;
    claims.change({ ...grace.lease, graceUntilS: 0 });
  }
  return undefined;
}

function newWaiter(
  ticket: number,
  context: LockContext,
  request: AcquireRequest,
  now: Now,
  untilS: number,
): Waiter {
  const { holder, targets } = request;
  return { ticket, holder, targets, process: context.processes.self(), boot: now.boot, untilS };
}

function leaveLine(claims: Claims, ticket: number | undefined): void {
  claims.leave(claims.waiters.filter((waiter) => waiter.ticket === ticket));
}

/** Sleeps until somebody wakes this waiter, a lease in its way lapses or loses its process, or its time is up. */
async function sleep(
  context: LockContext,
  watch: Watch,
  { ticket, obstacles }: Waiting,
  woken: number,
  untilS: number,
): Promise<number> {
  const lapseS = Math.min(...obstacles.map((obstacle) => obstacle.kind === "lease" ? obstacle.untilS : untilS));
  const wakeUpS = Math.min(untilS, lapseS);
  const processes = obstacles.map((obstacle) =>
    obstacle.kind === "lease" ? obstacle.holder.process : obstacle.waiter.process
  );
  for (;;) {
    const wokenNow = context.store.peek(wakeKey(ticket), (record) => numberField(record, "woken")) ?? woken;
    if (wokenNow !== woken) return wokenNow;
    const leftMs = (wakeUpS - context.clock.now().bootS) * 1000;
    if (leftMs <= 0 || processes.some((process) => process && !context.processes.isLive(process))) return woken;
    await watch.changed(Math.min(aliveCheckMs, leftMs));
  }
}
