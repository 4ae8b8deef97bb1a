/** A program that runs beside us and is talked to by its standard input and output. */
export interface Child {
  readonly pid: number;
  /** Resolves with how it ended: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Resolves once the program has taken `bytes`; one that is gone takes them and drops them. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Calls `take` with every piece of standard output, in order, until there is no more. */
  readInto(take: (bytes: Uint8Array) => void): Promise<void>;
  /** Ends it: asked first, by force when it is still there after `graceMs`. */
  kill(graceMs?: number): void;
}

/** How a program is started. */
export interface ChildOptions {
  readonly cwd: string;
  /** Variables besides ours, or in their place. */
  readonly env: Readonly<Record<string, string>>;
  /** Is called with each line of standard error, cut to 1 000 characters. */
  onComplaint(line: string): void;
}

const lineMax = 1_000;

/** Starts `program`. Throws when there is no such program. */
export function startChild(program: string, args: readonly string[], options: ChildOptions): Child {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: options.cwd,
    env: { ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  let isOver = false;
  const ended = child.status.then(({ code, signal }) => {
    isOver = true;
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  });
  passLines(child.stderr, options.onComplaint);
  return {
    pid: child.pid,
    ended,
    write: (bytes) => writer.write(bytes).catch(() => {}),
    async readInto(take) {
      for await (const bytes of child.stdout) take(bytes);
    },
    kill(graceMs = 0) {
      const send = (signal: Deno.Signal) => isOver || child.kill(signal);
      if (isOver) return;
      writer.close().catch(() => {});
      if (graceMs === 0) return void send("SIGKILL");
      send("SIGTERM");
      const timer = setTimeout(() => send("SIGKILL"), graceMs);
      ended.then(() => clearTimeout(timer));
    },
  };
}

async function passLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-lineMax);
    for (const line of lines) if (line.trim() !== "") take(line.slice(0, lineMax));
  }
  if (rest.trim() !== "") take(rest);
}
