/**
 * Returns the names on the way of a JSON pointer, see RFC 6901.
 *
 * ```ts
 * import { partsOf } from "./pointer.ts";
 * if (partsOf("/a~1b/c").join() !== "a/b,c") throw new Error();
 * ```
 */
export function partsOf(pointer: string): string[] {
  if (!pointer.startsWith("/")) throw new Error(`"${pointer}" points to no value in an object`);
  return pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Returns the pointer that goes by `parts`. */
export function pointerOf(parts: readonly string[]): string {
  return parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Says whether `path` begins with all of `prefix`. */
export function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((part, i) => part === path[i]);
}
