import { entriesIn, type FolderEntry } from "../../platform/folder_entries.ts";
import { lookThrough, readText, realPath } from "../../platform/files.ts";

/** What a reader of the source asks the disk. Nothing is changed; links are followed but by `entries`. */
export interface SourceFiles {
  /** Returns what is at `path`, or `undefined` when nothing is. */
  look(path: string): { readonly kind: "file" | "directory" | "other"; readonly size: number } | undefined;
  read(path: string): string | undefined;
  entries(path: string): readonly FolderEntry[];
  realPath(path: string): string | undefined;
}

/** The disk. */
export const sourceFiles: SourceFiles = { look: lookThrough, read: readText, entries: entriesIn, realPath };
