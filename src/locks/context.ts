import type { Clock } from "../base/clock.ts";
import type { Processes } from "../base/process_id.ts";
import type { Store, Transaction } from "../store/store.ts";
import { Claims } from "./claims.ts";

/** What the lock feature acts through. */
export interface LockContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly processes: Processes;
}

/** Returns the leases and waiters as `tx` sees them now. */
export function claimsIn(tx: Transaction, context: LockContext): Claims {
  return new Claims(tx, context.clock.now(), (process) => context.processes.isLive(process));
}

/** Returns the leases and waiters as they are, without keeping anybody waiting; nothing that is done to them is kept. */
export function claimsSeen(context: LockContext): Claims {
  const { store } = context;
  const look: Transaction = {
    get: (key, decode) => store.peek(key, decode),
    wasDamaged: () => false,
    list: (prefix) => store.list(prefix),
    put() {},
    delete() {},
    fence: () => 0,
  };
  const claims = claimsIn(look, context);
  claims.lookAt(Infinity);
  return claims;
}
