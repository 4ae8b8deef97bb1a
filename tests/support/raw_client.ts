// The other end of a scripted language server, without the client of truce, which is what other tests test with it.

import { ScriptedServer } from "./language_server.ts";
import { frame, type Message, messagesIn } from "./lsp_frames.ts";
import type { ServerScript } from "./server_script.ts";

/** The document that a raw client speaks of. */
export const uri = "file:///p/a%20b%C3%A9.toy";

/** A folder that is gone when it goes out of scope. */
export class TestFolder implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-server-" }));

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Starts a server in a folder of its own and introduces a client to it; both are gone with the client. */
export async function talk(
  script: ServerScript | ((server: { gate(name: string): string }) => ServerScript) = {},
  answers: Readonly<Record<string, unknown>> = {},
): Promise<Client> {
  const folder = new TestFolder();
  const server = new ScriptedServer(folder.path);
  server.change(typeof script === "function" ? script({ gate: (name) => server.gate(name) }) : script);
  const client = new Client(server, answers);
  client.atEnd(() => {
    server[Symbol.dispose]();
    folder[Symbol.dispose]();
  });
  return await client.start();
}

/** The other end of a scripted server: it says what a test says, and keeps what comes. */
export class Client implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly messages: Message[] = [];
  /** Resolves at the end of the server's output; rejected when that is no frame. */
  readonly over: Promise<void>;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #answers: Readonly<Record<string, unknown>>;
  readonly #waiting = new Set<() => void>();
  #asked = 0;
  #looked = 0;
  #clean = () => {};

  constructor(server: ScriptedServer, answers: Readonly<Record<string, unknown>> = {}) {
    const [program, ...args] = server.command;
    this.server = server;
    this.#answers = answers;
    this.#child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.over = this.#read();
    this.over.catch(() => {});
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  atEnd(clean: () => void): void {
    this.#clean = clean;
  }

  async start(): Promise<this> {
    await this.ask("initialize", { workspaceFolders: [] });
    this.tell("initialized", {});
    return this;
  }

  send(message: Message): void {
    this.#writer.write(frame(message)).catch(() => {});
  }

  tell(method: string, params: unknown): void {
    this.send({ method, params });
  }

  async ask(method: string, params: unknown): Promise<Message> {
    const id = ++this.#asked;
    this.send({ id, method, params });
    const find = () => this.messages.find((message) => message.id === id && message.method === undefined);
    await this.until(`${method} is answered`, () => find() !== undefined);
    return find() ?? {};
  }

  open(text: string): void {
    this.tell("textDocument/didOpen", { textDocument: { uri, languageId: "toy", version: 1, text } });
  }

  change(version: number, text: string, range?: object): void {
    this.tell("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ range, text }] });
  }

  close(): void {
    this.tell("textDocument/didClose", { textDocument: { uri } });
  }

  /** Asks for the findings; returns their messages, or what the error says. */
  async pull(): Promise<unknown> {
    const answer = await this.ask("textDocument/diagnostic", { textDocument: { uri } });
    const items = (answer.result as { items?: { message: string }[] } | undefined)?.items;
    return items?.map(({ message }) => message) ?? this.message(answer);
  }

  message({ error }: Message): string | undefined {
    return error?.message;
  }

  /** Returns the version and the messages of the next publication. */
  async published(): Promise<unknown[]> {
    return findings(await this.#nextPublication());
  }

  /** Returns the URI and the version of the next publication. */
  async publication(): Promise<{ uri: string; version: unknown }> {
    const { uri, version } = paramsOf(await this.#nextPublication());
    return { uri, version };
  }

  progress(): string[] {
    return this.messages.filter(({ method }) => method === "$/progress").map(({ params }) => {
      const { value } = params as { value: { kind: string; percentage?: number } };
      return [value.kind, value.percentage].filter((part) => part !== undefined).join(" ");
    });
  }

  /** Returns the version and the messages of all publications that need not wait for anything. */
  async allPublished(): Promise<unknown[][]> {
    await this.ask("toy/nothing", undefined);
    return this.messages.filter(isPublication).map(findings);
  }

  /** Waits for messages until `condition` holds. */
  async until(what: string, condition: () => boolean): Promise<void> {
    while (!condition()) {
      await Promise.race([
        new Promise<void>((resolve) => this.#waiting.add(resolve)),
        this.over.then(() => Promise.reject(new Error(`It never came about that ${what}`))),
      ]);
    }
  }

  async end(): Promise<number> {
    await this.ask("shutdown", undefined);
    this.tell("exit", undefined);
    return (await this.status).code;
  }

  closeInput(): Promise<void> {
    return this.#writer.close();
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.kill();
    await this.#writer.close().catch(() => {});
    await Promise.all([this.status, this.over.catch(() => {})]);
    this.#clean();
  }

  async #nextPublication(): Promise<Message> {
    const find = () => this.messages.slice(this.#looked).findIndex(isPublication);
    await this.until("findings are published", () => find() >= 0);
    this.#looked += find() + 1;
    return this.messages[this.#looked - 1];
  }

  async #read(): Promise<void> {
    for await (const message of messagesIn(this.#child.stdout)) {
      this.messages.push(message);
      if (message.method !== undefined && message.id !== undefined) {
        this.send({ id: message.id, result: this.#answers[message.method] ?? null });
      }
      for (const wake of this.#waiting) wake();
    }
  }
}

interface Publication {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { message: string }[];
}

function isPublication({ method }: Message): boolean {
  return method === "textDocument/publishDiagnostics";
}

function paramsOf({ params }: Message): Publication {
  return params as Publication;
}

function findings(message: Message): unknown[] {
  const { version, diagnostics } = paramsOf(message);
  return [version, ...diagnostics.map((one) => one.message)];
}
