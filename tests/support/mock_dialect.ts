import type { JsonObject } from "../../src/base/decode.ts";

/** One thing that the model says in a turn: a sentence, or the call of a tool. Several calls in a turn are parallel. */
export type Block = { readonly text: string } | { readonly tool: string; readonly input: Record<string, unknown> };

/** What a request wants: the model's next turn (as one object or as a stream of events), or a number of tokens. */
export type Operation = { kind: "turn"; isStream: boolean } | { kind: "count" };

/** What the mock is about to answer; `id` differs for each request. */
export interface Answer {
  readonly id: number;
  readonly model: string;
  readonly blocks: readonly Block[];
  readonly isStream: boolean;
}

/** One model API as a client speaks it. The script, the threads and the records are the same for all of them. */
export interface Dialect {
  /** Returns what a POST to `path` wants, or `undefined` when the path is not of this dialect. */
  operation(path: string, body: JsonObject): Operation | undefined;
  /** Returns the name of the model that is asked. */
  model(path: string, body: JsonObject): string;
  /** Whether the request belongs to a conversation that can touch files, and not to a title or a classifier. */
  isConversation(body: JsonObject): boolean;
  /** Returns the text in which an agent's own prompt stands, by which its thread is told apart. */
  opening(body: JsonObject): string;
  /** Returns a harmless text for a request that is no conversation. */
  sideText(body: JsonObject): string;
  /** Returns what the client says to the model in this request, in order; the model's own words are left out. */
  said(body: JsonObject): Said[];
  /** Returns the response that carries a turn. */
  turn(answer: Answer): Response;
  /** Returns the response to a request to count tokens. */
  count(tokens: number): Response;
}

/** One piece of what a client sends to the model: the result of a tool, or any other text of the conversation. */
export interface Said {
  readonly kind: "result" | "text";
  readonly text: string;
}

/** Returns a response that streams `events` as server-sent events. */
export function eventStream(events: readonly string[]): Response {
  return new Response(events.join(""), { headers: { "content-type": "text/event-stream" } });
}

/** Returns the elements of `value` when it is a list, else none. */
export function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
