import { structuredPatch } from "diff";

const workMax = 2_000;

/**
 * Returns the hunks of a unified diff from `before` to `after`, line by line and without file names, or `undefined` when
 * the texts differ so much that it would take long. `context` is the number of lines around a difference.
 */
export function diffLines(before: string, after: string, context: number): string[] | undefined {
  const patch = structuredPatch("", "", before, after, "", "", { context, maxEditLength: workMax });
  return patch?.hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
}
