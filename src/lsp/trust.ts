// Which truce.jsonc may name commands: the user has said so of its contents, and every other content asks again.

import { type JsonObject, textField } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { realPath } from "../platform/files.ts";
import type { Store, StoredRecord } from "../store/store.ts";

interface Trust extends StoredRecord {
  readonly path: string;
  /** The SHA-256 of the text, in hexadecimal. */
  readonly digest: string;
}

/** Says whether the user trusts the file at `path` with this `text`. */
export async function isTrusted(store: Store, path: string, text: string): Promise<boolean> {
  const { key, real } = await placeOf(path);
  const trust = store.peek(key, asTrust);
  return trust !== undefined && trust.path === real && trust.digest === await sha256(text);
}

/** Remembers that the user trusts the file at `path` as long as it has this `text`. */
export async function trust(store: Store, path: string, text: string): Promise<void> {
  const { key, real } = await placeOf(path);
  const record: Trust = { v: 1, path: real, digest: await sha256(text) };
  await store.change((tx) => tx.put(key, record));
}

/** Takes trust in the file at `path` back, whatever is in it. Returns false when there was none. */
export async function revoke(store: Store, path: string): Promise<boolean> {
  const { key } = await placeOf(path);
  return store.change((tx) => {
    const isKnown = tx.get(key, asTrust) !== undefined;
    if (isKnown) tx.delete(key);
    return isKnown;
  });
}

async function placeOf(path: string): Promise<{ key: string; real: string }> {
  const real = realPath(path) ?? path;
  const id = await digest(real);
  return { key: `trust/${id.slice(0, 2)}/${id.slice(2)}`, real };
}

function asTrust(record: JsonObject): Trust | undefined {
  const [path, digest] = [textField(record, "path"), textField(record, "digest")];
  return path === undefined || digest === undefined ? undefined : { v: 1, path, digest };
}

/** The whole of it, unlike `digest`: two contents are made up by whoever wants the second to run. */
async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
