import { TruceError } from "./error.ts";

const unitSeconds: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600 };

/**
 * Returns the seconds that `text` says: `90`, `0.5`, `90s`, `30m` or `2h`, from `minS` to `maxS`.
 * Throws a usage error for everything else; `flag` is what the user typed it after.
 *
 * ```ts
 * import { parseSeconds } from "./duration.ts";
 * if (parseSeconds("--ttl", "30m", { minS: 1, maxS: 86_400 }) !== 1800) throw new Error();
 * ```
 */
export function parseSeconds(flag: string, text: string, bounds: { minS: number; maxS: number }): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,6})?)([smh]?)$/.exec(text) ?? [];
  const seconds = Number(digits) * (unitSeconds[unit] ?? NaN);
  if (seconds >= bounds.minS && seconds <= bounds.maxS) return seconds;
  throw new TruceError("usage", `Cannot use ${flag} "${text}": it takes ${bounds.minS} to ${bounds.maxS} seconds`, {
    hint: `Write seconds, or a number with s, m or h: ${flag} 90, ${flag} 30m`,
  });
}

/** Returns a length of time for people: `12 s`, `5 min`, `3 h`, `2 d`. */
export function sayDuration(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
