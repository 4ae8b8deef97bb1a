// The folders of a project that have instructions of their own. Git's ignored files, other repositories and what tools
// install are passed over, links are not followed, and both the number and the depth of folders are bounded.

import type { FolderEntry } from "../../platform/folder_entries.ts";
import { isFileFailure, sayFileFailure } from "../../platform/file_failure.ts";
import type { SourceFiles } from "./files.ts";
import { type IgnorePattern, ignorePatterns, ignores } from "./ignore.ts";
import type { Reader } from "./reader.ts";

/** What a walk through a project found; folders are relative to it. */
export interface Walk {
  /** Folders that have something for Claude Code in them, in order; the project itself is not among them. */
  readonly folders: readonly string[];
  /** The folders in which more may appear, absolute, the nearest first: hidden ones were looked through, but are tools'. */
  readonly walked: readonly string[];
}

const foldersMax = 4000;
const depthMax = 16;
const gitignoreMax = 64 * 1024;
const ours = new Set(["CLAUDE.md", "CLAUDE.local.md", ".claude"]);
const passedOver = new Set([
  ...[".git", ".hg", ".svn", ".jj", ".claude", "node_modules", "bower_components", ".venv", "venv", "__pycache__"],
  ...[".tox", ".next", ".nuxt", ".cache", ".gradle", ".terraform", "Pods"],
]);

/** Returns the names in a folder that matter to a walk, in order: what is looked for, and where to look for more of it. */
export function namesToFollow(entries: readonly FolderEntry[]): string[] {
  const isToFollow = (entry: FolderEntry) => ours.has(entry.name) || isToWalk(entry) && !entry.name.startsWith(".");
  return entries.filter(isToFollow).map(({ name }) => name).sort();
}

/** Looks through the folders of `project`, the nearest first. */
export function walkProject(project: string, files: SourceFiles, reader: Reader): Walk {
  const ignored = new GitIgnore(project, files);
  const folders: string[] = [], walked: string[] = [];
  const queue = [{ folder: "", depth: 0 }];
  for (const { folder, depth } of queue) {
    const entries = entriesOf(at(project, folder), files, reader);
    if (folder !== "" && entries.some((entry) => isRepository(entry, at(project, folder), files))) continue;
    if (!/(?:^|\/)\./.test(folder)) walked.push(at(project, folder));
    if (folder !== "" && entries.some(({ name }) => ours.has(name))) folders.push(folder);
    if (!entries.some(({ name }) => name === ".gitignore")) ignored.hasNoneIn(folder);
    const below = entries.filter(isToWalk)
      .map(({ name }) => folder === "" ? name : `${folder}/${name}`).sort()
      .filter((path) => !ignored.has(path, true));
    const isTooMuch = depth >= depthMax || queue.length + below.length > foldersMax;
    if (!isTooMuch) queue.push(...below.map((path) => ({ folder: path, depth: depth + 1 })));
    else if (below.length > 0) reader.note(at(project, folder), "the folders below it were not looked through");
  }
  return { folders: folders.sort(), walked };
}

/** What git ignores in a project. */
export class GitIgnore {
  readonly #project: string;
  readonly #files: SourceFiles;
  readonly #patterns = new Map<string, readonly IgnorePattern[]>();

  constructor(project: string, files: SourceFiles) {
    this.#project = project;
    this.#files = files;
    this.#patterns.set("", [...this.#read(".git/info/exclude"), ...this.#read(".gitignore")]);
  }

  /** Says whether the file or folder at `path`, relative to the project, is ignored. */
  has(path: string, isFolder = false): boolean {
    const parts = path.split("/");
    return parts.some((_, i) => {
      const patterns = this.#in(parts.slice(0, i).join("/"));
      return patterns.length > 0 && ignores(patterns, parts.slice(i).join("/"), isFolder);
    });
  }

  /** Takes note that a folder within the project has no .gitignore. */
  hasNoneIn(folder: string): void {
    if (folder !== "") this.#patterns.set(folder, []);
  }

  #in(folder: string): readonly IgnorePattern[] {
    const known = this.#patterns.get(folder);
    if (known !== undefined) return known;
    const read = this.#read(`${folder}/.gitignore`);
    this.#patterns.set(folder, read);
    return read;
  }

  #read(name: string): IgnorePattern[] {
    try {
      const facts = this.#files.look(`${this.#project}/${name}`);
      const isFit = facts?.kind === "file" && facts.size <= gitignoreMax;
      return isFit ? ignorePatterns(this.#files.read(`${this.#project}/${name}`) ?? "") : [];
    } catch (error) {
      if (!isFileFailure(error)) throw error;
      return [];
    }
  }
}

function isToWalk({ name, kind }: FolderEntry): boolean {
  return kind === "directory" && !passedOver.has(name);
}

/** In a worktree `.git` is a file; an empty folder of that name is what some sandboxes leave behind. */
function isRepository({ name, kind }: FolderEntry, folder: string, files: SourceFiles): boolean {
  return name === ".git" && (kind !== "directory" || files.look(`${folder}/.git/HEAD`) !== undefined);
}

function at(project: string, folder: string): string {
  return folder === "" ? project : `${project}/${folder}`;
}

/** A folder that may not be entered has nothing for Claude Code either. */
function entriesOf(folder: string, files: SourceFiles, reader: Reader): readonly FolderEntry[] {
  try {
    return files.entries(folder);
  } catch (error) {
    if (!isFileFailure(error)) throw error;
    reader.note(folder, sayFileFailure(error));
    return [];
  }
}
