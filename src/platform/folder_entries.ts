/** A name in a folder. A link is not followed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "link" | "other";
}

/** Returns what is in the folder at `path`, without order; nothing is in one that is absent. */
export function entriesIn(path: string): FolderEntry[] {
  try {
    return Array.from(Deno.readDirSync(path), (entry) => ({ name: entry.name, kind: kindOf(entry) }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}

function kindOf(entry: Deno.DirEntry): FolderEntry["kind"] {
  if (entry.isSymlink) return "link";
  return entry.isDirectory ? "directory" : entry.isFile ? "file" : "other";
}
