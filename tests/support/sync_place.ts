import type { JsonObject } from "../../src/base/decode.ts";
import { assertEquals } from "./assert.ts";
import { filesBelow, Place } from "./place.ts";
import type { Ran, RunOptions } from "./program.ts";

/** Files by their paths below the project; a text that starts with `-> ` is a link. */
export type Files = Readonly<Record<string, string>>;

/** A project with one item of each kind; each target takes all of it. */
export const sample: Files = {
  "CLAUDE.md": "# Shop\n\nUse tabs.\n",
  ".mcp.json": asJson({
    mcpServers: {
      github: {
        type: "http",
        url: "https://example.invalid/mcp",
        headers: { Authorization: "Bearer ${GITHUB_TOKEN}" },
      },
      files: { command: "npx", args: ["files"], env: { FILES_KEY: "${FILES_KEY}" } },
    },
  }),
  ".claude/settings.json": asJson({
    permissions: { deny: ["Bash(rm -rf:*)"] },
    enabledMcpjsonServers: ["github", "files"],
  }),
  ".claude/skills/forms/SKILL.md": "---\nname: forms\ndescription: Fill forms\n---\nAsk for the fields.\n",
  ".claude/commands/db/migrate.md": "---\ndescription: Migrate\n---\nRun the migration $ARGUMENTS\n",
};

/** What cannot be said to Codex, and is therefore a loss. */
export const lossy: JsonObject = { permissions: { deny: ["Bash(rm -rf:*)", "Read(./.env)"] } };

/** A project that is projected by the compiled program (`using`). */
export class SyncPlace extends Place {
  constructor(files: Files = sample) {
    super();
    Deno.mkdirSync(`${this.project}/.git`);
    Deno.writeTextFileSync(`${this.project}/.git/HEAD`, "ref: refs/heads/main\n");
    for (const [name, text] of Object.entries(files)) this.put(name, text);
  }

  /** Writes a file or a link of the project. */
  put(name: string, text: string | JsonObject): void {
    if (typeof text !== "string") this.write(name, asJson(text));
    else if (!text.startsWith("-> ")) this.write(name, text);
    else Deno.symlinkSync(text.slice(3), `${this.project}/${name}`);
  }

  read(name: string): string {
    return Deno.readTextFileSync(`${this.project}/${name}`);
  }

  has(name: string): boolean {
    return this.tree().has(name);
  }

  remove(name: string): void {
    Deno.removeSync(`${this.project}/${name}`, { recursive: true });
  }

  /** Runs `truce sync WORDS` for the targets of which this test knows what they are written. */
  sync(words = "", options: RunOptions = {}): Promise<Ran> {
    return this.run(["sync", "--target", "codex,gemini,opencode", ...wordsIn(words)], options);
  }

  /** Runs the same, which has to end with `code`; returns what it says. */
  async synced(words = "", code = 0): Promise<string> {
    const ran = await this.sync(words);
    assertEquals([ran.code, ran.stderr], [code, ""], `truce sync ${words} says: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  /** Returns all that is below the project, or below `folder`: what it holds, and when that was written. */
  tree(folder = this.project): Map<string, string> {
    return new Map(filesBelow(folder).map((path) => [path.slice(folder.length + 1), stampOf(path)]));
  }

  /** Returns the same without the times. */
  contents(): Record<string, string> {
    return Object.fromEntries([...this.tree()].map(([name, stamp]) => [name, stamp.slice(stamp.indexOf(" "))]));
  }
}

/** Returns `value` as a file of JSON is usually written. */
export function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function wordsIn(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function stampOf(path: string): string {
  const { isSymlink, isFile, mtime } = Deno.lstatSync(path.replace(/\/$/, ""));
  if (isSymlink) return `${mtime?.getTime()} -> ${Deno.readLinkSync(path)}`;
  return isFile ? `${mtime?.getTime()} ${Deno.readTextFileSync(path)}` : "0 folder";
}
