// The place of one language server at one root. Servers come and go in it: one that crashes is started again.

import { describeError } from "../base/error.ts";
import { type ClientSetup, LanguageClient } from "./client.ts";
import { type Known, notKnown, type Question } from "./question.ts";
import type { Reason } from "./report.ts";

const startsPerQuestionMax = 2;
/** After so many questions in a row that it did not survive, a server is left alone for a while. */
const failuresMax = 2;
const pauseMs = 60_000;

/** A language server at a root. */
export class Slot {
  usedMs = performance.now();
  restarts = 0;
  lastError: string | undefined;
  #client: LanguageClient | undefined;
  #asking = 0;
  #failures = 0;
  #failedMs = 0;
  #isStopped = false;
  #folders: readonly string[];
  /** Those that it is to have as soon as it can take them. */
  #wanted: readonly string[];
  /** Whether it was started again while nobody asked, and nobody has asked since. */
  #isRevived = false;

  constructor(readonly setup: ClientSetup) {
    this.#folders = this.#wanted = setup.folders;
  }

  /** The server that runs now, if one does. */
  get client(): LanguageClient | undefined {
    return this.#client;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Says whether files in `folder` can be asked about here. */
  serves(folder: string): boolean {
    this.#passFolders();
    return this.#folders.includes(folder) || this.#client?.takesFolders === true;
  }

  /** Tells the server its folders, if it can take them while it runs. */
  setFolders(folders: readonly string[]): void {
    this.#wanted = folders;
    this.#passFolders();
  }

  /** Asks the server, which is started if need be, and once more when it crashes. */
  async ask(question: Question): Promise<Known> {
    this.usedMs = performance.now();
    if (this.#failures >= failuresMax && this.usedMs - this.#failedMs < pauseMs) return this.#failed();
    this.#asking++;
    this.#isRevived = false;
    try {
      for (let starts = 0; starts < startsPerQuestionMax; starts++) {
        const client = this.#client ?? this.#start();
        if (!(client instanceof LanguageClient)) return { kind: "unknown", reason: client };
        const known = await client.ask(question);
        if (known.kind === "findings") this.#failures = 0;
        if (known.kind !== "ended") return known;
        this.#gone(client, known.why);
        if (question.untilMs <= performance.now()) break;
      }
      this.#failures++;
      this.#failedMs = performance.now();
      return this.#failed();
    } finally {
      this.#asking--;
    }
  }

  /** Ends the server and keeps it from coming back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#client?.stop();
  }

  /** A server says only after its start, perhaps long after, whether it takes folders. */
  #passFolders(): void {
    if (this.#client !== undefined && !this.#client.takesFolders) return;
    this.#folders = this.#wanted;
    this.#client?.setFolders(this.#folders);
  }

  #start(): LanguageClient | Reason {
    try {
      this.#folders = this.#wanted;
      const client = new LanguageClient({ ...this.setup, folders: this.#folders });
      this.#client = client;
      client.ended.then((why) => this.#gone(client, why));
      return client;
    } catch (error) {
      this.lastError = describeError(error);
      const { name } = this.setup.server;
      return { key: `cannot start ${name}`, text: `${name} cannot be started: ${this.lastError}` };
    }
  }

  /** Notes the end of `client`. One that crashed while nobody asked is started again, with what was open in it. */
  #gone(client: LanguageClient, why: string): void {
    if (this.#client !== client || this.#isStopped) return;
    this.#client = undefined;
    this.lastError = why;
    this.restarts++;
    this.setup.onComplaint(`${this.setup.server.name} is gone: ${why}`);
    if (this.#failures >= failuresMax) return;
    if (this.#asking > 0 || this.#isRevived || !client.isReady) return;
    this.#isRevived = true;
    const next = this.#start();
    if (next instanceof LanguageClient) next.open(client.documents);
  }

  #failed(): Known {
    const { name } = this.setup.server;
    return notKnown(`crashed ${name}`, `${name} does not stay alive: ${this.lastError}`);
  }
}
