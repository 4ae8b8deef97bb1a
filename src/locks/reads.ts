// What a holder was shown of a file, against what the file is now. Contents are compared, never times: `touch` changes
// nothing, and a rewrite of the same size at the same time does.

import type { Now } from "../base/clock.ts";
import { digest } from "../base/digest.ts";
import { type JsonObject, textField } from "../base/decode.ts";
import type { Store, Transaction } from "../store/store.ts";
import type { Lease, Write } from "./lease.ts";
import type { ReadStamp, Session } from "../sessions/session.ts";
import { without } from "../sessions/session.ts";
import type { Target } from "./target.ts";

const comparedBytesMax = 8 * 1024 * 1024;
const keptLengthMax = 64 * 1024;

/** What a file holds: its digest, and its text when it is text. Two contents that read the same have one digest. */
export interface Content {
  readonly digest: string;
  readonly text?: string;
}

/** A stamp to be kept: `content` is what the holder saw of `target` in an event that began at `atMs`. */
export interface NewStamp {
  readonly target: Target;
  readonly content: Content;
  readonly atMs: number;
}

/** A file that is not what its holder was shown. */
export interface Stale {
  readonly target: Target;
  readonly current: Content;
  /** What the holder was shown, when it was small enough to be kept. */
  readonly shown: string | undefined;
  /** Who left the current content, when truce saw it. */
  readonly by: Write | undefined;
}

/** What reading needs of a file system. */
export interface ContentFiles {
  lookThrough(
    path: string,
  ): { readonly size: number; readonly modifiedMs: number; readonly identity: string } | undefined;
  readBytes(path: string): Uint8Array<ArrayBuffer> | undefined;
}

/** Returns what the file at `path` holds. Of more than 8 MiB only size, time and inode are looked at. */
export function contentOf(files: ContentFiles, path: string): Promise<Content> {
  const facts = files.lookThrough(path);
  const bytes = facts === undefined || facts.size > comparedBytesMax ? undefined : files.readBytes(path);
  if (bytes !== undefined) return contentOfBytes(bytes);
  const digest = facts === undefined ? "absent" : `large ${facts.size} ${facts.modifiedMs} ${facts.identity}`;
  return Promise.resolve({ digest });
}

/**
 * Returns the content to stamp for a file whose whole text a host says it has shown. Hosts show neither line endings nor
 * byte order marks nor bytes that are no text, so where the file reads the same it is the file that counts.
 */
export async function contentShown(files: ContentFiles, path: string, shown: string): Promise<Content> {
  const facts = files.lookThrough(path);
  const bytes = facts !== undefined && facts.size <= comparedBytesMax ? files.readBytes(path) : undefined;
  const text = asRead(shown);
  if (bytes !== undefined && asRead(decoderFor(bytes).decode(bytes)) === text) return contentOfBytes(bytes);
  return { digest: await digest(text), text };
}

/** Returns the granted files that are not what their holder was shown. A file that it was not shown is never among them. */
export async function staleReads(
  context: { readonly store: Store; readonly files: ContentFiles },
  session: Session,
  leases: readonly Lease[],
): Promise<Stale[]> {
  const stale: Stale[] = [];
  for (const { target, lastWrite } of leases) {
    const stamp = session.reads[target.key];
    const current = stamp === undefined ? undefined : await contentOf(context.files, target.name);
    if (stamp === undefined || current === undefined || current.digest === stamp.digest) continue;
    const by = lastWrite?.digest === current.digest ? lastWrite : undefined;
    // A hook after a read may come so late that its stamp is older than an own edit. Own edits never warn.
    if (by?.key === session.holder.key) continue;
    stale.push({ target, current, shown: context.store.peek(textKey(stamp.digest), asText), by });
  }
  return stale;
}

/** Returns `reads` with `stamp` as the newest, unless a later event has stamped its file already. */
export function stamped(reads: Readonly<Record<string, ReadStamp>>, stamp: NewStamp): Record<string, ReadStamp> {
  const { target: { key, name }, content, atMs } = stamp;
  if ((reads[key]?.atMs ?? 0) > atMs) return reads;
  return { ...without(reads, key), [key]: { name, digest: content.digest, atMs } };
}

/** Keeps the text of a content, when it is small, for the diff that a later change is told with. */
export function keepText(tx: Transaction, content: Content, now: Now): void {
  if (content.text === undefined || content.text.length > keptLengthMax) return;
  tx.put(textKey(content.digest), { v: 1, wallMs: now.wallMs, text: content.text });
}

async function contentOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Content> {
  try {
    const text = asRead(decoderFor(bytes, { fatal: true }).decode(bytes));
    return { digest: await digest(text), text };
  } catch {
    return { digest: await digest(bytes) };
  }
}

function decoderFor(bytes: Uint8Array, options?: TextDecoderOptions): TextDecoder {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8", options);
}

/** Returns `text` as hosts show it: no byte order mark, lines that end in `\n`. */
function asRead(text: string): string {
  return text.replace(/^\ufeff+/, "").replace(/\r+(?=\n|$)/g, "");
}

function textKey(digest: string): string {
  return `texts/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

function asText(value: JsonObject): string | undefined {
  return value.text === "" ? "" : textField(value, "text");
}
