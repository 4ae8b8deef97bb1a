// What becomes of one thing that is wanted, that is there, and that was written last: the whole of ownership. Three
// hashes come in, of which each may be absent. What somebody else made is never changed, and what somebody changed that
// was ours is shown, until a person says whose it is to be.

import type { Entry } from "../record.ts";

/** A kind of change. `drift` and `conflict` leave everything as it is. */
export type ChangeKind = "add" | "change" | "remove" | "drift" | "conflict" | "unchanged";

/** Whose work stays where both were at it. */
export type Force = "ours" | "theirs";

/** What is known of one thing. */
export interface Facts {
  /** The hash of what the source wants, of what is there, and of what was wanted when it was written last. */
  readonly wanted?: string;
  readonly actual?: string;
  readonly last?: Pick<Entry, "hash" | "isTheirs">;
  readonly force?: Force;
}

/** What is to be done. */
export interface Decision {
  readonly kind: ChangeKind;
  readonly act: "keep" | "write" | "remove";
  /** What is remembered from now on: that it is ours, that a person chose to keep theirs, what was, or nothing. */
  readonly memory: "ours" | "theirs" | "last" | "none";
  readonly why?: string;
}

/** Decides on one thing. */
export function decide({ wanted, actual, last, force }: Facts): Decision {
  if (wanted === undefined) return decideRemoval({ actual, last, force });
  if (actual === wanted) return { kind: "unchanged", act: "keep", memory: memoryOfSame(last, force) };
  if (last?.isTheirs && last.hash === wanted && force !== "ours") {
    return { kind: "unchanged", act: "keep", memory: "theirs", why: "somebody else's is kept, as was chosen" };
  }
  const write: Decision = { kind: actual === undefined ? "add" : "change", act: "write", memory: "ours" };
  const isOurs = last !== undefined && !last.isTheirs;
  if (isOurs ? actual === last.hash : last === undefined && actual === undefined) return write;
  if (force === "ours") return write;
  if (force === "theirs") return { kind: "unchanged", act: "keep", memory: "theirs", why: "somebody else's is kept" };
  const kind = isOurs && last.hash === wanted ? "drift" : "conflict";
  return { kind, act: "keep", memory: last === undefined ? "none" : "last", why: reasonOf(kind, { actual, last }) };
}

function decideRemoval({ actual, last, force }: Facts): Decision {
  const gone: Decision = { kind: "unchanged", act: "keep", memory: "none" };
  if (last === undefined || last.isTheirs || actual === undefined || force === "theirs") return gone;
  if (actual === last.hash || force === "ours") return { kind: "remove", act: "remove", memory: "none" };
  const why = "it was changed since truce wrote it, and the source no longer has it";
  return { kind: "conflict", act: "keep", memory: "last", why };
}

/** What is as wanted by chance, or by the hand of a colleague's truce, is not taken over: it would be removed one day. */
function memoryOfSame(last: Facts["last"], force: Force | undefined): Decision["memory"] {
  if (force === "ours") return "ours";
  if (last === undefined) return "none";
  return last.isTheirs ? "theirs" : "ours";
}

function reasonOf(kind: "drift" | "conflict", { actual, last }: Facts): string {
  if (last === undefined) return "it was there before, and truce did not write it";
  if (last.isTheirs) return "somebody else's was kept, and the source changed since";
  const fact = actual === undefined ? "it was removed since truce wrote it" : "it was changed since truce wrote it";
  return kind === "drift" ? fact : `${fact}, and the source changed, too`;
}
