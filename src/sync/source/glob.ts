// Matching with wildcards in time that is bounded by the product of both lengths: patterns come from any project, and a
// regular expression with a dozen stars may take for ever. The one idea, used for characters and for folders: after a
// mismatch only the last star is tried again.

/** What one place of a pattern takes: any number of things, or one that fits. */
type Piece<T> = "many" | ((thing: T) => boolean);

/** A pattern for paths that was read. */
export type PathGlob = readonly Piece<string>[];

const segmentPieces = /\*+|\?|\[(!?)((?:\\.|[^\]\\])(?:\\.|[^\]\\])*)\]|\\(.)|[\s\S]/gu;

/**
 * Says whether `text` is like `pattern`, in which `*` is any text and all else itself.
 *
 * ```ts
 * import { isLike } from "./glob.ts";
 * if (!isLike("git * main", "git push origin main") || isLike("git * main", "git main")) throw new Error();
 * ```
 */
export function isLike(pattern: string, text: string): boolean {
  const pieces = Array.from(pattern, (char): Piece<string> => char === "*" ? "many" : (other) => other === char);
  return fits(pieces, Array.from(text));
}

/** Reads a pattern of folders and a name: `*`, `?` and `[a-z]` within one, `**` for any number of folders. */
export function readPathGlob(pattern: string, ignoresCase: boolean): PathGlob {
  const segments = pattern.split("/");
  return segments.flatMap((segment, i): PathGlob => {
    if (segment !== "**") return [segmentMatch(ignoresCase ? segment.toLowerCase() : segment, ignoresCase)];
    return i === segments.length - 1 ? [() => true, "many"] : ["many"];
  });
}

/** Says whether the whole of `path` is like `glob`. */
export function matchesPath(glob: PathGlob, path: string): boolean {
  return fits(glob, path.split("/"));
}

function segmentMatch(segment: string, ignoresCase: boolean): Piece<string> {
  const pieces = Array.from(segment.matchAll(segmentPieces), ([piece, not, set, escaped]): Piece<string> => {
    if (piece.startsWith("*")) return "many";
    if (piece === "?") return () => true;
    if (set === undefined) return (char) => char === (escaped ?? piece);
    const expression = setOf(set, not === "!");
    return (char) => expression?.test(char) ?? false;
  });
  return (name) => fits(pieces, Array.from(ignoresCase ? name.toLowerCase() : name));
}

/** A set that makes no sense, such as `[z-a]`, has nothing in it. */
function setOf(set: string, isNegated: boolean): RegExp | undefined {
  try {
    return new RegExp(`^[${isNegated ? "^" : ""}${set.replace(/[\[&^~|]/g, "\\$&")}]$`);
  } catch {
    return undefined;
  }
}

function fits<T>(pieces: readonly Piece<T>[], things: readonly T[]): boolean {
  let at = 0, piece = 0, star = -1, starAt = 0;
  while (at < things.length) {
    const here = pieces[piece];
    if (here === "many") {
      star = piece++;
      starAt = at;
    } else if (here !== undefined && here(things[at])) {
      piece++;
      at++;
    } else if (star >= 0) {
      piece = star + 1;
      at = ++starAt;
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest === "many");
}
