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
  const add = (folder: string) => {
    const folders = foldersBelow(folder, foldersLeft, options);
    foldersLeft -= folders.length;
    const watcher = open(folders);
    if (watcher === undefined) return folders;
    watchers.add(watcher);
    tell(watcher, addNew, options);
    return folders;
  };
  // What was put into a new folder before it was watched is new, too.
  const addNew = (folder: string) => {
    for (const one of add(folder)) {
      for (const { name, isFile } of entriesOf(one)) if (isFile) options.onChange(`${one}/${name}`, true);
    }
  };
  add(root);
  return {
    close() {
      for (const watcher of watchers) watcher.close();
      watchers.clear();
    },
  };
}

async function tell(
  watcher: Deno.FsWatcher,
  addNew: (folder: string) => void,
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

function foldersBelow(root: string, countMax: number, { isLeftOut }: TreeOptions): string[] {
  const folders = [root].slice(0, countMax);
  for (const folder of folders) {
    for (const { name, isDirectory } of entriesOf(folder)) {
      if (isDirectory && !isLeftOut(name) && folders.length < countMax) folders.push(`${folder}/${name}`);
    }
  }
  return folders;
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(folder));
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
