import { type HookEvent, untoldCall } from "../hosts/host.ts";
import { leaseKey } from "../locks/claims.ts";
import { asLease, type Lease } from "../locks/lease.ts";
import { settle } from "../locks/settle.ts";
import type { Holder } from "../sessions/holder.ts";
import { asSession, sessionKey } from "../sessions/session.ts";
import { hookGraceS, stampsOf } from "./after_tool.ts";
import type { Context } from "./command.ts";
import { eventTargets, openLocks, workingFolder } from "./lock_use.ts";

/** Seconds in which a shell that was started before this one may not have come to write yet. */
const besideMaxS = 5;

/**
 * Ends the calls of a holder whose host starts no edit before the last one is over, and told no end of one. It failed or
 * was denied, and keeps nothing; or it is of those that have no end, and what it has written is the holder's own.
 */
export async function endEarlierCalls(context: Context, event: HookEvent, holder: Holder): Promise<void> {
  const locks = openLocks(context);
  const held = locks.store.peek(sessionKey(holder.key), asSession)?.held ?? {};
  const leases = Object.keys(held).map((key) => locks.store.peek(leaseKey(key), asLease))
    .filter((lease) => lease !== undefined)
    .filter((lease) => lease.holder.key === holder.key && lease.calls.length > 0);
  if (leases.length === 0) return;
  const end = async (ended: readonly Lease[], isWritten: boolean) => {
    if (ended.length === 0) return;
    await settle(locks, {
      holder,
      cwd: workingFolder(context, event),
      targets: ended.map(({ target }) => target.key),
      ending: { kind: "all calls" },
      graceS: isWritten && event.moment === "before-tool" ? hookGraceS : 0,
      writes: isWritten ? await stampsOf(context, ended.map(({ target }) => target)) : undefined,
    });
  };
  await end(leases.filter((lease) => !isUntold(lease)), false);
  const named = new Set((await eventTargets(context, event)).map(({ key }) => key));
  const sinceS = startsBeside(event) ? context.clock.now().bootS - besideMaxS : Infinity;
  await end(leases.filter((lease) => isUntold(lease) && (lease.callS < sinceS || named.has(lease.target.key))), true);
}

function isUntold({ calls }: Lease): boolean {
  return calls.includes(untoldCall);
}

/** Says whether an event is of a shell: those of one turn run beside each other, all else waits for them. */
function startsBeside({ moment, tool }: HookEvent): boolean {
  return moment === "before-tool" && (tool?.action !== "edit" || tool.callId === untoldCall);
}
