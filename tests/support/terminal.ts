// A program in a pseudo-terminal, as a person has it in front of them.
//
// The pseudo-terminal is that of `script` from util-linux. `script` runs a shell in it, which sets the size, says its
// process id, and then becomes the program; so the program is known by its id and is ended by it.

import { Screen } from "./screen.ts";

/** How a program is started in a terminal. */
export interface TerminalOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

const keys = {
  enter: "\r",
  escape: "\x1b",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  tab: "\t",
  control_c: "\x03",
} as const;

/** A key that `press` knows. */
export type Key = keyof typeof keys;

const rowCount = 50;
/** Wide enough for a line with a temporary path in it. */
const columnCount = 200;
const waitMaxMs = 90_000;

/** Returns why there are no pseudo-terminals here, or `undefined` if there are. */
export async function terminalsMissing(): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"], stderr: "null" }).output();
    return new TextDecoder().decode(stdout).includes("util-linux") ? undefined : "script is not that of util-linux";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "script is not on the PATH";
    throw error;
  }
}

/** Starts a program, with its arguments, in a terminal. It is killed when it goes out of scope (`await using`). */
export async function startInTerminal(command: readonly string[], options: TerminalOptions): Promise<Terminal> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const line = `stty rows ${rowCount} cols ${columnCount} && echo $$ && exec ${words}`;
  const child = new Deno.Command("script", {
    args: ["--quiet", "--flush", "--return", "--command", line, "/dev/null"],
    cwd: options.cwd,
    clearEnv: true,
    env: { ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const terminal = new Terminal(command[0], child);
  try {
    await terminal.started();
    return terminal;
  } catch (error) {
    await terminal[Symbol.asyncDispose]();
    throw error;
  }
}

interface Waiter {
  readonly pattern: RegExp;
  readonly resolve: (screen: string) => void;
}

/** A running program, its screen and its keyboard. */
export class Terminal implements AsyncDisposable {
  readonly #name: string;
  readonly #child: Deno.ChildProcess;
  readonly #keyboard: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #screen = new Screen(rowCount, columnCount);
  readonly #waiters = new Set<Waiter>();
  readonly #started = Promise.withResolvers<void>();
  /** Resolves to the exit code when all that the program showed is on the screen. */
  readonly #ended: Promise<number>;
  /** What came before the process id was known. */
  #firstLine = "";
  #pid: number | undefined;
  #isOver = false;

  constructor(name: string, child: Deno.ChildProcess) {
    this.#name = name;
    this.#child = child;
    this.#keyboard = child.stdin.getWriter();
    this.#ended = this.#watch();
    this.#ended.catch(() => {});
  }

  /** What stands on the screen now. */
  get screen(): string {
    return this.#screen.text;
  }

  /** Resolves when the program is about to start. */
  started(): Promise<void> {
    return this.#soon("started", this.#started.promise);
  }

  /** Resolves to the screen as soon as `pattern` stands on it; at the program's end or a deadline, rejects and shows it. */
  until(pattern: RegExp): Promise<string> {
    if (pattern.test(this.screen)) return Promise.resolve(this.screen);
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiter = { pattern, resolve };
    this.#waiters.add(waiter);
    return this.#soon(`showed ${pattern}`, promise).finally(() => this.#waiters.delete(waiter));
  }

  /** Resolves to the exit code when the program has ended; rejects at a deadline, and shows the screen. */
  exitCode(): Promise<number> {
    return this.#soon("ended", this.#ended);
  }

  /** Types text, without a key after it. */
  async type(text: string): Promise<void> {
    await this.#keyboard.write(new TextEncoder().encode(text));
  }

  /** Presses one key. What comes too fast may be taken for pasted text: wait until the effect of the last one shows. */
  press(key: Key): Promise<void> {
    return this.type(keys[key]);
  }

  /** Ends the program, and the `script` that held its terminal; what the program started goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) kill(this.#pid ?? this.#child.pid);
    // It ends when its program has ended, and not before.
    await this.exitCode().catch(() => kill(this.#child.pid));
    await this.#keyboard.close().catch(() => {});
  }

  async #watch(): Promise<number> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) this.#show(text);
    const { code } = await this.#child.status;
    this.#isOver = true;
    return code;
  }

  #show(text: string): void {
    this.#screen.write(this.#pid === undefined ? this.#afterFirstLine(text) : text);
    for (const { pattern, resolve } of this.#waiters) if (pattern.test(this.screen)) resolve(this.screen);
  }

  /** Takes the line with the process id away. */
  #afterFirstLine(text: string): string {
    this.#firstLine += text;
    const [, digits, rest] = /^(\d+)\r?\n([^]*)$/.exec(this.#firstLine) ?? [];
    if (digits === undefined) return "";
    this.#firstLine = "";
    this.#pid = Number(digits);
    this.#started.resolve();
    return rest;
  }

  /** Resolves as `promise` does, unless the program ends before or a deadline passes. */
  async #soon<T>(what: string, promise: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.#never(what, `within ${waitMaxMs} ms`)), waitMaxMs);
    const over = this.#ended.then(() => {
      throw this.#never(what, "before it was over");
    });
    try {
      return await Promise.race([promise, over, late.promise]);
    } finally {
      clearTimeout(timer);
      over.catch(() => {});
    }
  }

  #never(what: string, when: string): Error {
    return new Error(`"${this.#name}" never ${what} ${when}; its screen is:\n${this.#firstLine}${this.screen}`);
  }
}

/** One that is gone already needs no end. */
function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
