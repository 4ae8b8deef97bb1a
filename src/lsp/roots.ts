import { folderOf, isWithin } from "../base/path.ts";

const repositoryMarks = [".git/HEAD", ".hg", ".svn", ".jj"];

/** Where a language server for a file is started. */
export interface Root {
  readonly folder: string;
  /** The root of the session that the folder belongs to: one server may serve all folders of a session. */
  readonly main: string;
}

/**
 * Returns the root for `file`: the longest of the session's `folders` that contains it, else the repository around it.
 * A file in neither has none: a server that is started in a home folder would read all of it.
 */
export function rootOf(file: string, folders: readonly string[], exists: (path: string) => boolean): Root | undefined {
  const around = folders.filter((folder) => isWithin(file, folder) && file !== folder);
  const [longest] = around.sort((a, b) => b.length - a.length);
  if (longest !== undefined) return { folder: longest, main: folders[0] };
  const repository = repositoryAround(folderOf(file), exists);
  return repository === undefined ? undefined : { folder: repository, main: repository };
}

/** Returns the nearest folder at or above `folder` that is the top of a repository. */
export function repositoryAround(folder: string, exists: (path: string) => boolean): string | undefined {
  const has = (name: string) => exists(`${folder === "/" ? "" : folder}/${name}`);
  // In a worktree `.git` is a file; an empty folder of that name is what some sandboxes leave behind.
  if (repositoryMarks.some(has) || has(".git") && !has(".git/.")) return folder;
  const above = folderOf(folder);
  return above === folder ? undefined : repositoryAround(above, exists);
}
