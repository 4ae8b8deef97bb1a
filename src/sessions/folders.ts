// Keeps the folders of a session, and keeps a daemon told of them.
//
// What is read is read outside of the store's mutex, and counts only if nobody else has read meanwhile. What is told is
// told outside of it, too, so two hooks of one session may tell two sets in either order. The revision finds that out:
// it rises with every change, and who has told a set under a revision that is over takes back what was acknowledged, so
// that the next hook tells it again. A hook that dies after it told leaves at worst a set that the next change corrects.

import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/error.ts";
import type { FolderEvent } from "../base/folder_event.ts";
import { isAbsolute, isWithin, resolvePath } from "../base/path.ts";
import { lookThrough, realPath } from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/store.ts";
import type { Holder } from "./holder.ts";
import {
  asSession,
  boundedFolders,
  type FolderSync,
  mainHolder,
  save,
  type Session,
  sessionKey,
  touched,
} from "./session.ts";
import { type News, readNews, type Transcript } from "./transcript.ts";

/** How often it is read again because another hook of the session was faster. */
const attemptsMax = 8;
/** What tells nothing new is not worth a change of the state: so much is read twice instead. */
const unsavedBytesMax = 256 * 1024;
const pathLengthMax = 4096;

/** What the folders are kept and told through. */
export interface FolderContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a hook says of its session. */
export interface FolderNews {
  readonly holder: Holder;
  readonly cwd: string;
  /** A transcript that its host understands. */
  readonly transcript?: Transcript;
  /** A folder that was added just now. */
  readonly added?: string;
}

/** Who is told of folders. */
export interface FolderTaker {
  /** Returns which daemon runs, as far as that can be told without asking it, or `undefined` when none does. */
  running(): string | undefined;
  /** Tells the full set, and returns whether it was taken over. */
  take(folders: readonly string[]): Promise<boolean>;
}

/**
 * Brings the folders of the session up to date and returns those that are present, without links, the root first. They
 * are told to `taker`, if a daemon runs, unless that one has taken this very set over before.
 */
export async function syncFolders(context: FolderContext, news: FolderNews, taker: FolderTaker): Promise<string[]> {
  const session = await learn(context, news);
  const present = foldersOfSession(session);
  // Asked before, so that what the next daemon was not told does not count as told to it.
  const daemon = taker.running();
  if (daemon === undefined || isKnown(session, present, daemon)) return present;
  const isTaken = await take(context, present, taker);
  await acknowledge(context, session, { present, daemon: isTaken ? daemon : undefined });
  return present;
}

/** Returns the folders of `session` as `presentFolders` does. */
export function foldersOfSession(session: Session): string[] {
  return presentFolders(session.folders);
}

/** Returns those of `folders` that are present now, each once and without links, in their order. */
export function presentFolders(folders: readonly string[]): string[] {
  return [...new Set(folders.map(realFolder).filter((folder) => folder !== undefined))];
}

/**
 * Returns the folders after `events`, seen from `cwd`. The first of them is the root and stays: `cd` changes where the
 * shell is, not where the session belongs. Only a folder around it takes its place, unless that is an added one.
 *
 * ```ts
 * import { foldersAfter } from "./folders.ts";
 * const events = [{ kind: "all", cwd: "/repo/src", added: ["/lib"] }, { kind: "added", folder: "../b" }] as const;
 * if (foldersAfter(["/repo"], events, "/repo").join() !== "/repo,/lib,/b") throw new Error();
 * ```
 */
export function foldersAfter(folders: readonly string[], events: readonly FolderEvent[], cwd: string): string[] {
  const first = events.find((event) => event.kind === "all");
  let now = folders.length > 0 ? [...folders] : [resolvePath(cwd, first?.cwd ?? ".")];
  for (const event of events) {
    if (event.kind === "all") {
      now = setOf(now[0], resolvePath(cwd, event.cwd), event.added.map((folder) => resolvePath(cwd, folder)));
      continue;
    }
    const folder = resolvePath(cwd, event.folder);
    now = now.filter((one, i) => i === 0 || one !== folder);
    if (event.kind === "added" && now[0] !== folder) now.push(folder);
  }
  return [...boundedFolders(now.filter((folder) => folder.length <= pathLengthMax))];
}

/** Returns the full set: `root`, what was added, and `cwd` when it is in none of them. */
function setOf(root: string, cwd: string, added: readonly string[]): string[] {
  const isInAdded = added.some((folder) => isWithin(cwd, folder));
  const around = !isInAdded && isWithin(root, cwd) ? cwd : root;
  const elsewhere = isInAdded || isWithin(cwd, around) ? [] : [cwd];
  return [...new Set([around, ...added, ...elsewhere])];
}

/** Returns the session with all that can be known of its folders now. */
async function learn(context: FolderContext, news: FolderNews): Promise<Session> {
  const holder = mainHolder(news.holder);
  for (let attempt = 1;; attempt++) {
    const seen = context.store.peek(sessionKey(holder.key), asSession);
    const read = await readTranscript(context, news, seen);
    if (seen !== undefined && !isWorthSaving(seen, read, withNews(seen, read, news))) return seen;
    const saved = await context.store.change((tx) => {
      const cwd = news.holder.parent === undefined || seen === undefined ? news.cwd : undefined;
      const session = touched(tx, holder, context.clock.now(), cwd);
      const isCurrent = areEqual(session.folderSync?.transcript, seen?.folderSync?.transcript);
      if (!isCurrent && attempt < attemptsMax) return undefined;
      const next = withNews(session, isCurrent ? read : undefined, news);
      save(tx, next);
      return next;
    });
    if (saved !== undefined) return saved;
  }
}

async function readTranscript(
  { log }: FolderContext,
  { transcript }: FolderNews,
  seen: Session | undefined,
): Promise<News | undefined> {
  if (transcript === undefined || !isAbsolute(transcript.path)) return undefined;
  try {
    return await readNews(transcript, seen?.folderSync?.transcript);
  } catch (error) {
    log("a transcript cannot be read", { path: transcript.path, why: describeError(error) });
    return undefined;
  }
}

function withNews(session: Session, read: News | undefined, { cwd, added }: FolderNews): Session {
  const events: FolderEvent[] = [...read?.events ?? []];
  if (added !== undefined) events.push({ kind: "added", folder: added });
  const sync = session.folderSync ?? { revision: 0 };
  return {
    ...session,
    folders: foldersAfter(session.folders, events, cwd),
    folderSync: { ...sync, revision: sync.revision + 1, transcript: read?.mark ?? sync.transcript },
  };
}

function isWorthSaving(seen: Session, read: News | undefined, next: Session): boolean {
  if (!areEqual(seen.folders, next.folders)) return true;
  const before = seen.folderSync?.transcript;
  return read !== undefined && (read.isFromStart || read.events.length > 0 || read.mark.head !== before?.head ||
    read.mark.offset - before.offset > unsavedBytesMax);
}

function isKnown({ folderSync }: Session, present: readonly string[], daemon: string): boolean {
  const isNothing = present.length === 0 && folderSync?.acknowledged === undefined;
  return isNothing || isTakenOver(folderSync, present, daemon);
}

async function take({ log }: FolderContext, folders: readonly string[], taker: FolderTaker): Promise<boolean> {
  try {
    return await taker.take(folders);
  } catch (error) {
    log("folders were not told", { why: describeError(error) });
    return false;
  }
}

/** Keeps that `daemon` took `present` over; or, when it did not or others may have told another set, that it is unknown. */
async function acknowledge(
  { store, clock }: FolderContext,
  told: Session,
  { present, daemon }: { readonly present: readonly string[]; readonly daemon: string | undefined },
): Promise<void> {
  if (daemon === undefined && told.folderSync?.acknowledged === undefined) return;
  await store.change((tx) => {
    const session = tx.get(sessionKey(told.holder.key), asSession);
    if (session === undefined) return;
    const sync = session.folderSync ?? { revision: 0 };
    const since = sync.revision - (told.folderSync?.revision ?? 0);
    if (since === 1 && isTakenOver(sync, present, daemon)) return;
    const isCurrent = since === 0 && daemon !== undefined;
    const acknowledged = isCurrent ? { folders: present, atMs: clock.now().wallMs, daemon } : undefined;
    save(tx, { ...session, folderSync: { ...sync, revision: sync.revision + 1, acknowledged } });
  });
}

/** Says whether `daemon` has taken `folders` over. Where that alone has happened since, another hook told the same. */
function isTakenOver(sync: FolderSync | undefined, folders: readonly string[], daemon: string | undefined): boolean {
  const acknowledged = sync?.acknowledged;
  return acknowledged !== undefined && acknowledged.daemon === daemon && areEqual(acknowledged.folders, folders);
}

function realFolder(path: string): string | undefined {
  try {
    return lookThrough(path)?.kind === "directory" ? realPath(path) : undefined;
  } catch {
    // A folder that may not be looked at is as good as none.
    return undefined;
  }
}

function areEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
