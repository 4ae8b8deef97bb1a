// Gemini CLI's own policy engine, asked without a model: the file of its bundle that exports it runs in a node of its own.

import type { Installed } from "./client_install.ts";

/** The call of a tool, in the client's own words. */
export interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The server that has the tool. */
  readonly server?: string;
}

/** A file of policies, and calls that it decides. */
export interface PolicyQuestion {
  /** Absolute. */
  readonly path: string;
  readonly calls: readonly ToolCall[];
}

const askMaxMs = 120_000;
const engineMark = "  createPolicyEngineConfig,\n";

/** Returns what Gemini CLI decides when its user has everything approved (`--approval-mode yolo`), for each question. */
export async function geminiDecisions(
  installed: Installed,
  questions: readonly PolicyQuestion[],
  home: string,
): Promise<string[][]> {
  if (installed.kind === "missing") throw new Error(`Cannot run a client: ${installed.reason}`);
  const [program, main] = installed.command;
  const input = `${home}/questions.json`;
  const output = `${home}/decisions.json`;
  Deno.writeTextFileSync(input, JSON.stringify(questions));
  const { code, stderr } = await new Deno.Command(program, {
    args: ["--input-type=module", "--eval", script, engineIn(main.slice(0, main.lastIndexOf("/"))), input, output],
    cwd: home,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home },
    stdin: "null",
    signal: AbortSignal.timeout(askMaxMs),
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (code !== 0 || /policy file error|unsafe regex/i.test(said)) {
    throw new Error(`Cannot ask the policy engine: ${said.slice(-2_000)}`);
  }
  return JSON.parse(Deno.readTextFileSync(output));
}

/** Returns the file of the bundle that exports the engine. */
function engineIn(bundle: string): string {
  const names = [...Deno.readTextFileSync(`${bundle}/gemini.js`).matchAll(/"\.\/(chunk-\w+\.js)"/g)].map(([, name]) =>
    name
  );
  const found = names.find((name) => Deno.readTextFileSync(`${bundle}/${name}`).includes(engineMark));
  if (found === undefined) throw new Error("Cannot find the policy engine in the bundle of Gemini CLI");
  return `${bundle}/${found}`;
}

const script = `
import { readFileSync, writeFileSync } from "node:fs";
const [engine, input, output] = process.argv.slice(1);
const { createPolicyEngineConfig, PolicyEngine, coreEvents } = await import(engine);
coreEvents.on("user-feedback", ({ message }) => process.stderr.write(message + "\\n"));
const decisions = [];
for (const { path, calls } of JSON.parse(readFileSync(input, "utf8"))) {
  const asked = new PolicyEngine(await createPolicyEngineConfig({ policyPaths: [path] }, "yolo"));
  const answers = [];
  for (const { name, args, server } of calls) answers.push((await asked.check({ name, args }, server)).decision);
  decisions.push(answers);
}
writeFileSync(output, JSON.stringify(decisions));
process.exit(0);
`;
