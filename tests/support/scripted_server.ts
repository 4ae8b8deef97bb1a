// A language server for tests, started as a program of its own: `deno run --allow-all scripted_server.ts SCRIPT`. It
// serves the toy language over standard input and output and behaves as the file SCRIPT says, which a test writes
// (language_server.ts). It loads nothing but what lies beside it.

import { type Message, messagesIn } from "./lsp_frames.ts";
import { act } from "./scripted_actions.ts";
import { type Document, type DocumentParams, Documents } from "./scripted_documents.ts";
import { Wire } from "./scripted_wire.ts";
import type { ScriptFile, ServerScript } from "./server_script.ts";
import { findingsIn, type Found } from "./toy_language.ts";

const syncKinds = { none: 0, full: 1, incremental: 2 };
const invalidParams = -32602;
const methodNotFound = -32601;
const pullMethod = "textDocument/diagnostic";
const foldersMethod = "workspace/didChangeWorkspaceFolders";

class Server {
  readonly #script: ServerScript;
  readonly #wire: Wire;
  readonly #life: number;
  readonly #documents: Documents;
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  readonly #hadFindings = new Set<string>();
  readonly #configured = new Map<string, Promise<boolean>>();
  #phase: "new" | "open" | "closed" = "new";
  #canPull: boolean;

  constructor(script: ServerScript, wire: Wire) {
    this.#script = script;
    this.#wire = wire;
    this.#life = wire.countStarts();
    this.#documents = new Documents(script, (text) => wire.log({ kind: "violation", text }));
    this.#canPull = script.pull === "advertised";
  }

  receive(message: Message): void {
    const { id, method, params } = message;
    if (method === undefined) return this.#wire.take(message);
    this.#wire.log({ kind: "received", method, params });
    this.#count("*");
    this.#count(method);
    this.#watchOrder(method, id !== undefined);
    if (method.startsWith("textDocument/did")) this.#documents.take(method, params as DocumentParams);
    // The document of this moment: rules may wait, and others may come meanwhile.
    this.#handle(message, this.#documents.get((params as DocumentParams)?.textDocument?.uri));
  }

  async #handle({ id, method = "", params }: Message, document: Document | undefined): Promise<void> {
    const [any, nth] = [this.#counts.get("*"), this.#counts.get(method)];
    if (await this.#moment("*", any, id) || await this.#moment(method, nth, id)) return;
    if (id !== undefined) this.#wire.send({ id, ...await this.#answer(method, params, document) });
    else await this.#notified(method, params, document);
  }

  async #answer(method: string, params: unknown, document: Document | undefined): Promise<Partial<Message>> {
    if (method === "initialize") return this.#initialize(params);
    if (method === "shutdown") {
      this.#phase = "closed";
      return { result: null };
    }
    if (method !== pullMethod) return { error: { code: methodNotFound, message: `no ${method} here` } };
    if (!this.#canPull) this.#complain("asked for findings, although it does not answer that");
    if (document === undefined) return { error: { code: invalidParams, message: "not open" } };
    return { result: { kind: "full", items: await this.#findings(document, !this.#script.hasSecondRound) } };
  }

  #initialize(params: unknown): Partial<Message> {
    const { workspaceFolders } = params as { workspaceFolders?: unknown };
    if (this.#script.needsFolders && !Array.isArray(workspaceFolders)) {
      return { error: { code: invalidParams, message: "workspaceFolders must be a list" } };
    }
    this.#phase = "open";
    return { result: { capabilities: capabilitiesOf(this.#script), serverInfo: { name: "scripted" } } };
  }

  async #notified(method: string, params: unknown, document: Document | undefined): Promise<void> {
    const { publishOn = "change" } = this.#script;
    if (method === "exit") this.#wire.end(this.#phase === "closed" ? 0 : 1);
    if (method === "initialized") await this.#register();
    if (method === "textDocument/didOpen" || method === "textDocument/didChange") {
      if (publishOn === "change" && document !== undefined) await this.#publish(document);
    }
    if (method === "textDocument/didSave" && publishOn === "save" && document !== undefined) {
      await this.#publish(document);
    }
    if (method === "textDocument/didClose" && publishOn !== "never") {
      this.#tell((params as DocumentParams).textDocument.uri, undefined, []);
    }
  }

  async #register(): Promise<void> {
    const { pull, folders } = this.#script;
    if (folders === "registered") await this.#askFor("folders", foldersMethod);
    if (pull === "registered" || pull === "registered again") await this.#askFor("pull 1", pullMethod);
    if (pull !== "registered again") return;
    await this.#askFor("pull 2", pullMethod);
    const unregisterations = [{ id: "pull 1", method: pullMethod }];
    await this.#wire.ask("client/unregisterCapability", { unregisterations });
  }

  #askFor(id: string, method: string): Promise<unknown> {
    if (method === pullMethod) this.#canPull = true;
    const registerOptions = { documentSelector: null };
    return this.#wire.ask("client/registerCapability", { registrations: [{ id, method, registerOptions }] });
  }

  /** Publishes the findings of `document`, which is what it was when the message came, however late this is. */
  async #publish(document: Document): Promise<void> {
    const { hasSecondRound = false, version = "right" } = this.#script;
    const said = version === "right" ? document.version : version === "none" ? undefined : version;
    for (const round of hasSecondRound ? ["publish", "publish again"] : ["publish"]) {
      const findings = await this.#findings(document, !hasSecondRound || round === "publish again");
      const nth = this.#count(round);
      if (await this.#moment(round, nth, undefined)) return;
      this.#tell(document.uri, said, findings);
    }
  }

  #tell(uri: string, version: number | undefined, diagnostics: readonly Found[]): void {
    const isNothingNew = diagnostics.length === 0 && !this.#hadFindings.has(uri);
    if (this.#script.isTerse && isNothingNew) return;
    if (diagnostics.length === 0) this.#hadFindings.delete(uri);
    else this.#hadFindings.add(uri);
    const spelt = spell(uri, this.#script.uris ?? "same");
    this.#wire.log({ kind: "published", uri: spelt, version, count: diagnostics.length });
    this.#wire.send({ method: "textDocument/publishDiagnostics", params: { uri: spelt, version, diagnostics } });
    this.#count("published");
  }

  async #findings({ uri, text }: Document, isLater: boolean): Promise<Found[]> {
    if (this.#script.needsConfiguration && !await this.#isConfigured(uri)) return [];
    return findingsIn(text, isLater);
  }

  /** Asks once for each document, as the CSS server does. */
  #isConfigured(uri: string): Promise<boolean> {
    const known = this.#configured.get(uri) ??
      this.#wire.ask("workspace/configuration", { items: [{ scopeUri: uri, section: "toy" }] })
        .then((result) => Array.isArray(result) && result[0] !== null && result[0] !== undefined);
    this.#configured.set(uri, known);
    return known;
  }

  /** Does what the rules say of a moment. Returns whether a request has got its answer with that. */
  async #moment(at: string, nth: number | undefined, requestId: Message["id"]): Promise<boolean> {
    const rules = this.#script.rules?.filter((rule) =>
      rule.at === at && (rule.nth ?? nth) === nth && (rule.life ?? this.#life) === this.#life
    );
    const after = (what: string, count: number) => this.#after(what, count);
    let isAnswered = false;
    for (const action of rules?.flatMap((rule) => rule.do) ?? []) {
      if (await act(action, { wire: this.#wire, requestId, after })) isAnswered = true;
    }
    return isAnswered;
  }

  async #after(what: string, count: number): Promise<void> {
    while ((this.#counts.get(what) ?? 0) < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #count(at: string): number {
    const count = (this.#counts.get(at) ?? 0) + 1;
    this.#counts.set(at, count);
    for (const wake of this.#waiting) wake();
    return count;
  }

  #watchOrder(method: string, isRequest: boolean): void {
    if (this.#phase === "new" && method !== "initialize" && method !== "exit") {
      this.#complain(`${method} comes too early`);
    }
    if (this.#phase === "closed" && isRequest) this.#complain(`${method} comes after shutdown`);
    if (method === "initialize" && this.#phase !== "new") this.#complain("initialize comes twice");
    if (method === foldersMethod && (this.#script.folders ?? "fixed") === "fixed") {
      this.#complain("folders change, although they are fixed");
    }
  }

  #complain(text: string): void {
    this.#wire.log({ kind: "violation", text });
  }
}

function capabilitiesOf({ sync = "full", save = "plain", pull, folders }: ServerScript): object {
  const change = syncKinds[sync];
  return {
    textDocumentSync: {
      openClose: true,
      change,
      save: save === "none" ? undefined : { includeText: save === "text" },
    },
    diagnosticProvider: pull === "advertised"
      ? { interFileDependencies: false, workspaceDiagnostics: false }
      : undefined,
    workspace: { workspaceFolders: { supported: true, changeNotifications: folders === "dynamic" } },
  };
}

function spell(uri: string, how: NonNullable<ServerScript["uris"]>): string {
  const [, scheme, path] = /^(\w+:\/\/)(.*)$/.exec(uri) ?? ["", "", uri];
  switch (how) {
    case "same":
      return uri;
    case "lower hex":
      return uri.replaceAll(/%[\dA-F]{2}/g, (hex) => hex.toLowerCase());
    case "decoded":
      return decodeURI(uri);
    case "all encoded":
      return scheme + path.split("/").map((part) => allEncoded(decodeURIComponent(part))).join("/");
    case "other drive case":
      return scheme + path.replace(/^\/[a-z](?=:|%3A)/i, (drive) => swapped(drive));
  }
}

function allEncoded(text: string): string {
  const encoded = encodeURIComponent(text);
  return encoded.replaceAll(/[^\w%]|_/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function swapped(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}

/** The file is written by `ScriptedServer` of language_server.ts alone. */
const { script, log } = JSON.parse(Deno.readTextFileSync(Deno.args[0])) as ScriptFile;
const wire = new Wire(log);
wire.log({ kind: "start", cwd: Deno.cwd() });
if (script.isStubborn) {
  Deno.addSignalListener("SIGTERM", () => {});
  setInterval(() => {}, 60_000);
}
const server = new Server(script, wire);
for await (const message of messagesIn(Deno.stdin.readable)) {
  server.receive(message);
  // What need not wait is done before the next message is read, so answers come in the order of their questions.
  await new Promise((resolve) => setTimeout(resolve, 0));
}
if (!script.isStubborn) wire.end(1);
