// The paths of a permission, as pieces that a target can say in its own patterns.

import type { PathGlobs } from "../permission.ts";

/** A piece of a name between two slashes. */
export type NamePiece =
  | { readonly kind: "text"; readonly text: string }
  /** Any one character: `?`, and `[a-z]`, of which targets do not know all spellings. */
  | { readonly kind: "one" }
  /** Any characters of one name: `*`. */
  | { readonly kind: "many" };

/** A part of a path: one name, or `**`, which is any number of folders. */
export type PathPart = { readonly kind: "name"; readonly pieces: readonly NamePiece[] } | { readonly kind: "folders" };

/** A pattern for paths. It is for what it matches and for all that is below. */
export interface PathPattern {
  readonly parts: readonly PathPart[];
  /** Whether it begins at its anchor. Otherwise it is for every folder. */
  readonly isAnchored: boolean;
  /** Whether it begins outside of any project. A project may lie on its way, and see only the end of it. */
  readonly isElsewhere: boolean;
}

const pieces = /\\.|\*+|\?|\[!?\]?[^\]]*\]|[^\\*?[]+|[\\[]/g;

/** Returns the pattern of the globs of a permission. */
export function pathPattern({ globs: [glob = "**"], anchor }: PathGlobs): PathPattern {
  const parts = glob.split("/").filter((name) => name !== "").map((name): PathPart =>
    name === "**" ? { kind: "folders" } : { kind: "name", pieces: piecesOf(name) }
  );
  const isAnchored = parts[0]?.kind === "name";
  const end = parts.findLastIndex(({ kind }) => kind === "name");
  const isElsewhere = anchor === "home" || anchor === "absolute";
  const covered: readonly PathPart[] = end < 0 ? [{ kind: "folders" }] : parts.slice(isAnchored ? 0 : 1, end + 1);
  return { parts: covered, isAnchored, isElsewhere };
}

/**
 * Returns a part in the words `**`, `*` and `?`. A character that is `special` would mean something else to the target: it
 * becomes any one character.
 */
export function withWildcards(part: PathPart, special?: RegExp): string {
  if (part.kind === "folders") return "**";
  const texts = part.pieces.map((piece) => piece.kind === "many" ? "*" : piece.kind === "one" ? "?" : piece.text);
  return texts.map((text) => special === undefined ? text : text.replaceAll(special, "?")).join("");
}

function piecesOf(name: string): NamePiece[] {
  return Array.from(name.matchAll(pieces), ([token]): NamePiece => {
    if (token.startsWith("*")) return { kind: "many" };
    if (token === "?" || token.length > 2 && token.startsWith("[")) return { kind: "one" };
    return { kind: "text", text: token.length === 2 && token.startsWith("\\") ? token[1] : token };
  });
}
