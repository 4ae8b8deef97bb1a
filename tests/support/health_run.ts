// Runs a real client once with one state of its settings, and tells what its hook left behind.

import { callInstalled } from "./client_call.ts";
import { installClaude, installCopilot, type Installed, installGemini, installOpencode } from "./client_install.ts";
import { makeHome, makeProject, writeFile } from "./client_project.ts";
import type { HealthCase } from "./health_cases.ts";
import { startMockModel } from "./mock_model.ts";
import { readTomlOtherwise } from "./toml.ts";

/** What came of one run. */
export interface HealthRun {
  /** What the hook wrote: the words of the shell that it ran in, or nothing when it did not run. */
  readonly shellWords: readonly string[] | undefined;
  readonly output: string;
}

interface Starter {
  readonly install: () => Promise<Installed>;
  readonly env: (modelUrl: string) => Record<string, string>;
  readonly args: readonly string[];
}

const key = "sk-fake";

const starters: Readonly<Record<string, Starter>> = {
  claude: {
    install: installClaude,
    env: (url) => ({
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    }),
    args: ["-p", "Hello", "--model", "claude-sonnet-4-5"],
  },
  gemini: {
    install: installGemini,
    env: (url) => ({
      GEMINI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_TELEMETRY_ENABLED: "false",
      GEMINI_CLI_NO_RELAUNCH: "true",
    }),
    args: ["-p", "Hello", "-m", "gemini-2.5-flash"],
  },
  copilot: {
    install: installCopilot,
    env: (url) => ({
      COPILOT_OFFLINE: "true",
      COPILOT_AUTO_UPDATE: "false",
      COPILOT_PROVIDER_TYPE: "anthropic",
      COPILOT_PROVIDER_BASE_URL: url,
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: "claude-sonnet-4.5",
    }),
    args: ["-p", "Hello", "--allow-all-tools", "--no-auto-update"],
  },
  // What loads plugins asks no model.
  opencode: {
    install: installOpencode,
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" }),
    args: ["debug", "agent", "build"],
  },
};

/** Returns a command that counts as truce's and writes down how it was started. */
export function markingCommand(home: string): string {
  return `: truce; cat >/dev/null; tr '\\0' '\\n' </proc/$$/cmdline >'${home}/mark'; :`;
}

/** Starts the client of `one` with its settings, in a project and a home of its own. */
export async function runHealthCase(one: HealthCase): Promise<HealthRun> {
  using home = makeHome();
  using project = makeProject({ "a.txt": "one\n" });
  await using model = startMockModel({ turns: [] });
  const absolute = (name: string) => name.startsWith("~/") ? `${home.path}${name.slice(1)}` : `${project.path}/${name}`;
  const text = one.text(markingCommand(home.path));
  for (const [name, value] of Object.entries(one.others(project.path))) {
    writeFile(absolute(name), JSON.stringify(value));
  }
  writeFile(absolute(one.file), text);
  const { install, env, args } = starters[one.host];
  const { output } = await callInstalled(await install(), args, {
    cwd: project.path,
    home: home.path,
    env: env(model.url),
  });
  return { shellWords: readText(`${home.path}/mark`)?.split("\n"), output };
}

/** Returns the value of a JSON or TOML file that is there. */
export function readValue(path: string): unknown {
  const text = readText(path);
  if (text === undefined) return undefined;
  return path.endsWith(".toml") ? readTomlOtherwise(text) : JSON.parse(text);
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
