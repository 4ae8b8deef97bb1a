// How the daemon is asked. It is started when nobody listens; of many who start it at once one gets its lock, the others
// end, and all who asked are answered by that one. A daemon of another build is asked to end, and replaced.

import { numberField, textField } from "../base/decode.ts";
import { describeError, TruceError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import type { Reason } from "../lsp/report.ts";
import { type Started, startInBackground } from "../platform/background.ts";
import { userId } from "../platform/dirs.ts";
import { lookThrough, makePrivateFolder } from "../platform/files.ts";
import { askSocket, type Reply } from "../platform/http_client.ts";
import { buildId } from "../platform/program.ts";
import { type FileWatch, watchFile } from "../platform/watch.ts";
import { type Places, placesIn } from "./places.ts";
import { buildHeader } from "./protocol.ts";

const startMaxMs = 10_000;
const stopMaxMs = 15_000;
const replacementsMax = 3;
/** How often it is looked whether a daemon that starts listens, when the kernel tells nothing. */
const lookAgainMs = 50;

/** What the daemon is reached through; the context of a command is one. */
export interface DaemonAccess {
  readonly cwd: string;
  /** Throws a TruceError when no place is known. */
  stateFolder(): string;
  /** Is aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
  /** What asks, if it is not this program. */
  readonly program?: AskingProgram;
}

/** The program that asks. */
export interface AskingProgram {
  readonly build: string;
  start(words: readonly string[], env: Readonly<Record<string, string>>): Started;
}

/** What is asked: a POST of `body`, or a GET without one. */
export interface Asking {
  readonly path: string;
  /** Returns the body, when `leftMs` are left for the answer. */
  body?(leftMs: number): object;
  readonly timeoutMs: number;
  /** What may be done to get an answer: nothing, end a daemon of another build, or start one besides. */
  readonly effort: "ask" | "replace" | "start";
  /** What a daemon is started with. */
  readonly words?: readonly string[];
}

/** What came of it. */
export type Asked =
  | { readonly kind: "answer"; readonly status: number; readonly value: unknown }
  | { readonly kind: "unavailable"; readonly reason: Reason };

/** Asks the daemon for `asking`. Never throws. */
export async function askDaemon(access: DaemonAccess, asking: Asking): Promise<Asked> {
  const attempt: Attempt = { signal: access.signal, words: asking.words ?? [], replacements: 0 };
  try {
    return await converse(reach(access), asking, attempt);
  } catch (error) {
    const hint = error instanceof TruceError && error.hint !== undefined ? `. ${error.hint}` : "";
    return unavailable("broken", `${describeError(error)}${hint}`);
  } finally {
    attempt.starting?.watch.close();
  }
}

/** Asks the daemon to end, process `pid` or whichever it is, and returns when the next one can begin. */
export async function stopDaemon(access: DaemonAccess, pid?: number): Promise<Reply> {
  return await askToStop(reach(access), pid, stopMaxMs);
}

/** A program that asks, and where the daemon is that it asks. */
export interface Daemon extends AskingProgram {
  readonly places: Places;
  readonly stateFolder: string;
}

/** Returns what `access` leads to. Throws a TruceError when no daemon can be there. */
export function reach({ cwd, stateFolder, program }: DaemonAccess): Daemon {
  const folder = resolvePath(cwd, stateFolder());
  const owner = lookThrough(folder)?.owner;
  if (owner !== undefined && owner !== userId()) {
    throw new TruceError("unavailable", `Cannot use the state in "${folder}": the folder belongs to another user`);
  }
  const { build, start } = program ?? { build: buildId(), start: startInBackground };
  return { places: placesIn(folder), stateFolder: folder, build, start };
}

/** Starts a daemon in the background, with `words` besides. */
export function start(daemon: Daemon, words: readonly string[]): Started {
  return daemon.start(["serve", "--background", ...words], { TRUCE_STATE_DIR: daemon.stateFolder });
}

/** What was done so far to get an answer. */
interface Attempt {
  readonly signal: AbortSignal | undefined;
  words: readonly string[];
  replacements: number;
  starting?: Starting;
}

interface Starting {
  readonly watch: FileWatch;
  readonly untilMs: number;
  code?: number;
}

async function converse(daemon: Daemon, asking: Asking, attempt: Attempt): Promise<Asked> {
  const untilMs = performance.now() + asking.timeoutMs;
  for (;;) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return unavailable("late", `truce's daemon did not answer within ${asking.timeoutMs / 1000} s`);
    const body = asking.body === undefined ? undefined : JSON.stringify(asking.body(leftMs));
    const headers = { [buildHeader]: daemon.build, "content-type": "application/json" };
    const reply = await askSocket(daemon.places.socket, { path: asking.path, headers, body, deadlineMs: leftMs });
    if (reply.kind === "nobody") {
      const why = asking.effort === "start" ? await awaitStart(daemon, attempt, leftMs) : "no daemon of truce runs";
      if (why !== undefined) return unavailable("start", why);
    } else if (reply.kind === "answer") {
      const value = parsed(reply.text);
      const isOurs = reply.status !== 409 && (reply.status !== 503 || numberField(value, "pid") === undefined);
      if (isOurs) return { kind: "answer", status: reply.status, value };
      // A daemon that is ending does not start another one for a hook that it answers itself.
      if (attempt.signal?.aborted) return unavailable("gone", "truce's daemon is ending");
      const why = asking.effort === "ask"
        ? "a daemon of another build runs"
        : await replace(daemon, attempt, value, leftMs);
      if (why !== undefined) return unavailable("replace", why);
    } else if (reply.kind !== "late") {
      return unavailable(reply.kind, sayFailure(reply));
    }
  }
}

/** Has a daemon start, and returns at the next chance to ask it, or why there will be none. */
async function awaitStart(daemon: Daemon, attempt: Attempt, leftMs: number): Promise<string | undefined> {
  attempt.starting ??= watchStart(daemon, attempt.words);
  const { starting } = attempt;
  if (starting.code) return "truce's daemon could not start: truce serve says why";
  if (performance.now() > starting.untilMs) return `truce's daemon did not start within ${startMaxMs / 1000} s`;
  await starting.watch.changed(Math.min(lookAgainMs, leftMs));
  return undefined;
}

function watchStart(daemon: Daemon, words: readonly string[]): Starting {
  makePrivateFolder(daemon.places.folder);
  const watch = watchFile(daemon.places.folder);
  const starting: Starting = { watch, untilMs: performance.now() + startMaxMs };
  start(daemon, words).ended.then((code) => starting.code = code, () => {});
  return starting;
}

/** Has a daemon that answers for another build, or no more, end. Returns why it does not. */
async function replace(
  daemon: Daemon,
  attempt: Attempt,
  identity: unknown,
  leftMs: number,
): Promise<string | undefined> {
  const pid = numberField(identity, "pid");
  const port = numberField(identity, "port");
  if (pid === undefined) return `truce's daemon refused: ${textField(identity, "error")}`;
  if (attempt.replacements++ >= replacementsMax) return "builds of truce keep replacing each other's daemon";
  // What is served over HTTP goes on being served.
  if (port !== undefined && attempt.words.length === 0) attempt.words = ["--http", "--port", String(port)];
  const reply = await askToStop(daemon, pid, Math.min(leftMs, stopMaxMs));
  if (reply.kind === "late") return "truce's daemon of another build is still ending";
  attempt.starting?.watch.close();
  attempt.starting = undefined;
  return undefined;
}

function askToStop({ places }: Daemon, pid: number | undefined, deadlineMs: number): Promise<Reply> {
  const body = JSON.stringify({ pid });
  return askSocket(places.socket, { path: "/stop", headers: { "content-type": "application/json" }, body, deadlineMs });
}

function sayFailure(reply: Reply): string {
  return reply.kind === "refused"
    ? `truce's daemon cannot be reached: ${reply.why}`
    : "truce's daemon ended while it was asked";
}

function unavailable(key: string, text: string): Asked {
  return { kind: "unavailable", reason: { key: `daemon ${key}`, text } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
