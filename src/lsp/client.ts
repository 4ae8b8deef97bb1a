// One language server that runs, and the documents that are open in it.

import { asObject, field, type JsonObject, numberField, textField } from "../base/decode.ts";
import { type Child, startChild } from "../platform/child.ts";
import { within } from "../platform/deadline.ts";
import { type Answer, connect, type Connection } from "./connection.ts";
import { fileStamp, type FileText, readFileText } from "./content.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { changeBetween, diagnosticsFrom, pathOf, uriOf } from "./document.ts";
import { type Abilities, abilitiesOf, folderOf, initializeParams, withRegistered } from "./handshake.ts";
import { type News, OpenDocument } from "./open_document.ts";
import { newProfile, type Profile, silent } from "./profile.ts";
import type { Reason } from "./report.ts";
import type { LanguageServer } from "./servers.ts";
import { askTsserver } from "./tsserver.ts";

const initializeMs = 120_000;
const shutdownMs = 1_000;
const documentsMax = 200;
const changesMax = 5_000;
/** See `FileChangeType` of LSP. */
const fileChange = { made: 1, changed: 2, removed: 3 };
const retriesMax = 50;
const retryMs = 100;
/** The server was disturbed and wants to be asked again, see the error codes of LSP 3.17. */
const askAgainCodes = [-32801, -32802];

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

/** A question for the findings of the file at `path` as it is now. */
export interface Question {
  readonly path: string;
  readonly languageId: string;
  readonly session?: string;
  /** When the answer comes too late, by `performance.now()`. */
  readonly untilMs: number;
}

/** What the server said. */
export type Known =
  | { readonly kind: "findings"; readonly all: readonly Diagnostic[] }
  | { readonly kind: "unknown"; readonly reason: Reason }
  | { readonly kind: "ended"; readonly why: string };

/** A language server that was started. It is of no use any more once `ended` has resolved. */
export class LanguageClient {
  readonly startedMs = performance.now();
  readonly ended: Promise<string>;
  readonly #setup: ClientSetup;
  readonly #child: Child;
  readonly #connection: Connection;
  readonly #documents = new Map<string, OpenDocument>();
  readonly #initialized: Promise<Answer>;
  #folders: readonly string[];
  #abilities: Abilities = { sync: "full", save: "none", pulls: false, changesFolders: false };
  /** Files that were changed since the last question, and whether they were made. */
  readonly #changed = new Map<string, boolean>();
  /** Methods that the server has registered since its start, by the id of the registration. */
  readonly #registered = new Map<string, string>();
  #isReady = false;
  #pullFails = false;
  #profile: Profile = newProfile;
  /** What it works on since its start, by token, in per cent. */
  readonly #loading = new Map<string, number | undefined>();
  #isLoaded = false;
  #loaded = Promise.withResolvers<void>();

  /** Starts the server. Throws when its program cannot be started. */
  constructor(setup: ClientSetup) {
    this.#setup = setup;
    this.#folders = setup.folders;
    const [, ...args] = setup.server.command;
    this.#child = startChild(setup.program, args, {
      cwd: setup.folders[0],
      env: { PATH: setup.searchPath },
      onComplaint: setup.onComplaint,
    });
    this.#connection = connect(this.#child, {
      onNotification: (method, params) => this.#hear(method, params),
      onRequest: (method, params) => this.#answer(method, params),
    });
    this.ended = this.#connection.ended;
    this.ended.then(() => {
      this.#child.kill();
      for (const document of this.#documents.values()) document.wake();
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

  /** Paths and languages of the documents that are open. */
  get documents(): { readonly path: string; readonly languageId: string }[] {
    return Array.from(this.#documents, ([path, { languageId }]) => ({ path, languageId }));
  }

  /** Returns what the server finds in the file of `question`: never of an older content. */
  async ask(question: Question): Promise<Known> {
    const ready = await within<Answer>(left(question), this.#initialized, { kind: "late" });
    if (ready.kind === "ended") return { kind: "ended", why: await this.ended };
    if (ready.kind === "late") return this.#late();
    if (ready.kind === "error") {
      return unknown(`refused ${this.#name}`, `${this.#name} did not start: ${ready.message}`);
    }
    for (let tries = 0;; tries++) {
      const content = readFileText(question.path);
      if (content.kind === "none") this.#close(question.path);
      if (content.kind === "none") return { kind: "unknown", reason: content.reason };
      const known = await this.#askOf(question, content);
      const isStill = fileStamp(question.path) === content.stamp;
      if (known.kind !== "findings" || isStill || tries >= retriesMax || left(question) <= 0) return known;
    }
  }

  /** Opens `documents`, so that the server knows them before anybody asks. */
  async open(documents: readonly { readonly path: string; readonly languageId: string }[]): Promise<void> {
    if ((await this.#initialized).kind !== "result") return;
    for (const { path, languageId } of documents) {
      const content = readFileText(path);
      if (content.kind === "text") this.#show(path, languageId, content);
    }
  }

  /** Tells the server its folders, the first of which stays. */
  setFolders(folders: readonly string[]): void {
    const added = folders.filter((folder) => !this.#folders.includes(folder)).map(folderOf);
    const removed = this.#folders.filter((folder) => !folders.includes(folder)).map(folderOf);
    this.#folders = folders;
    if (added.length + removed.length === 0) return;
    this.#connection.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed } });
  }

  /** Takes note of a file that was made, changed or removed, to tell the server before the next question. */
  noteChange(path: string, isNew: boolean): void {
    if (this.#changed.size < changesMax) this.#changed.set(path, isNew || this.#changed.get(path) === true);
  }

  /** Closes the documents that nobody asked for since `sinceMs`. */
  closeUnused(sinceMs: number): void {
    for (const [path, { usedMs }] of this.#documents) if (usedMs < sinceMs) this.#close(path);
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

  get #name(): string {
    return this.#setup.server.name;
  }

  get #can(): Abilities {
    return withRegistered(this.#abilities, [...this.#registered.values()]);
  }

  /** Says whether the server answers questions, which it may say some time after its start. */
  get #isPulled(): boolean {
    return this.#can.pulls && !this.#pullFails;
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

  async #askOf(question: Question, content: FileText & { kind: "text" }): Promise<Known> {
    const isDisturbed = this.#rereadOthers(question.path) || this.#changed.size > 0;
    // Some servers look at what depends on a file when it changes on disk, and not when it is opened.
    if (!this.#documents.has(question.path)) this.noteChange(question.path, false);
    this.#tellChanges();
    const document = this.#show(question.path, question.languageId, content);
    if (isDisturbed) document.disturb(performance.now());
    let known = await this.#find(document, question);
    // A server that is still loading finds nothing where there is something.
    while (known.kind === "findings" && known.all.length === 0 && this.#isLoading) {
      await within(left(question), Promise.race([this.#loaded.promise, this.ended]), undefined);
      if (left(question) <= 0) return told(document, question, this.#late());
      document.disturb(performance.now());
      known = await this.#find(document, question);
    }
    return told(document, question, known);
  }

  async #find(document: OpenDocument, question: Question): Promise<Known> {
    const { version } = document;
    const asked = await this.#asked(document, question);
    if (asked === undefined) return this.#published(document, question);
    // Somebody else has changed the file meanwhile, and the answer may be about what it was.
    if (document.version !== version && left(question) > 0) return this.#find(document, question);
    if (Array.isArray(asked)) {
      document.pulled = asked;
      document.isConcluded = true;
      return { kind: "findings", all: document.findings };
    }
    if (asked.kind === "ended") return { kind: "ended", why: await this.ended };
    if (asked.kind === "late") return this.#late();
    if (asked.kind === "result") return this.#published(document, question);
    return unknown(`failed ${this.#name}`, `${this.#name} could not tell: ${asked.message}`);
  }

  /** Asks the server in its own way, if it has one. */
  #asked(document: OpenDocument, question: Question): Promise<Diagnostic[] | Answer | undefined> {
    if (this.#setup.server.ask === "tsserver") {
      const execute = (params: unknown) => this.#request("workspace/executeCommand", params, question);
      return askTsserver(execute, question.path);
    }
    return this.#isPulled ? this.#pull(document, question) : Promise.resolve(undefined);
  }

  /** Asks for findings. A server that cannot answer is not asked again: it may publish all the same. */
  async #pull(document: OpenDocument, question: Question): Promise<Diagnostic[] | Answer | undefined> {
    const params = { textDocument: { uri: document.uri } };
    for (let tries = 0; tries < retriesMax; tries++) {
      const answer = await this.#request("textDocument/diagnostic", params, question);
      if (answer.kind === "late" || answer.kind === "ended") return answer;
      if (answer.kind === "result" && field(answer.value, "kind") === "full") {
        return diagnosticsFrom(field(answer.value, "items"));
      }
      if (answer.kind === "result" || !askAgainCodes.includes(answer.code)) break;
      await within(Math.min(retryMs, left(question)), this.ended, undefined);
    }
    this.#pullFails = true;
    return undefined;
  }

  /** Waits until the server has published the findings of the document as it is, or has let its time pass. */
  async #published(document: OpenDocument, question: Question): Promise<Known> {
    for (;;) {
      const waitMs = document.waitMs(this.#profile, performance.now());
      if (waitMs <= 0) break;
      if (left(question) <= 0) return this.#late();
      const next = Promise.race([document.nextPublication, this.ended.then(() => "ended")]);
      if (await within(Math.min(waitMs, left(question)), next, undefined) === "ended") {
        return { kind: "ended", why: await this.ended };
      }
      if (this.#isPulled) return this.#find(document, question);
    }
    if (document.published === undefined && document.misnumbered !== undefined) {
      this.#profile = { ...this.#profile, versions: "none" };
      this.#profile = document.publish(document.misnumbered, this.#profile, performance.now());
    }
    if (document.published === undefined) {
      this.#profile = silent(this.#profile);
      document.isConcluded = true;
      return unknown(`silent ${this.#name}`, `${this.#name} has said nothing about this content`);
    }
    if (!document.isConcluded) this.#profile = document.lesson(this.#profile);
    document.isConcluded = true;
    return { kind: "findings", all: document.findings };
  }

  #request(method: string, params: unknown, question: Question): Promise<Answer> {
    return this.#connection.request(method, params, left(question));
  }

  /** Tells the server of documents that were changed on disk meanwhile, by whatever. Says whether there were any. */
  #rereadOthers(path: string): boolean {
    let isChanged = false;
    for (const [other, document] of this.#documents) {
      if (other === path || fileStamp(other) === document.stamp) continue;
      isChanged = true;
      const content = readFileText(other);
      if (content.kind === "none") this.#close(other);
      else this.#show(other, document.languageId, content, document.usedMs);
    }
    return isChanged;
  }

  #tellChanges(): void {
    const changes = Array.from(this.#changed, ([path, isNew]) => ({
      uri: uriOf(path),
      type: fileStamp(path) === "absent" ? fileChange.removed : isNew ? fileChange.made : fileChange.changed,
    }));
    this.#changed.clear();
    if (changes.length > 0) this.#connection.notify("workspace/didChangeWatchedFiles", { changes });
  }

  /** Has the server see `content`. */
  #show(
    path: string,
    languageId: string,
    content: FileText & { kind: "text" },
    usedMs = performance.now(),
  ): OpenDocument {
    const { text, stamp } = content;
    const known = this.#documents.get(path);
    const document = known ?? new OpenDocument(uriOf(path), languageId, text, stamp, performance.now());
    if (known === undefined) this.#open(path, document);
    else if (known.text !== text) this.#change(known, content);
    document.usedMs = usedMs;
    document.stamp = stamp;
    return document;
  }

  #open(path: string, document: OpenDocument): void {
    if (this.#documents.size >= documentsMax) {
      const [oldest] = [...this.#documents].reduce((a, b) => a[1].usedMs <= b[1].usedMs ? a : b);
      this.#close(oldest);
    }
    this.#documents.set(path, document);
    const { uri, languageId, version, text } = document;
    this.#connection.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    this.#saved(document);
  }

  #change(document: OpenDocument, { text, stamp }: { text: string; stamp: string }): void {
    const before = document.text;
    document.replace(text, stamp, performance.now());
    const { uri, version, languageId } = document;
    if (this.#can.sync === "none") {
      this.#connection.notify("textDocument/didClose", { textDocument: { uri } });
      this.#connection.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    } else {
      const contentChanges = [this.#can.sync === "full" ? { text } : changeBetween(before, text)];
      this.#connection.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
    }
    this.#saved(document);
  }

  #saved({ uri, text }: OpenDocument): void {
    const { save } = this.#can;
    if (save === "none") return;
    const params = { textDocument: { uri } };
    this.#connection.notify("textDocument/didSave", save === "with text" ? { ...params, text } : params);
  }

  #close(path: string): void {
    const document = this.#documents.get(path);
    if (document === undefined) return;
    this.#documents.delete(path);
    this.#connection.notify("textDocument/didClose", { textDocument: { uri: document.uri } });
  }

  #hear(method: string, params: JsonObject): void {
    if (method === "textDocument/publishDiagnostics") this.#publish(params);
    if (method === "$/progress") this.#progress(String(params.token), field(params, "value"));
  }

  #publish(params: JsonObject): void {
    const path = pathOf(textField(params, "uri") ?? "");
    const document = this.#documents.get(path ?? "");
    if (path === undefined || document === undefined || this.#setup.server.ask !== undefined) return;
    const found = diagnosticsFrom(params.diagnostics);
    const version = numberField(params, "version");
    const { versions } = this.#profile;
    if (version !== undefined && version !== document.version && versions !== "none") {
      // The number of an earlier content is believed. One that never was may be of a server that cannot count.
      if (version < 1 || version > document.version) document.misnumbered = found;
      return;
    }
    if (version !== undefined && versions === "unknown") this.#profile = { ...this.#profile, versions: "right" };
    this.#profile = document.publish(found, this.#profile, performance.now());
    for (const session of document.told.keys()) {
      this.#setup.onLater(session, path, () => document.newsFor(session));
    }
  }

  get #isLoading(): boolean {
    return !this.#isLoaded && this.#loading.size > 0;
  }

  /** What a server works on between its start and the first moment without work is its loading. */
  #progress(token: string, value: unknown): void {
    const kind = textField(value, "kind");
    if (kind === "begin" || kind === "report") {
      this.#loading.set(token, numberField(value, "percentage") ?? this.#loading.get(token));
    }
    if (kind !== "end" || !this.#loading.delete(token) || this.#loading.size > 0) return;
    this.#isLoaded = true;
    this.#loaded.resolve();
  }

  #answer(method: string, params: JsonObject): unknown {
    if (method === "workspace/configuration") {
      const items = Array.isArray(params.items) ? params.items : [];
      return items.map((item) => settingsAt(this.#setup.server.settings ?? {}, textField(item, "section")));
    }
    if (method === "workspace/workspaceFolders") return this.#folders.map(folderOf);
    if (method === "workspace/applyEdit") return { applied: false, failureReason: "nobody edits here" };
    if (method === "window/showDocument") return { success: false };
    // A schema that the JSON server wants to have fetched: one that allows everything.
    if (method === "vscode/content") return "{}";
    if (method.startsWith("client/")) this.#register(params, method === "client/registerCapability");
    return acknowledged.has(method) || method.endsWith("/refresh") ? null : undefined;
  }

  #register(params: JsonObject, isOn: boolean): void {
    // The misspelt name is that of LSP.
    const list = isOn ? params.registrations : params.unregisterations;
    for (const item of Array.isArray(list) ? list : []) {
      const id = textField(item, "id") ?? "";
      if (isOn) this.#registered.set(id, textField(item, "method") ?? "");
      else this.#registered.delete(id);
    }
    for (const document of this.#documents.values()) document.wake();
  }

  #late(): Known {
    const percent = [...this.#loading.values()].find((value) => value !== undefined);
    const part = percent === undefined ? "" : `, ${Math.round(percent)} % indexed`;
    return this.#isLoading || !this.#isReady
      ? unknown(`starting ${this.#name}`, `${this.#name} is starting${part}`)
      : unknown(`late ${this.#name}`, `${this.#name} has not answered in time`);
  }
}

const acknowledged = new Set([
  "client/registerCapability",
  "client/unregisterCapability",
  "window/workDoneProgress/create",
  "window/showMessageRequest",
]);

/** Returns the settings of a dotted section; an empty object says "the usual", where null would switch some servers off. */
function settingsAt(settings: JsonObject, section: string | undefined): unknown {
  const parts = section?.split(".") ?? [];
  return parts.reduce<unknown>((value, name) => field(value, name), asObject(settings)) ?? {};
}

/** Remembers what the session of `question` is told, so that it can be told what is found later. */
function told(document: OpenDocument, { session }: Question, known: Known): Known {
  if (session !== undefined && known.kind !== "ended") {
    document.told.set(session, known.kind === "findings" ? known.all : []);
  }
  return known;
}

function left({ untilMs }: Question): number {
  return Math.max(0, untilMs - performance.now());
}

function unknown(key: string, text: string): Known {
  return { kind: "unknown", reason: { key, text } };
}
