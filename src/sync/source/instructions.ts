// CLAUDE.md in its places, and the rules beside it, with their imports.
//
// What leads out of the project is not even looked at for a file of the project: it may be anything on its user's disk.
// Claude Code asks its user before it follows such an import, and a private file imports what that user has agreed to.
// What git ignores, and what is named `*.local.*`, is in the project but not of it.

import { isWithin, nameOf, shownFrom } from "../../base/path.ts";
import { frontMatter, listIn } from "../front_matter.ts";
import type { Instructions, Rule, Scope } from "../model.ts";
import { expanded, type Expansion, type FindImport, type Imported, pathOfImport } from "./imports.ts";
import type { Reader } from "./reader.ts";
import type { GitIgnore } from "./walk.ts";

/** A folder with instructions. */
export interface InstructionsPlace {
  readonly scope: Scope;
  /** The folder they are for, relative to the root of the scope. */
  readonly name: string;
  /** The files of instructions, absolute. */
  readonly files: readonly string[];
  /** The folder of rules, absolute, and the name of its rules up to their own. */
  readonly rules?: { readonly folder: string; readonly prefix: string };
}

/** What imports may lead to. */
export interface ImportLimits {
  /** What is in the project but not of it. */
  readonly ignored?: GitIgnore;
  /** Whether the user lets the project's instructions import what is outside of it. */
  readonly approvesImports: boolean;
}

/** Returns the instructions and rules of one place. */
export function readInstructions(
  place: InstructionsPlace,
  reader: Reader,
  limits: ImportLimits,
): (Instructions | Rule)[] {
  const seen = new Set<string>();
  const instructions = place.files.flatMap((path): Instructions[] => {
    const text = reader.text(path);
    if (text === undefined || text.trim() === "" || seen.has(reader.plainPath(path))) return [];
    seen.add(reader.plainPath(path));
    const origin = reader.origin(place.scope, path);
    const { text: told, ...rest } = expand(text, path, { ...limits, scope: origin.scope, reader });
    return [{ kind: "instructions", name: place.name, text, expanded: told, ...rest, origin }];
  });
  return [...instructions, ...rulesOf(place, reader, limits)];
}

function rulesOf({ scope, name, rules }: InstructionsPlace, reader: Reader, limits: ImportLimits): Rule[] {
  if (rules === undefined) return [];
  return reader.markdownBelow(rules.folder).flatMap((file): Rule[] => {
    const path = `${rules.folder}/${file}`;
    const whole = reader.text(path);
    if (whole === undefined || whole.trim() === "") return [];
    const front = frontMatter(whole);
    if (front.kind === "broken") {
      reader.problem(path, front.why);
      return [];
    }
    const origin = reader.origin(scope, path);
    const expansion = expand(front.body, path, { ...limits, scope: origin.scope, reader });
    const globs = globsOf(front.fields.paths, name);
    return [{ kind: "rule", name: `${rules.prefix}${file.replace(/\.md$/, "")}`, globs, ...expansion, origin }];
  });
}

/** Returns the globs of a rule; one for everything in the folder of the scope is always told, as is one without any. */
function globsOf(paths: unknown, folder: string): string[] {
  const globs = listIn(paths).map((glob) => glob.replace(/^(?:\.\/|\/)+/, ""));
  if (folder === "") return globs.includes("**") ? [] : globs;
  return globs.length === 0 ? [`${folder}/**`] : globs.map((glob) => `${folder}/${glob}`);
}

interface ExpandOptions extends ImportLimits {
  readonly scope: Scope;
  readonly reader: Reader;
}

function expand(text: string, path: string, options: ExpandOptions): Omit<Expansion, "problems"> {
  const { reader } = options;
  const { problems, ...expansion } = expanded(text, reader.plainPath(path), finderFor(options));
  for (const problem of problems) reader.note(path, problem);
  return expansion;
}

function finderFor({ scope, reader, ignored, approvesImports }: ExpandOptions): FindImport {
  const isOfProject = scope === "project";
  const staysInside = isOfProject || scope === "private" && !approvesImports;
  const isOutside = (path: string) => staysInside && !isWithin(path, reader.project ?? "");
  return (written, folder): Imported => {
    const path = pathOfImport(written, folder, reader.home);
    if (path === undefined) return { kind: "private", path: written };
    if (isOutside(path)) return { kind: "private", path };
    if (!reader.hasFile(path)) return { kind: "none" };
    const plain = reader.plainPath(path);
    if (isOutside(plain) || isOfProject && isPrivate(plain, reader.project ?? "", ignored)) {
      return { kind: "private", path: plain };
    }
    return textOf(path, plain, reader);
  };
}

function isPrivate(path: string, project: string, ignored: GitIgnore | undefined): boolean {
  return /\.local\.[^.]+$/.test(nameOf(path)) || (ignored?.has(path.slice(project.length + 1)) ?? false);
}

function textOf(path: string, plain: string, reader: Reader): Imported {
  const read = reader.importable(path);
  if (read.kind === "none") return read;
  const root = reader.project !== undefined && isWithin(path, reader.project) ? reader.project : reader.home ?? "/";
  const shown = isWithin(path, root) && root === reader.home ? `~/${shownFrom(root, path)}` : shownFrom(root, path);
  return { kind: "text", path: plain, shown, text: read.text };
}
