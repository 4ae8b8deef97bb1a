import { readText } from "./files.ts";

/** The words that were typed after the program's name. */
export function typedWords(): string[] {
  return Deno.args;
}

/** Ends the process at once; what still waits in the background is dropped. */
export function exit(code: number): never {
  Deno.exit(code);
}

/** Returns the version of truce and of the Deno inside it, and whether its base came from a borrowed program. */
export function versionLine(): string {
  const build = readText(new URL("./build.json", import.meta.url).pathname);
  if (build === undefined) return `truce from source (Deno ${Deno.version.deno})`;
  const { version, isClosedNetwork } = JSON.parse(build);
  return `truce ${version} (Deno ${Deno.version.deno}${isClosedNetwork ? ", closed-network build" : ""})`;
}
