import { asObject, type JsonObject, numberField } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import { folderOf } from "../base/path.ts";
import { userId } from "../platform/dirs.ts";
import * as files from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Decode, Store, Transaction, Watch } from "./store.ts";

// How a change is published. Every change happens under one flock'd file, `mutex`, which the kernel frees when its
// process dies. New contents are written to files `staged-N` first. A change of one record is one rename. A change of
// several is listed in a file `journal`, itself published by a rename: from that moment the change counts, and whoever
// has the mutex next finishes it. What is staged but not in a journal never counted, and is written over. So a reader
// sees whole files, a process killed between any two steps leaves a change there or not there, and leftovers are
// bounded because their names are few. Nothing is forced to the disk: a power cut ends the boot, and with it every lease.

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

/** The store of one user on one machine: a file a record, changed under a mutex. */
export class FileStore implements Store {
  #root: string;
  #log: Log;

  constructor(root: string, log: Log) {
    this.#root = root;
    this.#log = log;
  }

  async change<T>(body: (tx: Transaction) => T): Promise<T> {
    const mutex = await this.#lock();
    try {
      this.#finishJournal();
      const { tx, writes, fence } = this.#begin(mutex.read());
      const result = body(tx);
      if (fence.last !== fence.before) mutex.overwrite(`${fence.last}\n`);
      this.#publish(writes);
      return result;
    } catch (error) {
      throw this.#unavailable(error);
    } finally {
      mutex.close();
    }
  }

  peek<R>(key: string, decode: Decode<R>): R | undefined {
    const found = this.#read(key);
    return found.kind === "record" ? decode(found.record) : undefined;
  }

  list(prefix: string): string[] {
    return files.namesIn(`${this.#root}/${prefix}`)
      .filter((name) => name.endsWith(".json") || !name.includes("."))
      .map((name) => name.replace(/\.json$/, ""));
  }

  watch(key: string): Watch {
    return files.watchFile(this.#pathOf(key));
  }

  first(key: string): boolean {
    const folder = `${this.#root}/told`;
    if (files.namesIn(folder).length > firstsMax) {
      for (const name of files.namesIn(folder)) files.removeFile(`${folder}/${name}`);
    }
    files.makePrivateFolder(folder);
    return files.createPrivate(`${folder}/${key}`);
  }

  async #lock(): Promise<files.LockedFile> {
    try {
      this.#checkRoot();
      const mutex = await files.lockFile(`${this.#root}/mutex`, mutexDeadlineMs);
      if (mutex !== undefined) return mutex;
    } catch (error) {
      throw this.#unavailable(error);
    }
    throw new TruceError(
      "unavailable",
      `Cannot use the state in "${this.#root}": another process has kept its mutex for ${mutexDeadlineMs / 1000} s`,
      {
        hint: `See which with: fuser -v ${this.#root}/mutex`,
      },
    );
  }

  #checkRoot(): void {
    const root = files.lookThrough(this.#root);
    if (root === undefined) return files.makePrivateFolder(this.#root);
    if (root.owner === undefined || root.owner === userId()) return;
    throw new TruceError("unavailable", `Cannot use the state in "${this.#root}": the folder belongs to another user`, {
      hint: "Set TRUCE_STATE_DIR to a folder of your own",
    });
  }

  #begin(fenceText: string) {
    // A counter that was lost starts above every number that a counter can have reached.
    const before = /^\d{1,16}\n/.test(fenceText) ? Number.parseInt(fenceText) : Date.now();
    const fence = { before, last: before };
    const writes = new Map<string, string | undefined>();
    const tx: Transaction = {
      get: (key, decode) => this.#get(key, decode, writes),
      put: (key, record) => writes.set(key, JSON.stringify(record)),
      delete: (key) => writes.set(key, undefined),
      list: (prefix) => this.list(prefix),
      fence: () => ++fence.last,
    };
    return { tx, writes, fence };
  }

  #get<R>(key: string, decode: Decode<R>, writes: Map<string, string | undefined>): R | undefined {
    if (writes.has(key)) {
      const text = writes.get(key);
      return text === undefined ? undefined : decode(JSON.parse(text));
    }
    const found = this.#read(key);
    if (found.kind === "absent") return undefined;
    const record = found.kind === "record" ? decode(found.record) : undefined;
    if (record === undefined) this.#setAside(this.#pathOf(key));
    return record;
  }

  #read(key: string): { kind: "absent" | "damaged" } | { kind: "record"; record: JsonObject } {
    const path = this.#pathOf(key);
    const facts = files.lookAt(path);
    if (facts === undefined) return { kind: "absent" };
    if (facts.kind !== "file" || facts.size > recordBytesMax) return { kind: "damaged" };
    const record = parseRecord(files.readText(path) ?? "");
    const format = numberField(record, "v");
    if (record === undefined || format === undefined) return { kind: "damaged" };
    if (format === formatKnown) return { kind: "record", record };
    throw new TruceError(
      "unavailable",
      `Cannot use "${path}": its format is ${format}, and this truce knows ${formatKnown}`,
      {
        hint: "Update truce, or set TRUCE_STATE_DIR to another folder",
      },
    );
  }

  #setAside(path: string): void {
    const isKept = files.namesIn(folderOf(path)).filter((name) => name.includes(".corrupt-")).length < damagedKeptMax;
    this.#log("set a damaged state file aside", { path });
    if (isKept) files.renameFile(path, `${path}.corrupt-${Date.now()}`);
    else files.removeFile(path);
  }

  #publish(writes: Map<string, string | undefined>): void {
    const steps: Step[] = [];
    for (const [key, text] of writes) {
      const to = this.#pathOf(key);
      if (text === undefined) steps.push({ to });
      else steps.push({ from: this.#stage(steps.length, text), to });
    }
    if (steps.length > 1) files.renameFile(this.#stage(steps.length, JSON.stringify({ v: 1, steps })), this.#journal);
    steps.forEach(carryOut);
    if (steps.length > 1) files.removeFile(this.#journal);
  }

  #finishJournal(): void {
    const facts = files.lookAt(this.#journal);
    if (facts === undefined) return;
    const steps = facts.kind === "file" ? asSteps(parseRecord(files.readText(this.#journal) ?? "")) : undefined;
    if (steps === undefined) return this.#setAside(this.#journal);
    steps.forEach(carryOut);
    files.removeFile(this.#journal);
  }

  #stage(number: number, text: string): string {
    const path = `${this.#root}/staged-${number}`;
    files.writePrivateText(path, text);
    return path;
  }

  get #journal(): string {
    return `${this.#root}/journal`;
  }

  #pathOf(key: string): string {
    return `${this.#root}/${key}.json`;
  }

  #unavailable(error: unknown): unknown {
    if (error instanceof TruceError || !files.isFileFailure(error)) return error;
    return new TruceError("unavailable", `Cannot use the state in "${this.#root}": ${files.sayFileFailure(error)}`, {
      hint: "Free or repair it, or set TRUCE_STATE_DIR to another folder",
      cause: error,
    });
  }
}

/** Does one step of a journal; one that was done before is done. */
function carryOut({ from, to }: Step): void {
  if (from === undefined) return files.removeFile(to);
  if (files.lookAt(from) === undefined) return;
  if (files.lookAt(folderOf(to)) === undefined) files.makePrivateFolder(folderOf(to));
  files.renameFile(from, to);
}

function parseRecord(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asSteps(journal: JsonObject | undefined): Step[] | undefined {
  const steps = journal?.steps;
  return Array.isArray(steps) && steps.every((step) => typeof step?.to === "string") ? steps : undefined;
}
