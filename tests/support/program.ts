// Runs the compiled program as a host or a person does: nothing of the caller's environment reaches it.

/** The executable that `deno task build` makes. */
export const truceProgram = new URL("../../dist/truce", import.meta.url).pathname;

/** How a run of the program is set up. */
export interface RunOptions {
  /** What arrives at standard input; nothing by default. */
  readonly stdin?: string | Uint8Array;
  /** Whether the other end of standard input is kept open until the process is gone. */
  readonly isStdinOpen?: boolean;
  /** The whole environment, apart from PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A program that starts this one, with its arguments: `strace -f`. */
  readonly via?: readonly string[];
  /** When a process that is still there counts as hung (default 20 s, as long as a host waits for a hook). */
  readonly deadlineMs?: number;
}

/** What is left of a process. A process that was killed has the code 128 and the number of the signal. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface Running {
  readonly pid: number;
  /** Resolves when it is gone. One that hangs is killed, and the promise is rejected. */
  readonly finished: Promise<Ran>;
  kill(signal: Deno.Signal): void;
}

const deadlineMs = 20_000;

/** Runs `truce WORDS` to its end. */
export function runTruce(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startTruce(words, options).finished;
}

/** Starts `truce WORDS`. */
export function startTruce(words: readonly string[], options: RunOptions = {}): Running {
  const [file, ...args] = [...options.via ?? [], truceProgram, ...words];
  return start(file, args, options);
}

/** Starts another program in the same way. */
export function start(file: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = new Deno.Command(file, {
    args: [...args],
    cwd: options.cwd,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    pid: child.pid,
    finished: finish(child, options, [file, ...args].join(" ")),
    kill: (signal) => endChild(child, signal),
  };
}

/** Sends a signal to a process that was started here; one that is gone already needs none. */
export function endChild(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    const isGone = error instanceof TypeError || error instanceof Deno.errors.NotFound;
    if (!isGone) throw error;
  }
}

async function finish(child: Deno.ChildProcess, options: RunOptions, name: string): Promise<Ran> {
  let isHung = false;
  const timer = setTimeout(() => {
    isHung = true;
    endChild(child, "SIGKILL");
  }, options.deadlineMs ?? deadlineMs);
  const [status, stdout, stderr] = await Promise.all([
    child.status,
    textOf(child.stdout),
    textOf(child.stderr),
    feed(child, options),
  ]);
  clearTimeout(timer);
  if (isHung) throw new Error(`Cannot wait for "${name}": it hangs. It has said: ${stdout}${stderr}`);
  return { code: status.code, stdout, stderr };
}

async function feed(child: Deno.ChildProcess, { stdin = "", isStdinOpen }: RunOptions): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin);
    if (isStdinOpen) await child.status;
    await writer.close();
  } catch {
    // A program that has its answer need not read on.
  }
}

function textOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new Response(stream).text();
}
