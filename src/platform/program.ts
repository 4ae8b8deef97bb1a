import { readText } from "./files.ts";

/** The words that were typed after the program's name. */
export function typedWords(): string[] {
  return Deno.args;
}

/** Ends the process at once; what still waits in the background is dropped. */
export function exit(code: number): never {
  Deno.exit(code);
}

const shortDigest = 8;

/** Returns the version and build of truce, the Deno inside it, and whether its base came from a borrowed program. */
export function versionLine(): string {
  const build = buildFacts();
  if (build === undefined) return `truce from source (Deno ${Deno.version.deno})`;
  const { version, digest, isClosedNetwork } = build;
  return `truce ${version}+${digest.slice(0, shortDigest)} (Deno ${Deno.version.deno}${
    isClosedNetwork ? ", closed-network build" : ""
  })`;
}

/** Returns what this program was built from, equal for the same sources alone: `0.1.0+3f2a…`, or `source`. */
export function buildId(): string {
  const build = buildFacts();
  return build === undefined ? "source" : `${build.version}+${build.digest}`;
}

/** Returns the path of the executable that runs, without links; `undefined` when it runs from source. */
export function runningProgram(): string | undefined {
  return buildFacts() === undefined ? undefined : Deno.realPathSync(Deno.execPath());
}

/** Says whether this machine runs Windows. */
export function isWindows(): boolean {
  return Deno.build.os === "windows";
}

interface BuildFacts {
  readonly version: string;
  /** Of the bundle. */
  readonly digest: string;
  readonly isClosedNetwork: boolean;
}

/** Reads what tools/build.ts has put beside the bundle. */
function buildFacts(): BuildFacts | undefined {
  const build = readText(new URL("./build.json", import.meta.url).pathname);
  return build === undefined ? undefined : JSON.parse(build);
}
