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
  const folders = foldersUpTo(root, file);
  const able = ableServers(servers, nameOf(file), folders, facts);
  const places = folders.flatMap((folder) => programPlaces.map((place) => at(folder, place)));
  const find = (name: string) => facts.findProgram(name.includes("/") ? resolvePath(root, name) : name, places);
  for (const { server, languageId } of able) {
    const program = server.isOff ? undefined : find(server.command[0]);
    if (program === undefined || missing(server, find) !== undefined) continue;
    return { kind: "server", server, languageId, program };
  }
  return { kind: "none", reason: able.length === 0 ? unserved(file) : absent(able[0].server, find) };
}

/** Returns the language of the file `name`: what its whole name says, else its longest ending. Case does not count. */
export function languageOf(files: Readonly<Record<string, string>>, name: string): string | undefined {
  const languages = new Map(Object.entries(files).map(([key, language]) => [key.toLowerCase(), language]));
  const whole = name.toLowerCase();
  const endings = Array.from(whole.matchAll(/\./g), ({ index }) => whole.slice(index));
  const known = [whole, ...endings].find((key) => languages.has(key));
  return known === undefined ? undefined : languages.get(known);
}

interface Able {
  readonly server: LanguageServer;
  readonly languageId: string;
}

/** Returns the servers that know such a file and are not shut out by where it is. */
function ableServers(
  servers: readonly LanguageServer[],
  name: string,
  folders: readonly string[],
  facts: ProjectFacts,
): Able[] {
  const able = servers.flatMap((server) => {
    const languageId = languageOf(server.files, name);
    const isHere = server.claim === undefined || isClaimed(server.claim, folders, facts);
    return languageId !== undefined && isHere ? [{ server, languageId }] : [];
  });
  const beaten = able.filter(({ server }) => !server.isOff).map(({ server }) => server.claim?.over);
  return able.filter(({ server }) => !beaten.includes(server.name));
}

/** Says whether one of the marks is at least as near as all of the others. */
function isClaimed({ marks, others }: Claim, folders: readonly string[], { exists }: ProjectFacts): boolean {
  const has = (folder: string, names: readonly string[]) => names.some((name) => exists(at(folder, name)));
  const nearest = folders.find((folder) => has(folder, [...marks, ...others]));
  return nearest !== undefined && has(nearest, marks);
}

/** Returns the folders above `file`, the nearest first, `root` last. */
function foldersUpTo(root: string, file: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); isWithin(folder, root); folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === root) break;
  }
  return folders;
}

type Need = NonNullable<LanguageServer["needs"]>;

function missing({ needs }: LanguageServer, find: (name: string) => string | undefined): Need | undefined {
  return needs !== undefined && find(needs.program) === undefined ? needs : undefined;
}

function unserved(file: string): Reason {
  const text = `no server for ${safeLine(nameOf(file).replace(/^.*(?=\.)/, ""), 60)}`;
  return { key: text, text };
}

function absent(server: LanguageServer, find: (name: string) => string | undefined): Reason {
  const name = safeLine(server.name, 60);
  if (server.isOff) return { key: `off: ${name}`, text: `${name} is switched off in truce.jsonc` };
  const need = find(server.command[0]) === undefined ? undefined : missing(server, find);
  const [what, install] = need === undefined ? [name, server.install] : [need.program, need.install];
  return { key: `not installed: ${what}`, text: `${what} not installed (${safeLine(install)})` };
}

function at(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
