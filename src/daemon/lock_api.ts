// Locks over HTTP, for scripts and for hosts with tools of their own. A session is whatever name it gives itself; its
// leases are like those that `truce lock acquire --as NAME` takes.

import { idField, type JsonObject, textField } from "../base/decode.ts";
import { parseSeconds } from "../base/duration.ts";
import { TruceError } from "../base/error.ts";
import { isAbsolute } from "../base/path.ts";
import { acquire } from "../locks/acquire.ts";
import type { LockContext } from "../locks/context.ts";
import type { Lease } from "../locks/lease.ts";
import { type ListedLease, listLeases } from "../locks/listing.ts";
import type { Refused } from "../locks/refusal.ts";
import { settle } from "../locks/settle.ts";
import { type PathFacts, pathTarget, type Target } from "../locks/target.ts";
import { sayHeld, sayRefused } from "../locks/words.ts";
import { type Holder, namedHolder } from "../sessions/holder.ts";
import type { Answer, Call } from "./call.ts";

const usualWaitS = 300;
const usualTtlS = 3_600;
const dayS = 86_400;

/** What the locks are reached through. */
export interface LockApi {
  readonly locks: LockContext;
  readonly facts: PathFacts;
}

/**
 * `POST /lock?wait=&timeout=&ttl=` with `{session, file, reason?}`: `{granted, waited?, holder?, error?, position?}`.
 * Position 1 has the file, 2 is next. Who is refused, or hangs up, is in no line any more.
 */
export async function lock({ locks, facts }: LockApi, call: Call): Promise<Answer> {
  const waitS = secondsIn(call, "timeout", { usualS: usualWaitS, minS: 0 });
  const ttlS = secondsIn(call, "ttl", { usualS: usualTtlS, minS: 1 });
  const body = await call.body();
  const request = {
    holder: await holderIn(body),
    targets: [await targetIn(body, facts)],
    purpose: { kind: "manual", ttlS },
    waitS: call.query.get("wait") === "false" ? 0 : waitS,
    reason: textField(body, "reason"),
    signal: call.signal,
  } as const;
  const askedS = locks.clock.now().bootS;
  const acquired = await acquire(locks, request);
  if (acquired.kind !== "granted") return { status: 200, json: refusedJson(acquired, request.targets) };
  const waited = Math.round((locks.clock.now().bootS - askedS) * 10) / 10;
  return { status: 200, json: { granted: true, position: 1, ...waited > 0 && { waited } } };
}

/** `POST /unlock` with `{session, file}`: `{ok}`, false when the session does not have it. */
export async function unlock({ locks, facts }: LockApi, call: Call): Promise<Answer> {
  const body = await call.body();
  const target = await targetIn(body, facts);
  const ending = { targets: [target.key], ending: { kind: "everything" }, graceS: 0 } as const;
  const { settled } = await settle(locks, { holder: await holderIn(body), ...ending });
  return { status: 200, json: { ok: settled[0].kind === "ended" } };
}

/** `POST /unlock-all` with `{session}`: `{count}` of what it had. */
export async function unlockAll({ locks }: LockApi, call: Call): Promise<Answer> {
  const holder = await holderIn(await call.body());
  const { settled } = await settle(locks, { holder, targets: "held", ending: { kind: "everything" }, graceS: 0 });
  return { status: 200, json: { count: settled.filter(({ kind }) => kind === "ended").length } };
}

/** `GET /locks`: `{count, locks: [{session, file, acquiredAt}]}`. */
export function locksHeld({ locks }: LockApi): Answer {
  const held = listLeases(locks).map(({ lease }) => lockJson(lease, locks));
  return { status: 200, json: { count: held.length, locks: held } };
}

/** `GET /queues`: `{count, queues: [{file, holder, acquiredAt, queueLength, waiters}]}`; the holder counts in the length. */
export function queues({ locks }: LockApi): Answer {
  const all = listLeases(locks).map((listed) => queueJson(listed, locks));
  return { status: 200, json: { count: all.length, queues: all } };
}

function queueJson({ lease, waiters }: ListedLease, locks: LockContext) {
  const { session, ...rest } = lockJson(lease, locks);
  return {
    ...rest,
    holder: session,
    queueLength: waiters.length + 1,
    waiters: waiters.map(({ holder }) => holder.label),
  };
}

function lockJson({ holder, target, sinceS }: Lease, { clock }: LockContext) {
  const { bootS, wallMs } = clock.now();
  const acquiredAt = new Date(wallMs - (bootS - sinceS) * 1000).toISOString();
  return { session: holder.label, file: target.name, acquiredAt };
}

function refusedJson(refused: Refused, targets: readonly Target[]) {
  if (refused.kind !== "busy") return { granted: false, error: sayRefused(refused, targets, "/") };
  const { obstacle, place, now } = refused;
  const why = obstacle.kind === "lease" ? `it ${sayHeld(obstacle.lease, now)}` : `${obstacle.holder.label} is next`;
  const error = `Cannot lock "${targets[0].name}": ${why}`;
  return { granted: false, holder: obstacle.holder.label, error, position: place + 1 };
}

function holderIn(body: JsonObject): Promise<Holder> {
  const session = idField(body, "session");
  if (session === undefined) throw new TruceError("usage", "Cannot tell who asks: the body has no session");
  return namedHolder(session);
}

async function targetIn(body: JsonObject, facts: PathFacts): Promise<Target> {
  const file = textField(body, "file");
  if (file === undefined) throw new TruceError("usage", "Cannot tell what is meant: the body has no file");
  if (!isAbsolute(file)) throw new TruceError("usage", `Cannot lock "${file}": the path is not absolute`);
  return await pathTarget(facts, "/", file);
}

function secondsIn(call: Call, name: string, { usualS, minS }: { usualS: number; minS: number }): number {
  const text = call.query.get(name);
  return text === null ? usualS : parseSeconds(name, text, { minS, maxS: dayS });
}
