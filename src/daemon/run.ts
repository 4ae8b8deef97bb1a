// The life of the daemon from its lock to its end. The flock decides who is the daemon, and the kernel frees it however
// the process ends; a socket that is left behind is replaced by the next one. At the end what is in flight is finished,
// for a bounded time, before anybody else can begin.

import { TruceError } from "../base/error.ts";
import { within } from "../platform/deadline.ts";
import { userId } from "../platform/dirs.ts";
import * as files from "../platform/files.ts";
import { type Relay, relayLoopback } from "../platform/http_relay.ts";
import { type HttpServer, serveSocket } from "../platform/http_server.ts";
import type { Log } from "../platform/log.ts";
import type { Diagnoser } from "./diagnoser.ts";
import { Flushes } from "./flushes.ts";
import type { AnswerHook } from "./hook_api.ts";
import { ended, Lifetime, type Timers } from "./lifetime.ts";
import type { LockApi } from "./lock_api.ts";
import { type Places, placesIn } from "./places.ts";
import type { SyncRequest } from "./protocol.ts";
import { Server } from "./server.ts";
import { readToken } from "./token.ts";

const tendEveryMs = 60_000;
/** How long requests may still take when the end has begun, language servers to end, and answers to be sent. */
const bounds = { quietMs: 5_000, serversMs: 5_000, answersMs: 1_000 };

/** What a daemon is made of. */
export interface DaemonSetup {
  /** Absolute. */
  readonly stateFolder: string;
  readonly build: string;
  readonly pid: number;
  /** How long it waits for somebody to ask; without it, for ever. */
  readonly idleMs: number | undefined;
  /** The port of the loopback interface that is served besides; 0 is any. */
  readonly port: number | undefined;
  readonly locks: LockApi;
  readonly diagnoser: Diagnoser;
  readonly answerHook: AnswerHook;
  /** Projects a place as it is now. */
  flush(request: SyncRequest): Promise<void>;
  readonly timers: Timers;
  readonly log: Log;
  memory(): number;
  nowMs(): number;
  /** Is called when everybody can ask. */
  onListening(server: Server, places: Places): void;
}

/** How it went: another daemon has the lock, or this one has ended. */
export type DaemonEnd =
  | { readonly kind: "another"; readonly pid: number | undefined }
  | { readonly kind: "ended"; readonly reason: string };

/** Is the daemon of a state folder until its end. Throws a TruceError when it cannot listen. */
export async function runDaemon(setup: DaemonSetup): Promise<DaemonEnd> {
  const places = placesIn(setup.stateFolder);
  makeFolder(places.folder);
  const lock = files.lockAtOnce(places.lock);
  if (lock === undefined) return { kind: "another", pid: Number(files.readText(places.lock)) || undefined };
  const gone = Promise.withResolvers<void>();
  let life: Life;
  try {
    lock.overwrite(`${setup.pid}\n`);
    lock.truncate(`${setup.pid}\n`.length);
    life = await begin(setup, places, gone.promise);
  } catch (error) {
    lock.close();
    throw error;
  }
  setup.onListening(life.server, places);
  const reason = await ended(life.lifetime);
  await finish(life, setup.diagnoser);
  lock.truncate(0);
  lock.close();
  gone.resolve();
  const closing = [life.relay, ...life.listening].map((one) => one?.close());
  await within(bounds.answersMs, Promise.all(closing), undefined);
  return { kind: "ended", reason };
}

function makeFolder(folder: string): void {
  files.makePrivateFolder(folder);
  const facts = files.lookAt(folder);
  if (facts?.kind !== "directory" || facts.owner !== userId()) {
    throw new TruceError("unavailable", `Cannot use "${folder}": it is not a folder of this user`);
  }
  files.closeToOthers(folder);
}

/** A daemon that everybody can ask. */
interface Life {
  readonly lifetime: Lifetime;
  readonly server: Server;
  readonly listening: readonly HttpServer[];
  readonly relay: Relay | undefined;
  /** The files that make it the daemon. */
  readonly own: readonly OwnFile[];
  cancelTending(): void;
}

interface OwnFile {
  readonly path: string;
  readonly identity: string | undefined;
}

async function begin(setup: DaemonSetup, places: Places, gone: Promise<void>): Promise<Life> {
  const { timers, port, idleMs } = setup;
  const token = () => readToken(places.token);
  if (port !== undefined) await token();
  const lifetime = new Lifetime(idleMs, timers);
  const relay = port === undefined ? undefined : relayLoopback({ port, socket: places.relay });
  const flushes = new Flushes({ ...setup, lifetime });
  const sync = (request: SyncRequest) => flushes.want(request);
  const server = new Server({ ...setup, sync, lifetime, token, port: relay?.port, gone });
  const loopback = relay && serveSocket(places.relay, (request) => server.answer(request, "loopback"));
  const socket = serveSocket(places.socket, (request) => server.answer(request, "socket"));
  const own = [places.lock, places.socket, ...relay ? [places.relay] : []].map(ownFile);
  const life = { lifetime, server, relay, own, listening: loopback ? [loopback, socket] : [socket] };
  return { ...life, cancelTending: tend(life, setup) };
}

/** Looks every minute after what nobody uses, and whether this still is the daemon: its files may have been removed. */
function tend({ lifetime, server, own }: Omit<Life, "cancelTending">, { diagnoser, timers }: DaemonSetup): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = timers.after(tendEveryMs, () => {
      next();
      try {
        diagnoser.tend();
        if (!own.every(isThere)) lifetime.end("its files were removed");
      } catch (error) {
        server.note(error);
      }
    });
  };
  next();
  return () => cancel();
}

async function finish(life: Life, diagnoser: Diagnoser): Promise<void> {
  await life.lifetime.quiet(bounds.quietMs);
  life.cancelTending();
  try {
    await within(bounds.serversMs, diagnoser.close(), undefined);
  } catch (error) {
    life.server.note(error);
  }
  // What another daemon has put in the place of ours is not ours to remove. The lock stays: others may wait for it.
  for (const one of life.own.slice(1)) if (isThere(one)) files.removeFile(one.path);
}

function ownFile(path: string): OwnFile {
  return { path, identity: files.lookAt(path)?.identity };
}

function isThere({ path, identity }: OwnFile): boolean {
  return files.lookAt(path)?.identity === identity;
}
