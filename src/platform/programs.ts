import { isAbsolute } from "../base/path.ts";
import { variable } from "./dirs.ts";

const endingsUsual = ".COM;.EXE;.BAT;.CMD";

/** What this machine says of files and programs, for one who has `searchPath` as PATH. */
export interface ProgramFacts {
  exists(path: string): boolean;
  /** Looks in `folders` first, then on the search path. */
  findProgram(name: string, folders: readonly string[]): string | undefined;
}

/** Returns what is true on this machine for one whose PATH is `searchPath`. */
export function programFacts(searchPath: string): ProgramFacts {
  const usual = searchFolders(searchPath);
  return {
    exists: (path) => factsOf(path) !== undefined,
    findProgram: (name, folders) => findProgram(name, [...folders, ...usual]),
  };
}

/** Returns the folders of a PATH in order. A relative one means another place for everybody who looks, so it is none. */
export function searchFolders(searchPath: string): string[] {
  return searchPath.split(separator()).filter(isAbsolute);
}

/** Returns a PATH that looks in `folders` first. */
export function searchPathWith(folders: readonly string[], searchPath: string): string {
  return [...folders, searchPath].join(separator());
}

function separator(): string {
  return Deno.build.os === "windows" ? ";" : ":";
}

/** Returns the path of the first program `name` in `folders`, or `undefined`. An absolute name is looked for there alone. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  const endings = Deno.build.os === "windows" ? variable("PATHEXT") ?? endingsUsual : undefined;
  const names = fileNames(name, endings);
  const paths = isAbsolute(name) ? names : folders.flatMap((folder) => names.map((one) => `${folder}/${one}`));
  return paths.find(isProgram);
}

/** Returns how the file of program `name` may be called where `endings`, as PATHEXT has them, make a file a program. */
export function fileNames(name: string, endings: string | undefined): string[] {
  if (endings === undefined) return [name];
  const list = endings.split(";").filter((ending) => ending !== "");
  const hasEnding = list.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()));
  return hasEnding ? [name] : list.map((ending) => name + ending.toLowerCase());
}

function isProgram(path: string): boolean {
  const facts = factsOf(path);
  return facts?.isFile === true && (facts.mode === null || (facts.mode & 0o111) !== 0);
}

/** A place that cannot be looked at has nothing that could be used. */
function factsOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}
