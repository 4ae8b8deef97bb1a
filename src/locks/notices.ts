// What holders are told of what others did to their leases, at their next hook.

import { safeLine } from "../base/safe_text.ts";
import type { Holder } from "../sessions/holder.ts";
import type { Lease } from "./lease.ts";

/** Returns what the one who lost a lease is told after its edit. */
export function sayTakenOver(lease: Lease): string {
  return `${
    safeLine(lease.target.name, 300)
  } was taken over by ${lease.holder.label} while your edit was under way. Both may have written it: read it again before you go on`;
}

/** Returns what the one who took a lease over is told when the one before it has written after all. */
export function sayOverwritten(lease: Lease, loser: Holder): string {
  return `${
    safeLine(lease.target.name, 300)
  } was written by ${loser.label} after its time had run out and you had taken it over. Read it again before you go on`;
}

/** Returns what a holder is told whose lease a person broke. */
export function sayBroken(lease: Lease, by: Holder): string {
  return `Your lock on ${
    safeLine(lease.target.name, 300)
  } was broken by ${by.label}. Read the file again before you edit it`;
}
