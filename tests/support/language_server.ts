import { writeFile } from "./client_project.ts";
import type { LogLine, ServerScript } from "./server_script.ts";

/** What truce.jsonc says of one server. */
export interface ServerEntry {
  readonly command: readonly string[];
  /** Languages by the ending of a file. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

const program = new URL("./scripted_server.ts", import.meta.url).pathname;
const conditionMaxMs = 60_000;
const flags = ["--allow-all", "--quiet", "--no-config", "--no-lock", "--no-code-cache"];

/** A scripted language server, as often as it is started. Those that still run are killed when it goes out of scope. */
export class ScriptedServer implements Disposable {
  readonly #folder: string;

  /** The script, the log and the gates lie in `folder`/`name`; the folder outlives this. */
  constructor(folder: string, script: ServerScript = {}, name = "scripted") {
    this.#folder = `${folder}/${name}`;
    Deno.mkdirSync(this.#folder);
    this.change(script);
  }

  /** What starts it: a program and its arguments. */
  get command(): readonly string[] {
    return [Deno.execPath(), "run", ...flags, program, this.#scriptPath];
  }

  /** Returns its entry of truce.jsonc. */
  entry(files: ServerEntry["files"] = { ".toy": "toy" }): ServerEntry {
    return { command: this.command, files };
  }

  /** Gives it another script from its next start on. */
  change(script: ServerScript): void {
    Deno.writeTextFileSync(this.#scriptPath, JSON.stringify({ script, log: this.#logPath }));
  }

  /** Returns the path of a gate, at which a script lets the server wait until `open`. */
  gate(name: string): string {
    return `${this.#folder}/${name}.gate`;
  }

  open(name: string): void {
    Deno.writeTextFileSync(this.gate(name), "");
  }

  /** Returns what has happened so far, in all lives. */
  log(): LogLine[] {
    const text = readText(this.#logPath);
    return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "").map((line) =>
      JSON.parse(line)
    );
  }

  /** Returns the parameters of all messages of `method` that have come. */
  received(method: string): unknown[] {
    return this.log().flatMap((line) => line.kind === "received" && line.method === method ? [line.params] : []);
  }

  /** Returns the process of each start, in order. */
  starts(): number[] {
    return this.log().flatMap(({ kind, pid }) => kind === "start" ? [pid] : []);
  }

  /** Returns what the client has done that LSP forbids. */
  violations(): string[] {
    return this.log().flatMap((line) => line.kind === "violation" ? [line.text] : []);
  }

  /** Watches the log until `condition` holds. Fails with `what` when that does not come about. */
  async until(what: string, condition: (log: LogLine[]) => boolean): Promise<void> {
    const watch = Deno.watchFs(this.#folder);
    const timer = setTimeout(() => watch.close(), conditionMaxMs);
    if (!condition(this.log())) {
      for await (const _ of watch) if (condition(this.log())) break;
    }
    clearTimeout(timer);
    const isMet = condition(this.log());
    close(watch);
    if (!isMet) throw new Error(`It never came about that ${what}; the log has ${JSON.stringify(this.log())}`);
  }

  /** Kills the processes that still run; only those that the log names and that are still this program. */
  kill(): void {
    const ended = new Set(this.log().flatMap(({ kind, pid }) => kind === "end" ? [pid] : []));
    for (const pid of this.starts()) if (!ended.has(pid) && this.#isOurs(pid)) killProcess(pid);
  }

  [Symbol.dispose](): void {
    this.kill();
  }

  get #scriptPath(): string {
    return `${this.#folder}/script.json`;
  }

  get #logPath(): string {
    return `${this.#folder}/log.jsonl`;
  }

  /** A process id may be another's by now; where the system does not tell, the log has to do. */
  #isOurs(pid: number): boolean {
    return Deno.build.os !== "linux" || readText(`/proc/${pid}/cmdline`).includes(this.#scriptPath);
  }
}

/** Writes `servers` into the configuration of the user whose home is `home`, in place of what is there. */
export function configureServers(home: string, servers: Readonly<Record<string, ServerEntry>>): void {
  writeFile(`${home}/.config/truce/truce.jsonc`, JSON.stringify({ servers }, null, 2));
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function killProcess(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof TypeError)) throw error;
  }
}

function close(watch: Deno.FsWatcher): void {
  try {
    watch.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
