/** A real client that can be started, or the reason why it cannot be. */
export type Installed = { kind: "installed"; command: readonly string[] } | { kind: "missing"; reason: string };

interface Package {
  readonly name: string;
  readonly version: string;
  /** Program in `node_modules`, relative to it. */
  readonly program: string;
  /** What runs the program, when it does not run by itself. */
  readonly runtime?: string;
}

const installMaxMs = 300_000;
const reasonMax = 120;
const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
/** Without a network npm by itself tries for more than a minute, in every test file. */
const retryFlags = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
const npmFlags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...retryFlags];
const underway = new Map<string, Promise<Installed>>();

/** Returns Claude Code as a native program; installs it into the cache first when it is not there. */
export function installClaude(): Promise<Installed> {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const program = `@anthropic-ai/claude-code-${nodePlatform()}/claude${suffix}`;
  return installOnce({ name: "@anthropic-ai/claude-code", version: "2.1.329", program });
}

/** Returns Gemini CLI, which runs with node; installs it into the cache first when it is not there. */
export function installGemini(): Promise<Installed> {
  const program = "@google/gemini-cli/bundle/gemini.js";
  return installOnce({ name: "@google/gemini-cli", version: "0.61.0", program, runtime: "node" });
}

function installOnce(wanted: Package): Promise<Installed> {
  const known = underway.get(wanted.name);
  if (known !== undefined) return known;
  const started = install(wanted).catch((error): Installed => ({ kind: "missing", reason: oneLine(error) }));
  underway.set(wanted.name, started);
  return started;
}

/** Several test files may come here at once: one installs, the others wait for its lock and find the program. */
async function install(wanted: Package): Promise<Installed> {
  if (wanted.runtime !== undefined) await run(wanted.runtime, ["--version"]);
  const cache = cacheFolder();
  const folder = `${cache}/${wanted.name.replaceAll("/", "-")}-${wanted.version}`;
  const program = `${folder}/node_modules/${wanted.program}`;
  if (!isFile(program)) {
    Deno.mkdirSync(cache, { recursive: true });
    using lock = Deno.openSync(`${folder}.lock`, { create: true, write: true });
    await lock.lock(true);
    if (!isFile(program)) await fetchInto(folder, wanted);
  }
  return { kind: "installed", command: wanted.runtime === undefined ? [program] : [wanted.runtime, program] };
}

/** Installs beside `folder` and renames, so that an installation that was cut short is never taken for a whole one. */
async function fetchInto(folder: string, wanted: Package): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  remove(unfinished);
  await run(npm, ["install", "--prefix", unfinished, ...npmFlags, `${wanted.name}@${wanted.version}`]);
  if (!isFile(`${unfinished}/node_modules/${wanted.program}`)) {
    throw new Error(`${wanted.name}@${wanted.version} has no ${wanted.program} on this platform`);
  }
  remove(folder);
  Deno.renameSync(unfinished, folder);
}

async function run(program: string, args: string[]): Promise<void> {
  const signal = AbortSignal.timeout(installMaxMs);
  const command = new Deno.Command(program, { args, signal, stdin: "null", stdout: "null", stderr: "piped" });
  let output: Deno.CommandOutput;
  try {
    output = await command.output();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new Error(`${program} is not on the PATH`, { cause });
    throw cause;
  }
  if (output.success) return;
  const [complaint] = new TextDecoder().decode(output.stderr).trim().split("\n");
  throw new Error(`${program} ${args[0]} ended with ${output.code}: ${complaint}`);
}

/** The cache lies outside the checkout: a `node_modules` inside would end up in what the build embeds. */
function cacheFolder(): string {
  const chosen = Deno.env.get("TRUCE_TEST_CACHE");
  if (chosen) return chosen;
  const caches = Deno.env.get("XDG_CACHE_HOME");
  if (caches) return `${caches}/truce-tests`;
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  if (home) return `${home}/.cache/truce-tests`;
  throw new Error("none of TRUCE_TEST_CACHE, XDG_CACHE_HOME and HOME is set");
}

/** Returns the platform in the words of node, such as `linux-x64`. */
function nodePlatform(): string {
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  return `${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function remove(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, " ").slice(0, reasonMax);
}
