// Reads the files of the source and keeps account: of every path that was read or would have been, for whoever wants to
// know whether something has changed; of what makes the source unfit to be projected; and of what a person may want to
// know besides. A file that cannot be understood is a problem, and its reader goes on with nothing, to find them all.

import { asObject, type JsonObject } from "../../base/decode.ts";
import { parseJsonc } from "../../base/jsonc.ts";
import { isWithin } from "../../base/path.ts";
import { pointerOf } from "../../edit/pointer.ts";
import { isFileFailure, sayFileFailure } from "../../platform/file_failure.ts";
import type { Origin, Scope } from "../model.ts";
import type { SourceFiles } from "./files.ts";

/** Something about a file that a person should know. */
export interface Remark {
  readonly path: string;
  readonly why: string;
}

const textMax = 1024 * 1024;
const jsonMax = 64 * 1024 * 1024;
const filesBelowMax = 2000;
const depthMax = 16;

/** One reading of the source. */
export class Reader {
  readonly home: string | undefined;
  readonly project: string | undefined;
  readonly problems: Remark[] = [];
  readonly notes: Remark[] = [];
  readonly #files: SourceFiles;
  readonly #inputs = new Set<string>();
  readonly #objects = new Map<string, JsonObject | undefined>();
  readonly #roots: readonly { readonly path: string; readonly real: string }[];

  constructor(files: SourceFiles, { home, project }: { readonly home?: string; readonly project?: string }) {
    this.#files = files;
    this.home = home;
    this.project = project;
    const roots = [project, home].filter((path) => path !== undefined);
    this.#roots = roots.map((path) => ({ path, real: this.#try(path, () => files.realPath(path)) ?? path }));
  }

  /** Every path that was or would have been read, in order. */
  get inputs(): string[] {
    return [...this.#inputs].sort();
  }

  problem(path: string, why: string): void {
    if (!this.problems.some((known) => known.path === path && known.why === why)) this.problems.push({ path, why });
  }

  note(path: string, why: string): void {
    if (!this.notes.some((known) => known.path === path && known.why === why)) this.notes.push({ path, why });
  }

  /** Returns the text of the file at `path`; `undefined` where none is, and where it is a problem. */
  text(path: string, lengthMax = textMax): string | undefined {
    this.#inputs.add(path);
    return this.#try(path, () => {
      const facts = this.#files.look(path);
      if (facts?.kind !== "file") return undefined;
      const text = facts.size > lengthMax ? undefined : this.#files.read(path);
      if (text === undefined) this.problem(path, `it is larger than ${lengthMax / 1024 / 1024} MiB`);
      else if (text.includes("\0")) this.problem(path, "it is no text");
      else return text;
    });
  }

  /** Returns the text of a file that another names. Where it is too large or no text, that is for the other to say. */
  importable(
    path: string,
  ): { readonly kind: "text"; readonly text: string } | { readonly kind: "none"; readonly why: string } {
    const facts = this.#try(path, () => this.#files.look(path));
    if (facts === undefined || facts.size > textMax) return { kind: "none", why: "it is too large" };
    const text = this.#try(path, () => this.#files.read(path));
    return text === undefined || text.includes("\0") ? { kind: "none", why: "it is no text" } : { kind: "text", text };
  }

  /** Returns the JSON object in the file at `path`. Comments and commas at ends are fine, half a file is not. */
  json(path: string): JsonObject | undefined {
    if (!this.#objects.has(path)) this.#objects.set(path, this.#parse(path));
    return this.#objects.get(path);
  }

  #parse(path: string): JsonObject | undefined {
    const text = this.text(path, jsonMax);
    if (text === undefined) return undefined;
    try {
      const object = asObject(parsed(text.replace(/^\ufeff/, "")));
      if (object === undefined) this.problem(path, "it is no JSON object");
      return object;
    } catch {
      this.problem(path, "it is not JSON, or only half of it");
      return undefined;
    }
  }

  /** Says whether a file is at `path`. */
  hasFile(path: string): boolean {
    this.#inputs.add(path);
    return this.#try(path, () => this.#files.look(path))?.kind === "file";
  }

  /** Returns the names of the folders in `folder`, links to folders among them. */
  foldersIn(folder: string): string[] {
    return this.#entries(folder).filter(({ kind }) => kind === "directory").map(({ name }) => name);
  }

  /** Returns the paths of the Markdown files below `folder`, relative to it and in order. */
  markdownBelow(folder: string): string[] {
    const found: string[] = [];
    this.#gather(folder, "", { found, above: [] });
    return found.sort();
  }

  realPath(path: string): string | undefined {
    return this.#try(path, () => this.#files.realPath(path));
  }

  /** Returns `path` without links; below the home and the project as those are spelled. */
  plainPath(path: string): string {
    const real = this.realPath(path) ?? path;
    const root = this.#roots.find((root) => isWithin(real, root.real));
    return root === undefined ? real : root.path + real.slice(root.real.length);
  }

  /** Says whether `path` leads to somewhere in the project. */
  isInProject(path: string): boolean {
    return this.project !== undefined && isWithin(this.plainPath(path), this.project);
  }

  /** Returns where an item of a JSON file was found. */
  pointed(scope: Scope, path: string, ...parts: readonly (string | number)[]): Origin {
    return { scope, path, pointer: pointerOf(parts.map(String)) };
  }

  /** Returns where a file was found. One that a link brings into the project from elsewhere is its user's alone. */
  origin(scope: Scope, path: string): Origin {
    const plain = this.plainPath(path);
    if (plain === path) return { scope, path };
    const isForeign = scope === "project" && !this.isInProject(path);
    return { scope: isForeign ? "private" : scope, path, realPath: plain };
  }

  #gather(folder: string, prefix: string, seen: { found: string[]; above: readonly string[] }): void {
    const real = this.realPath(folder);
    if (real === undefined || seen.above.includes(real) || seen.above.length >= depthMax) {
      this.#inputs.add(folder);
      return;
    }
    for (const { name, kind } of this.#entries(folder)) {
      const path = `${prefix}${name}`;
      if (kind === "directory") {
        this.#gather(`${folder}/${name}`, `${path}/`, { ...seen, above: [...seen.above, real] });
      } else if (!name.endsWith(".md")) continue;
      else if (seen.found.length < filesBelowMax) seen.found.push(path);
      else this.problem(folder, `it has more than ${filesBelowMax} files`);
    }
  }

  /** Returns what is in `folder`, in order; a link is what it leads to. */
  #entries(folder: string): { name: string; kind: string }[] {
    this.#inputs.add(folder);
    const entries = this.#try(folder, () => this.#files.entries(folder)) ?? [];
    const followed = entries.map(({ name, kind }) => ({
      name,
      kind: kind === "link" ? this.#try(folder, () => this.#files.look(`${folder}/${name}`))?.kind ?? "nothing" : kind,
    }));
    return followed.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  #try<T>(path: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!isFileFailure(error)) throw error;
      this.problem(path, sayFileFailure(error));
      return undefined;
    }
  }
}

/** Most of it is plain JSON, some of it many megabytes; comments are read by a slower reader. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseJsonc(text);
  }
}
