// Numbers of a bench, and how they are written.

/** Returns the smallest of `samples` that a share of them (0.5: the median) does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** Returns the middle of `samples`. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Returns milliseconds as they stand in a table: `31.46 ms`. */
export function sayMs(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}

/** Returns a difference in milliseconds: `+1.37 ms`. */
export function sayDifference(ms: number): string {
  return `${ms < 0 ? "" : "+"}${sayMs(ms)}`;
}

/** Returns whether `value` is within its budget. */
export function verdictOn(value: number, most: number): "ok" | "over" {
  return value <= most ? "ok" : "over";
}
