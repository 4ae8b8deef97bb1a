// What a server was shown: the documents that are open in it, and the files that have changed since it was asked last.

import type { Connection } from "./connection.ts";
import { type Content, fileStamp, readFileText } from "./content.ts";
import { changeBetween, uriOf } from "./document.ts";
import type { Abilities } from "./handshake.ts";
import { OpenDocument } from "./open_document.ts";

const documentsMax = 200;
const changesMax = 5_000;
/** See `FileChangeType` of LSP. */
const fileChange = { made: 1, changed: 2, removed: 3 };

/** A file that is shown, and its language as LSP calls it. */
export interface ShownFile {
  readonly path: string;
  readonly languageId: string;
}

/** The documents of one server. */
export class Documents {
  readonly #connection: Connection;
  readonly #abilities: () => Abilities;
  readonly #documents = new Map<string, OpenDocument>();
  /** Files that were changed since the last question, and whether they were made. */
  readonly #changed = new Map<string, boolean>();

  constructor(connection: Connection, abilities: () => Abilities) {
    this.#connection = connection;
    this.#abilities = abilities;
  }

  /** The files of those that are open. */
  get files(): ShownFile[] {
    return Array.from(this.#documents, ([path, { languageId }]) => ({ path, languageId }));
  }

  /** Returns the one at `path`, if it is open. */
  at(path: string): OpenDocument | undefined {
    return this.#documents.get(path);
  }

  /** Wakes all who wait for a publication. */
  wake(): void {
    for (const document of this.#documents.values()) document.wake();
  }

  /** Takes note of a file that was made, changed or removed, to tell the server before the next question. */
  noteChange(path: string, isNew: boolean): void {
    if (this.#changed.size < changesMax) this.#changed.set(path, isNew || this.#changed.get(path) === true);
  }

  /** Has the server see `content`, and before it all else that has changed meanwhile. */
  catchUp(file: ShownFile, content: Content): OpenDocument {
    const isDisturbed = this.#rereadOthers(file.path) || this.#changed.size > 0;
    // Some servers look at what depends on a file when it changes on disk, and not when it is opened.
    if (!this.#documents.has(file.path)) this.noteChange(file.path, false);
    this.#tellChanges();
    const document = this.show(file, content);
    if (isDisturbed) document.disturb(performance.now());
    return document;
  }

  /** Has the server see `content`. */
  show({ path, languageId }: ShownFile, content: Content, usedMs = performance.now()): OpenDocument {
    const { text, stamp } = content;
    const known = this.#documents.get(path);
    const document = known ?? new OpenDocument(uriOf(path), languageId, text, stamp, performance.now());
    if (known === undefined) this.#open(path, document);
    else if (known.text !== text) this.#change(known, content);
    document.usedMs = usedMs;
    document.stamp = stamp;
    return document;
  }

  /** Closes the one at `path`, if it is open. */
  close(path: string): void {
    const document = this.#documents.get(path);
    if (document === undefined) return;
    this.#documents.delete(path);
    this.#connection.notify("textDocument/didClose", { textDocument: { uri: document.uri } });
  }

  /** Closes those that nobody asked for since `sinceMs`. */
  closeUnused(sinceMs: number): void {
    for (const [path, { usedMs }] of this.#documents) if (usedMs < sinceMs) this.close(path);
  }

  /** Tells the server of documents that were changed on disk meanwhile, by whatever. Says whether there were any. */
  #rereadOthers(path: string): boolean {
    let isChanged = false;
    for (const [other, document] of this.#documents) {
      if (other === path || fileStamp(other) === document.stamp) continue;
      isChanged = true;
      const content = readFileText(other);
      if (content.kind === "none") this.close(other);
      else this.show({ path: other, languageId: document.languageId }, content, document.usedMs);
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

  #open(path: string, document: OpenDocument): void {
    if (this.#documents.size >= documentsMax) {
      const [oldest] = [...this.#documents].reduce((a, b) => a[1].usedMs <= b[1].usedMs ? a : b);
      this.close(oldest);
    }
    this.#documents.set(path, document);
    this.#tellOpened(document);
    this.#tellSaved(document);
  }

  #change(document: OpenDocument, { text, stamp }: Content): void {
    const before = document.text;
    document.replace(text, stamp, performance.now());
    const { uri, version } = document;
    const { sync } = this.#abilities();
    if (sync === "none") {
      this.#connection.notify("textDocument/didClose", { textDocument: { uri } });
      this.#tellOpened(document);
    } else {
      const contentChanges = [sync === "full" ? { text } : changeBetween(before, text)];
      this.#connection.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
    }
    this.#tellSaved(document);
  }

  #tellOpened({ uri, languageId, version, text }: OpenDocument): void {
    this.#connection.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
  }

  #tellSaved({ uri, text }: OpenDocument): void {
    const { save } = this.#abilities();
    if (save === "none") return;
    const params = { textDocument: { uri } };
    this.#connection.notify("textDocument/didSave", save === "with text" ? { ...params, text } : params);
  }
}
