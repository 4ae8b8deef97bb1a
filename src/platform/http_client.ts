// One HTTP request over a unix socket, as a hook needs it: `fetch` alone would cost a cold hook more than all its work.

import { within } from "./deadline.ts";
import { sayFileFailure } from "./file_failure.ts";
import { grown } from "./files.ts";

const answerBytesMax = 32 * 1024 * 1024;

/** What is asked. With a body it is a POST, else a GET. */
export interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly deadlineMs: number;
}

/**
 * What came of it: an answer; nobody listens; the connection ended before the answer was whole; the deadline passed; or
 * the system refused.
 */
export type Reply =
  | { readonly kind: "answer"; readonly status: number; readonly text: string }
  | { readonly kind: "nobody" | "lost" | "late" }
  | { readonly kind: "refused"; readonly why: string };

interface Line {
  connection?: Deno.Conn;
  isOver: boolean;
}

/** Asks who listens at `socket`. The connection is for this question alone, and is closed when this returns. */
export async function askSocket(socket: string, question: Question): Promise<Reply> {
  const line: Line = { isOver: false };
  try {
    return await within(question.deadlineMs, exchange(socket, question, line), { kind: "late" });
  } finally {
    line.isOver = true;
    line.connection?.close();
  }
}

async function exchange(socket: string, question: Question, line: Line): Promise<Reply> {
  const connection = await connected(socket);
  if (!("read" in connection)) return connection;
  if (line.isOver) connection.close();
  else line.connection = connection;
  try {
    await writeWhole(connection, encode(question));
    return decode(await readWhole(connection)) ?? { kind: "lost" };
  } catch {
    return { kind: "lost" };
  }
}

async function connected(socket: string): Promise<Deno.Conn | Reply> {
  try {
    return await Deno.connect({ transport: "unix", path: socket });
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused;
    return isAbsent ? { kind: "nobody" } : { kind: "refused", why: sayFileFailure(error) };
  }
}

/** Writes all of `bytes`; one call may take only a part of them. */
export async function writeWhole(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
}

function encode({ path, headers, body }: Question): Uint8Array {
  const content = new TextEncoder().encode(body ?? "");
  const lines = Object.entries({ host: "truce", connection: "close", ...headers, "content-length": content.length })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const head = new TextEncoder().encode(
    `${body === undefined ? "GET" : "POST"} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
  const whole = new Uint8Array(head.length + content.length);
  whole.set(head);
  whole.set(content, head.length);
  return whole;
}

async function readWhole(connection: Deno.Conn): Promise<Uint8Array> {
  let bytes = new Uint8Array(4096);
  let length = 0;
  for (let count: number | null = 0; count !== null; length += count ?? 0) {
    if (length > answerBytesMax) throw new Error("the answer is too large");
    if (length === bytes.length) bytes = grown(bytes);
    count = await connection.read(bytes.subarray(length));
  }
  return bytes.subarray(0, length);
}

/** Understands an answer of `Deno.serve`, which tells how long it is. */
function decode(bytes: Uint8Array): Reply | undefined {
  const [head] = new TextDecoder().decode(bytes.subarray(0, 16 * 1024)).split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const start = new TextEncoder().encode(head).length + 4;
  if (!(status > 0) || bytes.length < start + length) return undefined;
  return { kind: "answer", status, text: new TextDecoder().decode(bytes.subarray(start, start + length)) };
}
