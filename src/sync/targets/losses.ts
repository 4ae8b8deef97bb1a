import { approximated, exact, type Outcome } from "./shared.ts";

/** Returns the outcome of an item that loses something: nothing lost is exact. */
export function withLosses(losses: readonly string[]): Outcome {
  return losses.length === 0 ? exact : approximated(losses.join("; "));
}
