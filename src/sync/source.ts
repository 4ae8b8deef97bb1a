// Reads Claude Code's configuration, found in its places by running Claude Code 2.1.329, into items.
//
// All of it is read or none: a file that is half written, or says something that cannot be understood, may hold the deny
// that would be missing from every target. What Claude Code itself passes over is passed over here, with a note.
//
// A reading knows no more than the scopes it is given. What it says of one scope may depend on the others: a private
// server hides the project's of the same name. Who writes files for everybody in a project reads its scope alone.

import type { Item, Scope, Source } from "./model.ts";
import { readDocuments } from "./source/documents.ts";
import type { SourceFiles } from "./source/files.ts";
import { type ImportLimits, type InstructionsPlace, readInstructions } from "./source/instructions.ts";
import { Reader, type Remark } from "./source/reader.ts";
import { type LocalProject, localProject, projectServers, strongest, userServers } from "./source/servers.ts";
import { type Gates, gatesOf, hooksOf, itemsOfSettings, readSettings, type SettingsFile } from "./source/settings.ts";
import { GitIgnore, type Walk, walkProject } from "./source/walk.ts";

/** Where the source is, and what of it is asked for. Paths are absolute. */
export interface SourcePlace {
  readonly home?: string;
  readonly project?: string;
  readonly scopes: readonly Scope[];
}

/** A reading of the source. */
export type SourceRead =
  | {
    readonly kind: "source";
    readonly source: Source;
    /** Every file and folder of the configuration that was read, or would have been if it were there; in order. */
    readonly inputs: readonly string[];
    /** The folders of the project in which more of it may appear, the nearest first. */
    readonly walked: readonly string[];
    /** What a person may want to know: what was passed over, and why. */
    readonly notes: readonly Remark[];
  }
  | {
    readonly kind: "broken";
    readonly problems: readonly Remark[];
    readonly inputs: readonly string[];
    readonly walked: readonly string[];
  };

/** Reads the source. It is broken, as a whole, when any of its files is. */
export function readSource({ home, project, scopes }: SourcePlace, files: SourceFiles): SourceRead {
  const reader = new Reader(files, { home, project });
  const has = (scope: Scope) => scopes.includes(scope);
  const isApart = project !== undefined && project !== home;
  const places: Places = {
    user: has("user") ? home : undefined,
    project: has("project") && isApart ? project : undefined,
    private: has("private") && isApart ? project : undefined,
  };
  const walk = isApart && (places.project ?? places.private) !== undefined
    ? walkProject(project, files, reader)
    : { folders: [], walked: [] };
  const settings = settingsOf(places, reader);
  const own = home === undefined ? undefined : `${home}/.claude.json`;
  const local = places.private === undefined || own === undefined
    ? undefined
    : localProject(own, places.private, reader);
  const limits: ImportLimits = {
    ignored: places.project === undefined ? undefined : new GitIgnore(places.project, files),
    approvesImports: local?.approvesImports === true,
  };
  noteSkillsWithin(places, walk, reader);
  const items: Item[] = [
    ...placesOfInstructions(places, walk).flatMap((place) => readInstructions(place, reader, limits)),
    ...serversOf(places, { own, local, gates: gatesOf(settings, reader) }, reader),
    ...documentsOf(places, reader),
    ...settings.flatMap((file) => itemsOfSettings(file, reader)),
    ...hooksOf(settings, reader),
  ];
  const { problems, notes, inputs } = reader;
  const { walked } = walk;
  if (problems.length > 0) return { kind: "broken", problems, inputs, walked };
  return { kind: "source", source: { items }, inputs, walked, notes };
}

/** The root of each scope that is read. */
interface Places {
  readonly user: string | undefined;
  readonly project: string | undefined;
  readonly private: string | undefined;
}

/** The weakest first. */
function settingsOf(places: Places, reader: Reader): SettingsFile[] {
  const read = (scope: Scope, root: string | undefined, name: string) =>
    root === undefined ? [] : readSettings(scope, `${root}/.claude/${name}`, reader) ?? [];
  return [
    read("user", places.user, "settings.json"),
    read("project", places.project, "settings.json"),
    read("private", places.private, "settings.local.json"),
  ].flat();
}

function placesOfInstructions(places: Places, walk: Walk): InstructionsPlace[] {
  const found: InstructionsPlace[] = [];
  if (places.user !== undefined) {
    const folder = `${places.user}/.claude`;
    const rules = { folder: `${folder}/rules`, prefix: "" };
    found.push({ scope: "user", name: "", files: [`${folder}/CLAUDE.md`], rules });
  }
  for (const name of ["", ...walk.folders]) {
    if (places.project !== undefined) found.push(placeInProject(places.project, name));
  }
  for (const name of ["", ...walk.folders]) {
    if (places.private === undefined) continue;
    found.push({ scope: "private", name, files: [`${folderIn(places.private, name)}/CLAUDE.local.md`] });
  }
  return found;
}

/** Rules of a folder within are called by their path, so that none has the name of a rule of the project. */
function placeInProject(project: string, name: string): InstructionsPlace {
  const folder = folderIn(project, name);
  return {
    scope: "project",
    name,
    files: [`${folder}/CLAUDE.md`, `${folder}/.claude/CLAUDE.md`],
    rules: { folder: `${folder}/.claude/rules`, prefix: name === "" ? "" : `${name}/.claude/rules/` },
  };
}

interface FoundServers {
  /** `~/.claude.json`. */
  readonly own: string | undefined;
  readonly local: LocalProject | undefined;
  readonly gates: Gates;
}

function serversOf(places: Places, { own, local, gates }: FoundServers, reader: Reader) {
  const user = places.user === undefined || own === undefined ? [] : userServers(own, reader);
  const allGates: Gates = {
    ...gates,
    enabled: [...gates.enabled, ...local?.gates.enabled ?? []],
    disabled: [...gates.disabled, ...local?.gates.disabled ?? []],
  };
  const project = places.project === undefined ? [] : projectServers(`${places.project}/.mcp.json`, allGates, reader);
  const off = local?.switchedOff ?? [];
  const here = [...project, ...local?.servers ?? []]
    .map((server) => off.includes(server.name) ? { ...server, isEnabled: false } : server);
  return strongest([...user, ...here]);
}

function documentsOf(places: Places, reader: Reader) {
  return [
    ...places.user === undefined ? [] : readDocuments("user", `${places.user}/.claude`, reader),
    ...places.project === undefined ? [] : readDocuments("project", `${places.project}/.claude`, reader),
  ];
}

/** Claude Code finds the skills of a folder within when it works there; no target has a place for them. */
function noteSkillsWithin(places: Places, walk: Walk, reader: Reader): void {
  for (const name of places.project === undefined ? [] : walk.folders) {
    const folder = `${places.project}/${name}/.claude/skills`;
    if (reader.foldersIn(folder).length > 0) {
      reader.note(folder, "skills of a folder within the project are not projected");
    }
  }
}

function folderIn(root: string, name: string): string {
  return name === "" ? root : `${root}/${name}`;
}
