// Programs from npm for tests: installed once into a cache outside of the checkout, by whichever test file comes first.

/** A package of which a test needs a program. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** The program in `node_modules`, relative to it. */
  readonly program: string;
  /** Other packages that have to lie beside it, each with its version. */
  readonly companions?: readonly string[];
  /** What npm is told besides. */
  readonly flags?: readonly string[];
}

/** A package that is there, or the reason why it cannot be. */
export type InstalledPackage =
  | { readonly kind: "installed"; readonly modules: string; readonly program: string }
  | { readonly kind: "missing"; readonly reason: string };

const installMaxMs = 300_000;
const reasonMax = 120;
const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
/** Without a network npm by itself tries for more than a minute, in every test file. */
const retryFlags = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
const npmFlags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...retryFlags];
const underway = new Map<string, Promise<InstalledPackage>>();

/** Installs a package into the cache unless it is there. */
export function installPackage(wanted: NpmPackage): Promise<InstalledPackage> {
  const known = underway.get(wanted.name);
  if (known !== undefined) return known;
  const started = install(wanted).catch((error): InstalledPackage => ({ kind: "missing", reason: oneLine(error) }));
  underway.set(wanted.name, started);
  return started;
}

/** Returns why `program` cannot be run, or `undefined`: it answers to `--version`. */
export function whyNotRunnable(program: string): Promise<string | undefined> {
  return run(program, ["--version"]).then(() => undefined, oneLine);
}

/** Several test files may come here at once: one installs, the others wait for its lock and find the program. */
async function install(wanted: NpmPackage): Promise<InstalledPackage> {
  const cache = cacheFolder();
  const folder = `${cache}/${packagesOf(wanted).map((one) => one.replaceAll(/[/]|(?<=.)@/g, "-")).join("-with-")}`;
  const program = `${folder}/node_modules/${wanted.program}`;
  if (!isFile(program)) {
    Deno.mkdirSync(cache, { recursive: true });
    using lock = Deno.openSync(`${folder}.lock`, { create: true, write: true });
    await lock.lock(true);
    if (!isFile(program)) await fetchInto(folder, wanted);
  }
  return { kind: "installed", modules: `${folder}/node_modules`, program };
}

/** Installs beside `folder` and renames, so that an installation that was cut short is never taken for a whole one. */
async function fetchInto(folder: string, wanted: NpmPackage): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  remove(unfinished);
  await run(npm, ["install", "--prefix", unfinished, ...npmFlags, ...wanted.flags ?? [], ...packagesOf(wanted)]);
  if (!isFile(`${unfinished}/node_modules/${wanted.program}`)) {
    throw new Error(`${wanted.name}@${wanted.version} has no ${wanted.program} on this platform`);
  }
  remove(folder);
  Deno.renameSync(unfinished, folder);
}

function packagesOf({ name, version, companions = [] }: NpmPackage): string[] {
  return [`${name}@${version}`, ...companions];
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
