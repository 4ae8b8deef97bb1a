// What an event of a holder ends, and what it leaves behind: leases, read stamps, notices.

import type { Now } from "../base/clock.ts";
import type { Transaction } from "../store/store.ts";
import type { Claims } from "./claims.ts";
import { claimsIn, type LockContext } from "./context.ts";
import type { Holder } from "../sessions/holder.ts";
import { boundUntilS, ended, type Ending, type Lease } from "./lease.ts";
import { keepText, type NewStamp, stamped } from "./reads.ts";
import { asSession, leaveNotice, save, type Session, sessionKey, touched, without } from "../sessions/session.ts";
import { sweep } from "./sweep.ts";
import { sayOverwritten, sayTakenOver } from "./notices.ts";

/** What an event ends and leaves behind. */
export interface Settlement {
  readonly holder: Holder;
  readonly cwd?: string;
  /** Keys of targets, or all that the holder has. */
  readonly targets: readonly string[] | "held";
  readonly ending: Ending;
  readonly graceS: number;
  /** What the holder was shown. */
  readonly reads?: readonly NewStamp[];
  /** What the holder has written. */
  readonly writes?: readonly NewStamp[];
  /** Whether what others left for the holder can be told with the answer. */
  readonly isTelling?: boolean;
}

/** What became of one lease: ended, or another's, or there is none. */
export type Settled =
  | { readonly kind: "ended"; readonly lease: Lease }
  | { readonly kind: "not yours"; readonly lease: Lease; readonly wasTakenOver: boolean }
  | { readonly kind: "free" };

/** Carries `settlement` out in one step; returns what became of each lease and what the holder is to be told. */
export function settle(
  context: LockContext,
  settlement: Settlement,
): Promise<{ readonly settled: readonly Settled[]; readonly notices: readonly string[] }> {
  return context.store.change((tx) => {
    const now = context.clock.now();
    const session = touched(tx, settlement.holder, now, settlement.cwd);
    const { settled, held, lost } = endAll(tx, claimsIn(tx, context), session, settlement, now);
    const stamps = [...settlement.reads ?? [], ...settlement.writes ?? []];
    for (const { content } of stamps) keepText(tx, content, now);
    const notices = [...session.notices, ...lost];
    save(tx, {
      ...session,
      held,
      reads: stamps.reduce(stamped, session.reads),
      notices: settlement.isTelling ? [] : notices,
    });
    sweep(tx, now);
    return { settled, notices: settlement.isTelling ? notices : [] };
  });
}

/** Ends everything that `holder` and its sub-agents have. What they were shown is kept: a session may be resumed. */
export function endSession(context: LockContext, holder: Holder): Promise<void> {
  return context.store.change((tx) => {
    const now = context.clock.now();
    const claims = claimsIn(tx, context);
    const session = touched(tx, holder, now);
    const agents = session.agents.map((key) => tx.get(sessionKey(key), asSession));
    for (const one of [session, ...agents]) {
      if (one === undefined) continue;
      const everything: Settlement = { holder: one.holder, targets: "held", ending: { kind: "everything" }, graceS: 0 };
      save(tx, { ...one, held: endAll(tx, claims, one, everything, now).held });
    }
    sweep(tx, now);
  });
}

function endAll(tx: Transaction, claims: Claims, session: Session, settlement: Settlement, now: Now) {
  const keys = settlement.targets === "held" ? Object.keys(session.held) : settlement.targets;
  let held = session.held;
  const lost: string[] = [];
  const settled = keys.map((key): Settled => {
    const one = endOne(claims, session, settlement, key, now);
    if (one.kind !== "ended" || boundUntilS(one.lease, now, now.bootS) === 0) held = without(held, key);
    if (one.kind === "not yours" && one.wasTakenOver && settlement.writes !== undefined) {
      lost.push(sayTakenOver(one.lease));
      leaveNotice(tx, one.lease.holder.key, sayOverwritten(one.lease, session.holder));
    }
    return one;
  });
  return { settled, held, lost };
}

function endOne(claims: Claims, session: Session, settlement: Settlement, key: string, now: Now): Settled {
  const lease = claims.lease(key);
  if (lease === undefined) return { kind: "free" };
  if (lease.holder.key !== session.holder.key) {
    const wasTakenOver = Object.hasOwn(session.held, key);
    return wasTakenOver || claims.boundUntilS(lease) > 0
      ? { kind: "not yours", lease, wasTakenOver }
      : { kind: "free" };
  }
  // Who gives back what has run out already gets no grace for it.
  if (settlement.ending.kind === "everything" && claims.boundUntilS(lease) === 0) return { kind: "free" };
  const left = ended(lease, settlement.ending, settlement.graceS, now);
  const written = settlement.writes?.find((stamp) => stamp.target.key === key);
  if (written !== undefined) {
    const { key: by, label } = session.holder;
    const lastWrite = { key: by, label, digest: written.content.digest, wallMs: now.wallMs };
    claims.change({ ...left, lastWrite });
  } else if (left !== lease) {
    claims.change(left);
  }
  return { kind: "ended", lease: left };
}
