// What is kept of one holder between its hooks: signs of life, what it holds, what it was shown, what it is to be told.

import type { Now } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import { hasShape } from "../base/shape.ts";
import type { Transaction } from "../store/store.ts";
import type { Holder } from "./holder.ts";
import type { ReadMark } from "./transcript.ts";

const heldMax = 256;
const readsMax = 200;
const noticesMax = 8;
const agentsMax = 64;
const foldersMax = 64;
const signEveryS = 5;

/** What a holder was shown of a file. */
export interface ReadStamp {
  readonly name: string;
  /** Of the content, see `contentOf`. */
  readonly digest: string;
  /** When the event that showed it began, so that a hook that was slow does not replace what a later one knows. */
  readonly atMs: number;
}

/** A lease as its holder remembers it, to notice when it was lost. */
export interface Held {
  readonly name: string;
  readonly fence: number;
}

/** The record of one holder. */
export interface Session {
  readonly v: 1;
  readonly holder: Holder;
  readonly cwd: string;
  readonly boot: string;
  /** The last sign of life: seconds since `boot`, and wall time for people and for clearing away. */
  readonly seenS: number;
  readonly seenMs: number;
  /** By the key of the target. */
  readonly held: Readonly<Record<string, Held>>;
  /** By the key of the target, oldest first. */
  readonly reads: Readonly<Record<string, ReadStamp>>;
  /** What others did to it, for its next hook. */
  readonly notices: readonly string[];
  /** Keys of the sub-agents that were seen. */
  readonly agents: readonly string[];
  /** The folder it was started in, then those that were added to it: absolute, links as they are, present or not. */
  readonly folders: readonly string[];
  /** Where that comes from, and who was told. */
  readonly folderSync?: FolderSync;
}

/** How far the folders of a session are known, and known to the daemon. */
export interface FolderSync {
  /** Rises with each change of the folders and of this, so that who has acted on an older state finds out. */
  readonly revision: number;
  readonly transcript?: ReadMark;
  readonly acknowledged?: Acknowledged;
}

/** What a daemon took over. */
export interface Acknowledged {
  /** The full set, as it was told: without links, those alone that were present. */
  readonly folders: readonly string[];
  readonly atMs: number;
  /** Tells daemons apart: the next one knows nothing. */
  readonly daemon: string;
}

/** Returns where the record of the holder with `key` is. */
export function sessionKey(key: string): string {
  return `sessions/${key.slice(0, 2)}/${key.slice(2)}`;
}

/** Returns the session of `holder`, with a sign of life of now in it. A new sub-agent is entered with its parent. */
export function touched(tx: Transaction, holder: Holder, now: Now, cwd?: string): Session {
  const before = tx.get(sessionKey(holder.key), asSession) ?? fresh(holder);
  if (holder.parent !== undefined && before.seenMs === 0) enterAgent(tx, holder, now);
  return {
    ...before,
    holder: { ...holder, process: holder.process ?? before.holder.process },
    cwd: cwd ?? before.cwd,
    boot: now.boot,
    seenS: now.bootS,
    seenMs: now.wallMs,
  };
}

/** Keeps `session`, trimmed to its bounds. A sign of life alone (`isNews` false) is kept every few seconds. */
export function save(tx: Transaction, session: Session, isNews = true): void {
  if (!isNews && isSignRecent(tx, session)) return;
  tx.put(sessionKey(session.holder.key), {
    ...session,
    held: newest(session.held, heldMax),
    reads: newest(session.reads, readsMax),
    notices: session.notices.slice(-noticesMax),
    agents: session.agents.slice(-agentsMax),
    folders: boundedFolders(session.folders),
  });
}

function isSignRecent(tx: Transaction, { holder, boot, seenS, cwd }: Session): boolean {
  const kept = tx.get(sessionKey(holder.key), asSession);
  return kept !== undefined && kept.boot === boot && seenS - kept.seenS < signEveryS && kept.cwd === cwd &&
    kept.holder.process?.started === holder.process?.started;
}

/** Returns the first of `folders` and the newest of the others, as many as are kept. */
export function boundedFolders(folders: readonly string[]): readonly string[] {
  return folders.length <= foldersMax ? folders : [folders[0], ...folders.slice(1 - foldersMax)];
}

/** Returns the session that `holder` belongs to, when it is a sub-agent, else `holder`. */
export function mainHolder(holder: Holder): Holder {
  if (holder.parent === undefined) return holder;
  return { key: holder.parent, label: holder.label.replace(/ \(agent .*$/, ""), process: holder.process };
}

/** Leaves `notice` for the holder with `key`, if it is known, in the place of those that begin with `subject`. */
export function leaveNotice(tx: Transaction, key: string, notice: string, subject?: string): void {
  const session = tx.get(sessionKey(key), asSession);
  if (session === undefined) return;
  const others = session.notices.filter((one) => subject === undefined || !one.startsWith(subject));
  save(tx, { ...session, notices: [...others, notice] });
}

/** Returns `entries` without the one at `key`. */
export function without<T>(entries: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = entries;
  return rest;
}

/** Decodes a session as it is stored. */
export function asSession(value: JsonObject): Session | undefined {
  if (!hasShape(value, sample)) return undefined;
  const session = value as unknown as Session;
  // Where the folders come from can be found out again; the rest of the record cannot.
  return isSync(session.folderSync) ? session : { ...session, folderSync: undefined };
}

function isSync(value: FolderSync | undefined): boolean {
  return value === undefined || hasShape({ ...syncSample, ...value }, syncSample);
}

const syncSample: FolderSync = {
  revision: 0,
  transcript: { file: "", headBytes: 0, head: "", offset: 0 },
  acknowledged: { folders: [""], atMs: 0, daemon: "" },
};

const sample: Session = {
  v: 1,
  holder: { key: "", label: "" },
  cwd: "/",
  boot: "-",
  seenS: 0,
  seenMs: 0,
  held: {},
  reads: {},
  notices: [""],
  agents: [""],
  folders: [""],
};

function fresh(holder: Holder): Session {
  return { ...sample, holder, notices: [], agents: [], folders: [] };
}

function enterAgent(tx: Transaction, agent: Holder, now: Now): void {
  const parent = touched(tx, mainHolder(agent), now);
  if (!parent.agents.includes(agent.key)) save(tx, { ...parent, agents: [...parent.agents, agent.key] });
}

function newest<T>(entries: Readonly<Record<string, T>>, countMax: number): Record<string, T> {
  const list = Object.entries(entries);
  return list.length <= countMax ? entries : Object.fromEntries(list.slice(-countMax));
}
