import { type HookEvent, untoldCall } from "../hosts/host.ts";
import { leaseKey } from "../locks/claims.ts";
import { asLease } from "../locks/lease.ts";
import { settle } from "../locks/settle.ts";
import type { Holder } from "../sessions/holder.ts";
import { asSession, sessionKey } from "../sessions/session.ts";
import { hookGraceS, stampsOf } from "./after_tool.ts";
import type { Context } from "./command.ts";
import { openLocks, workingFolder } from "./lock_use.ts";

/**
 * Ends the calls of a holder whose host starts no tool before the last one is over, and told no end of one: it failed,
 * was denied, or is of those that have none. What the last kind has written is the holder's own.
 */
export async function endEarlierCalls(context: Context, event: HookEvent, holder: Holder): Promise<void> {
  const locks = openLocks(context);
  const held = locks.store.peek(sessionKey(holder.key), asSession)?.held ?? {};
  const leases = Object.keys(held).map((key) => locks.store.peek(leaseKey(key), asLease))
    .filter((lease) => lease !== undefined)
    .filter((lease) => lease.holder.key === holder.key && lease.calls.length > 0);
  if (leases.length === 0) return;
  const untold = leases.filter(({ calls }) => calls.includes(untoldCall)).map(({ target }) => target);
  await settle(locks, {
    holder,
    cwd: workingFolder(context, event),
    targets: leases.map(({ target }) => target.key),
    ending: { kind: "all calls" },
    graceS: event.moment === "before-tool" ? hookGraceS : 0,
    writes: await stampsOf(context, untold),
  });
}
