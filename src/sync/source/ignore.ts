// Patterns as in a .gitignore, which permissions for paths are, too: the last that matches decides, and what is in an
// ignored folder cannot be taken back.

import { matchesPath, type PathGlob, readPathGlob } from "./glob.ts";

/** A pattern that was read. */
export interface IgnorePattern {
  readonly glob: PathGlob;
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
}

/** How patterns are read. */
export interface IgnoreOptions {
  readonly ignoresCase?: boolean;
}

/** Returns the patterns in the text of a .gitignore. */
export function ignorePatterns(text: string): IgnorePattern[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?<![\\ \t])[ \t]+$/, ""));
  return lines.filter((line) => line !== "" && !line.startsWith("#")).flatMap((line) => readPattern(line) ?? []);
}

/** Reads one pattern; `undefined` when it can match nothing. */
export function readPattern(text: string, { ignoresCase = false }: IgnoreOptions = {}): IgnorePattern | undefined {
  const isNegated = text.startsWith("!");
  const pattern = isNegated ? text.slice(1) : text;
  const isForFolders = pattern.endsWith("/");
  const path = isForFolders ? pattern.slice(0, -1) : pattern;
  const rooted = path.startsWith("/") ? path.slice(1) : path.includes("/") ? path : `**/${path}`;
  return path === "" || rooted === ""
    ? undefined
    : { glob: readPathGlob(rooted, ignoresCase), isNegated, isForFolders };
}

/** Says whether `patterns` ignore `path`, relative to their folder, or a folder above it. */
export function ignores(patterns: readonly IgnorePattern[], path: string, isFolder = false): boolean {
  const parts = path.split("/");
  return parts.some((_, i) => {
    const isWhole = i === parts.length - 1;
    const above = parts.slice(0, i + 1).join("/");
    const last = patterns.findLast(({ glob, isForFolders }) =>
      (!isForFolders || isFolder || !isWhole) && matchesPath(glob, above)
    );
    return last !== undefined && !last.isNegated;
  });
}
