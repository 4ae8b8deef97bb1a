// A model for tests: an HTTP server on loopback that plays a script to a real client and keeps what the client sent.
//
// A client opens several conversations over one address. Each is a thread with its own place in its own list of turns:
// "main", one for each agent whose opening text contains its `match`, and "side" for the client's own questions (titles,
// classifiers), which come without file tools, at any time, and get a harmless answer. A turn may be a function: the
// client then waits for the promise that it returns, and so a test decides the order of two clients without sleeping.

import { asObject, type JsonObject } from "../../src/base/decode.ts";
import { anthropic } from "./mock_anthropic.ts";
import type { Block, Dialect, Said } from "./mock_dialect.ts";
import { gemini } from "./mock_gemini.ts";
import { responses } from "./mock_responses.ts";

/** What the model does when it is asked: blocks, or a function that makes them when the time has come. */
export type Turn = readonly Block[] | ((request: ModelRequest) => readonly Block[] | Promise<readonly Block[]>);

/** The turns of the main conversation and of agents. After the last turn the model says "Done.". */
export interface Script {
  readonly turns: readonly Turn[];
  readonly agents?: readonly { readonly match: string; readonly turns: readonly Turn[] }[];
}

/** One request for a turn, as it reached the model. */
export interface ModelRequest {
  /** `main`, `side`, or the `match` of an agent. */
  readonly thread: string;
  /** Number of the turn in its thread, from 0. */
  readonly turn: number;
  readonly body: JsonObject;
  /** Results of tools in the whole conversation so far, in order, as plain text. */
  readonly toolResults: readonly string[];
  /** All that the client and its user say in the conversation so far: prompts, reminders, results of tools. */
  readonly texts: readonly string[];
}

const waitMaxMs = 90_000;
const dialects: readonly Dialect[] = [anthropic, gemini, responses];

interface Waiter {
  readonly matches: (request: ModelRequest) => boolean;
  readonly resolve: (request: ModelRequest) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts a model that plays `script`; it answers at `url` until it goes out of scope (`await using`). */
export function startMockModel(script: Script): MockModel {
  return new MockModel(script);
}

/** A running mock model and the record of what reached it. */
export class MockModel implements AsyncDisposable {
  /** Every request for a turn, in the order of arrival. */
  readonly requests: ModelRequest[] = [];
  readonly #script: Script;
  readonly #turnsAsked = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  readonly #stop = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #failure: Error | undefined;

  constructor(script: Script) {
    this.#script = script;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal: this.#stop.signal, onListen: () => {} },
      (request) => this.#handle(request),
    );
  }

  /** Address without a slash at the end, for the client's base URL setting. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What a function of the script threw, if one did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Returns the results of tools that reached the model, thread by thread, in the order of the conversation. */
  toolResults(): string[] {
    return this.#newest().flatMap((request) => request.toolResults);
  }

  /** Returns all texts that reached the model (prompts, reminders, results of tools), thread by thread, in order. */
  textsSentToModel(): string[] {
    return this.#newest().flatMap((request) => request.texts);
  }

  /** Resolves to the first request that matches, also one of the past; rejects after `limitMs` and says what did arrive. */
  waitForRequest(matches: (request: ModelRequest) => boolean, limitMs = waitMaxMs): Promise<ModelRequest> {
    const past = this.requests.find(matches);
    if (past !== undefined) return Promise.resolve(past);
    const { promise, resolve, reject } = Promise.withResolvers<ModelRequest>();
    const waiter = { matches, resolve, reject };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => reject(this.#nothingMatched(`within ${limitMs} ms`)), limitMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** Ends the server, and with it every turn that is still held back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const waiter of this.#waiters) waiter.reject(this.#nothingMatched("before the model ended"));
    await this.#server.finished;
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const raw = await request.text();
    const body = parseObject(raw);
    for (const dialect of dialects) {
      const operation = request.method === "POST" ? dialect.operation(pathname, body) : undefined;
      if (operation?.kind === "count") return dialect.count(Math.ceil(raw.length / 4));
      if (operation?.kind !== "turn") continue;
      const asked = this.#record(dialect, body);
      const id = this.requests.length;
      try {
        const blocks = await this.#play(dialect, asked);
        return dialect.turn({ id, model: dialect.model(pathname, body), blocks, isStream: operation.isStream });
      } catch (error) {
        this.#failure ??= new Error(`Cannot play turn ${asked.turn} of "${asked.thread}"`, { cause: error });
        return refusal(400, this.#failure.message);
      }
    }
    return refusal(404, `no such path: ${pathname}`);
  }

  #record(dialect: Dialect, body: JsonObject): ModelRequest {
    const thread = this.#threadOf(dialect, body);
    const turn = this.#turnsAsked.get(thread) ?? 0;
    this.#turnsAsked.set(thread, turn + 1);
    const said = dialect.said(body);
    const toolResults = said.filter((piece) => piece.kind === "result").map(textOf);
    const request = { thread, turn, body, toolResults, texts: said.map(textOf) };
    this.requests.push(request);
    for (const waiter of this.#waiters) if (waiter.matches(request)) waiter.resolve(request);
    return request;
  }

  #threadOf(dialect: Dialect, body: JsonObject): string {
    if (!dialect.isConversation(body)) return "side";
    const opening = dialect.opening(body);
    return this.#script.agents?.find((agent) => opening.includes(agent.match))?.match ?? "main";
  }

  #play(dialect: Dialect, request: ModelRequest): readonly Block[] | Promise<readonly Block[]> {
    const { thread } = request;
    if (thread === "side") return [{ text: dialect.sideText(request.body) }];
    const { turns } = this.#script.agents?.find((agent) => agent.match === thread) ?? this.#script;
    const turn = turns[request.turn] ?? [{ text: "Done." }];
    return typeof turn === "function" ? turn(request) : turn;
  }

  /** Each request carries its whole conversation, so that the newest one of a thread holds all of it. */
  #newest(): ModelRequest[] {
    const newest = new Map<string, ModelRequest>();
    for (const request of this.requests) if (request.thread !== "side") newest.set(request.thread, request);
    return [...newest.values()];
  }

  #nothingMatched(when: string): Error {
    const arrived = this.requests.map((request) => {
      const last = request.texts.at(-1) ?? "";
      return `  ${request.thread} turn ${request.turn}: …${JSON.stringify(last.slice(-120))}`;
    });
    return new Error(`No request to the model matched ${when}; these arrived:\n${arrived.join("\n") || "  none"}`);
  }
}

function textOf(said: Said): string {
  return said.text;
}

function parseObject(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

/** An error in the words of both dialects, of a kind that no client tries again. */
function refusal(status: number, message: string): Response {
  const error = { type: "invalid_request_error", code: status, status: "INVALID_ARGUMENT", message };
  return Response.json({ type: "error", error }, { status });
}
