// What Codex can close beside each other. On Linux it puts a mount over each path, and over each file that a pattern
// finds; where it cannot, no command starts at all. That is so in a folder that is closed as a whole, and for a second
// path in one that is kept from being written or missing, since a missing path is held at its first missing folder.
//
// So what lies in a closed folder is left out, for it needs no mount. Where a pattern also looks elsewhere, or the
// workspace has another path in the same folder, a path not to be read becomes patterns: they find files that are there.

import { matchesPath, readPathGlob } from "../../source/glob.ts";

/** A path, or a pattern for some that are not to be read, by the keys below `filesystem`. */
export interface Closed {
  readonly path: readonly string[];
  readonly access: "deny" | "read";
}

/** What is written for one path, and what that loses. */
export interface Arranged {
  readonly closed: readonly Closed[];
  readonly loss?: string;
}

/** The key above what is relative to the folders that Codex works in. */
export const workspace = ":workspace_roots";

/** What makes a pattern of a path. */
export const globCharacter = /[*?[]/;

const plainName = /^[\w.@+=-]*\w[.@+=-]*$/;
const nameEnd = /\w(?=[.@+=-]*$)/;

/** Returns what to write for each of `all`. */
export function arrange(all: readonly Closed[]): ReadonlyMap<Closed, Arranged> {
  const denied = all.filter((one) => one.access === "deny" && !isPattern(one));
  const reads = all.filter(({ access }) => access === "read");
  const isCovered = (one: Closed) => denied.some((other) => isBelow(one, other));
  const outer = [
    ...denied.filter((one) => !isCovered(one)),
    ...reads.filter((one) => !isCovered(one) && !denied.some((other) => isSame(one, other))),
  ];
  const isAlone = (one: Closed) => !outer.some((other) => sharesFolder(one, other));
  const patterns = all.filter((one) => isPattern(one) && !isCovered(one));
  const keptReads = reads.filter((one) =>
    !reads.some((other) => isBelow(one, other)) &&
    !denied.some((other) => isAlone(other) && (isSame(one, other) || isBelow(one, other)))
  );
  const arranged = (one: Closed): Arranged => {
    if (one.access === "read") {
      if (!keptReads.includes(one)) return { closed: [] };
      const isShared = keptReads.some((other) => sharesFolder(one, other));
      return { closed: [one], loss: isShared ? `no command starts where there is no "${topOf(one)}"` : undefined };
    }
    if (isCovered(one)) return { closed: [] };
    if (isPattern(one)) return { closed: [one] };
    const isReached = patterns.some((pattern) => reachesInto(pattern, one));
    return isAlone(one) && !isReached ? { closed: [one] } : oneByOne(one, isAlone(one));
  };
  return new Map(all.map((one) => [one, arranged(one)]));
}

/** Returns the patterns for a path and all below it. Where it is alone, it is also kept from being written. */
function oneByOne(one: Closed, isAlone: boolean): Arranged {
  const [name, ...folders] = textOf(one).split("/").reverse();
  // What would mean something else in a pattern stays as it is: a command may not start, but nothing is opened.
  if (!plainName.test(name)) return { closed: [one] };
  const single = [...folders.reverse(), name.replace(nameEnd, "[$&]")].join("/");
  const patterns = [single, `${textOf(one)}/**`].map((text) => ({ ...one, path: one.path.with(-1, text) }));
  const loss = "Codex closes there file by file, so that names are seen";
  return isAlone
    ? { closed: [{ ...one, access: "read" }, ...patterns], loss }
    : { closed: patterns, loss: `${loss} and a command reads the files that it makes` };
}

/** Codex reads `x/**` that is kept from being written as the folder x, and has no other patterns of that kind. */
function isPattern(one: Closed): boolean {
  return one.access === "deny" && globCharacter.test(textOf(one));
}

function isSame(one: Closed, other: Closed): boolean {
  return isInWorkspace(one) === isInWorkspace(other) && textOf(one) === textOf(other);
}

function isBelow(one: Closed, folder: Closed): boolean {
  if (isInWorkspace(one) !== isInWorkspace(folder)) return false;
  return textOf(folder) === "." ? textOf(one) !== "." : textOf(one).startsWith(`${textOf(folder)}/`);
}

/** Outside the workspace Codex passes over what is missing. */
function sharesFolder(one: Closed, other: Closed): boolean {
  if (!isInWorkspace(one) || !isInWorkspace(other) || isSame(one, other)) return false;
  return topOf(one) === topOf(other) || [topOf(one), topOf(other)].includes(".");
}

/** Says whether a pattern may find files below a path. */
function reachesInto(pattern: Closed, one: Closed): boolean {
  const text = textOf(pattern);
  if (isInWorkspace(pattern) !== isInWorkspace(one)) return isInWorkspace(one) && text.includes("**");
  const names = text.split("/");
  const starts = names.map((_name, i) => names.slice(0, i + 1)).filter((start) => start.length < names.length);
  const ends = names.at(-1) === "**" ? [...starts, names] : starts;
  return ends.some((start) => matchesPath(readPathGlob(start.join("/"), true), textOf(one).toLowerCase()));
}

function isInWorkspace({ path }: Closed): boolean {
  return path[0] === workspace;
}

function topOf(one: Closed): string {
  return textOf(one).split("/")[0];
}

function textOf({ path, access }: Closed): string {
  const text = path[path.length - 1];
  return access === "read" && text.endsWith("/**") ? text.slice(0, -3) : text;
}
