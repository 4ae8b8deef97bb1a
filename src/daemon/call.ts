// One request as the routes see it, and its answer.

import { asObject, type JsonObject } from "../base/decode.ts";

/** What is asked. */
export interface Call {
  readonly query: URLSearchParams;
  /** Is aborted when who asks is gone, or the daemon ends. */
  readonly signal: AbortSignal;
  /** Reads the body, a JSON object. Throws a BadCall for any other, and for one that is too large or too slow. */
  body(): Promise<JsonObject>;
}

/** What is answered; without `json` nothing but the status. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

/** A request that is not answered, with the status of HTTP that says why. */
export class BadCall extends Error {
  override readonly name = "BadCall";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The bounds of a body. */
export interface BodyBounds {
  readonly bytesMax: number;
  readonly deadlineMs: number;
}

/** Reads the body of `request` as `Call.body` does. */
export async function readBody(request: Request, { bytesMax, deadlineMs }: BodyBounds): Promise<JsonObject> {
  const reader = request.body?.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BadCall(408, "the body came too slowly")), deadlineMs);
  });
  try {
    return parse(reader === undefined ? "" : await Promise.race([readText(reader, bytesMax), late]));
  } finally {
    clearTimeout(timer);
    reader?.cancel().catch(() => {});
  }
}

async function readText(reader: ReadableStreamDefaultReader<Uint8Array>, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (let piece = await next(reader); piece !== undefined; piece = await next(reader)) {
    length += piece.length;
    if (length > bytesMax) throw new BadCall(413, `the body is larger than ${bytesMax} bytes`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    throw new BadCall(400, "the body is not whole");
  }
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadCall(400, "the body is no JSON");
  }
  const object = asObject(value);
  if (object === undefined) throw new BadCall(400, "the body is no JSON object");
  return object;
}
