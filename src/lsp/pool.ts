// All language servers of one user, and who asks them.

import { isWithin } from "../base/path.ts";
import { searchPathWith } from "../platform/programs.ts";
import type { TreeOptions, TreeWatch } from "../platform/tree_watch.ts";
import { chooseServer, type ProjectFacts } from "./choose.ts";
import type { ClientSetup } from "./client.ts";
import { type Diagnostic, findingsOf } from "./diagnostic.ts";
import type { News } from "./open_document.ts";
import type { Known } from "./question.ts";
import type { FileReport, Reason, ReportRequest } from "./report.ts";
import { type Root, rootOf } from "./roots.ts";
import type { LanguageServer } from "./servers.ts";
import { Slot } from "./slot.ts";

const documentIdleMs = 10 * 60_000;
const serverIdleMs = 30 * 60_000;
const serversMax = 24;
const triesMax = 3;
const sessionsMax = 256;
const memoryBytesMax = 4 * 1024 ** 3;
/** Later findings come in bursts, of which the last counts. */
const laterPauseMs = 300;

/** Each event is compared with every folder that is watched, so these are the upper ones of a large tree. */
const foldersMax = 256;
/** Folders of which no server wants to hear: they are large, and what is in them is made by programs. */
const leftOut = new Set(["node_modules", "target", "venv", "__pycache__"]);
const isLeftOut = (name: string) => name.startsWith(".") || leftOut.has(name);

/** What the pool acts through. */
export interface PoolSetup {
  readonly processId: number;
  /** The servers that the configuration allows in a folder, and what is to be said about it. */
  serversIn(
    folder: string,
  ): Promise<{ readonly servers: readonly LanguageServer[]; readonly notes: readonly Reason[] }>;
  factsFor(searchPath: string): ProjectFacts;
  watch(folder: string, options: TreeOptions): TreeWatch;
  /** Bytes that a process and those it started use. */
  memoryOf(pid: number): number;
  log(fact: string, details: Record<string, unknown>): void;
  /** Is called when a server finds something else in a content after `session` was told of it. */
  onLater(session: string, report: FileReport): void;
}

/** One language server, for people. */
export interface ServerStatus {
  readonly name: string;
  readonly program: string;
  readonly folders: readonly string[];
  readonly state: "starting" | "ready" | "gone";
  readonly pid?: number;
  readonly upS?: number;
  readonly memoryBytes?: number;
  readonly documents: number;
  readonly restarts: number;
  readonly lastError?: string;
}

type Chosen = Pick<ClientSetup, "server" | "program" | "searchPath">;

type Wanted = Pick<ReportRequest, "severity" | "countMax">;

/** The language servers of a user: started when they are asked, one a language and root. */
export class Pool {
  readonly #setup: PoolSetup;
  readonly #slots = new Map<string, Slot>();
  /** The folders of each session, and what each one who asks wants to be told. */
  readonly #folders = new Map<string, readonly string[]>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #watches = new Map<string, TreeWatch>();
  readonly #later = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(setup: PoolSetup) {
    this.#setup = setup;
  }

  /** Returns what is found in the files of `request` as they are now. A slow server delays only the files it serves. */
  async diagnose(request: ReportRequest): Promise<{ files: FileReport[]; notes: Reason[] }> {
    const { session, agent = session, folders, severity, countMax } = request;
    if (session !== undefined) this.#rememberFolders(session, folders);
    if (agent !== undefined) remember(this.#wanted, agent, { severity, countMax });
    const notes = new Map<string, Reason>();
    const untilMs = performance.now() + request.timeoutMs;
    const files = await Promise.all(request.files.map((path) => this.#report(path, request, untilMs, notes)));
    return { files, notes: [...notes.values()] };
  }

  /** Takes over the full set of a session's folders. */
  setFolders({ session, folders }: { readonly session: string; readonly folders: readonly string[] }): void {
    this.#rememberFolders(session, folders);
  }

  /** Returns the servers, for people. */
  status(): ServerStatus[] {
    return Array.from(this.#slots.values(), (slot) => {
      const { client, setup, folders, restarts, lastError } = slot;
      const about = { name: setup.server.name, program: setup.program, folders, restarts, lastError };
      if (client === undefined) return { ...about, state: "gone", documents: 0 };
      const { pid, isReady, documents, startedMs } = client;
      return {
        ...about,
        state: isReady ? "ready" : "starting",
        pid,
        upS: Math.round((performance.now() - startedMs) / 1000),
        memoryBytes: this.#setup.memoryOf(pid),
        documents: documents.length,
      };
    });
  }

  /** Gives back what nobody has used for long, and what uses too much. To be called now and then. */
  tend(nowMs = performance.now()): void {
    for (const [key, slot] of this.#slots) {
      slot.client?.closeUnused(nowMs - documentIdleMs);
      if (slot.usedMs < nowMs - serverIdleMs) this.#stop(key);
      const bytes = slot.client === undefined ? 0 : this.#setup.memoryOf(slot.client.pid);
      if (bytes > memoryBytesMax) slot.client?.kill(`it used ${(bytes / 1024 ** 3).toFixed(1)} GiB of memory`);
    }
  }

  /** Ends all servers. */
  async close(): Promise<void> {
    for (const timer of this.#later.values()) clearTimeout(timer);
    for (const watch of this.#watches.values()) watch.close();
    await Promise.all(Array.from(this.#slots.values(), (slot) => slot.stop()));
  }

  async #report(
    path: string,
    request: ReportRequest,
    untilMs: number,
    notes: Map<string, Reason>,
  ): Promise<FileReport> {
    const facts = this.#setup.factsFor(request.searchPath);
    const root = rootOf(path, request.folders, facts.exists);
    if (root === undefined) {
      const text = "it lies outside of the session's folders and of every repository";
      return { path, kind: "unknown", reason: { key: "outside", text } };
    }
    const allowed = await this.#setup.serversIn(root.folder);
    for (const note of allowed.notes) notes.set(note.key, note);
    const choice = chooseServer(allowed.servers, path, root.folder, facts);
    if (choice.kind === "none") return { path, kind: "unknown", reason: choice.reason };
    const { server, program, languageId, programFolders } = choice;
    const searchPath = searchPathWith(programFolders, request.searchPath);
    for (let tries = 1;; tries++) {
      const slot = this.#slotFor({ server, program, searchPath }, root);
      this.#watch(root.folder);
      const known = await slot.ask({ path, languageId, session: request.agent ?? request.session, untilMs });
      // A server that was ended because of something else is not the reason.
      if (!slot.isStopped || known.kind === "findings" || tries >= triesMax) {
        return reportOf(path, server.name, known, request);
      }
    }
  }

  #slotFor(chosen: Chosen, root: Root): Slot {
    const { server, program } = chosen;
    // One that needs a package is another one where it has another package.
    const own = server.needs?.kind === "package" ? server.options : undefined;
    const keyAt = (folder: string) => JSON.stringify([server.name, program, folder, own]);
    const main = this.#slots.get(keyAt(root.main));
    const key = main?.serves(root.folder) === false ? keyAt(root.folder) : keyAt(root.main);
    const known = this.#slots.get(key);
    if (known !== undefined && JSON.stringify(known.setup.server) === JSON.stringify(server)) return known;
    if (known !== undefined) this.#stop(key);
    if (this.#slots.size >= serversMax) {
      const [oldest] = [...this.#slots].reduce((a, b) => a[1].usedMs <= b[1].usedMs ? a : b);
      this.#stop(oldest);
    }
    const folders = key === keyAt(root.main) ? this.#foldersOf(root.main, root.folder) : [root.folder];
    const slot = new Slot(this.#clientSetup(chosen, folders));
    this.#slots.set(key, slot);
    return slot;
  }

  /** Watches what is below `folder`, so that the servers of it can be told of what changes outside of the hooks. */
  #watch(folder: string): void {
    if (this.#watches.has(folder)) return;
    const onChange = (path: string, isNew: boolean) => {
      for (const { client } of this.#slots.values()) {
        if (client?.folders.some((one) => isWithin(path, one))) client.noteChange(path, isNew);
      }
    };
    this.#watches.set(folder, this.#setup.watch(folder, { isLeftOut, foldersMax, onChange }));
  }

  #unwatch(): void {
    const used = [...this.#slots.values()].flatMap(({ folders }) => folders);
    for (const [folder, watch] of this.#watches) {
      if (used.includes(folder)) continue;
      watch.close();
      this.#watches.delete(folder);
    }
  }

  #clientSetup(chosen: Chosen, folders: readonly string[]): ClientSetup {
    const { server } = chosen;
    return {
      ...chosen,
      folders,
      processId: this.#setup.processId,
      onComplaint: (line) => this.#setup.log("a language server complains", { server: server.name, line }),
      onLater: (session, path, news) => this.#tellLater(session, path, server.name, news),
    };
  }

  /** Returns all folders of the sessions whose root is `main`, that first, and `folder`. */
  #foldersOf(main: string, folder: string): string[] {
    const sessions = [...this.#folders.values()].filter(([root]) => root === main);
    return [...new Set([main, folder, ...sessions.flat()])];
  }

  #rememberFolders(session: string, folders: readonly string[]): void {
    const before = this.#folders.get(session) ?? [];
    remember(this.#folders, session, folders);
    if (before.join("\0") === folders.join("\0")) return;
    const wanted = new Set([...this.#folders.values()].flat());
    for (const [key, slot] of this.#slots) {
      const [main] = slot.setup.folders;
      if (before.includes(main) && !wanted.has(main)) this.#stop(key);
      else if ([before[0], folders[0]].includes(main)) slot.setFolders(this.#foldersOf(main, main));
    }
  }

  #stop(key: string): void {
    this.#slots.get(key)?.stop();
    this.#slots.delete(key);
    this.#unwatch();
  }

  #tellLater(session: string, path: string, server: string, news: () => News | undefined): void {
    const key = JSON.stringify([session, path]);
    clearTimeout(this.#later.get(key));
    const tell = () => {
      this.#later.delete(key);
      const [wanted, found] = [this.#wanted.get(session), news()];
      if (wanted === undefined || found === undefined) return;
      const say = (all: readonly Diagnostic[]) => reportOf(path, server, { kind: "findings", all }, wanted);
      const report = say(found.after);
      if (JSON.stringify(report) !== JSON.stringify(say(found.before))) this.#setup.onLater(session, report);
    };
    this.#later.set(key, setTimeout(tell, laterPauseMs));
  }
}

/** Puts `value` at the end of `map`, whose oldest goes when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > sessionsMax) map.delete(map.keys().next().value ?? "");
}

function reportOf(path: string, server: string, known: Known, { severity, countMax }: Wanted): FileReport {
  if (known.kind === "ended") return { path, kind: "unknown", reason: { key: `ended ${server}`, text: known.why } };
  if (known.kind === "unknown") return { path, ...known };
  const { shown, total } = findingsOf(known.all, severity, countMax);
  return total === 0 ? { path, kind: "clean" } : { path, kind: "findings", findings: shown, total, server };
}
