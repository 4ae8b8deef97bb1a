/** One wait: `from` cannot go on before `to` does. Both are keys of holders. */
export interface Wait {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the waits that lead from `start` back to it, or `undefined` when none do. Every holder is looked at once.
 *
 * ```ts
 * import { findCycle } from "./wait_graph.ts";
 * const waits = [{ from: "a", to: "b" }, { from: "b", to: "a" }];
 * if (findCycle("a", waits)?.length !== 2) throw new Error();
 * ```
 */
export function findCycle<W extends Wait>(start: string, waits: readonly W[]): W[] | undefined {
  const waitsFrom = Map.groupBy(waits, ({ from }) => from);
  const cameBy = new Map<string, W>();
  const reached = [start];
  for (const holder of reached) {
    for (const wait of waitsFrom.get(holder) ?? []) {
      if (wait.to === start) return [...wayTo(holder, start, cameBy), wait];
      if (!cameBy.has(wait.to)) reached.push(wait.to);
      cameBy.set(wait.to, cameBy.get(wait.to) ?? wait);
    }
  }
  return undefined;
}

function wayTo<W extends Wait>(end: string, start: string, cameBy: ReadonlyMap<string, W>): W[] {
  const way: W[] = [];
  for (let at = end; at !== start;) {
    const wait = cameBy.get(at);
    if (wait === undefined) break;
    way.unshift(wait);
    at = wait.from;
  }
  return way;
}
