// Which language server serves a file: the first that can, in the order of the table.

import { folderOf, isWithin, nameOf, resolvePath } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import type { Reason } from "./report.ts";
import type { Claim, LanguageServer } from "./servers.ts";

/** What a choice asks the machine. */
export interface ProjectFacts {
  exists(path: string): boolean;
  /** Returns the path of a program: from `folders`, which come first, or from where its user finds programs. */
  findProgram(name: string, folders: readonly string[]): string | undefined;
}

/** The server for a file, or why there is none. */
export type Choice =
  | {
    readonly kind: "server";
    readonly server: LanguageServer;
    readonly languageId: string;
    /** The absolute path of what to start. */
    readonly program: string;
    /** The project's own folders of programs: a server that finds the project's `python` there knows what it can import. */
    readonly programFolders: readonly string[];
  }
  | { readonly kind: "none"; readonly reason: Reason };

/** Where a project keeps programs of its own, below any of its folders. */
const programPlaces = ["node_modules/.bin", ".venv/bin", "venv/bin", ".venv/Scripts", "venv/Scripts"];

/** Returns who serves `file`, an absolute path in or below `root`: a server whose program the project or its user has. */
export function chooseServer(
  servers: readonly LanguageServer[],
  file: string,
  root: string,
  facts: ProjectFacts,
): Choice {
  const place = placeOf(root, file, facts);
  const able = ableServers(servers, nameOf(file), place);
  for (const { server, languageId } of able) {
    const program = server.isOff ? undefined : place.find(server.command[0]);
    const ready = program === undefined ? undefined : withNeeds(server, place);
    if (program === undefined || ready === undefined) continue;
    return { kind: "server", server: ready, languageId, program, programFolders: place.programFolders };
  }
  return { kind: "none", reason: able.length === 0 ? unserved(file) : absent(able, place) };
}

/** Returns the language of the file `name`: what its whole name says, else its longest ending. Case does not count. */
export function languageOf(files: Readonly<Record<string, string>>, name: string): string | undefined {
  const languages = new Map(Object.entries(files).map(([key, language]) => [key.toLowerCase(), language]));
  const whole = name.toLowerCase();
  const endings = Array.from(whole.matchAll(/\./g), ({ index }) => whole.slice(index));
  const known = [whole, ...endings].find((key) => languages.has(key));
  return known === undefined ? undefined : languages.get(known);
}

/** Where a file is, and what can be found from there. */
interface Place {
  /** The folders above the file up to the root, the nearest first. */
  readonly folders: readonly string[];
  readonly programFolders: readonly string[];
  /** Returns the nearest folder that has something at `path`. */
  nearest(path: string): string | undefined;
  /** Returns the path of a program. */
  find(name: string): string | undefined;
}

function placeOf(root: string, file: string, { exists, findProgram }: ProjectFacts): Place {
  const folders = foldersUpTo(root, file);
  const programFolders = folders.flatMap((folder) => programPlaces.map((place) => resolvePath(folder, place))).filter(
    exists,
  );
  return {
    folders,
    programFolders,
    nearest: (path) => folders.find((folder) => exists(resolvePath(folder, path))),
    find: (name) => findProgram(name.includes("/") ? resolvePath(root, name) : name, programFolders),
  };
}

function foldersUpTo(root: string, file: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); isWithin(folder, root); folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === root) break;
  }
  return folders;
}

interface Able {
  readonly server: LanguageServer;
  readonly languageId: string;
}

/** Returns the servers that know such a file and are not shut out by where it is. */
function ableServers(servers: readonly LanguageServer[], name: string, place: Place): Able[] {
  const able = servers.flatMap((server) => {
    const languageId = languageOf(server.files, name);
    const isHere = server.claim === undefined || isClaimed(server.claim, place);
    return languageId !== undefined && isHere ? [{ server, languageId }] : [];
  });
  const beaten = able.flatMap(({ server }) => server.isOff ? [] : server.claim?.over ?? []);
  return able.filter(({ server }) => !beaten.includes(server.name));
}

function isClaimed({ marks, others }: Claim, { folders, nearest }: Place): boolean {
  const distances = (names: readonly string[]) =>
    names.map((name) => folders.indexOf(nearest(name) ?? "")).filter((distance) => distance >= 0);
  return Math.min(...distances(marks), Infinity) <= Math.min(...distances(others), folders.length);
}

/** Returns `server` set up with what it needs, or `undefined` where that is missing. */
function withNeeds(server: LanguageServer, { find, nearest }: Place): LanguageServer | undefined {
  const { needs, options } = server;
  if (needs === undefined) return server;
  if (needs.kind === "program") return find(needs.name) === undefined ? undefined : server;
  const folder = nearest(`node_modules/${needs.name}/package.json`);
  if (folder === undefined) return undefined;
  const text = JSON.stringify(options ?? {}).replaceAll('"$folder"', () => JSON.stringify(folder));
  return { ...server, options: JSON.parse(text) };
}

function unserved(file: string): Reason {
  const text = `no server for ${safeLine(nameOf(file).replace(/^.*(?=\.)/, ""), 60)}`;
  return { key: text, text };
}

/** Returns what keeps the first of `able` from it; one that lacks only itself is the better advice. */
function absent(able: readonly Able[], place: Place): Reason {
  const { server } = able.find(({ server }) => withNeeds(server, place) !== undefined) ?? able[0];
  const name = safeLine(server.name, 60);
  if (server.isOff) return { key: `off: ${name}`, text: `${name} is switched off in truce.jsonc` };
  const lacks = server.needs !== undefined && place.find(server.command[0]) !== undefined ? server.needs : server;
  const what = safeLine(lacks.name, 60);
  return { key: `not installed: ${what}`, text: `${what} not installed (${safeLine(lacks.install)})` };
}
