// A place in which truce is installed in clients that do nothing but tell their version, and in which all of them would
// run its hooks. A test breaks one thing of it.

import { asObject, field, numberField, textField } from "../../src/base/decode.ts";
import { assertEquals } from "./assert.ts";
import { writeFile } from "./client_project.ts";
import { Place } from "./place.ts";
import { type Ran, type RunOptions, truceProgram } from "./program.ts";

/** A finding as `truce doctor --json` shows it. */
export interface ShownFinding {
  readonly level: string;
  readonly subject: string;
  readonly text: string;
  readonly next?: string;
}

/** How the doctor ended, and what it found. */
export interface Diagnosis {
  readonly code: number;
  readonly findings: readonly ShownFinding[];
}

/** The names of the clients, and where each has its hooks in a project. */
export const hookFiles = {
  claude: ".claude/settings.json",
  gemini: ".gemini/settings.json",
  codex: ".codex/hooks.json",
  copilot: ".github/hooks/truce.json",
  opencode: ".opencode/plugins/truce.js",
} as const;

/** One of the clients. */
export type HookClient = keyof typeof hookFiles;

/** All of them. */
export const hookClients = Object.keys(hookFiles) as HookClient[];

const doctorMaxMs = 120_000;
const shell = "bash";

/** The place. What it has on PATH is its own. */
export class DoctorPlace extends Place {
  readonly bin = `${this.root}/bin`;

  constructor() {
    super();
    Deno.mkdirSync(this.bin);
    Deno.mkdirSync(this.state, { mode: 0o700 });
    this.write(".git/HEAD");
    Deno.symlinkSync(truceProgram, `${this.bin}/truce`);
    Deno.symlinkSync(programPath(shell), `${this.bin}/${shell}`);
  }

  /** Puts clients on PATH that tell their version, installs truce in them, and has them trust the project. */
  async install(clients: readonly HookClient[], flags: readonly string[] = []): Promise<void> {
    for (const client of clients) this.program(client, `echo "${client} 1.2.3"`);
    const ran = await this.truce(["install", ...clients, "--yes", "--scope", "project", ...flags]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    await this.trust(clients);
  }

  /** Has clients trust the project, and its hooks as they are now. */
  async trust(clients: readonly HookClient[]): Promise<void> {
    this.writeHome(".gemini/trustedFolders.json", { [this.project]: "TRUST_FOLDER" });
    this.writeHome(".copilot/config.json", { trustedFolders: [this.project] });
    if (clients.includes("codex")) writeFile(`${this.home}/.codex/config.toml`, await this.#codexConfig());
  }

  /** Writes a script that is on PATH, in the place of what has its name there: truce is a link, and not to be followed. */
  program(name: string, script: string): void {
    if (isLink(`${this.bin}/${name}`)) Deno.removeSync(`${this.bin}/${name}`);
    writeFile(`${this.bin}/${name}`, `#!/bin/sh\n${script}\n`);
    Deno.chmodSync(`${this.bin}/${name}`, 0o755);
  }

  writeHome(name: string, value: unknown): void {
    writeFile(`${this.home}/${name}`, JSON.stringify(value));
  }

  text(client: HookClient): string {
    return Deno.readTextFileSync(`${this.project}/${hookFiles[client]}`);
  }

  /** Changes the file in which a client has its hooks. Fails when nothing changes. */
  edit(client: HookClient, change: (text: string) => string): void {
    const [before, after] = [this.text(client), change(this.text(client))];
    if (after === before) throw new Error(`Nothing has changed in the hooks of ${client}`);
    this.write(hookFiles[client], after);
  }

  truce(words: readonly string[], { env, ...options }: RunOptions = {}): Promise<Ran> {
    return this.run(words, { deadlineMs: doctorMaxMs, ...options, env: { PATH: this.bin, ...env } });
  }

  async doctor(flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Diagnosis> {
    const { code, stdout, stderr } = await this.truce(["doctor", "--json", ...flags], { env });
    assertEquals(stderr, "");
    return { code, findings: JSON.parse(stdout).findings };
  }

  async #codexConfig(): Promise<string> {
    const groups = Object.entries(asObject(JSON.parse(this.text("codex")).hooks) ?? {});
    const states = await Promise.all(groups.map(async ([event, list]) => {
      const [name, group] = [event.replace(/(?<=.)(?=[A-Z])/g, "_").toLowerCase(), first(list)];
      return `[hooks.state."${this.project}/${hookFiles.codex}:${name}:0:0"]\n` +
        `trusted_hash = "sha256:${await codexHash(name, group)}"\n`;
    }));
    return `[projects."${this.project}"]\ntrust_level = "trusted"\n\n${states.join("\n")}`;
  }
}

/** Returns the hash by which Codex knows a hook: of its JSON with sorted fields. */
async function codexHash(event_name: string, group: unknown): Promise<string> {
  const hook = first(field(group, "hooks"));
  const handler = {
    async: false,
    command: field(hook, "command"),
    timeout: numberField(hook, "timeout"),
    type: "command",
  };
  const hasMatcher = !["user_prompt_submit", "stop", "session_end"].includes(event_name);
  const matcher = hasMatcher ? textField(group, "matcher") : undefined;
  const bytes = new TextEncoder().encode(JSON.stringify({ event_name, hooks: [handler], matcher }));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

function programPath(name: string): string {
  const paths = (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/${name}`);
  const path = paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  if (path === undefined) throw new Error(`There is no ${name} on PATH`);
  return path;
}
