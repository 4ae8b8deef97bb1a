// One language server that runs: its start, its folders, the questions to it, and its end.

import { type JsonObject, numberField, textField } from "../base/decode.ts";
import { type Child, startChild } from "../platform/child.ts";
import { within } from "../platform/deadline.ts";
import { type Answer, connect, type Connection } from "./connection.ts";
import { fileStamp, readFileText } from "./content.ts";
import { diagnosticsFrom, pathOf } from "./document.ts";
import { Documents, type ShownFile } from "./documents.ts";
import { Finder } from "./finder.ts";
import { type Abilities, abilitiesOf, initializeParams, withRegistered, workspaceFolder } from "./handshake.ts";
import { Loading } from "./loading.ts";
import type { News, OpenDocument } from "./open_document.ts";
import { type Known, leftMs, notKnown, type Question } from "./question.ts";
import { register, resultOf } from "./server_requests.ts";
import type { LanguageServer } from "./servers.ts";

const initializeMs = 120_000;
const shutdownMs = 1_000;
const rereadsMax = 50;

/** How a client is set up. */
export interface ClientSetup {
  readonly server: LanguageServer;
  readonly program: string;
  /** Real absolute paths; the first is where the server is started. */
  readonly folders: readonly string[];
  readonly searchPath: string;
  /** The number of our own process: the server ends when it does. */
  readonly processId: number;
  onComplaint(line: string): void;
  /** Is called when the server says more of a content after `session` was told of it; `news` is what, when it is told. */
  onLater(session: string, path: string, news: () => News | undefined): void;
}

/** A language server that was started. It is of no use any more once `ended` has resolved. */
export class LanguageClient {
  readonly startedMs = performance.now();
  readonly ended: Promise<string>;
  readonly #setup: ClientSetup;
  readonly #child: Child;
  readonly #connection: Connection;
  readonly #loading: Loading;
  readonly #documents: Documents;
  readonly #finder: Finder;
  readonly #initialized: Promise<Answer>;
  /** Methods that the server has registered since its start, by the id of the registration. */
  readonly #registered = new Map<string, string>();
  #abilities: Abilities = { sync: "full", save: "none", pulls: false, changesFolders: false };
  #folders: readonly string[];
  #isReady = false;

  /** Starts the server. Throws when its program cannot be started. */
  constructor(setup: ClientSetup) {
    const { server, program, folders, searchPath, onComplaint } = setup;
    const [, ...args] = server.command;
    this.#setup = setup;
    this.#folders = folders;
    this.#child = startChild(program, args, { cwd: folders[0], env: { PATH: searchPath }, onComplaint });
    this.#connection = connect(this.#child, {
      onNotification: (method, params) => this.#hear(method, params),
      onRequest: (method, params) => this.#answer(method, params),
    });
    this.#loading = new Loading(server.name);
    this.#documents = new Documents(this.#connection, () => this.#can);
    this.#finder = new Finder({
      server,
      connection: this.#connection,
      loading: this.#loading,
      pulls: () => this.#can.pulls,
    });
    this.ended = this.#connection.ended;
    this.ended.then(() => {
      this.#child.kill();
      this.#documents.wake();
    });
    this.#initialized = this.#initialize();
  }

  get pid(): number {
    return this.#child.pid;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get takesFolders(): boolean {
    return this.#can.changesFolders;
  }

  /** The documents that are open. */
  get documents(): ShownFile[] {
    return this.#documents.files;
  }

  /** Returns what the server finds in the file of `question`: never of an older content. */
  async ask(question: Question): Promise<Known> {
    const ready = await within<Answer>(leftMs(question), this.#initialized, { kind: "late" });
    if (ready.kind === "ended") return { kind: "ended", why: await this.ended };
    if (ready.kind === "late") return this.#loading.starting();
    if (ready.kind === "error") {
      const { name } = this.#setup.server;
      return notKnown(`refused ${name}`, `${name} did not start: ${ready.message}`);
    }
    for (let tries = 0;; tries++) {
      const content = readFileText(question.path);
      if (content.kind === "none") {
        this.#documents.close(question.path);
        return { kind: "unknown", reason: content.reason };
      }
      const document = this.#documents.catchUp(question, content);
      const known = await this.#finder.find(document, question);
      noteTold(document, question, known);
      const isStill = fileStamp(question.path) === content.stamp;
      if (known.kind !== "findings" || isStill || tries >= rereadsMax || leftMs(question) <= 0) return known;
    }
  }

  /** Opens `documents`, so that the server knows them before anybody asks. */
  async open(documents: readonly ShownFile[]): Promise<void> {
    if ((await this.#initialized).kind !== "result") return;
    for (const file of documents) {
      const content = readFileText(file.path);
      if (content.kind === "text") this.#documents.show(file, content);
    }
  }

  /** Tells the server its folders, the first of which stays. */
  setFolders(folders: readonly string[]): void {
    const added = folders.filter((folder) => !this.#folders.includes(folder)).map(workspaceFolder);
    const removed = this.#folders.filter((folder) => !folders.includes(folder)).map(workspaceFolder);
    this.#folders = folders;
    if (added.length + removed.length === 0) return;
    this.#connection.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed } });
  }

  /** See `Documents.noteChange`. */
  noteChange(path: string, isNew: boolean): void {
    this.#documents.noteChange(path, isNew);
  }

  /** See `Documents.closeUnused`. */
  closeUnused(sinceMs: number): void {
    this.#documents.closeUnused(sinceMs);
  }

  /** Ends the server in the way it wants to be ended, and by force when that does not help. */
  async stop(): Promise<void> {
    if (this.#isReady) await this.#connection.request("shutdown", undefined, shutdownMs);
    this.#connection.notify("exit", undefined);
    await within<unknown>(shutdownMs, this.#child.ended, undefined);
    this.#child.kill(shutdownMs);
    await this.#child.ended;
  }

  /** Ends the server at once; `why` is what `ended` says. */
  kill(why: string): void {
    this.#connection.end(why);
  }

  get #can(): Abilities {
    return withRegistered(this.#abilities, [...this.#registered.values()]);
  }

  async #initialize(): Promise<Answer> {
    const { server: { options = {}, settings = {} }, processId } = this.#setup;
    const answer = await this.#connection.request(
      "initialize",
      initializeParams(processId, this.#folders, options),
      initializeMs,
    );
    if (answer.kind === "late") this.kill(`it did not start within ${initializeMs / 1000} s`);
    if (answer.kind === "late") return { kind: "ended" };
    if (answer.kind !== "result") return answer;
    this.#abilities = abilitiesOf(answer.value);
    this.#connection.notify("initialized", {});
    this.#connection.notify("workspace/didChangeConfiguration", { settings });
    this.#isReady = true;
    return answer;
  }

  #hear(method: string, params: JsonObject): void {
    if (method === "textDocument/publishDiagnostics") this.#publish(params);
    if (method === "$/progress") this.#loading.progress(params);
  }

  #publish(params: JsonObject): void {
    const path = pathOf(textField(params, "uri") ?? "");
    const document = this.#documents.at(path ?? "");
    if (path === undefined || document === undefined || this.#setup.server.ask !== undefined) return;
    const found = diagnosticsFrom(params.diagnostics);
    if (!this.#finder.publish(document, found, numberField(params, "version"))) return;
    for (const session of document.told.keys()) {
      this.#setup.onLater(session, path, () => document.newsFor(session));
    }
  }

  #answer(method: string, params: JsonObject): unknown {
    if (method.startsWith("client/")) {
      register(this.#registered, method, params);
      this.#documents.wake();
    }
    const { settings = {} } = this.#setup.server;
    return resultOf(method, params, { settings, folders: this.#folders });
  }
}

/** Remembers what the session of `question` is told, so that it can be told what is found later. */
function noteTold(document: OpenDocument, { session }: Question, known: Known): void {
  if (session === undefined || known.kind === "ended") return;
  document.told.set(session, known.kind === "findings" ? known.all : []);
}
