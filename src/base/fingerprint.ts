/**
 * Returns a number of 32 bits that tells texts apart where a rare mix-up does no harm (FNV-1a, over UTF-16 units).
 *
 * ```ts
 * import { fingerprint } from "./fingerprint.ts";
 * if (fingerprint("a") === fingerprint("b") || fingerprint("") !== "811c9dc5") throw new Error();
 * ```
 */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
