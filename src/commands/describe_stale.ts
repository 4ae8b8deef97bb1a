import type { Now } from "../base/clock.ts";
import { shortDiff } from "../locks/diff.ts";
import type { Stale } from "../locks/reads.ts";
import { sayStale } from "../locks/words.ts";

/** Returns what an agent in `cwd` is told of each file that changed since it read it. */
export function describeStale(stale: readonly Stale[], cwd: string, now: Now): string[] {
  return stale.map((one) => {
    const { shown, current: { text } } = one;
    return sayStale(one, shown === undefined || text === undefined ? undefined : shortDiff(shown, text), cwd, now);
  });
}
