// Reads what was added to a transcript since the last time. A host only appends to a transcript, but may put another in
// its place; so what was read is bound to what the file is: device, inode, and a hash of its first bytes.

import type { FolderEvent } from "../base/folder_event.ts";
import { digest } from "../base/digest.ts";
import { type OpenFile, openFile } from "../platform/files.ts";

/** The longest line that is understood, too: what counts is short, what is long is what tools have read. */
const pieceBytes = 1024 * 1024;
const headBytesMax = 4096;
/** What is left after so much is for the next time: a hook may not run for ever. */
const bytesAtOnceMax = 256 * 1024 * 1024;
const eventsAtOnceMax = 10_000;
const newline = 0x0a;

/** How far which transcript was read. */
export interface ReadMark {
  /** Device and inode. */
  readonly file: string;
  /** How many bytes `head` is the digest of: all that there were, at first. */
  readonly headBytes: number;
  readonly head: string;
  /** In bytes, and behind a whole line. */
  readonly offset: number;
}

/** Tells what whole lines say of folders. */
export type ReadLines = (lines: string) => readonly FolderEvent[];

/** A transcript that somebody understands: what does is loaded when there is something to read. */
export interface Transcript {
  readonly path: string;
  reader(): Promise<ReadLines>;
}

/** What a transcript tells that it did not tell before. */
export interface News {
  readonly events: readonly FolderEvent[];
  readonly mark: ReadMark;
  /** Whether nothing that was known of a transcript holds for this one. */
  readonly isFromStart: boolean;
}

/**
 * Returns what `transcript` tells behind `mark`, or from its start when it is another one now, is shorter,
 * or was never read. Returns `undefined` when no transcript is there. A last line that is not whole is left for later.
 */
export async function readNews(transcript: Transcript, mark: ReadMark | undefined): Promise<News | undefined> {
  const file = openFile(transcript.path);
  if (file === undefined) return undefined;
  try {
    const { identity, size } = file.facts();
    const head = file.read(0, headBytesMax);
    const isKnown = mark !== undefined && mark.file === identity && mark.offset <= size &&
      mark.headBytes <= head.length && await digest(head.slice(0, mark.headBytes)) === mark.head;
    const start = isKnown ? mark.offset : 0;
    const { offset, events } = start < size
      ? readOn(file, start, size, await transcript.reader())
      : { offset: start, events: [] };
    const isWhole = isKnown && mark.headBytes === head.length;
    const kept = isWhole ? mark : { file: identity, headBytes: head.length, head: await digest(head) };
    return { events, mark: { ...kept, offset }, isFromStart: !isKnown };
  } finally {
    file.close();
  }
}

/**
 * Reads whole lines from `offset` on, in pieces. The start of a line that is longer than a piece is passed over, and
 * nothing is remembered about it: the rest of such a line, wherever it was cut, is no JSON, and so is ignored.
 */
function readOn(file: OpenFile, offset: number, size: number, read: ReadLines) {
  const events: FolderEvent[] = [];
  const decoder = new TextDecoder();
  const end = Math.min(size, offset + bytesAtOnceMax);
  while (offset < end && events.length < eventsAtOnceMax) {
    const piece = file.read(offset, Math.min(pieceBytes, end - offset));
    const lineEnd = piece.lastIndexOf(newline) + 1;
    if (lineEnd > 0) events.push(...read(decoder.decode(piece.subarray(0, lineEnd))));
    else if (piece.length < pieceBytes) break;
    offset += lineEnd > 0 ? lineEnd : piece.length;
  }
  return { offset, events };
}
