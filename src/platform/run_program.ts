// A program that is run to its end, for what it answers.

import { within } from "./deadline.ts";
import { exit } from "./program.ts";

/** How a program ended, and what it said. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it gets no variables but those of `env`, where it gets ours besides otherwise. */
  readonly isEnvWhole?: boolean;
  /** What arrives at its standard input; nothing by default. */
  readonly stdin?: string;
  /** It is killed when it takes longer; for ever by default. */
  readonly deadlineMs?: number;
  /** Whether it is asked to end when we are, which ends us, too. */
  readonly endsWithUs?: boolean;
}

/** What a program says beyond is read, so that it can go on, and dropped. */
const textMax = 16 * 1024 * 1024;
const killed = 137;

/** Runs `program` to its end. Throws when there is no such program. One that was killed has the code 128 and the signal. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, isEnvWhole = false, stdin = "", deadlineMs, endsWithUs = false }: RunOptions,
): Promise<ProgramEnd> {
  const running: { child?: Deno.ChildProcess } = {};
  const stopListening = endsWithUs ? passOnEnd(running) : () => {};
  const child = running.child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { ...env },
    clearEnv: isEnvWhole,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = { stdout: "", stderr: "" };
  const ended = Promise.all([
    child.status,
    collect(child.stdout, (text) => said.stdout += text),
    collect(child.stderr, (text) => said.stderr += text),
    feed(child.stdin, stdin),
  ]).then(([{ code }]) => code);
  try {
    const code = deadlineMs === undefined ? await ended : await within(deadlineMs, ended, undefined);
    // What it has started itself may hold its pipes for ever, and is not waited for.
    if (code === undefined) kill(child);
    return { code: code ?? killed, ...said };
  } finally {
    stopListening();
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** A host that waits no longer tells us alone, and a program of ours would go on without anybody. */
function passOnEnd(running: { readonly child?: Deno.ChildProcess }): () => void {
  if (Deno.build.os === "windows") return () => {};
  const end = () => {
    running.child?.kill("SIGTERM");
    exit(0);
  };
  Deno.addSignalListener("SIGTERM", end);
  return () => Deno.removeSignalListener("SIGTERM", end);
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (text: string) => void): Promise<void> {
  let length = 0;
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    if (length < textMax) take(text);
    length += text.length;
  }
}

/** A program that has heard enough need not read on; how that shows differs from system to system. */
async function feed(stream: WritableStream<Uint8Array<ArrayBuffer>>, text: string): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  await writer.close().catch(() => {});
}
