// What the daemon answers, by the table of routes below. The unix socket is for its user alone; who comes over the
// loopback interface has to pass the gate. A hook says which build of truce it is: one of another build is told so, and
// has this daemon end to start its own.

import { describeError, TruceError } from "../base/error.ts";
import type { Log } from "../platform/log.ts";
import { type Answer, BadCall, type BodyBounds, type Call, readBody } from "./call.ts";
import type { Diagnoser } from "./diagnoser.ts";
import { refusalOf } from "./gate.ts";
import { type AnswerHook, hook } from "./hook_api.ts";
import type { Lifetime } from "./lifetime.ts";
import { lock, type LockApi, locksHeld, queues, unlock, unlockAll } from "./lock_api.ts";
import { buildHeader, type SyncRequest } from "./protocol.ts";
import { asFoldersRequest, asNotifyRequest, asSyncRequest } from "./requests.ts";

const errorsMax = 20;
const bodyBounds: BodyBounds = { bytesMax: 32 * 1024 * 1024, deadlineMs: 10_000 };

/** What the daemon answers with. */
export interface Parts {
  readonly build: string;
  readonly pid: number;
  readonly locks: LockApi;
  readonly diagnoser: Diagnoser;
  readonly answerHook: AnswerHook;
  /** Has a scope projected, soon. */
  sync(request: SyncRequest): void;
  readonly lifetime: Lifetime;
  readonly log: Log;
  /** The port of the loopback interface, when it is served. */
  readonly port: number | undefined;
  /** Resolves when the end of the daemon is over, and another one can begin. */
  readonly gone: Promise<void>;
  token(): Promise<string>;
  /** Bytes that this process uses. */
  memory(): number;
  /** Milliseconds of a clock that does not go back. */
  nowMs(): number;
}

/** Where a request came in. */
export type Door = "socket" | "loopback";

interface Route {
  /** Whether somebody needs the daemon, so that it goes on. */
  readonly isUse: boolean;
  /** Whether it is answered whatever build asks, and at the end, too. */
  readonly isForAll?: boolean;
  answer(server: Server, call: Call, words: readonly string[]): Promise<Answer> | Answer;
}

const routes: Readonly<Record<string, Route>> = {
  "GET /health": { isUse: false, answer: (server) => ({ status: 200, json: { ok: true, ...server.identity } }) },
  "GET /status": { isUse: false, isForAll: true, answer: (server) => server.status() },
  "POST /stop": { isUse: false, isForAll: true, answer: (server, call) => server.stop(call) },
  "POST /notify": {
    isUse: true,
    answer: async ({ parts }, call) => ({
      status: 200,
      json: await parts.diagnoser.diagnose(asNotifyRequest(await call.body())),
    }),
  },
  "POST /folders": {
    isUse: true,
    async answer({ parts }, call) {
      parts.diagnoser.setFolders(asFoldersRequest(await call.body()));
      return { status: 200, json: { ok: true } };
    },
  },
  "POST /sync": {
    isUse: true,
    async answer({ parts }, call) {
      parts.sync(asSyncRequest(await call.body()));
      return { status: 200, json: { ok: true } };
    },
  },
  "POST /lock": { isUse: true, answer: ({ parts }, call) => lock(parts.locks, call) },
  "POST /unlock": { isUse: true, answer: ({ parts }, call) => unlock(parts.locks, call) },
  "POST /unlock-all": { isUse: true, answer: ({ parts }, call) => unlockAll(parts.locks, call) },
  "GET /locks": { isUse: false, answer: ({ parts }) => locksHeld(parts.locks) },
  "GET /queues": { isUse: false, answer: ({ parts }) => queues(parts.locks) },
  "POST /hooks": {
    isUse: true,
    answer: ({ parts }, call, words) => hook(parts.answerHook, parts.log, words, call),
  },
};

/** The daemon as those see it who ask. */
export class Server {
  readonly parts: Parts;
  readonly #startMs: number;
  readonly #errors: { readonly at: string; readonly error: string }[] = [];
  #requests = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.#startMs = parts.nowMs();
  }

  /** Which daemon this is. */
  get identity() {
    const { build, pid, port } = this.parts;
    return { build, pid, port };
  }

  /** Answers `request`; never rejects. */
  async answer(request: Request, door: Door): Promise<Response> {
    try {
      this.#requests++;
      const { status, json } = await this.#admit(request, door) ?? await this.#route(request);
      return json === undefined ? new Response(null, { status }) : Response.json(json, { status });
    } catch (error) {
      const status = this.#statusOf(error);
      return Response.json({ error: error instanceof BadCall ? error.message : describeError(error) }, { status });
    }
  }

  /** Takes note of a failure, for people who ask for the status. */
  note(error: unknown): void {
    this.#errors.push({ at: new Date().toISOString(), error: describeError(error) });
    if (this.#errors.length > errorsMax) this.#errors.shift();
    const stack = error instanceof Error && !(error instanceof TruceError) ? error.stack : undefined;
    this.parts.log("a failure in the daemon", { error: describeError(error), stack });
  }

  /** `GET /status`: who this is, what it has done and uses, and the locks. */
  status(): Answer {
    const { lifetime, diagnoser, memory, nowMs } = this.parts;
    return {
      status: 200,
      json: {
        ...this.identity,
        uptimeS: Math.round((nowMs() - this.#startMs) / 1000),
        isEnding: lifetime.ending.aborted,
        requests: this.#requests,
        inFlight: lifetime.inFlight,
        memoryBytes: memory(),
        servers: diagnoser.status(),
        errors: this.#errors,
        ...this.#locks(),
      },
    };
  }

  /** `POST /stop` with `{pid?}`: ends the daemon, unless another one is meant, and answers when the next one can begin. */
  async stop(call: Call): Promise<Answer> {
    const { pid } = await call.body();
    if (pid !== undefined && pid !== this.parts.pid) return { status: 200, json: { ok: false, ...this.identity } };
    this.parts.lifetime.end("somebody asked for it");
    await this.parts.gone;
    return { status: 200, json: { ok: true, ...this.identity } };
  }

  async #admit({ headers }: Request, door: Door): Promise<Answer | undefined> {
    const { port, token } = this.parts;
    if (door === "socket" || port === undefined) return undefined;
    const [host, origin, authorization] = ["host", "origin", "authorization"].map((name) => headers.get(name));
    const refusal = refusalOf({ host, origin, authorization }, { port, token: await token() });
    return refusal && { status: refusal.status, json: { error: refusal.error } };
  }

  async #route(request: Request): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url);
    const [first, ...words] = pathname.slice(1).split("/");
    const name = `${request.method} /${first}`;
    const route: Route | undefined = (words.length === 0) === (first !== "hooks") ? routes[name] : undefined;
    if (route === undefined) throw new BadCall(404, `there is no ${request.method} ${pathname}`);
    const other = this.#whyAnother(request);
    if (other !== undefined && !route.isForAll) return other;
    const { lifetime } = this.parts;
    const isDone = route.isUse ? lifetime.begin() : () => {};
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    const watched = [request.signal, lifetime.ending];
    for (const signal of watched) signal.addEventListener("abort", leave);
    if (watched.some(({ aborted }) => aborted)) leave();
    try {
      const call = { query: searchParams, signal: leaving.signal, body: () => readBody(request, bodyBounds) };
      return await route.answer(this, call, words);
    } finally {
      for (const signal of watched) signal.removeEventListener("abort", leave);
      isDone();
    }
  }

  /** Returns the answer for who must ask another daemon than this one. */
  #whyAnother({ headers }: Request): Answer | undefined {
    const asked = headers.get(buildHeader) ?? this.parts.build;
    if (asked !== this.parts.build) return { status: 409, json: { error: "this is another build", ...this.identity } };
    if (!this.parts.lifetime.ending.aborted) return undefined;
    return { status: 503, json: { error: "the daemon is ending", ...this.identity } };
  }

  #locks() {
    try {
      return locksHeld(this.parts.locks).json as object;
    } catch (error) {
      return { locks: [], locksError: describeError(error) };
    }
  }

  #statusOf(error: unknown): number {
    if (error instanceof BadCall) return error.status;
    if (error instanceof TruceError && error.kind === "usage") return 400;
    this.note(error);
    return error instanceof TruceError ? 503 : 500;
  }
}
