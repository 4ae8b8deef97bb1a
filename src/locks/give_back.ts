import type { Acquired, AcquireRequest } from "./acquire.ts";
import type { LockContext } from "./context.ts";
import type { Ending } from "./lease.ts";
import { settle } from "./settle.ts";

/** Ends what was granted to a request whose asker has gone meanwhile. What its holder had by hand before stays. */
export async function giveBack(
  context: LockContext,
  { holder, purpose }: AcquireRequest,
  { leases, session }: Extract<Acquired, { readonly kind: "granted" }>,
): Promise<Acquired> {
  const isCall = purpose.kind === "call";
  const ending: Ending = isCall ? { kind: "calls", callIds: [purpose.callId] } : { kind: "everything" };
  const fresh = leases.filter(({ target, fence }) => isCall || session.held[target.key]?.fence !== fence);
  await settle(context, { holder, targets: fresh.map(({ target }) => target.key), ending, graceS: 0 });
  return { kind: "gone" };
}
