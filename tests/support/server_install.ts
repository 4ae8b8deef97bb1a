// Real language servers for tests: those of npm from the cache, clangd and shellcheck as the system has them, and Deno.

import { installPackage, type NpmPackage, whyNotRunnable } from "./npm_install.ts";

/** What a test with real language servers can ask for. `vscode` are those for JSON, CSS and HTML. */
export type ServerName = "typescript" | "pyright" | "vscode" | "bash" | "yaml" | "clangd" | "shellcheck" | "deno";

/** The folder of its program, none when that is on the PATH anyway, or why it cannot be had. */
type Found = { readonly kind: "found"; readonly folders: readonly string[] } | Missing;

interface Missing {
  readonly kind: "missing";
  readonly reason: string;
}

const flags = ["--omit=optional"];

/** The newest versions that run on Node 20. */
const packages: Readonly<Record<string, NpmPackage>> = {
  typescript: {
    name: "typescript-language-server",
    version: "5.3.0",
    companions: ["typescript@5.9.3"],
    program: ".bin/typescript-language-server",
    flags,
  },
  pyright: { name: "pyright", version: "1.1.414", program: ".bin/pyright-langserver", flags },
  vscode: {
    name: "vscode-langservers-extracted",
    version: "4.10.0",
    program: ".bin/vscode-css-language-server",
    flags,
  },
  bash: { name: "bash-language-server", version: "5.8.1", program: ".bin/bash-language-server", flags },
  yaml: { name: "yaml-language-server", version: "1.25.0", program: ".bin/yaml-language-server", flags },
};

/** Registers a test with real servers. Where one of them cannot be had the test is ignored, and its name says why. */
export async function serverTest(
  needed: ServerName | readonly ServerName[],
  name: string,
  run: (searchPath: string) => Promise<void>,
): Promise<void> {
  const found = await findAll([needed].flat());
  if (found.kind === "found") Deno.test(name, () => run(pathOf(found.folders)));
  else Deno.test.ignore(`${name} (ignored: ${found.reason})`, () => {});
}

/** Returns the PATH on which all of `needed` are found, before others of their names. Throws when one cannot be had. */
export async function serverPath(needed: readonly ServerName[]): Promise<string> {
  const found = await findAll(needed);
  if (found.kind === "missing") throw new Error(`Cannot install "${needed}": ${found.reason}`);
  return pathOf(found.folders);
}

function pathOf(folders: readonly string[]): string {
  return [...folders, Deno.env.get("PATH") ?? ""].join(Deno.build.os === "windows" ? ";" : ":");
}

async function findAll(needed: readonly ServerName[]): Promise<Found> {
  const all = await Promise.all(needed.map(find));
  const missing = all.find((one) => one.kind === "missing");
  return missing ?? { kind: "found", folders: all.flatMap((one) => one.kind === "found" ? one.folders : []) };
}

async function find(name: ServerName): Promise<Found> {
  if (name === "deno") return { kind: "found", folders: [folderOf(Deno.execPath())] };
  const wanted = packages[name];
  if (wanted === undefined) {
    return isOnPath(name) ? { kind: "found", folders: [] } : missing(`${name} is not on the PATH`);
  }
  const reason = await whyNotRunnable("node");
  if (reason !== undefined) return missing(reason);
  const installed = await installPackage(wanted);
  return installed.kind === "missing" ? installed : { kind: "found", folders: [folderOf(installed.program)] };
}

function missing(reason: string): Missing {
  return { kind: "missing", reason };
}

function isOnPath(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) => isFile(`${folder}/${program}`));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
