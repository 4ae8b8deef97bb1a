// What a client knows of one document that is open in its server.

import type { Diagnostic } from "./diagnostic.ts";
import { answered, doubtMs, type Profile, quietMs, silenceMs } from "./profile.ts";

/** A server's second round is no slower than this; what comes later is told later, and not waited for. */
const roundMs = 2_000;

/** What was found of one content, first and later. */
export interface News {
  readonly before: readonly Diagnostic[];
  readonly after: readonly Diagnostic[];
}

/** A document and the findings of its current content. Times are milliseconds of one clock. */
export class OpenDocument {
  version = 1;
  /** Asked for last. */
  usedMs: number;
  /** The findings that were asked for, and those that were published. */
  pulled: readonly Diagnostic[] = [];
  published: readonly Diagnostic[] | undefined;
  /** Published with the number of another version: perhaps the server cannot count. */
  misnumbered: readonly Diagnostic[] | undefined;
  /** Whether the current content was answered, or is known never to be. */
  isConcluded = false;
  /** Who was told which findings of the current content; none where there was no word yet. */
  readonly told = new Map<string, readonly Diagnostic[]>();
  #changedMs: number;
  #firstMs = 0;
  #lastMs = 0;
  #gapMs = 0;
  #publications = 0;
  /** Whether the content before this one had no answer yet when it was replaced. */
  #isDoubtful = false;
  #next = Promise.withResolvers<void>();

  constructor(
    readonly uri: string,
    readonly languageId: string,
    public text: string,
    public stamp: string,
    nowMs: number,
  ) {
    this.usedMs = nowMs;
    this.#changedMs = nowMs;
  }

  /** Resolves at the next publication. */
  get nextPublication(): Promise<void> {
    return this.#next.promise;
  }

  /** Returns all findings that are known of the current content. */
  get findings(): Diagnostic[] {
    return [...this.pulled, ...this.published ?? []];
  }

  /** Returns what `session` was told of the current content, and what it is told with this. */
  newsFor(session: string): News | undefined {
    const before = this.told.get(session);
    if (before === undefined) return undefined;
    this.told.set(session, this.findings);
    return { before, after: this.findings };
  }

  /** Takes over new content, of which nothing is known yet. */
  replace(text: string, stamp: string, nowMs: number): void {
    this.#isDoubtful = !this.isConcluded;
    this.version++;
    this.text = text;
    this.stamp = stamp;
    this.#changedMs = nowMs;
    this.#gapMs = 0;
    this.#publications = 0;
    this.pulled = [];
    this.published = this.misnumbered = undefined;
    this.isConcluded = false;
    this.told.clear();
  }

  /** Takes over findings that the server published. Returns what this teaches of the server. */
  publish(findings: readonly Diagnostic[], profile: Profile, nowMs: number): Profile {
    if (this.published === undefined) this.#firstMs = nowMs;
    else if (nowMs - this.#lastMs < roundMs) this.#gapMs = Math.max(this.#gapMs, nowMs - this.#lastMs);
    this.published = findings;
    this.#publications++;
    this.#lastMs = nowMs;
    this.wake();
    return this.isConcluded ? this.lesson(profile) : profile;
  }

  /** Returns what the publications for the current content teach of the server. */
  lesson(profile: Profile): Profile {
    return answered(profile, this.#firstMs - this.#changedMs, this.#gapMs);
  }

  /** Wakes those who wait for a publication. */
  wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Waits again for the server to become quiet: something else has changed that it may have to say something about. */
  disturb(nowMs: number): void {
    if (this.published !== undefined) this.#lastMs = nowMs;
  }

  /** Returns how long to wait until what was published can be taken for all that will be, or for silence. */
  waitMs(profile: Profile, nowMs: number): number {
    if (this.published === undefined) return this.#changedMs + silenceMs(profile) - nowMs;
    const settledMs = this.#lastMs + quietMs(profile);
    const isDoubtful = this.#isDoubtful && this.#publications < 2 && profile.versions !== "right";
    const certainMs = isDoubtful ? this.#changedMs + doubtMs(profile) : 0;
    return Math.max(settledMs, certainMs) - nowMs;
  }
}
