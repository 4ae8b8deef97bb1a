// The real clients, started against a scripted model on loopback.
//
// A client gets an empty environment, a HOME of its own that is thrown away, and a key that is worth nothing, so that no
// run can reach the network or read the settings of the person who runs the tests.

import {
  installClaude,
  installCodex,
  installCopilot,
  type Installed,
  installGemini,
  installOpencode,
} from "./client_install.ts";
import { makeHome, writeFile } from "./client_project.ts";
import { type MockModel, type Script, startMockModel } from "./mock_model.ts";
import { installPackage } from "./npm_install.ts";
import { endChild } from "./program.ts";
import { startInTerminal, type Terminal, terminalsMissing } from "./terminal.ts";

/** A client by its short name. */
export type ClientName = PluginClient | "codex" | "copilot" | "opencode";

/** A client for which truce is packaged as a plugin or an extension. */
export type PluginClient = "claude" | "gemini";

/** What a test with real clients cannot do without. */
export type Need = ClientName | "terminal";

/** How a client is started. */
export interface RunOptions {
  /** Folder in which the client runs. */
  readonly project: string;
  /** What the model says. */
  readonly script: Script;
  /** What the user types; by default "Do the scripted work.". */
  readonly prompt?: string;
  /** Tools that need no permission, in the client's own words. */
  readonly allowedTools?: readonly string[];
  /** `--permission-mode` of Claude (default acceptEdits), `--approval-mode` of Gemini (default auto_edit). */
  readonly permissionMode?: string;
  /** Variables besides the few that the client needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments after the ones that every run has. */
  readonly args?: readonly string[];
  /** Content of the project's settings, for Claude and Gemini. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** HOME, for several runs with one. Without it each run has a new one. */
  readonly home?: string;
  /** When the run counts as failed and is killed; 120 by default. */
  readonly limitSeconds?: number;
}

/** How a client is started in a terminal. What is typed, and how long that may take, is the test's. */
export type InteractiveOptions = Omit<RunOptions, "prompt" | "limitSeconds">;

/** How a client ended, by itself or by `kill`. */
export interface Finished {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  /** The client's own stream of events, one JSON object a line. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A client that was started. It is killed when it goes out of scope (`await using`). */
export interface Run extends AsyncDisposable {
  readonly pid: number;
  readonly mock: MockModel;
  /** Rejects when the client ran longer than its limit and when a function of the script threw. */
  readonly finished: Promise<Finished>;
  /** Sends a signal, SIGKILL by default, to the client alone: what the client started goes on. */
  kill(signal?: Deno.Signal): void;
}

/** A client in front of a person. It is killed when it goes out of scope (`await using`). */
export interface InteractiveRun extends AsyncDisposable {
  readonly mock: MockModel;
  readonly terminal: Terminal;
}

/** Starts a client without a terminal. */
export async function runClient(name: ClientName, options: RunOptions): Promise<Run> {
  const client = clients[name];
  const command = await commandOf(name);

  await using unwind = new AsyncDisposableStack();
  const { home, mock } = prepare(unwind, client, options);
  await client.provide?.(home, options.project);
  const child = spawn(client, command, { home, modelUrl: mock.url, options });

  const resources = unwind.move();
  const limitSeconds = options.limitSeconds ?? limitSecondsDefault;
  const finished = outcome(name, child, { mock, limitSeconds }).finally(() => resources.disposeAsync());
  // A test that fails for another reason never looks at it; the rejection still reaches everyone who does.
  finished.catch(() => {});
  return {
    pid: child.pid,
    mock,
    finished,
    kill: (signal = "SIGKILL") => endChild(child, signal),
    async [Symbol.asyncDispose]() {
      endChild(child, "SIGKILL");
      await finished.catch(() => {});
    },
  };
}

/** Starts Claude Code in print mode. */
export function runClaude(options: RunOptions): Promise<Run> {
  return runClient("claude", options);
}

/** Starts Gemini CLI without a terminal. */
export function runGemini(options: RunOptions): Promise<Run> {
  return runClient("gemini", options);
}

/** Starts Claude Code in a terminal, past all that it asks at a first start. Nothing is typed yet. */
export async function runClaudeInteractive(options: InteractiveOptions): Promise<InteractiveRun> {
  const command = await commandOf("claude");
  await using unwind = new AsyncDisposableStack();
  const { home, mock } = prepare(unwind, clients.claude, options);
  writeFile(`${home}/.claude.json`, JSON.stringify(claudeAcquaintance(options.project)));
  const terminal = unwind.use(
    await startInTerminal([...command, ...claudeArgs(options), ...options.args ?? []], {
      cwd: options.project,
      env: { ...environment(home), TERM: "xterm-256color", ...clients.claude.env(mock.url), ...options.env },
    }),
  );
  const resources = unwind.move();
  return { mock, terminal, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Calls a client for something other than a session, such as installing a plugin into `home`. */
export async function callClient(
  name: ClientName,
  args: readonly string[],
  home: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const client = clients[name];
  const [program, ...launchArgs] = await commandOf(name);
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...launchArgs, ...args],
    cwd: home,
    clearEnv: true,
    env: { ...environment(home), ...client.env(noModelUrl) },
    stdin: "null",
    signal: AbortSignal.timeout(limitSecondsDefault * 1000),
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Registers a test with real clients. Where one of its needs cannot be had the test is ignored, and its name says why. */
export async function clientTest(
  needed: Need | readonly Need[],
  name: string,
  run: () => Promise<void>,
): Promise<void> {
  const needs = typeof needed === "string" ? [needed] : needed;
  const reasons = await Promise.all(needs.map(whyMissing));
  const missing = reasons.find((reason) => reason !== undefined);
  if (missing === undefined) Deno.test(name, run);
  else Deno.test.ignore(`${name} (ignored: ${missing})`, run);
}

interface Client {
  readonly install: () => Promise<Installed>;
  readonly settingsFile?: string;
  /** Files that have to be in HOME: texts, or values of JSON. */
  readonly homeFiles?: (project: string) => Readonly<Record<string, unknown>>;
  /** Puts in place what the client would fetch from the network by itself. */
  readonly provide?: (home: string, project: string) => Promise<void>;
  readonly env: (modelUrl: string) => Record<string, string>;
  readonly args: (options: RunOptions, modelUrl: string) => string[];
}

const clients: Record<ClientName, Client> = {
  claude: {
    install: installClaude,
    settingsFile: ".claude/settings.json",
    env: (modelUrl) => ({
      ANTHROPIC_API_KEY: fakeKey,
      ANTHROPIC_BASE_URL: modelUrl,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_BUG_COMMAND: "1",
      DISABLE_ERROR_REPORTING: "1",
      DISABLE_TELEMETRY: "1",
    }),
    args: ({ prompt = defaultPrompt, ...options }) => [
      ...["-p", prompt, "--output-format", "stream-json", "--verbose", "--include-hook-events"],
      ...claudeArgs(options),
    ],
  },
  gemini: {
    install: installGemini,
    settingsFile: ".gemini/settings.json",
    homeFiles: () => ({
      ".gemini/settings.json": {
        security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      },
    }),
    env: (modelUrl) => ({
      GEMINI_API_KEY: fakeKey,
      GOOGLE_GEMINI_BASE_URL: modelUrl,
      GEMINI_TELEMETRY_ENABLED: "false",
      GEMINI_CLI_TRUST_WORKSPACE: "true",
      // Otherwise the process that was started is only a launcher, and killing it leaves the client running.
      GEMINI_CLI_NO_RELAUNCH: "true",
    }),
    args: ({ prompt = defaultPrompt, permissionMode = "auto_edit", allowedTools = [] }) => [
      ...["-p", prompt, "-m", "gemini-2.5-flash", "--approval-mode", permissionMode, "-o", "stream-json"],
      ...allowedTools.flatMap((tool) => ["--allowed-tools", tool]),
    ],
  },
  codex: {
    install: installCodex,
    homeFiles: (project) => ({ ".codex/config.toml": `[projects."${project}"]\ntrust_level = "trusted"\n` }),
    env: () => ({ OPENAI_API_KEY: fakeKey }),
    args: ({ prompt = defaultPrompt }, modelUrl) => [
      ...["exec", "--json", "--sandbox", "danger-full-access", "--dangerously-bypass-hook-trust"],
      ...codexSettings(modelUrl).flatMap((setting) => ["--config", setting]),
      prompt,
    ],
  },
  copilot: {
    install: installCopilot,
    homeFiles: (project) => ({ ".copilot/config.json": { trustedFolders: [project] } }),
    env: (modelUrl) => ({
      COPILOT_OFFLINE: "true",
      COPILOT_AUTO_UPDATE: "false",
      COPILOT_PROVIDER_TYPE: "anthropic",
      COPILOT_PROVIDER_BASE_URL: modelUrl,
      COPILOT_PROVIDER_API_KEY: fakeKey,
      COPILOT_MODEL: "claude-sonnet-4.5",
    }),
    args: ({ prompt = defaultPrompt }) => ["-p", prompt, "--allow-all-tools", "--no-auto-update"],
  },
  opencode: {
    install: installOpencode,
    provide: provideOpencode,
    env: (modelUrl) => ({
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeSettings(modelUrl)),
    }),
    args: ({ prompt = defaultPrompt }) => ["run", prompt],
  },
};

const fakeKey = "sk-fake";
const defaultPrompt = "Do the scripted work.";
const limitSecondsDefault = 120;
/** Nobody listens at the port of discard. */
const noModelUrl = "http://127.0.0.1:9";
const tailLength = 2_000;

/** Returns the HOME and the model of a run, both of which `unwind` ends. */
function prepare(unwind: AsyncDisposableStack, client: Client, options: InteractiveOptions) {
  const home = options.home ?? unwind.use(makeHome()).path;
  const mock = unwind.use(startMockModel(options.script));
  writeSettings(client, home, options);
  return { home, mock };
}

/** OpenCode installs the types for plugins beside every place where there may be some, each time from the registry. */
async function provideOpencode(home: string, project: string): Promise<void> {
  const name = "@opencode-ai/plugin";
  const installed = await installPackage({ name, version: "1.18.33", program: `${name}/package.json` });
  if (installed.kind === "missing") throw new Error(`Cannot run OpenCode: ${installed.reason}`);
  for (const folder of [`${home}/.config/opencode`, `${project}/.opencode`]) {
    if (isThere(`${folder}/node_modules`)) continue;
    writeFile(`${folder}/package-lock.json`, Deno.readFileSync(`${installed.modules}/../package-lock.json`));
    Deno.symlinkSync(installed.modules, `${folder}/node_modules`);
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** Returns values of config.toml. */
function codexSettings(modelUrl: string): string[] {
  const provider =
    `{ name = "mock", base_url = "${modelUrl}/v1", wire_api = "responses", supports_websockets = false }`;
  return [
    `model = "gpt-5.5"`,
    `model_provider = "mock"`,
    `model_providers.mock = ${provider}`,
    "check_for_update_on_startup = false",
    "analytics.enabled = false",
  ];
}

function opencodeSettings(modelUrl: string) {
  const model = { name: "mock", tool_call: true, limit: { context: 200_000, output: 8_000 } };
  return {
    autoupdate: false,
    share: "disabled",
    model: "anthropic/mock",
    small_model: "anthropic/mock",
    provider: { anthropic: { options: { baseURL: `${modelUrl}/v1`, apiKey: fakeKey }, models: { mock: model } } },
    permission: { edit: "allow", bash: "allow" },
  };
}

function claudeArgs({ permissionMode = "acceptEdits", allowedTools = [] }: InteractiveOptions): string[] {
  return [
    ...["--model", "claude-sonnet-4-5", "--permission-mode", permissionMode],
    ...(allowedTools.length > 0 ? ["--allowedTools", allowedTools.join(",")] : []),
  ];
}

/** Returns what Claude Code keeps of a user who has answered the questions of a first start, in its `.claude.json`. */
function claudeAcquaintance(project: string): Record<string, unknown> {
  return {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [fakeKey], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true } },
  };
}

async function whyMissing(need: Need): Promise<string | undefined> {
  if (need === "terminal") return await terminalsMissing();
  const installed = await clients[need].install();
  return installed.kind === "missing" ? installed.reason : undefined;
}

async function commandOf(name: ClientName): Promise<readonly string[]> {
  const installed = await clients[name].install();
  if (installed.kind === "missing") throw new Error(`Cannot run "${name}": ${installed.reason}`);
  return installed.command;
}

function environment(home: string): Record<string, string> {
  return { PATH: Deno.env.get("PATH") ?? "", HOME: home, LANG: "C.UTF-8", TERM: "dumb" };
}

function writeSettings(client: Client, home: string, { project, settings }: InteractiveOptions): void {
  for (const [file, content] of Object.entries(client.homeFiles?.(project) ?? {})) {
    writeFile(`${home}/${file}`, typeof content === "string" ? content : JSON.stringify(content));
  }
  if (settings !== undefined) writeFile(`${project}/${client.settingsFile}`, JSON.stringify(settings, null, 2));
}

function spawn(
  client: Client,
  [program, ...launchArgs]: readonly string[],
  { home, modelUrl, options }: { home: string; modelUrl: string; options: RunOptions },
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...launchArgs, ...client.args(options, modelUrl), ...options.args ?? []],
    cwd: options.project,
    clearEnv: true,
    env: { ...environment(home), ...client.env(modelUrl), ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outcome(
  name: ClientName,
  child: Deno.ChildProcess,
  { mock, limitSeconds }: { mock: MockModel; limitSeconds: number },
): Promise<Finished> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    endChild(child, "SIGKILL");
    late.abort();
  }, limitSeconds * 1000);
  const stdout = collect(child.stdout, late.signal);
  const stderr = collect(child.stderr, late.signal);
  const [{ code, signal }] = await Promise.all([child.status, stdout.ended, stderr.ended]);
  clearTimeout(timer);
  if (late.signal.aborted) {
    throw new Error(`Cannot finish "${name}" within ${limitSeconds} s: ${stderr.text.slice(-tailLength)}`);
  }
  if (mock.failure !== undefined) throw mock.failure;
  return { code, signal, stdout: stdout.text, stderr: stderr.text };
}

/** Collects text until the stream ends or `stop` fires: a process that the client left behind may hold it open for ever. */
function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, stop: AbortSignal) {
  const collected = { text: "", ended: Promise.resolve() };
  const sink = new WritableStream<string>({ write: (chunk) => void (collected.text += chunk) });
  collected.ended = stream.pipeThrough(new TextDecoderStream(), { signal: stop }).pipeTo(sink).catch((error) => {
    if (!stop.aborted) throw error;
  });
  return collected;
}
