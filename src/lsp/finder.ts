// How a server is asked what it finds in a document that it was shown: in its own way, by the question that LSP has for
// it, or by waiting for what it publishes.

import { field } from "../base/decode.ts";
import { within } from "../platform/deadline.ts";
import type { Answer, Connection } from "./connection.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { diagnosticsFrom } from "./document.ts";
import type { Loading } from "./loading.ts";
import type { OpenDocument } from "./open_document.ts";
import { newProfile, type Profile, silent } from "./profile.ts";
import { type Known, leftMs, notKnown, type Question } from "./question.ts";
import type { LanguageServer } from "./servers.ts";
import { askTsserver } from "./tsserver.ts";

const retriesMax = 50;
const retryMs = 100;
/** The server was disturbed and wants to be asked again, see the error codes of LSP 3.17. */
const askAgainCodes = [-32801, -32802];

/** What a finder acts through. */
export interface FinderSetup {
  readonly server: Pick<LanguageServer, "name" | "ask">;
  readonly connection: Connection;
  readonly loading: Loading;
  /** Says whether the server answers questions, which it may say some time after its start. */
  pulls(): boolean;
}

/** Asks one server, and learns how it answers. */
export class Finder {
  readonly #setup: FinderSetup;
  #profile: Profile = newProfile;
  #pullFails = false;

  constructor(setup: FinderSetup) {
    this.#setup = setup;
  }

  /** Returns what the server finds in `document`, which it was shown as it is. */
  async find(document: OpenDocument, question: Question): Promise<Known> {
    const { loading, connection } = this.#setup;
    let known = await this.#findOnce(document, question);
    while (known.kind === "findings" && known.all.length === 0 && loading.isGoing) {
      await within(leftMs(question), Promise.race([loading.over, connection.ended]), undefined);
      if (leftMs(question) <= 0) return this.#late();
      document.disturb(performance.now());
      known = await this.#findOnce(document, question);
    }
    return known;
  }

  /** Takes over what the server published for `version` of `document`. Says whether that is of its current content. */
  publish(document: OpenDocument, found: readonly Diagnostic[], version: number | undefined): boolean {
    const { versions } = this.#profile;
    if (version !== undefined && version !== document.version && versions !== "none") {
      // The number of an earlier content is believed. One that never was may be of a server that cannot count.
      if (version < 1 || version > document.version) document.misnumbered = found;
      return false;
    }
    if (version !== undefined && versions === "unknown") this.#profile = { ...this.#profile, versions: "right" };
    this.#profile = document.publish(found, this.#profile, performance.now());
    return true;
  }

  get #name(): string {
    return this.#setup.server.name;
  }

  get #isPulled(): boolean {
    return this.#setup.pulls() && !this.#pullFails;
  }

  async #findOnce(document: OpenDocument, question: Question): Promise<Known> {
    const { version } = document;
    const asked = await this.#asked(document, question);
    if (asked === undefined) return this.#published(document, question);
    // Somebody else has changed the file meanwhile, and the answer may be about what it was.
    if (document.version !== version && leftMs(question) > 0) return this.#findOnce(document, question);
    if (Array.isArray(asked)) {
      document.pulled = asked;
      document.isConcluded = true;
      return { kind: "findings", all: document.findings };
    }
    if (asked.kind === "ended") return this.#ended();
    if (asked.kind === "late") return this.#late();
    if (asked.kind === "result") return this.#published(document, question);
    return notKnown(`failed ${this.#name}`, `${this.#name} could not tell: ${asked.message}`);
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
      await within(Math.min(retryMs, leftMs(question)), this.#setup.connection.ended, undefined);
    }
    this.#pullFails = true;
    return undefined;
  }

  #request(method: string, params: unknown, question: Question): Promise<Answer> {
    return this.#setup.connection.request(method, params, leftMs(question));
  }

  /** Waits until the server has published the findings of the document as it is, or has let its time pass. */
  async #published(document: OpenDocument, question: Question): Promise<Known> {
    const { ended } = this.#setup.connection;
    for (;;) {
      const waitMs = document.waitMs(this.#profile, performance.now());
      if (waitMs <= 0) break;
      if (leftMs(question) <= 0) return this.#late();
      const next = Promise.race([document.nextPublication, ended.then(() => "ended")]);
      if (await within(Math.min(waitMs, leftMs(question)), next, undefined) === "ended") return this.#ended();
      if (this.#isPulled) return this.#findOnce(document, question);
    }
    return this.#conclude(document);
  }

  /** Returns what was published until now as all that will be, and learns from it. */
  #conclude(document: OpenDocument): Known {
    if (document.published === undefined && document.misnumbered !== undefined) {
      this.#profile = { ...this.#profile, versions: "none" };
      this.#profile = document.publish(document.misnumbered, this.#profile, performance.now());
    }
    if (document.published === undefined) {
      this.#profile = silent(this.#profile);
      document.isConcluded = true;
      return notKnown(`silent ${this.#name}`, `${this.#name} has said nothing about this content`);
    }
    if (!document.isConcluded) this.#profile = document.lesson(this.#profile);
    document.isConcluded = true;
    return { kind: "findings", all: document.findings };
  }

  async #ended(): Promise<Known> {
    return { kind: "ended", why: await this.#setup.connection.ended };
  }

  #late(): Known {
    return this.#setup.loading.isGoing
      ? this.#setup.loading.starting()
      : notKnown(`late ${this.#name}`, `${this.#name} has not answered in time`);
  }
}
