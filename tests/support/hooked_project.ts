import { assertEquals } from "./assert.ts";
import type { ClientName, Run } from "./clients.ts";
import { runTruce } from "./program.ts";
import { type SessionOptions, SharedProject } from "./sessions.ts";

/** Where `truce install` writes hooks to in a project. */
const hookFiles: Readonly<Partial<Record<ClientName, string>>> = {
  claude: ".claude/settings.json",
  codex: ".codex/hooks.json",
  copilot: ".github/hooks/truce.json",
};

/** A project with what `truce install` writes, for sessions of one client. An edit that has to wait is denied at once. */
export class HookedProject extends SharedProject {
  readonly #client: ClientName;

  constructor(client: ClientName, files: Record<string, string>) {
    super(files);
    this.#client = client;
  }

  /** Installs truce for `clients`; `change` is done to the text of each hooks file. */
  async install(clients: readonly ClientName[], change = (text: string) => text): Promise<this> {
    const env = { HOME: this.homeOf("user") };
    await this.truce(["install", ...clients, "--scope", "project", "--yes"], env);
    for (const client of clients) {
      const path = `${this.path}/${hookFiles[client]}`;
      const impatient = Deno.readTextFileSync(path).replaceAll(/hook before-tool --format \w+/g, "$& --timeout 0");
      Deno.writeTextFileSync(path, change(impatient));
    }
    return this;
  }

  /** Starts a session that has no other hooks. */
  run(turns: SessionOptions["turns"], more: Partial<SessionOptions> = {}): Promise<Run> {
    return this.start(this.#client, { id: "aaaa", hooks: "none", turns, ...more });
  }

  /** Runs `truce WORDS` as a person would. */
  async truce(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { code, stdout, stderr } = await runTruce(words, { cwd: this.path, env: { ...this.env, ...env } });
    assertEquals(code, 0, stdout + stderr);
  }

  /** Returns `path phase` of each lock. */
  async locks(): Promise<string[]> {
    return (await this.leases()).map(({ path, phase }) => `${path.slice(this.path.length + 1)} ${phase}`).sort();
  }
}
