// What is kept of one holder between its hooks: signs of life, what it holds, what it was shown, what it is to be told.

import type { Now } from "../base/clock.ts";
import { asObject, type JsonObject, numberField, textField, textList } from "../base/decode.ts";
import type { Transaction } from "../store/store.ts";
import { asHolder, type Holder } from "./holder.ts";

const heldMax = 256;
const readsMax = 200;
const noticesMax = 8;
const agentsMax = 64;

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
  /** Folders that the host added to the session. */
  readonly folders: readonly string[];
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

/** Keeps `session`, trimmed to its bounds. */
export function save(tx: Transaction, session: Session): void {
  tx.put(sessionKey(session.holder.key), {
    ...session,
    held: newest(session.held, heldMax),
    reads: newest(session.reads, readsMax),
    notices: session.notices.slice(-noticesMax),
    agents: session.agents.slice(-agentsMax),
    folders: session.folders.slice(-agentsMax),
  });
}

/** Leaves `notice` for the holder with `key`, if it is known. */
export function leaveNotice(tx: Transaction, key: string, notice: string): void {
  const session = tx.get(sessionKey(key), asSession);
  if (session !== undefined) save(tx, { ...session, notices: [...session.notices, notice] });
}

/** Returns `entries` without the one at `key`. */
export function without<T>(entries: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = entries;
  return rest;
}

/** Decodes a session as it is stored. */
export function asSession(value: JsonObject): Session | undefined {
  const holder = asHolder(value.holder), boot = textField(value, "boot");
  const seenS = numberField(value, "seenS"), seenMs = numberField(value, "seenMs");
  if (holder === undefined || boot === undefined || seenS === undefined || seenMs === undefined) return undefined;
  return {
    v: 1,
    holder,
    cwd: textField(value, "cwd") ?? "/",
    boot,
    seenS,
    seenMs,
    held: entriesOf(value.held, asHeld),
    reads: entriesOf(value.reads, asReadStamp),
    notices: textList(value, "notices"),
    agents: textList(value, "agents"),
    folders: textList(value, "folders"),
  };
}

function fresh(holder: Holder): Session {
  const empty = { held: {}, reads: {}, notices: [], agents: [], folders: [] };
  return { v: 1, holder, cwd: "/", boot: "-", seenS: 0, seenMs: 0, ...empty };
}

function enterAgent(tx: Transaction, agent: Holder, now: Now): void {
  const parentKey = agent.parent ?? agent.key;
  const label = agent.label.replace(/ \(agent .*$/, "");
  const parent = touched(tx, { key: parentKey, label, process: agent.process }, now);
  if (!parent.agents.includes(agent.key)) save(tx, { ...parent, agents: [...parent.agents, agent.key] });
}

function newest<T>(entries: Readonly<Record<string, T>>, countMax: number): Record<string, T> {
  const list = Object.entries(entries);
  return list.length <= countMax ? entries : Object.fromEntries(list.slice(-countMax));
}

function entriesOf<T>(value: unknown, decode: (entry: unknown) => T | undefined): Record<string, T> {
  const entries: Record<string, T> = {};
  for (const [key, entry] of Object.entries(asObject(value) ?? {})) {
    const decoded = decode(entry);
    if (decoded !== undefined) entries[key] = decoded;
  }
  return entries;
}

function asHeld(value: unknown): Held | undefined {
  const name = textField(value, "name"), fence = numberField(value, "fence");
  return name === undefined || fence === undefined ? undefined : { name, fence };
}

function asReadStamp(value: unknown): ReadStamp | undefined {
  const name = textField(value, "name"), digest = textField(value, "digest"), atMs = numberField(value, "atMs");
  return name === undefined || digest === undefined || atMs === undefined ? undefined : { name, digest, atMs };
}
