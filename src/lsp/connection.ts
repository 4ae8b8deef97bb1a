// JSON-RPC with one language server. The library does the framing and matches answers to requests; what a broken or
// hostile server does to it ends here, in one sentence that says how.

import {
  CancellationTokenSource,
  createMessageConnection,
  Disposable,
  ErrorCodes,
  type MessageConnection,
  type RAL,
  ReadableStreamMessageReader,
  ResponseError,
  WriteableStreamMessageWriter,
} from "vscode-jsonrpc/node";
import { asObject, type JsonObject } from "../base/decode.ts";
import type { Child } from "../platform/child.ts";
import { within } from "../platform/deadline.ts";

const messageBytesMax = 64 * 1024 * 1024;
const headerBytesMax = 128;
/** How long the rest of a message may take to begin to come. */
const partialMs = 4_000;

/** The answer to a request. */
export type Answer =
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "error"; readonly code: number; readonly message: string }
  | { readonly kind: "late" }
  | { readonly kind: "ended" };

/** A conversation with a language server. */
export interface Connection {
  /** Resolves once nothing more will come, with the reason. */
  readonly ended: Promise<string>;
  /** Asks, and calls the question back when there is no answer within `ms`. */
  request(method: string, params: unknown, ms: number): Promise<Answer>;
  notify(method: string, params: unknown): void;
  /** Ends the conversation; `why` is what `ended` says. */
  end(why: string): void;
}

/** What is done about messages of the server. */
export interface Listener {
  onNotification(method: string, params: JsonObject): void;
  /** Returns the result; `undefined` says that there is no such method. */
  onRequest(method: string, params: JsonObject): unknown;
}

/** Opens the conversation with the server that runs as `child`. */
export function connect(child: Child, listener: Listener): Connection {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  const connection = createMessageConnection(readerOf(child, end), writerTo(child));
  connection.onError(([error]) => end(`it sent what is no message: ${error.message.split("\n")[0]}`));
  connection.onNotification((method, params) => listener.onNotification(method, asObject(params) ?? {}));
  // The library keeps this one from the listener of all others.
  connection.onUnhandledProgress((params) => listener.onNotification("$/progress", asObject(params) ?? {}));
  connection.onRequest((method, params) => {
    const result = listener.onRequest(method, asObject(params) ?? {});
    return result === undefined ? new ResponseError(ErrorCodes.MethodNotFound, `no ${method} here`) : result;
  });
  connection.listen();
  child.ended.then((how) => end(`it ended with ${how}`));
  let isOver = false;
  ended.then(() => {
    isOver = true;
    connection.dispose();
  });
  return {
    ended,
    request: (method, params, ms) =>
      isOver ? Promise.resolve({ kind: "ended" }) : ask(connection, ended, method, params, ms),
    notify(method, params) {
      if (isOver) return;
      // For the library one that is undefined is a parameter, too.
      const sent = params === undefined
        ? connection.sendNotification(method)
        : connection.sendNotification(method, params);
      sent.catch(() => {});
    },
    end,
  };
}

async function ask(
  connection: MessageConnection,
  ended: Promise<string>,
  method: string,
  params: unknown,
  ms: number,
): Promise<Answer> {
  const cancel = new CancellationTokenSource();
  const sent = params === undefined
    ? connection.sendRequest<unknown>(method, cancel.token)
    : connection.sendRequest<unknown>(method, params, cancel.token);
  const answer = sent.then(
    (value): Answer => ({ kind: "result", value }),
    (error): Answer => ({ kind: "error", code: Number(error?.code ?? 0), message: String(error?.message ?? error) }),
  );
  const over = ended.then((): Answer => ({ kind: "ended" }));
  const first = await within<Answer>(ms, Promise.race([over, answer]), { kind: "late" });
  if (first.kind === "late") cancel.cancel();
  return first;
}

/** Shows the output of `child` to the library. A message that never ends is the end. */
function readerOf(child: Child, end: (why: string) => void): ReadableStreamMessageReader {
  let waiting = 0;
  const readable: RAL.ReadableStream = {
    ...neverTells,
    onData(listener) {
      const take = (bytes: Uint8Array) => {
        waiting += bytes.length;
        if (waiting > messageBytesMax) end(`it sent a message of more than ${messageBytesMax / 1024 / 1024} MiB`);
        else listener(bytes);
      };
      child.readInto(take).catch(() => {}).then(() => end("it closed its output"));
      return Disposable.create(() => {});
    },
  };
  const decode = (body: Uint8Array) => {
    waiting = Math.max(0, waiting - body.length - headerBytesMax);
    return Promise.resolve(JSON.parse(new TextDecoder().decode(body)));
  };
  const reader = new ReadableStreamMessageReader(readable, {
    contentTypeDecoder: { name: "application/json", decode },
  });
  reader.partialMessageTimeout = partialMs;
  reader.onPartialMessage(() => end("it stopped in the middle of a message"));
  return reader;
}

function writerTo(child: Child): WriteableStreamMessageWriter {
  const write = (data: Uint8Array | string) =>
    child.write(typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data));
  return new WriteableStreamMessageWriter({ ...neverTells, write, end() {} });
}

/** How a stream ends is told by `Child.ended`. */
const neverTells = {
  onClose: () => Disposable.create(() => {}),
  onError: () => Disposable.create(() => {}),
  onEnd: () => Disposable.create(() => {}),
};
