import { nameOf } from "../base/path.ts";
import { lookAt } from "./files.ts";

/** What is watched of a tree. */
export interface TreeOptions {
  /** Says whether a folder of this name is left out, with all below it. */
  isLeftOut(name: string): boolean;
  readonly foldersMax: number;
  /** Is called with what was made, changed or removed. */
  onChange(path: string, isNew: boolean): void;
}

/** Something that watches until it is closed. */
export interface TreeWatch {
  close(): void;
}

/**
 * Watches the files below `root`, those of folders that are made later, too. Links are not followed. Where the system has
 * no watch left nothing is told, as when nothing changes.
 */
export function watchTree(root: string, options: TreeOptions): TreeWatch {
  const watchers = new Set<Deno.FsWatcher>();
  let foldersLeft = options.foldersMax;
  let isClosed = false;
  const add = async (folder: string) => {
    const folders = await foldersBelow(folder, foldersLeft, options);
    foldersLeft -= folders.length;
    const watcher = isClosed ? undefined : open(folders);
    if (watcher === undefined) return folders;
    watchers.add(watcher);
    tell(watcher, addNew, options);
    return folders;
  };
  // What was put into a new folder before it was watched is new, too.
  const addNew = async (folder: string) => {
    for (const one of await add(folder)) {
      for (const { name, isFile } of await entriesOf(one)) if (isFile) options.onChange(`${one}/${name}`, true);
    }
  };
  add(root);
  return {
    close() {
      isClosed = true;
      for (const watcher of watchers) watcher.close();
      watchers.clear();
    },
  };
}

async function tell(
  watcher: Deno.FsWatcher,
  addNew: (folder: string) => Promise<void>,
  options: TreeOptions,
): Promise<void> {
  for await (const { kind, paths } of watcher) {
    if (kind === "access") continue;
    for (const path of paths) {
      const isFolder = kind === "create" && lookAt(path)?.kind === "directory";
      if (!isFolder) options.onChange(path, kind === "create");
      else if (!options.isLeftOut(nameOf(path))) addNew(path);
    }
  }
}

/** Looks through a tree without keeping anything else waiting. */
async function foldersBelow(root: string, countMax: number, { isLeftOut }: TreeOptions): Promise<string[]> {
  const folders = [root].slice(0, countMax);
  for (const folder of folders) {
    for (const { name, isDirectory } of await entriesOf(folder)) {
      if (isDirectory && !isLeftOut(name) && folders.length < countMax) folders.push(`${folder}/${name}`);
    }
  }
  return folders;
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch {
    // It is gone again, or not for us to read.
    return [];
  }
}

function open(folders: string[]): Deno.FsWatcher | undefined {
  try {
    return folders.length === 0 ? undefined : Deno.watchFs(folders, { recursive: false });
  } catch {
    return undefined;
  }
}
