import { edited, type Position } from "./toy_language.ts";
import type { ServerScript } from "./server_script.ts";

/** A document as the server knows it. */
export interface Document {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** Parameters of the notifications about documents, as LSP has them. */
export interface DocumentParams {
  readonly textDocument: { readonly uri: string; readonly version?: number; readonly text?: string };
  readonly contentChanges?: readonly { range?: { start: Position; end: Position }; text: string }[];
  readonly text?: string;
}

/** The open documents of a scripted server, which watch how the client treats them. */
export class Documents {
  readonly #open = new Map<string, Document>();
  readonly #script: ServerScript;
  readonly #complain: (violation: string) => void;

  constructor(script: ServerScript, complain: (violation: string) => void) {
    this.#script = script;
    this.#complain = complain;
  }

  get(uri: string): Document | undefined {
    return this.#open.get(uri);
  }

  /** Takes a notification of `method`. */
  take(method: string, params: DocumentParams): void {
    const { uri } = params.textDocument;
    const document = this.#open.get(uri);
    if (method === "textDocument/didOpen") return this.#opened(params, document);
    if (document === undefined) return this.#complain(`${method} of ${uri}, which is not open`);
    if (method === "textDocument/didChange") this.#changed(params, document);
    if (method === "textDocument/didSave") this.#saved(params, document);
    if (method === "textDocument/didClose") this.#open.delete(uri);
  }

  #opened({ textDocument: { uri, version = NaN, text = "" } }: DocumentParams, document: Document | undefined): void {
    if (document !== undefined) this.#complain(`${uri} is opened twice`);
    this.#open.set(uri, { uri, version, text });
  }

  #changed({ textDocument: { uri, version = NaN }, contentChanges = [] }: DocumentParams, document: Document): void {
    const sync = this.#script.sync ?? "full";
    if (sync === "none") this.#complain(`${uri} changes, although changes are not wanted`);
    if (sync === "full" && contentChanges.some(({ range }) => range)) this.#complain(`a part of ${uri} changes`);
    if (!(version > document.version)) this.#complain(`${uri} has version ${version} after ${document.version}`);
    this.#open.set(uri, { uri, version, text: contentChanges.reduce(edited, document.text) });
  }

  #saved({ textDocument: { uri }, text }: DocumentParams, document: Document): void {
    const save = this.#script.save ?? "plain";
    if (save === "none") this.#complain(`${uri} is saved, although saves are not wanted`);
    if (save !== "text") return;
    if (text === undefined) this.#complain(`${uri} is saved without its text`);
    this.#open.set(uri, { ...document, text: text ?? "" });
  }
}
