import { diffLines } from "../base/diff.ts";

const linesMax = 60;

/** Returns a short unified diff from `before` to `after`, without file names, or `undefined` when it would be too long. */
export function shortDiff(before: string, after: string): string | undefined {
  const lines = diffLines(before, after, 2);
  if (lines === undefined) return undefined;
  return lines.length <= linesMax
    ? lines.join("\n")
    : [...lines.slice(0, linesMax), `… (${lines.length - linesMax} more lines)`].join("\n");
}
