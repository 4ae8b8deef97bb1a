import { within } from "./deadline.ts";
import { grown, writeWhole } from "./files.ts";

const bytesMax = 32 * 1024 * 1024;
const deadlineMs = 5_000;

/** What standard input held: one JSON value, or why there is none. */
export type Input = { readonly kind: "json"; readonly value: unknown } | {
  readonly kind: "none";
  readonly why: string;
};

/**
 * Reads one JSON object from standard input and stops where it ends, since a host may keep the pipe open.
 * Bounded: 32 MiB, 512 levels, 5 s. Bytes that are not UTF-8 become U+FFFD.
 */
export function readInput(): Promise<Input> {
  const late: Input = { kind: "none", why: `no whole JSON came within ${deadlineMs / 1000} s` };
  return within(deadlineMs, readPieces(), late);
}

async function readPieces(): Promise<Input> {
  let bytes = new Uint8Array(64 * 1024);
  let length = await Deno.stdin.read(bytes) ?? 0;
  const first = parsed(bytes.subarray(0, length));
  if (first !== undefined) return first;
  const { JsonScan } = await import("../base/json_scan.ts");
  const scan = new JsonScan();
  for (let from = 0;;) {
    const state = scan.push(bytes.subarray(from, length));
    if (state === "too-deep") return { kind: "none", why: "its JSON is nested too deep" };
    if (state === "complete") length = scan.length;
    if (state === "complete") break;
    if (length >= bytesMax) return { kind: "none", why: `it was larger than ${bytesMax / 1024 / 1024} MiB` };
    if (length === bytes.length) bytes = grown(bytes);
    from = length;
    const count = await Deno.stdin.read(bytes.subarray(length)).catch(() => null);
    if (count === null) break;
    length += count;
  }
  return parsed(bytes.subarray(0, length)) ?? { kind: "none", why: length === 0 ? "it was empty" : "it was no JSON" };
}

function parsed(bytes: Uint8Array): Input | undefined {
  try {
    return { kind: "json", value: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** Says whether a person types at standard input. */
export function isTerminal(): boolean {
  return Deno.stdin.isTerminal();
}

/** Says whether a person reads standard output. */
export function isOutputTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/** Writes all of `text` to standard output. A reader that has gone away is nobody's fault. */
export function writeOutput(text: string): void {
  write(Deno.stdout, text);
}

/** Writes all of `text` to standard error. */
export function writeError(text: string): void {
  write(Deno.stderr, text);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  try {
    writeWhole(stream, new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
