// The frames of LSP, written here a second time: what tests the client must not share its mistakes.

const headerMax = 1_000;

/** A message of JSON-RPC as it comes: a request, an answer or a notification. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Returns the bytes of one message. */
export function frame(message: Message): Uint8Array<ArrayBuffer> {
  const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const header = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`);
  const whole = new Uint8Array(header.length + body.length);
  whole.set(header);
  whole.set(body, header.length);
  return whole;
}

/** Yields the messages of a stream. Throws at what is no frame. */
export async function* messagesIn(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Message> {
  let bytes = new Uint8Array();
  for await (const piece of stream) {
    bytes = joined(bytes, piece);
    for (let parts = split(bytes); parts !== undefined; parts = split(bytes)) {
      bytes = parts.rest;
      yield JSON.parse(parts.body);
    }
  }
}

function split(bytes: Uint8Array<ArrayBuffer>): { body: string; rest: Uint8Array<ArrayBuffer> } | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, headerMax));
  const headerEnd = start.indexOf("\r\n\r\n");
  if (headerEnd < 0 && start.length < headerMax) return undefined;
  const length = /^Content-Length: (\d+)\r\n/im.exec(start.slice(0, headerEnd + 2))?.[1];
  if (length === undefined) {
    throw new Error(`Cannot read a frame: it starts with ${JSON.stringify(start.slice(0, 60))}`);
  }
  const bodyStart = headerEnd + 4;
  const bodyEnd = bodyStart + Number(length);
  if (bytes.length < bodyEnd) return undefined;
  return { body: new TextDecoder().decode(bytes.subarray(bodyStart, bodyEnd)), rest: bytes.slice(bodyEnd) };
}

function joined(left: Uint8Array<ArrayBuffer>, right: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
