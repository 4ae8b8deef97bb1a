// deno task build [--target TRIPLE]: dist/truce, by `deno compile` from a minified bundle with split-off lazy parts.
//
// Everything is made in a folder of its own, so that no package.json or node_modules above the checkout gets into it.
// The base of the executable is the official one. Where that cannot be downloaded it is DENORT_BIN; where that is not
// set, it is cut out of a program on npm that was compiled by the same version of Deno: see `borrowBase`.

import { cutElf } from "./elf.ts";
import { gatherHot } from "./hot_chunk.ts";
import { npmFolder } from "./npm_folder.ts";

/** The commands that hosts call at every tool use. */
const hotCommands = ["hook", "lock_acquire"].map((name) => `commands/${name}.ts`);

const borrowed = { deno: "2.7.11", donor: "@stdy/cli", donorVersion: "0.22.2" };
/**
 * The signal of a request tells of a client that hangs up, and of nothing else. No code cache: it would lie at a guessable
 * path in a folder that all users write, and be trusted. Functions are compiled as they are read: nearly all of the hot
 * ones run, and reading each twice costs more.
 */
const compileFlags = [
  "--no-check",
  "--allow-all",
  "--unstable-no-legacy-abort",
  "--no-code-cache",
  "--v8-flags=--no-lazy",
  "--include",
  "build.json",
];

/** How bundles give packages the `require` with which they ask for modules of Node, or say that they have none. */
const eagerRequire = /import\s*\{createRequire as (\w+)\}\s*from\s*"node:module";var (\w+)=\1\(import\.meta\.url\);/;
const missingRequire = 'Dynamic require of "';
const lazyRequire = "(name)=>globalThis.process.getBuiltinModule(name)";

if (import.meta.main) {
  const at = Deno.args.indexOf("--target");
  await build({ root: new URL("..", import.meta.url).pathname, target: at < 0 ? undefined : Deno.args[at + 1] });
}

/** What is built from, and for which machine when it is not this one. */
export interface BuildOptions {
  readonly root: string;
  readonly target?: string;
}

/** Builds the executable and returns its path. Throws when a step fails. */
export async function build({ root, target }: BuildOptions): Promise<string> {
  const { version } = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`));
  const folder = Deno.makeTempDirSync({ prefix: "truce-build-" });
  try {
    await bundle(root, folder);
    const output = `${folder}/truce${target?.includes("windows") ? ".exe" : ""}`;
    await compileProgram(`${folder}/bundle`, { output, version, target });
    Deno.mkdirSync(`${root}/dist`, { recursive: true });
    const path = `${root}/dist/truce${target === undefined ? "" : `-${target}`}${
      output.endsWith(".exe") ? ".exe" : ""
    }`;
    // A rename: a running truce keeps the file that it was started from.
    Deno.copyFileSync(output, `${path}.new`);
    Deno.renameSync(`${path}.new`, path);
    const megabytes = (Deno.statSync(path).size / 1_000_000).toFixed(1);
    console.log(`built ${path.slice(root.length).replace(/^\//, "")} (${megabytes} MB)`);
    return path;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Bundles `root` into `folder/bundle`: main.js and one file for each part that is loaded by name. */
export async function bundle(root: string, folder: string): Promise<void> {
  for (const name of ["deno.json", "import_map.json", "deno.lock"]) {
    Deno.copyFileSync(`${root}/${name}`, `${folder}/${name}`);
  }
  copyFolder(`${root}/src`, `${folder}/src`);
  gatherHot(`${folder}/src`, "main.ts", hotCommands);
  const args = [
    "bundle",
    "--quiet",
    "--lock=deno.lock",
    "--frozen",
    "--minify",
    "--code-splitting",
    "--outdir",
    "bundle",
    "src/main.ts",
  ];
  await run(Deno.execPath(), args, folder);
  for (const path of filesIn(`${folder}/bundle`)) {
    Deno.writeTextFileSync(path, withLazyRequire(Deno.readTextFileSync(path)));
  }
}

/**
 * Returns a file of the bundle in which `require` works, and loads nothing before it is called. It is among the helpers
 * that every hook loads, and `node:module`, which newer bundlers load for it, costs more than a hook's whole start.
 */
export function withLazyRequire(text: string): string {
  if (text.includes(missingRequire)) return `const require=${lazyRequire};${text}`;
  return text.replace(eagerRequire, `var $2=${lazyRequire};`);
}

/** What becomes of a folder: an executable at `output` that knows its `version`. */
export interface CompileOptions {
  readonly output: string;
  readonly version: string;
  readonly target?: string;
}

/** Compiles `main.js` in `folder`, with what it imports from there. The bench has its empty program from here, too. */
export async function compileProgram(folder: string, { output, version, target }: CompileOptions): Promise<void> {
  const digest = await digestOf(folder);
  const prepare = (isClosedNetwork: boolean) => {
    Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify({ nodeModulesDir: "none" }));
    Deno.writeTextFileSync(`${folder}/build.json`, JSON.stringify({ version, digest, isClosedNetwork }));
  };
  const args = [
    "compile",
    "--quiet",
    ...compileFlags,
    ...target ? ["--target", target] : [],
    "--output",
    output,
    "main.js",
  ];

  prepare(false);
  const official = await tryRun(Deno.execPath(), args, folder);
  if (official.success) return;
  if (Deno.env.has("DENORT_BIN")) throw new Error(official.message);

  console.log(
    `The official base of the executable could not be downloaded. A borrowed one of Deno ${borrowed.deno} from npm ` +
      `takes its place; truce --version says "closed-network build". Do not release it.`,
  );
  prepare(true);
  const { deno, base } = await borrowBase(target);
  await run(deno, args, folder, { DENORT_BIN: base });
}

/**
 * Gets Deno 2.7.11 and its base from npm. The base is a program compiled by that version, cut where its ELF image ends:
 * all after that is the program's own. Toolchain and base must be the same version.
 */
async function borrowBase(target: string | undefined): Promise<{ deno: string; base: string }> {
  const [os, arch] = donorPlatform(target ?? Deno.build.target);
  const donor = `${borrowed.donor}-${os}-${arch}`;
  const folder = await npmFolder([`deno@${borrowed.deno}`], "deno");
  const donorFolder = await npmFolder([`${donor}@${borrowed.donorVersion}`], `base-${os}-${arch}`, ["--force"]);
  const program = `${donorFolder}/node_modules/${donor}/bin/steady${os === "win32" ? ".exe" : ""}`;
  if (os !== "linux") return { deno: denoIn(folder), base: program };
  const base = `${donorFolder}/denort`;
  const fresh = `${base}.${Deno.pid}`;
  Deno.writeFileSync(fresh, cutElf(Deno.readFileSync(program)), { mode: 0o755 });
  Deno.renameSync(fresh, base);
  return { deno: denoIn(folder), base };
}

function donorPlatform(triple: string): [os: string, arch: string] {
  const arch = triple.startsWith("aarch64") ? "arm64" : "x64";
  if (triple.includes("linux")) return ["linux", arch];
  return [triple.includes("windows") ? "win32" : "darwin", arch];
}

/** The executable of Deno in the packages of npm, which bring one for each platform. */
function denoIn(folder: string): string {
  const packages = `${folder}/node_modules/@deno`;
  for (const { name } of Deno.readDirSync(packages)) {
    for (const file of ["deno", "deno.exe"]) {
      const path = `${packages}/${name}/${file}`;
      try {
        if (Deno.statSync(path).isFile) return path;
      } catch {
        // The package of another platform.
      }
    }
  }
  throw new Error(`Cannot find Deno ${borrowed.deno} in ${packages}`);
}

/** Returns a digest of the names and contents of the files in `folder`, the same wherever and whenever they were made. */
export async function digestOf(folder: string): Promise<string> {
  const files = filesIn(folder).map((path) => [path.slice(folder.length), Deno.readTextFileSync(path)]);
  const bytes = new TextEncoder().encode(JSON.stringify(files));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes), 0, 8);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns the paths of the files in `folder`, in the order of their names. */
function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => `${folder}/${name}`).sort();
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

async function run(program: string, args: string[], cwd: string, env: Record<string, string> = {}): Promise<void> {
  const result = await tryRun(program, args, cwd, env);
  if (!result.success) throw new Error(result.message);
}

async function tryRun(program: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const isolated = { DENO_TLS_CA_STORE: "system", DENO_NO_PACKAGE_JSON: "1", DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const { success, stderr } = await new Deno.Command(program, { args, cwd, env: { ...isolated, ...env } }).output();
  return { success, message: `${program} ${args.join(" ")}\n${new TextDecoder().decode(stderr)}` };
}
