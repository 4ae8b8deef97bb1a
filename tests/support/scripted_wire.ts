import { frame, type Message } from "./lsp_frames.ts";
import type { LogLine } from "./server_script.ts";

const loggedTextMax = 10_000;

/** A line of the log before it is known who writes it. */
type Said = LogLine extends infer Line ? Line extends LogLine ? Omit<Line, "pid"> : never : never;

/** What a scripted server writes: messages to the client, and what happens to its log. */
export class Wire {
  readonly #logPath: string;
  readonly #asked = new Map<string, (answer: Message) => void>();

  constructor(logPath: string) {
    this.#logPath = logPath;
  }

  /** Appends a line to the log; one call to the system, so that several servers can have one log. */
  log(line: Said): void {
    const text = JSON.stringify({ ...line, pid: Deno.pid }, (_, value) => shortened(value));
    Deno.writeTextFileSync(this.#logPath, `${text}\n`, { append: true });
  }

  /** Returns how often a server with this log has started. */
  countStarts(): number {
    return Deno.readTextFileSync(this.#logPath).split("\n").filter((line) => line.startsWith('{"kind":"start"')).length;
  }

  send(message: Message): void {
    this.write(frame(message));
  }

  /** Asks the client; the answer is logged and returned. */
  async ask(method: string, params: unknown): Promise<unknown> {
    const id = `server ${this.#asked.size + 1}`;
    const answered = new Promise<Message>((resolve) => this.#asked.set(id, resolve));
    this.send({ id, method, params });
    const { result, error } = await answered;
    this.log({ kind: "answer", method, result, error });
    return result;
  }

  /** Takes an answer of the client. */
  take(message: Message): void {
    const resolve = this.#asked.get(String(message.id));
    if (resolve === undefined) this.log({ kind: "violation", text: `an answer to no request: ${message.id}` });
    else resolve(message);
  }

  /** Writes to standard output. A client that is gone is the end. */
  write(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
    } catch {
      this.end(1);
    }
  }

  end(code: number): never {
    this.log({ kind: "end", code });
    Deno.exit(code);
  }
}

function shortened(value: unknown): unknown {
  if (typeof value !== "string" || value.length <= loggedTextMax) return value;
  return `${value.slice(0, loggedTextMax)}… (${value.length})`;
}
