// A daemon without its process: timers that a test lets run, and parts that do what the test says.

import type { DaemonAccess } from "../../src/daemon/ask.ts";
import type { BodyBounds } from "../../src/daemon/call.ts";
import type { Diagnoser } from "../../src/daemon/diagnoser.ts";
import { Lifetime, type Timers } from "../../src/daemon/lifetime.ts";
import type { LockApi } from "../../src/daemon/lock_api.ts";
import type { Parts } from "../../src/daemon/server.ts";
import type { NotifyRequest } from "../../src/daemon/protocol.ts";
import type { Started } from "../../src/platform/background.ts";
import { fakeTree } from "./fake_tree.ts";
import { Machine } from "./machine.ts";

/** Timers of a time that stands still until a test lets it pass. */
export class FakeTimers implements Timers {
  nowMs = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly action: () => void }>();

  after(ms: number, action: () => void): () => void {
    const one = { atMs: this.nowMs + ms, action };
    this.#waiting.add(one);
    return () => this.#waiting.delete(one);
  }

  /** How many actions wait for their time. */
  get count(): number {
    return this.#waiting.size;
  }

  /** Lets `ms` pass. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.nowMs = next.atMs;
      this.#waiting.delete(next);
      next.action();
    }
    this.nowMs = untilMs;
  }

  #next(untilMs: number) {
    return [...this.#waiting].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** The locks of a machine of a test's own, on a file system of names. */
export function fakeLocks(tree = "/repo/"): LockApi & { readonly machine: Machine } {
  const machine = new Machine();
  return { machine, locks: machine.locks("daemon"), facts: fakeTree(tree) };
}

/** What a server is made of, with `special` parts. */
export function fakeParts(special: Partial<Parts> = {}): Parts {
  return {
    build: "build 1",
    pid: 7,
    locks: fakeLocks(),
    diagnoser: noDiagnoser,
    answerHook: () => Promise.resolve(undefined),
    sync() {},
    lifetime: new Lifetime(undefined, new FakeTimers()),
    log: () => {},
    port: undefined,
    gone: Promise.resolve(),
    token: () => Promise.resolve("secret"),
    memory: () => 1_000_000,
    nowMs: () => 0,
    ...special,
  };
}

/** Finds each file clean, and remembers what it was asked. */
export function cleanDiagnoser(): Diagnoser & { readonly asked: NotifyRequest[] } {
  const asked: NotifyRequest[] = [];
  return {
    ...noDiagnoser,
    asked,
    diagnose(request) {
      asked.push(request);
      return Promise.resolve({ files: request.files.map((path) => ({ path, kind: "clean" })), notes: [] });
    },
  };
}

/** A question about `files`. */
export function questionAbout(...files: string[]): NotifyRequest {
  return { files, folders: [], severity: "warning", countMax: 30, timeoutMs: 30_000, searchPath: "" };
}

/** Lets everything else go on until `condition` holds. Fails with `what` when that does not come about. */
export async function untilTrue(what: string, condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`It never came about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Bounds that no test reaches by accident. */
export const wideBounds: BodyBounds = { bytesMax: 1_000_000, deadlineMs: 60_000 };

/** What a hook of `build` has to reach the daemon of `stateFolder`; `start` is what it does to start one. */
export function accessTo(
  stateFolder: string,
  build: string,
  start: (words: readonly string[], env: Readonly<Record<string, string>>) => Started = neverStarted,
): DaemonAccess {
  return { cwd: "/", stateFolder: () => stateFolder, program: { build, start } };
}

function neverStarted(): Started {
  throw new Error("it was started");
}

/** Knows nothing of any file. */
export const noDiagnoser: Diagnoser = {
  diagnose: ({ files }) =>
    Promise.resolve({
      files: files.map((path) => ({
        path,
        kind: "unknown",
        reason: { key: "no servers", text: "no language servers are used" },
      })),
      notes: [],
    }),
  setFolders() {},
  status: () => [],
  tend() {},
  close: () => Promise.resolve(),
};
