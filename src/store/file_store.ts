import { asObject, type JsonObject, numberField, textField } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import { folderOf } from "../base/path.ts";
import { userId } from "../platform/dirs.ts";
import * as files from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Decode, Store, StoredRecord, Transaction, Watch } from "./store.ts";

// How a change is published. Every change happens under the flock of one file, `mutex`, which the kernel frees when its
// process dies. New contents are written to files `staged-N` first. A change of one record is one rename. A change of
// several is written into the mutex file itself, as a list of steps behind the counter of fences: when that one write is
// whole the change counts, and whoever has the mutex next finishes what was left of it. What is staged but in no list
// never counted, and is written over. So a reader sees whole files, a process killed between any two steps leaves a
// change there or not there, and leftovers are bounded because their names are few. Nothing is forced to the disk: a
// power cut ends the boot, and with it every lease.

const mutexDeadlineMs = 2_000;
const formatKnown = 1;
const recordBytesMax = 4 * 1024 * 1024;
const damagedKeptMax = 16;
const firstsMax = 1_000;

/** One step of publishing: what is staged as `from` becomes `to`; without `from`, what is at `to` goes. */
interface Step {
  readonly from?: string;
  readonly to: string;
}

/** What the mutex file says: the last fence, and the steps of a change that may not be finished. */
interface Head {
  readonly fence: number;
  readonly steps: readonly Step[];
}

/** What is kept at a key. */
export type Found = { readonly kind: "absent" | "damaged" } | { readonly kind: "record"; readonly record: JsonObject };

/** The store of one user on one machine: a file a record, changed under a mutex. */
export class FileStore implements Store {
  #root: string;
  #report: Log;

  /** `report` is told of every damaged record that is set aside. */
  constructor(root: string, report: Log) {
    this.#root = root;
    this.#report = report;
  }

  async change<T>(body: (tx: Transaction) => T): Promise<T> {
    const mutex = await this.#lock();
    try {
      const { fence, steps } = parseHead(mutex.read());
      if (steps.length > 0) this.#carryOut(mutex, fence, steps);
      const change = new Change(this, fence);
      const result = body(change);
      this.#publish(mutex, fence, change);
      return result;
    } catch (error) {
      throw await this.#unavailable(error);
    } finally {
      mutex.close();
    }
  }

  peek<R>(key: string, decode: Decode<R>): R | undefined {
    const found = this.read(key);
    return found.kind === "record" ? decode(found.record) : undefined;
  }

  list(prefix: string): string[] {
    return files.namesIn(`${this.#root}/${prefix}`)
      .filter((name) => name.endsWith(".json") || !name.includes("."))
      .map((name) => name.replace(/\.json$/, ""));
  }

  async watch(key: string): Promise<Watch> {
    const { watchFile } = await import("../platform/watch.ts");
    return watchFile(this.#pathOf(key));
  }

  first(key: string): boolean {
    this.#checkRoot();
    const folder = `${this.#root}/told`;
    const known = files.namesIn(folder);
    if (known.length > firstsMax) removeOlderHalf(known.map((name) => `${folder}/${name}`));
    files.makePrivateFolder(folder);
    return files.createPrivate(`${folder}/${key}`);
  }

  async #lock(): Promise<files.LockedFile> {
    try {
      this.#checkRoot();
      const path = `${this.#root}/mutex`;
      if ((files.lookAt(path)?.kind ?? "file") !== "file") this.#refuse("its mutex is no file");
      const mutex = await files.lockFile(path, mutexDeadlineMs);
      if (mutex !== undefined) return mutex;
    } catch (error) {
      throw await this.#unavailable(error);
    }
    throw new TruceError(
      "unavailable",
      `Cannot use the state in "${this.#root}": another process has kept its mutex for ${mutexDeadlineMs / 1000} s`,
      {
        hint: `See which with: fuser -v ${this.#root}/mutex`,
      },
    );
  }

  /** Throws unless the folder of the state is this user's; makes it when it is absent. */
  #checkRoot(): void {
    const root = files.lookThrough(this.#root);
    if (root === undefined) files.makePrivateFolder(this.#root);
    else if (root.owner !== userId()) this.#refuse("the folder belongs to another user");
  }

  #refuse(fact: string): never {
    throw new TruceError("unavailable", `Cannot use the state in "${this.#root}": ${fact}`, {
      hint: "Set TRUCE_STATE_DIR to a folder of your own",
    });
  }

  /** Returns what is kept at `key`. Throws for a record of a later format, which is left as it is. */
  read(key: string): Found {
    const path = this.#pathOf(key);
    const facts = files.lookAt(path);
    if (facts === undefined) return { kind: "absent" };
    if (facts.kind !== "file" || facts.size > recordBytesMax) return { kind: "damaged" };
    const record = parseRecord(files.readText(path) ?? "");
    const format = numberField(record, "v");
    if (record === undefined || format === undefined) return { kind: "damaged" };
    if (format === formatKnown) return { kind: "record", record };
    const fact = `its format is ${format}, and this truce knows ${formatKnown}`;
    throw new TruceError("unavailable", `Cannot use "${path}": ${fact}`, {
      hint: "Update truce, or set TRUCE_STATE_DIR to another folder",
    });
  }

  /** Moves a damaged record out of the way, where a person can look at it. */
  setAside(key: string): void {
    const path = this.#pathOf(key);
    const isKept = files.namesIn(folderOf(path)).filter((name) => name.includes(".corrupt-")).length < damagedKeptMax;
    this.#report("a damaged state file was set aside", { path });
    if (isKept) files.renameFile(path, `${path}.corrupt-${Date.now()}`);
    else files.removeFile(path);
  }

  #publish(mutex: files.LockedFile, fenceBefore: number, { writes, lastFence }: Change): void {
    const steps: Step[] = [];
    for (const [key, text] of writes) {
      if (text === undefined) steps.push({ to: key });
      else steps.push({ from: this.#stage(steps.length, text), to: key });
    }
    if (steps.length > 1) mutex.overwrite(`${lastFence}\n${JSON.stringify(steps)}\n`);
    else if (lastFence !== fenceBefore) mutex.overwrite(`${lastFence}\n`);
    this.#carryOut(mutex, lastFence, steps);
  }

  /** Does the steps of a change; those that were done before are done. */
  #carryOut(mutex: files.LockedFile, fence: number, steps: readonly Step[]): void {
    for (const { from, to } of steps) {
      if (from === undefined) files.removeFile(this.#pathOf(to));
      else files.moveIntoPlace(`${this.#root}/${from}`, this.#pathOf(to));
    }
    if (steps.length > 1) mutex.truncate(`${fence}\n`.length);
  }

  #stage(number: number, text: string): string {
    const name = `staged-${number}`;
    files.writePrivateText(`${this.#root}/${name}`, text);
    return name;
  }

  #pathOf(key: string): string {
    return `${this.#root}/${key}.json`;
  }

  async #unavailable(error: unknown): Promise<unknown> {
    const { isFileFailure, sayFileFailure } = await import("../platform/file_failure.ts");
    if (error instanceof TruceError || !isFileFailure(error)) return error;
    return new TruceError("unavailable", `Cannot use the state in "${this.#root}": ${sayFileFailure(error)}`, {
      hint: "Free or repair it, or set TRUCE_STATE_DIR to another folder",
      cause: error,
    });
  }
}

/** The reads and writes of one body. What was read once is not read again. */
class Change implements Transaction {
  readonly writes = new Map<string, string | undefined>();
  lastFence: number;
  readonly #store: FileStore;
  readonly #records = new Map<string, JsonObject | undefined>();
  readonly #damaged = new Set<string>();

  constructor(store: FileStore, fence: number) {
    this.#store = store;
    this.lastFence = fence;
  }

  get<R>(key: string, decode: Decode<R>): R | undefined {
    if (!this.#records.has(key)) this.#records.set(key, this.#read(key));
    const record = this.#records.get(key);
    const decoded = record === undefined ? undefined : decode(record);
    if (record !== undefined && decoded === undefined) this.#reject(key);
    return decoded;
  }

  wasDamaged(key: string): boolean {
    return this.#damaged.has(key);
  }

  put<R extends StoredRecord>(key: string, record: R): void {
    this.writes.set(key, JSON.stringify(record));
    this.#records.set(key, record as unknown as JsonObject);
  }

  delete(key: string): void {
    this.writes.set(key, undefined);
    this.#records.set(key, undefined);
  }

  list(prefix: string): string[] {
    return this.#store.list(prefix);
  }

  fence(): number {
    return ++this.lastFence;
  }

  #read(key: string): JsonObject | undefined {
    const found = this.#store.read(key);
    if (found.kind === "damaged") this.#reject(key);
    return found.kind === "record" ? found.record : undefined;
  }

  #reject(key: string): void {
    this.#store.setAside(key);
    this.#damaged.add(key);
    this.#records.set(key, undefined);
  }
}

function removeOlderHalf(paths: readonly string[]): void {
  const byAge = paths.map((path) => ({ path, at: files.lookAt(path)?.modifiedMs ?? 0 })).sort((a, b) => a.at - b.at);
  for (const { path } of byAge.slice(0, byAge.length / 2)) files.removeFile(path);
}

function parseRecord(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Understands the mutex file: `<fence>\n`, and `<steps>\n` behind it. Steps that are not whole never counted. A counter
 * that was lost starts above every number that a counter can have reached.
 */
function parseHead(text: string): Head {
  const [counter, steps, end] = text.split("\n");
  const isWhole = steps !== undefined && /^\d{1,16}$/.test(counter);
  return { fence: isWhole ? Number(counter) : Date.now(), steps: isWhole && end !== undefined ? asSteps(steps) : [] };
}

function asSteps(text: string): Step[] {
  try {
    const steps = JSON.parse(text);
    const isStep = (step: unknown) =>
      /^[\w/]+$/.test(textField(step, "to") ?? "") && /^staged-\d+$/.test(textField(step, "from") ?? "staged-0");
    return Array.isArray(steps) && steps.every(isStep) ? steps : [];
  } catch {
    return [];
  }
}
