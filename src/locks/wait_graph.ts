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
  const seen = new Set<string>();
  const paths: W[][] = waits.filter((wait) => wait.from === start).map((wait) => [wait]);
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const reached = path[path.length - 1].to;
    if (reached === start) return path;
    if (seen.has(reached)) continue;
    seen.add(reached);
    const walked = path;
    paths.push(...waits.filter((wait) => wait.from === reached).map((wait) => [...walked, wait]));
  }
  return undefined;
}
