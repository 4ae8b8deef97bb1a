import { structuredPatch } from "diff";

const linesMax = 60;
const workMax = 2_000;

/** Returns a short unified diff from `before` to `after`, without file names, or `undefined` when it would be too long. */
export function shortDiff(before: string, after: string): string | undefined {
  const patch = structuredPatch("", "", before, after, "", "", { context: 2, maxEditLength: workMax });
  if (patch === undefined) return undefined;
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  return lines.length <= linesMax
    ? lines.join("\n")
    : [...lines.slice(0, linesMax), `… (${lines.length - linesMax} more lines)`].join("\n");
}
