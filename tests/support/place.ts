import type { JsonObject } from "../../src/base/decode.ts";
import { removeTree, silenceFindings } from "./client_project.ts";
import { assert, assertEquals } from "./assert.ts";
import { type Ran, type Running, type RunOptions, runTruce, startTruce } from "./program.ts";

const conditionMaxMs = 60_000;

/** A lock as `truce lock list --json` shows it. */
export interface ShownLease {
  readonly path: string;
  readonly phase: string;
  readonly holder: string;
  readonly fence: number;
  readonly waiting: readonly string[];
}

/** A project, a home and a state folder of a test's own, which are gone after it (`using`). */
export class Place implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-place-" }));
  readonly project = `${this.root}/project`;
  readonly home = `${this.root}/home`;
  state = `${this.root}/state`;

  /** Unless the test is about findings, agents are told none, so that no hook starts a daemon. */
  constructor({ isNotifying = false } = {}) {
    for (const folder of [this.project, this.home]) Deno.mkdirSync(folder);
    if (!isNotifying) silenceFindings(this.home);
  }

  /** Writes a file of the project, and the folders above it; returns its path. */
  write(name: string, text = `${name}\n`): string {
    const path = `${this.project}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
    return path;
  }

  /** Runs `truce WORDS` in the project to its end. */
  run(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return runTruce(words, this.#here(options));
  }

  /** Starts `truce WORDS` in the project. */
  start(words: readonly string[], options: RunOptions = {}): Running {
    return startTruce(words, this.#here(options));
  }

  /** Returns the locks that bind now. */
  async leases(): Promise<ShownLease[]> {
    const ran = await this.run(["lock", "list", "--json"]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    return JSON.parse(ran.stdout).leases;
  }

  /** Returns the lock on a path, or `undefined`. */
  async lease(path: string): Promise<ShownLease | undefined> {
    const ran = await this.run(["lock", "status", path, "--json"]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    const shown = JSON.parse(ran.stdout);
    return shown.locked ? shown : undefined;
  }

  /** Watches the lock on `path` until `count` wait for it. */
  async waiting(path: string, count: number): Promise<void> {
    await until(`${count} wait for ${path}`, async () => (await this.lease(path))?.waiting.length === count);
  }

  /** Returns the whole lines of the log; none before the first. Other processes may be about to write the next. */
  log(): JsonObject[] {
    const path = `${this.state}/log/truce.log`;
    const lines = exists(path) ? Deno.readTextFileSync(path).split("\n") : [];
    return lines.slice(0, -1).map((line) => JSON.parse(line));
  }

  /** Keeps the state as it is now, for `restore`. */
  backup(): void {
    copyFolder(this.state, `${this.root}/backup`);
  }

  /** Puts the state back to what it was at `backup`. */
  restore(): void {
    remove(this.state);
    copyFolder(`${this.root}/backup`, this.state);
  }

  [Symbol.dispose](): void {
    endDaemon(this.state);
    removeTree(this.root);
  }

  #here({ env, ...options }: RunOptions): RunOptions {
    return { cwd: this.project, env: { HOME: this.home, TRUCE_STATE_DIR: this.state, ...env }, ...options };
  }
}

/** Ends the daemon that hooks have started for a state folder, if one runs. Its language servers end with it. */
export function endDaemon(state: string): void {
  const lock = `${state}/serve/lock`;
  const pid = exists(lock) ? Number(Deno.readTextFileSync(lock)) : 0;
  if (pid > 0 && exists(`${state}/serve/socket`)) endProcess(pid);
}

function endProcess(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Watches until `condition` holds. Fails with `what` when that does not come about. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + conditionMaxMs;
  while (!await condition()) assert(performance.now() < deadlineMs, `It never came about that ${what}`);
}

/** Returns the path of everything below `folder` but `except`; those of folders end with a slash. */
export function filesBelow(folder: string, except?: string): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (path === except) return [];
    return isDirectory ? [`${path}/`, ...filesBelow(path, except)] : [path];
  }).sort();
}

/** Copies a folder; one that is absent leaves nothing. */
function copyFolder(from: string, to: string): void {
  if (!exists(from)) return;
  Deno.mkdirSync(to, { mode: 0o700 });
  for (const path of filesBelow(from)) {
    const target = to + path.slice(from.length);
    if (path.endsWith("/")) Deno.mkdirSync(target, { mode: 0o700 });
    else Deno.copyFileSync(path, target);
  }
}

function remove(path: string): void {
  if (exists(path)) Deno.removeSync(path, { recursive: true });
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
