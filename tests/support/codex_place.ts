import { asObject, field, type JsonObject, textField } from "../../src/base/decode.ts";
import { type Files, Tree } from "../sync/fixtures/tree.ts";
import { assertEquals } from "./assert.ts";
import { endChild } from "./program.ts";
import { ScriptedResponses, type Turn } from "./scripted_responses.ts";

/** The end of one run of Codex. */
export interface CodexRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What came of a session with a model that does what it was told to. */
export interface Session {
  /** What the model was told of each turn, in their order. */
  readonly answers: readonly string[];
  /** The first request to the model, as text. */
  readonly request: string;
}

/** How a session is run. */
export interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The name of the model. */
  readonly model?: string;
}

const runMaxMs = 60_000;
const noise = /PATH aliases/;

/**
 * The real Codex with a home and a project of its own, which it trusts. It gets no environment but what it is given, and
 * its model is on this machine.
 */
export class CodexPlace implements Disposable {
  readonly tree: Tree;
  readonly home: string;
  readonly project: string;
  readonly #command: readonly string[];

  constructor(command: readonly string[], files: Files) {
    this.#command = command;
    const config = files["home/.codex/config.toml"] ?? "";
    const trust = `[projects."{project}"]\ntrust_level = "trusted"\n`;
    this.tree = new Tree({ ...files, "home/.codex/config.toml": `${config}\n${trust}` });
    this.home = this.tree.place.home;
    this.project = this.tree.place.project;
    new Deno.Command("git", { args: ["init", "--quiet"], cwd: this.project }).outputSync();
  }

  /** Runs Codex to its end. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CodexRun> {
    const { code, stdout, stderr } = await this.#program(args, { stdin: "null", stdout: "piped", env }).output();
    const lines = textOf(stderr).split("\n").filter((line) => line !== "" && !noise.test(line));
    return { code, stdout: textOf(stdout), stderr: lines.join("\n") };
  }

  /** Runs Codex and returns the JSON that it prints. */
  async json(args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(args);
    assertEquals([code, stderr], [0, ""], args.join(" "));
    return JSON.parse(stdout);
  }

  /** Runs a line of the shell as Codex would, and returns all that it prints. */
  async inSandbox(line: string): Promise<string> {
    const { stdout, stderr } = await this.run(["sandbox", "--", "sh", "-c", line]);
    return `${stdout}${stderr}`.trim();
  }

  /** Asks Codex as an editor does, over its standard input, and returns the result. */
  async ask(method: string, params: JsonObject): Promise<unknown> {
    const child = this.#program(["app-server"], { stdin: "piped", stdout: "piped", env: {} }).spawn();
    const writer = child.stdin.getWriter();
    const clientInfo = { name: "test", version: "1" };
    const messages: JsonObject[] = [
      { id: 1, method: "initialize", params: { clientInfo, capabilities: { experimentalApi: true } } },
      { method: "initialized" },
      { id: 2, method, params },
    ];
    try {
      for (const message of messages) await writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
      const answer = await answerIn(child.stdout, 2);
      return field(answer, "result") ?? answer;
    } finally {
      endChild(child, "SIGKILL");
      await Promise.allSettled([writer.close(), child.stderr.cancel(), child.status]);
    }
  }

  /** Runs a session in which the model does `turns`, one after the other. Nobody is there to approve anything. */
  async session(
    turns: readonly Turn[],
    { env, args = [], model: name }: SessionOptions = {},
  ): Promise<Session> {
    await using model = new ScriptedResponses(turns, name);
    const settings = model.settings.flatMap((setting) => ["--config", setting]);
    const { code, stderr } = await this.run(["exec", ...settings, ...args, "Do it."], env);
    assertEquals(code, 0, stderr);
    return { answers: model.answers(), request: model.requests[0] ?? "" };
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
  }

  #program(
    args: readonly string[],
    { env, ...streams }: { env: Readonly<Record<string, string>>; stdin: "null" | "piped"; stdout: "piped" },
  ): Deno.Command {
    const [program, ...first] = this.#command;
    return new Deno.Command(program, {
      args: [...first, ...args],
      ...streams,
      stderr: "piped",
      cwd: this.project,
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", HOME: this.home, ...env },
      signal: AbortSignal.timeout(runMaxMs),
    });
  }
}

/** Returns the fields of a value that is an object, for a test that looks at a few. */
export function fieldsOf(value: unknown, ...names: readonly string[]): unknown[] {
  return names.map((name) => field(value, name));
}

/** Returns the elements of a list with a name, by their names. */
export function byName(list: unknown): Map<string, JsonObject> {
  const items = Array.isArray(list) ? list : [];
  return new Map(items.map((item) => [textField(item, "name") ?? "", asObject(item) ?? {}]));
}

async function answerIn(stream: ReadableStream<Uint8Array>, id: number): Promise<unknown> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    const answer = lines.map((line) => JSON.parse(line)).find((message) => field(message, "id") === id);
    if (answer !== undefined) return answer;
  }
  throw new Error("Codex ended without an answer");
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
