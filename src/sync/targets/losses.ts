import { approximated, exact, type Outcome } from "./shared.ts";

/** Returns the outcome of an item that loses something: nothing lost is exact. */
export function withLosses(losses: readonly string[]): Outcome {
  return losses.length === 0 ? exact : approximated(losses.join("; "));
}

/** Returns the loss of fields that the target has no place for, if there are any. */
export function notCarried(fields: readonly string[]): string[] {
  return fields.length === 0 ? [] : [`not carried over: ${fields.join(", ")}`];
}
