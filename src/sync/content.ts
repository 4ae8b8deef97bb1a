import { digest } from "../base/digest.ts";
import type { TreeFile } from "../platform/tree.ts";

/** What a path holds, or is to hold. */
export type Content =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly bytes: Uint8Array<ArrayBuffer>; readonly mode?: number }
  /** Where no link can be made, it becomes a copy of `copyOf`. */
  | { readonly kind: "link"; readonly to: string; readonly copyOf?: string }
  | { readonly kind: "tree"; readonly files: readonly TreeFile[] };

/** Returns a hash of what a path holds; that of nothing is empty. */
export async function hashOf(content: Content): Promise<string> {
  if (content.kind === "absent") return "";
  if (content.kind === "file") return await digest(content.bytes);
  if (content.kind === "link") return await digest(`link to ${content.to}`);
  const files = content.files.map(async ({ path, mode, bytes }) => [path, mode & 0o111, await digest(bytes)]);
  return await digest(JSON.stringify(await Promise.all(files)));
}

/** Returns the text of a file. Throws a TypeError for what is no UTF-8; the byte order mark stays. */
export function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Returns a text as the bytes of a file. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
