// Decisions about one lease. Pure: what is, and now, make what will be.

import type { Now } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import { hasShape } from "../base/shape.ts";
import type { Holder } from "../sessions/holder.ts";
import type { Target } from "./target.ts";

/** Seconds after which a tool call that gave no sign of life counts as ended. */
export const silenceMaxS = 120;

/** The right of one holder to write one target until a time. Times are seconds since the boot it was granted in. */
export interface Lease {
  readonly v: 1;
  readonly target: Target;
  readonly holder: Holder;
  readonly fence: number;
  readonly boot: string;
  readonly sinceS: number;
  readonly reason: string;
  /** Ids of the tool calls in flight; the lease ends with the last of them. */
  readonly calls: readonly string[];
  /** When the newest call began. */
  readonly callS: number;
  /** Until when the holder may re-enter at once after its last call; 0 is no grace. */
  readonly graceUntilS: number;
  /** Until when it was asked for by hand; 0 is not by hand. */
  readonly manualUntilS: number;
  /** What the last release left in the file, and who did. It outlives the lease. */
  readonly lastWrite?: Write;
}

/** The content that a holder left in a file. */
export interface Write {
  /** The holder's key, and how people read it. */
  readonly key: string;
  readonly label: string;
  readonly digest: string;
  readonly wallMs: number;
}

/** What a lease is asked for: one tool call, or a time by hand. */
export type Purpose = { readonly kind: "call"; readonly callId: string } | {
  readonly kind: "manual";
  readonly ttlS: number;
};

/** Why a lease binds right now, strongest first. */
export type Phase = "in flight" | "manual" | "grace" | "free";

/**
 * Returns the second until which `lease` binds others, 0 when it does not. `holderSeenS` is when its holder last gave a
 * sign of life. Another boot, or a time ahead of now, is another life of the machine.
 */
export function boundUntilS(lease: Lease, now: Now, holderSeenS: number): number {
  if (lease.boot !== now.boot || lease.sinceS > now.bootS + 1) return 0;
  const flightS = lease.calls.length > 0 ? Math.max(lease.callS, Math.min(holderSeenS, now.bootS)) + silenceMaxS : 0;
  const untilS = Math.max(flightS, lease.graceUntilS, lease.manualUntilS);
  return untilS > now.bootS ? untilS : 0;
}

/** Returns why `lease` binds at `now`, given that it does. */
export function phaseOf(lease: Lease, now: Now): Phase {
  if (lease.calls.length > 0) return "in flight";
  if (lease.manualUntilS > now.bootS) return "manual";
  return lease.graceUntilS > now.bootS ? "grace" : "free";
}

/** Says whether `lease` binds by grace alone, so that nothing of its holder is being written. */
export function isGraceOnly(lease: Lease, now: Now): boolean {
  return phaseOf(lease, now) === "grace";
}

/** What a grant starts from: the lease there is, if any, and whether it still binds. */
export interface Grounds {
  readonly before: Lease | undefined;
  readonly isBinding: boolean;
  readonly now: Now;
  readonly fence: number;
}

/** Returns the lease that `holder` gets on `target`. Who has it already keeps fence and start, and loses no time. */
export function granted(holder: Holder, target: Target, purpose: Purpose, reason: string, on: Grounds): Lease {
  const { before, now } = on;
  const kept = on.isBinding && before?.holder.key === holder.key ? before : undefined;
  const calls = kept?.calls ?? [], manualUntilS = kept?.manualUntilS ?? 0;
  return {
    v: 1,
    target,
    holder,
    fence: kept?.fence ?? on.fence,
    boot: now.boot,
    sinceS: kept?.sinceS ?? now.bootS,
    reason: reason || (kept?.reason ?? ""),
    calls: purpose.kind === "call" ? [...calls.filter((id) => id !== purpose.callId), purpose.callId] : calls,
    callS: purpose.kind === "call" ? now.bootS : kept?.callS ?? 0,
    graceUntilS: kept?.graceUntilS ?? 0,
    manualUntilS: purpose.kind === "manual" ? Math.max(manualUntilS, now.bootS + purpose.ttlS) : manualUntilS,
    lastWrite: before?.lastWrite,
  };
}

/** What ends: one call, some calls that were told of, or all that the holder has on the target. */
export type Ending =
  | { readonly kind: "calls"; readonly callIds: readonly string[] }
  | { readonly kind: "all calls" }
  | { readonly kind: "everything" };

/**
 * Returns `lease` after `ending`; the same object when it has nothing that ends. When no call is left, the grace of
 * `graceS` begins, and 0 ends an earlier one.
 */
export function ended(lease: Lease, ending: Ending, graceS: number, now: Now): Lease {
  const left = ending.kind === "calls" ? lease.calls.filter((id) => !ending.callIds.includes(id)) : [];
  if (ending.kind !== "everything" && left.length === lease.calls.length) return lease;
  return {
    ...lease,
    calls: left,
    graceUntilS: left.length > 0 ? lease.graceUntilS : graceS > 0 ? now.bootS + graceS : 0,
    manualUntilS: ending.kind === "everything" ? 0 : lease.manualUntilS,
  };
}

const sample: Lease = {
  v: 1,
  target: { key: "", kind: "file", name: "" },
  holder: { key: "", label: "" },
  fence: 0,
  boot: "",
  sinceS: 0,
  reason: "",
  calls: [""],
  callS: 0,
  graceUntilS: 0,
  manualUntilS: 0,
};

/** Decodes a lease as it is stored. */
export function asLease(value: JsonObject): Lease | undefined {
  return hasShape(value, sample) ? value as unknown as Lease : undefined;
}
