// Waiting in line: what happens to a request that cannot be granted at once. Most never come here.

import type { Now } from "../base/clock.ts";
import { numberField } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import type { Transaction, Watch } from "../store/store.ts";
import { type Abortable, type Acquired, type AcquireRequest, grantAll } from "./acquire.ts";
import type { Claims, Obstacle } from "./claims.ts";
import { claimsIn, type LockContext } from "./context.ts";
import type { Holder } from "../sessions/holder.ts";
import { isGraceOnly } from "./lease.ts";
import { type Waiter, waitersMax, wakeKey } from "./queue.ts";
import type { ObstacleWait } from "./refusal.ts";
import { save, type Session, touched } from "../sessions/session.ts";
import { findCycle } from "./wait_graph.ts";

/** How often a sleeper looks whether those it waits for are alive: no kernel tells of the death of a stranger. */
const aliveCheckMs = 500;
/** How often it looks at everything again: nobody wakes it when those before it get what they wait for. */
const lookAgainS = 5;
const circlesMax = 16;

interface Waiting {
  readonly kind: "waiting";
  readonly ticket: number;
  readonly obstacles: readonly Obstacle[];
}

/** Claims the targets of `request` as `acquire` does, in line behind those who were there before. */
export async function acquireInLine(context: LockContext, request: AcquireRequest): Promise<Acquired> {
  const untilS = context.clock.now().bootS + request.waitS;
  const attempt = (ticket?: number) => context.store.change((tx) => attemptIn(tx, context, request, untilS, ticket));
  let outcome = await attempt();
  if (outcome.kind !== "waiting") return outcome;
  const { ticket } = outcome;
  const watch = await context.store.watch(wakeKey(ticket));
  try {
    for (let woken = 0; outcome.kind === "waiting";) {
      woken = await sleep(context, watch, outcome, { woken, untilS, signal: request.signal });
      outcome = await attempt(ticket).catch((error) => stillWaiting(error, outcome, context.clock.now(), untilS));
    }
    return outcome;
  } finally {
    watch.close();
  }
}

/** Who is in line loses nothing when the state cannot be had for a moment: it stays there as long as it has time. */
function stillWaiting(error: unknown, outcome: Acquired | Waiting, now: Now, untilS: number): Acquired | Waiting {
  if (error instanceof TruceError && error.kind === "unavailable" && now.bootS < untilS) return outcome;
  throw error;
}

function attemptIn(
  tx: Transaction,
  context: LockContext,
  request: AcquireRequest,
  untilS: number,
  ticket?: number,
): Acquired | Waiting {
  const { holder, targets, signal } = request;
  const now = context.clock.now();
  const session = touched(tx, holder, now, request.cwd);
  const claims = claimsIn(tx, context);
  const look = () => claims.obstacles(holder, targets, ticket);
  const place = claims.earlier(holder, targets, ticket).length + 1;
  let obstacles = look();
  const isNew = ticket === undefined && now.bootS < untilS && obstacles.length > 0;
  if (isNew && claims.waiters.length >= waitersMax) return { kind: "crowded" };
  if (isNew && mayBeWaitedFor(session, claims)) {
    claims.lookAt(Infinity);
    const circle = breakCircles(claims, holder, look, now);
    if (circle !== undefined) return { kind: "circle", waits: circle, holder, now };
    obstacles = look();
  }
  if (obstacles.length === 0) {
    claims.serve(own(claims, ticket));
    return grantAll(tx, claims, request, now);
  }
  save(tx, session);
  if (now.bootS >= untilS || signal?.aborted) {
    claims.leave(own(claims, ticket));
    return { kind: "busy", obstacle: obstacles[0], place, now };
  }
  const kept = ticket ?? tx.fence();
  // A queue that was damaged has forgotten those in it, so this is asked every time.
  if (!claims.waiters.some((waiter) => waiter.ticket === kept)) {
    claims.enter({ ticket: kept, holder, process: context.processes.self(), targets, boot: now.boot, untilS });
  }
  return { kind: "waiting", ticket: kept, obstacles };
}

/** Says whether anybody can be waiting for this holder: nobody else closes a circle by waiting. */
function mayBeWaitedFor({ holder, held }: Session, claims: Claims): boolean {
  return Object.keys(held).length > 0 || claims.waiters.some((waiter) => waiter.holder.key === holder.key);
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
    const circle = findCycle(holder.key, [...waitsFor(holder, look()), ...waitsOfOthers(claims)]);
    if (circle === undefined) return undefined;
    const grace = circle.map(({ obstacle }) => obstacle)
      .find((obstacle) => obstacle.kind === "lease" && isGraceOnly(obstacle.lease, now));
    if (grace?.kind !== "lease") return circle;
    claims.change({ ...grace.lease, graceUntilS: 0 });
  }
  return undefined;
}

function waitsFor(holder: Holder, obstacles: readonly Obstacle[]): ObstacleWait[] {
  return obstacles.map((obstacle) => ({ from: holder.key, to: obstacle.holder.key, obstacle }));
}

function waitsOfOthers(claims: Claims): ObstacleWait[] {
  return claims.waiters.flatMap((waiter) =>
    waitsFor(waiter.holder, claims.obstacles(waiter.holder, waiter.targets, waiter.ticket))
  );
}

function own(claims: Claims, ticket: number | undefined): Waiter[] {
  return claims.waiters.filter((waiter) => waiter.ticket === ticket);
}

/**
 * Sleeps until somebody wakes this waiter, a lease in its way lapses or loses its process, its time is up, or nobody
 * wants the answer any more.
 */
async function sleep(
  context: LockContext,
  watch: Watch,
  { ticket, obstacles }: Waiting,
  { woken, untilS, signal }: { readonly woken: number; readonly untilS: number; readonly signal?: Abortable },
): Promise<number> {
  const lapsesS = obstacles.map((obstacle) => obstacle.kind === "lease" ? obstacle.untilS : untilS);
  const wakeUpS = Math.min(untilS, context.clock.now().bootS + lookAgainS, ...lapsesS);
  for (;;) {
    const wokenNow = context.store.peek(wakeKey(ticket), (record) => numberField(record, "woken")) ?? woken;
    if (wokenNow !== woken) return wokenNow;
    const leftMs = (wakeUpS - context.clock.now().bootS) * 1000;
    if (
      leftMs <= 0 || signal?.aborted || obstacles.some(({ process }) => process && !context.processes.isLive(process))
    ) return woken;
    await watch.changed(Math.min(aliveCheckMs, leftMs));
  }
}
