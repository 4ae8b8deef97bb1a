// A repository that uses much of Claude Code, which one run of the program projects to all clients, and the real clients
// in it. Each text that a client may be told holds a word of its own, so that a test can count it.

import { asObject, field, type JsonObject, textField } from "../../src/base/decode.ts";
import type { Files } from "../sync/fixtures/tree.ts";
import { assertEquals } from "./assert.ts";
import { truceFolder } from "./checked_clients.ts";
import { callInstalled } from "./client_call.ts";
import { installCodex, type Installed, installGemini, installOpencode } from "./client_install.ts";
import { clientTools } from "./client_tools.ts";
import { runGemini } from "./clients.ts";
import { byName, CodexPlace, type Session } from "./codex_place.ts";
import { anthropic } from "./mock_anthropic.ts";
import { type Block, elements } from "./mock_dialect.ts";
import { filesBelow } from "./place.ts";
import type { Ran } from "./program.ts";
import { unknownModel } from "./scripted_responses.ts";
import { asJson } from "./sync_place.ts";

/** What the model asks for; `read` is a file of the project. */
export type Ask = { readonly shell: string } | { readonly read: string };

/** A real client, and how it answers the questions of a test. */
export interface TreeClient {
  readonly installed: Installed;
  /** Returns `stdio`, `http` or `off` for each server that the client shows. */
  servers(place: TreePlace): Promise<Record<string, string>>;
  /** Runs a session in which everything is approved that may be, and the model asks for one thing after the other. */
  session(place: TreePlace, asks: readonly Ask[]): Promise<Session>;
  /** Returns what the model is told at work in `packages/api`. Without it that is told with the first file read there. */
  nested?(place: TreePlace): Promise<string>;
}

/** The values of the variables that the servers refer to. */
export const variables = { FILES_TOKEN: "canary-files", HUB_TOKEN: "canary-hub", TOKEN: "canary-token" };

const servers = {
  files: { command: "true", args: ["--root", "."], env: { FILES_TOKEN: "${FILES_TOKEN}", MODE: "ro" } },
  notes: { command: "true", env: { LEVEL: "${TOKEN:-x}" } },
  hub: { type: "http", url: "http://127.0.0.1:9/mcp", headers: { Authorization: "Bearer ${HUB_TOKEN}" } },
  off: { command: "true" },
};
const settings = {
  permissions: {
    deny: ["Bash(rm -rf *)", "Bash(git push:*)", "Read(./.env)", "Read(secrets/**)"],
    ask: ["Bash(npm publish:*)"],
    allow: ["Bash(npm run test:*)"],
  },
  env: { NODE_ENV: "test" },
  disabledMcpjsonServers: ["off"],
  hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "true", timeout: 10 }] }] },
};
const tree: Files = {
  "project/CLAUDE.md": "# Shop\n\n<!-- For people: word-comment. -->\nLayers: word-root.\n\n@docs/style.md\n",
  "project/docs/style.md": "Style: word-import.\n",
  "project/packages/api/CLAUDE.md": "The api: word-nested.\n",
  "project/packages/api/server.ts": "export const port = 80;\n",
  "project/CLAUDE.local.md": "My port: word-private.\n",
  "project/.claude/rules/always.md": "Always: word-rule.\n",
  "project/.claude/rules/tests.md": `---\npaths: "**/*.test.ts"\n---\nTests: word-scoped.\n`,
  "project/.claude/skills/release/SKILL.md":
    "---\nname: release\ndescription: Cuts a release.\n---\nRun scripts/cut.sh: word-skill.\n",
  "project/.claude/skills/release/scripts/cut.sh": "echo word-script\n",
  "project/.claude/skills/forms/SKILL.md": "---\nname: forms\ndescription: Fills in forms.\n---\nAsk first.\n",
  "project/.claude/agents/db-expert.md": "---\nname: db-expert\ndescription: Knows the tables.\n---\nWrite SQL.\n",
  "project/.claude/commands/db/migrate.md":
    "---\ndescription: Runs a migration.\nargument-hint: '[name]'\n---\nMigrate $ARGUMENTS\n",
  "project/.claude/settings.json": asJson(settings),
  "project/.mcp.json": asJson({ mcpServers: servers }),
  "project/.env": "KEY=canary-dotenv\n",
  "project/secrets/key": "canary-secret\n",
  "project/build/out": "built\n",
  // Codex makes and removes these while it starts its sandbox more than once, and then sometimes trips over itself.
  "project/.aws/config": "",
  "home/.ssh/config": "",
  // What `truce sync` says is to be written to have Codex keep its hands off the project's secrets.
  "project/.codex/config.toml": `default_permissions = "truce"\n`,
  "home/.claude/CLAUDE.md": "About me: word-user.\n",
  "home/.claude/settings.json": asJson({ permissions: { deny: ["Read(~/.ssh/**)"] }, env: { PAGER: "cat" } }),
};

/** The repository and a home, which Codex trusts. */
export class TreePlace extends CodexPlace {
  /** Runs `truce sync --scope all WORDS`. */
  sync(...words: readonly string[]): Promise<Ran> {
    return this.tree.place.run(["sync", "--scope", "all", ...words], { env: variables });
  }

  /** Returns all files of the project and the home, each with the time when it was written. */
  stamps(): string[] {
    const files = [...filesBelow(this.project), ...filesBelow(this.home)];
    return files.map((path) => `${path} ${Deno.lstatSync(path.replace(/\/$/, "")).mtime?.getTime()}`);
  }
}

/** Writes the repository and projects it to all clients at once. */
export async function syncedTree(): Promise<TreePlace> {
  const installed = await installCodex();
  const place = new TreePlace(installed.kind === "installed" ? installed.command : [], tree);
  const { code, stdout, stderr } = await place.sync("--accept-loss");
  assertEquals([code, stderr], [0, ""], stdout + stderr);
  return place;
}

const noRegistryUrl = "http://127.0.0.1:9";

export const codex: TreeClient = {
  installed: await sandboxed(await installCodex()),
  async servers(place) {
    const listed = byName(await place.json(["mcp", "list", "--json"]));
    return mapValues(Object.fromEntries(listed), (server) => {
      const kind = textField(field(server, "transport"), "type") === "stdio" ? "stdio" : "http";
      return field(server, "enabled") === false ? "off" : kind;
    });
  },
  session(place, asks) {
    const turns = asks.map((ask) => ({ command: "shell" in ask ? ask.shell : `cat ${ask.read}` }));
    return place.session(turns, { env: variables, model: unknownModel });
  },
  async nested(place) {
    // It is not about files here, and in a folder of files that are denied the sandbox lays mount points of its own.
    const args = ["--cd", "packages/api", "--config", 'default_permissions=":workspace"'];
    return (await place.session([], { args })).request;
  },
};

export const gemini: TreeClient = {
  installed: await installGemini(),
  async servers({ project: cwd, home }) {
    const env = { ...variables, GEMINI_CLI_TRUST_WORKSPACE: "true" };
    const { code, output } = await callInstalled(this.installed, ["mcp", "list"], { cwd, home, env });
    assertEquals(code, 0, output);
    return Object.fromEntries(
      [...output.matchAll(/(\w+): \S.* \((stdio|http)\)/g)].map(([, name, kind]) => [name, kind]),
    );
  },
  async session({ project, home }, asks) {
    const { read, shell } = clientTools.gemini;
    const turns = asks.map((ask) => ["shell" in ask ? shell(ask.shell) : read(ask.read)]);
    const env = { ...variables, PATH: `${truceFolder}:${Deno.env.get("PATH")}` };
    await using run = await runGemini({ project, home, env, permissionMode: "yolo", script: { turns } });
    const { code, stderr } = await run.finished;
    assertEquals(code, 0, stderr);
    return { answers: run.mock.toolResults(), request: JSON.stringify(run.mock.requests[0].body) };
  },
};

export const opencode: TreeClient = {
  installed: await installOpencode(),
  async servers(place) {
    const { code, output } = await callOpencode(place, ["debug", "config"]);
    assertEquals(code, 0, output);
    return mapValues(asObject(field(JSON.parse(output), "mcp")) ?? {}, (server) => {
      const kind = textField(server, "type") === "local" ? "stdio" : "http";
      return field(server, "enabled") === false ? "off" : kind;
    });
  },
  async session(place, asks) {
    const turns = asks.map((ask): Block =>
      "shell" in ask
        ? { tool: "bash", input: { command: ask.shell, description: "d" } }
        : { tool: "read", input: { filePath: `${place.project}/${ask.read}` } }
    );
    const bodies: JsonObject[] = [];
    await using model = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const body = asObject(await request.json()) ?? {};
      // Without tools it asks for a title.
      const isConversation = elements(body.tools).length > 0;
      const id = isConversation ? bodies.push(body) : 0;
      const block = turns[id - 1] ?? { text: "Done." };
      return anthropic.turn({ id, model: "scripted", blocks: [block], isStream: body.stream === true });
    });
    const provider = {
      npm: "@ai-sdk/anthropic",
      options: { baseURL: `http://127.0.0.1:${model.addr.port}/v1`, apiKey: "sk-fake" },
      models: { scripted: {} },
    };
    const config = { provider: { mock: provider }, model: "mock/scripted", small_model: "mock/scripted" };
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
    const { code, output } = await callOpencode(place, ["run", "Do it."], env);
    assertEquals(code, 0, output);
    const said = anthropic.said(bodies.at(-1) ?? {});
    return {
      answers: said.filter(({ kind }) => kind === "result").map(({ text }) => text),
      request: JSON.stringify(bodies[0]),
    };
  },
};

/** Codex runs and reads nothing where it cannot have its sandbox. */
async function sandboxed(installed: Installed): Promise<Installed> {
  if (installed.kind === "missing") return installed;
  using place = new CodexPlace(installed.command, {});
  const isHad = await place.inSandbox("echo ran") === "ran";
  return isHad ? installed : { kind: "missing", reason: "its sandbox cannot be had here" };
}

function callOpencode({ project: cwd, home }: TreePlace, args: readonly string[], more: Record<string, string> = {}) {
  const offline = { OPENCODE_DISABLE_MODELS_FETCH: "1", NPM_CONFIG_REGISTRY: noRegistryUrl };
  return callInstalled(opencode.installed, ["--pure", ...args], {
    cwd,
    home,
    env: { ...variables, ...offline, ...more },
  });
}

function mapValues(values: Readonly<Record<string, unknown>>, map: (value: unknown) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
