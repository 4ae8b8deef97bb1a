// A pool of language servers in this process, in a project of its own, with scripted servers.

import { isWithin } from "../../src/base/path.ts";
import type { Severity } from "../../src/lsp/diagnostic.ts";
import { Pool, type ServerStatus } from "../../src/lsp/pool.ts";
import type { FileReport, Reason } from "../../src/lsp/report.ts";
import type { LanguageServer } from "../../src/lsp/servers.ts";
import { programFacts } from "../../src/platform/programs.ts";
import { watchTree } from "../../src/platform/tree_watch.ts";
import { assertEquals } from "./assert.ts";
import { removeTree, writeFile } from "./client_project.ts";
import { untilTrue } from "./daemon.ts";
import { ScriptedServer } from "./language_server.ts";
import type { ServerScript } from "./server_script.ts";

/** What a question says, where it is not the usual. */
export interface Asking {
  readonly session?: string;
  readonly folders?: readonly string[];
  readonly severity?: Severity;
  readonly countMax?: number;
  readonly timeoutMs?: number;
  readonly searchPath?: string;
}

/** How a pool is set up, where it is not the usual. */
export interface PoolOptions {
  memoryOf?(pid: number): number;
  /** Those that are in place of `scripted`. */
  readonly servers?: readonly LanguageServer[];
}

/** A script, or what makes one that has gates. */
export type Script = ServerScript | ((gate: (name: string) => string) => ServerScript);

/** No test comes near it. */
const timeoutMs = 60_000;

/** A pool, and a server named `scripted` for files that end with `.toy`. */
export class PoolPlace implements AsyncDisposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-pool-" }));
  readonly project = `${this.root}/project`;
  readonly pool: Pool;
  /** What was found after a session had its answer: `session name: findings`. */
  readonly later: string[] = [];
  /** Files that the watch has told of. */
  readonly noticed: string[] = [];
  /** Lines that servers have complained with. */
  readonly complaints: string[] = [];
  readonly notes: Reason[] = [];
  readonly #scripted = new Map<string, ScriptedServer>();
  #servers: readonly LanguageServer[] = [];

  constructor(script: Script = {}, { memoryOf = (_pid: number): number => 0, servers }: PoolOptions = {}) {
    Deno.mkdirSync(this.project);
    this.pool = new Pool({
      processId: Deno.pid,
      serversIn: () => Promise.resolve({ servers: this.#servers, notes: this.notes }),
      factsFor: (searchPath) => {
        const { exists, findProgram } = programFacts(searchPath);
        return { findProgram, exists: (path) => isWithin(path, this.root) && exists(path) };
      },
      watch: (folder, options) =>
        watchTree(folder, {
          ...options,
          onChange: (path, isNew) => {
            options.onChange(path, isNew);
            this.noticed.push(path);
          },
        }),
      memoryOf,
      log: (_fact, { line }) => this.complaints.push(String(line)),
      onLater: (session, report) => this.later.push(`${session} ${this.#nameOf(report.path)}: ${said(report)}`),
    });
    if (servers === undefined) this.add("scripted", script);
    else this.#servers = servers;
  }

  /** Adds a server, or changes what is known of it. */
  add(name: string, script: Script = {}, about: Partial<LanguageServer> = {}): ScriptedServer {
    const server = this.#scripted.get(name) ?? new ScriptedServer(this.root, {}, name);
    this.#scripted.set(name, server);
    server.change(typeof script === "function" ? script((gate) => server.gate(gate)) : script);
    const usual = { name, files: { ".toy": "toy" }, command: server.command, install: "nothing" };
    this.#servers = [...this.#servers.filter((one) => one.name !== name), { ...usual, ...about }];
    return server;
  }

  /** The server `scripted`. */
  get server(): ScriptedServer {
    return this.serverNamed("scripted");
  }

  serverNamed(name: string): ScriptedServer {
    const server = this.#scripted.get(name);
    if (server === undefined) throw new Error(`There is no server ${name}`);
    return server;
  }

  /** Writes a file of the project, or of another folder beside it when the name starts with `../`. Returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.pathOf(name);
    writeFile(path, content);
    return path;
  }

  /** Returns the path of a name as it is seen from the project. */
  pathOf(name: string): string {
    return name.startsWith("../") ? `${this.root}/${name.slice(3)}` : `${this.project}/${name}`;
  }

  /** Writes `text` into a file and asks what is found in it. */
  edit(name: string, text: string, asking: Asking = {}): Promise<string> {
    this.write(name, text);
    return this.ask(name, asking);
  }

  /** Returns what is found in one file, see `said`. */
  async ask(name: string, asking: Asking = {}): Promise<string> {
    return said(await this.report(name, asking));
  }

  async report(name: string, asking: Asking = {}): Promise<FileReport> {
    const { files: [report] } = await this.pool.diagnose({
      files: [this.pathOf(name)],
      folders: [this.project],
      severity: "warning",
      countMax: 30,
      timeoutMs,
      searchPath: Deno.env.get("PATH") ?? "",
      ...asking,
    });
    return report;
  }

  /** Returns the state of the only server. */
  status(): ServerStatus {
    const [status, ...more] = this.pool.status();
    assertEquals(more.length, 0, "there are several servers");
    return status;
  }

  /** Waits until the watch has told of a file. */
  async untilNoticed(name: string): Promise<void> {
    await untilTrue(`${name} is noticed`, () => this.noticed.includes(this.pathOf(name)));
  }

  /** Waits until so many findings were told later. */
  async untilLater(count: number): Promise<readonly string[]> {
    await untilTrue(`findings are told later, ${count} times`, () => this.later.length >= count);
    return this.later;
  }

  /** Closes the pool. Fails when a server outlives that, or when one was not treated as LSP says. */
  async [Symbol.asyncDispose](): Promise<void> {
    const servers = [...this.#scripted.values()];
    try {
      await this.pool.close();
      assertEquals(servers.flatMap((server) => server.violations()), []);
      await untilTrue("all servers are gone", () => !servers.flatMap((server) => server.starts()).some(isRunning));
    } finally {
      for (const server of servers) server.kill();
      removeTree(this.root);
    }
  }

  #nameOf(path: string): string {
    return path.slice(path.lastIndexOf("/") + 1);
  }
}

/** Returns a report in short: `clean`, the messages of the findings, or the reason. */
export function said(report: FileReport): string {
  if (report.kind === "clean") return "clean";
  if (report.kind === "unknown") return report.reason.text;
  const { findings, total } = report;
  const rest = total - findings.length;
  return [...findings.map(({ message }) => message), ...rest > 0 ? [`${rest} more`] : []].join(", ");
}

/** Says whether there is a process `pid` of this user. */
export function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
