// The way from the loopback interface to the daemon. `Deno.serve` lets a client take any time to send the head of its
// request, and serves a connection for as long as the client likes. So connections end here: only so many at a time, each
// with one request, whose whole head has to come soon and be plain HTTP/1. What is behind the head is passed on as it is;
// the daemon bounds the body itself.

import { TruceError } from "../base/error.ts";
import { within } from "./deadline.ts";
import { writeWhole } from "./http_client.ts";

/** Where the relay listens, where it leads, and its bounds. */
export interface RelayOptions {
  /** 0 is any that is free. */
  readonly port: number;
  readonly socket: string;
  readonly connectionsMax?: number;
  readonly headMs?: number;
  /** How long a client may take to accept a piece of the answer. */
  readonly stallMs?: number;
}

/** A relay that listens. */
export interface Relay {
  readonly port: number;
  /** Takes no more requests; resolves when those there are have been answered. */
  close(): Promise<void>;
}

/** More than may wait for locks at once, so that who gives one back finds a way in. */
const connectionsMax = 300;
const headBytesMax = 16 * 1024;
const acceptPauseMs = 100;
/** How long a client may take to hang up after its answer. */
const lingerMs = 1_000;
const requestLine = /^[A-Z]{1,16} \/[\x21-\x7e]* HTTP\/1\.[01]$/;
const headerLine = /^[\w!#$%&'*+.^`|~-]+:[\t\x20-\xff]*$/;
const ofConnection = /^(?:connection|keep-alive|proxy-connection|upgrade|http2-settings):/i;

/** Listens on the loopback interface and passes each request on. Throws a TruceError when the port is taken. */
export function relayLoopback(options: RelayOptions): Relay {
  const listener = listen(options.port);
  const unasked = new Set<Deno.Conn>();
  const served = new Set<Promise<void>>();
  let isClosed = false;
  const serve = async (client: Deno.Conn) => {
    if (served.size >= (options.connectionsMax ?? connectionsMax)) {
      return await refuse(client, "503 Service Unavailable");
    }
    unasked.add(client);
    const done = relay(client, options, () => unasked.delete(client));
    served.add(done);
    await done;
    served.delete(done);
  };
  acceptAll(listener, serve, () => isClosed);
  return {
    port: listener.addr.port,
    async close() {
      isClosed = true;
      listener.close();
      for (const client of unasked) close(client);
      await Promise.all(served);
    },
  };
}

function listen(port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse ? "another program does" : String(error);
    throw new TruceError("unavailable", `Cannot listen on port ${port}: ${why}`, {
      hint: "Choose another one with --port",
      cause: error,
    });
  }
}

async function acceptAll(
  listener: Deno.TcpListener,
  serve: (connection: Deno.Conn) => Promise<void>,
  isClosed: () => boolean,
): Promise<void> {
  while (!isClosed()) {
    try {
      serve(await listener.accept());
    } catch {
      // It is closed, no file descriptor is left, or the client was gone again.
      if (!isClosed()) await new Promise((resolve) => setTimeout(resolve, acceptPauseMs));
    }
  }
}

/** Serves one connection to its end. */
async function relay(
  client: Deno.Conn,
  { socket, headMs = 5_000, stallMs = 10_000 }: RelayOptions,
  onAsked: () => void,
): Promise<void> {
  const head = await within(headMs, readHead(client), "408 Request Timeout");
  onAsked();
  if (typeof head === "string") return await refuse(client, head);
  let daemon: Deno.Conn | undefined;
  try {
    daemon = await Deno.connect({ transport: "unix", path: socket });
    await writeWhole(daemon, head);
    // A client that sends no more has gone away: whatever it waits for is not for anybody.
    const isGone = passUp(client, daemon, stallMs).then(() => true);
    if (await Promise.race([isGone, passDown(daemon, client, stallMs).then(() => false)])) return;
    // Closed with something unread, the system would throw away what the client has not read of the answer.
    await client.closeWrite();
    await within(lingerMs, isGone, true);
  } catch {
    // One of the two is gone.
  } finally {
    close(client);
    if (daemon !== undefined) close(daemon);
  }
}

/** Reads up to the end of the head, and returns that, for one request alone, with what came behind it; or a refusal. */
async function readHead(client: Deno.Conn): Promise<Uint8Array | string> {
  const bytes = new Uint8Array(headBytesMax);
  for (let length = 0; length < bytes.length;) {
    const count = await client.read(bytes.subarray(length)).catch(() => null);
    if (count === null) return "400 Bad Request";
    const end = headEnd(bytes.subarray(0, length + count), length);
    length += count;
    if (end < 0) continue;
    const text = Array.from(bytes.subarray(0, length), (byte) => String.fromCharCode(byte)).join("");
    const head = headOfOne(text.slice(0, end));
    if (head === undefined) return "400 Bad Request";
    return Uint8Array.from(head + text.slice(end), (character) => character.charCodeAt(0));
  }
  return "431 Request Header Fields Too Large";
}

/** Returns where the empty line begins, -1 when it is not there; the first `known` bytes have none. */
function headEnd(bytes: Uint8Array, known: number): number {
  for (let at = Math.max(0, known - 3); at + 3 < bytes.length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

/** Returns `head` as that of the last request of its connection, or `undefined` when it can be read in two ways. */
function headOfOne(head: string): string | undefined {
  const [first, ...headers] = head.split("\r\n");
  if (!requestLine.test(first) || !headers.every((line) => headerLine.test(line))) return undefined;
  return [first, ...headers.filter((line) => !ofConnection.test(line)), "connection: close"].join("\r\n");
}

/** Passes on what the client sends, until it sends no more. What the daemon does not want is read all the same. */
async function passUp(client: Deno.Conn, daemon: Deno.Conn, stallMs: number): Promise<void> {
  let isWanted = true;
  for await (const piece of piecesOf(client)) isWanted &&= await isTaken(daemon, piece, stallMs);
}

/** Passes on the answer, as long as the client takes it. */
async function passDown(daemon: Deno.Conn, client: Deno.Conn, stallMs: number): Promise<void> {
  for await (const piece of piecesOf(daemon)) if (!await isTaken(client, piece, stallMs)) return;
}

async function* piecesOf(connection: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

function isTaken(by: Deno.Conn, piece: Uint8Array, stallMs: number): Promise<boolean> {
  return within(stallMs, writeWhole(by, piece).then(() => true, () => false), false);
}

async function refuse(client: Deno.Conn, status: string): Promise<void> {
  const body = JSON.stringify({ error: status.slice(4) });
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
  const answer = `${head}content-length: ${body.length}\r\n\r\n${body}`;
  try {
    await within(1_000, writeWhole(client, new TextEncoder().encode(answer)), undefined);
  } catch {
    // It is gone already.
  }
  close(client);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
