// The files of a target that an import makes nothing of, so that nothing is dropped in silence.

import type { Skipped, Target } from "./model.ts";
import type { SourceFiles } from "./source/files.ts";

const depthMax = 6;
const filesMax = 200;
/** What several targets read. */
const shared = [".agents/skills"];

/** Returns a line for each file that the target reads in `root`, but for those that are known; links are no files. */
export function filesLeft(
  { checks }: Target,
  root: string,
  { files, isKnown }: { readonly files: SourceFiles; isKnown(path: string): boolean },
): Skipped[] {
  const paths = [...checks?.reads ?? [], ...shared].flatMap((name) => filesIn(`${root}/${name}`, files, depthMax));
  const left = paths.filter((path) => !isKnown(path)).map((path) => path.slice(root.length + 1));
  const rows = left.slice(0, filesMax).map((what) => ({ what, why: "files of this kind are not imported" }));
  return left.length <= filesMax
    ? rows
    : [...rows, { what: `${left.length - filesMax} more files`, why: "as those above" }];
}

function filesIn(path: string, files: SourceFiles, depth: number): string[] {
  const kind = files.look(path)?.kind;
  if (kind === "file") return [path];
  if (kind !== "directory" || depth === 0) return [];
  const entries = [...files.entries(path)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.filter((entry) => entry.kind !== "link").flatMap(({ name }) =>
    filesIn(`${path}/${name}`, files, depth - 1)
  );
}
