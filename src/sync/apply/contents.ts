// Puts contents where they belong, and says what is there.

import { folderOf } from "../../base/path.ts";
import { linkTarget, lookAt, readBytes, removeFile } from "../../platform/files.ts";
import { makeFolder, makeLink, modeOf, removeTree, treeAt, type TreeFile, writeNewFile } from "../../platform/tree.ts";
import { type Content, hashOf } from "../content.ts";

const treeLimits = { filesMax: 2_000, bytesMax: 32 * 1024 * 1024 };
const privateFile = 0o600;
const foldersMax = 200;

/** Returns what is at a path itself: a link is not followed. */
export function contentAt(path: string): Content | "other" {
  const to = linkTarget(path);
  if (to !== undefined) return { kind: "link", to };
  const kind = lookAt(path)?.kind;
  if (kind === undefined) return { kind: "absent" };
  const bytes = kind === "file" ? readBytes(path) : undefined;
  if (bytes !== undefined) return { kind: "file", bytes, mode: modeOf(path) };
  const files = kind === "directory" ? treeAt(path, treeLimits) : undefined;
  return files === undefined ? "other" : { kind: "tree", files };
}

/** Returns the hash of what is at a path itself. */
export async function hashAt(path: string): Promise<string> {
  const content = contentAt(path);
  return content === "other" ? content : await hashOf(content);
}

/** How contents are made. */
export interface Making {
  /** Whether a file without a mode is for this user alone, and not as any new file. */
  readonly isPrivate: boolean;
  readonly canLink: boolean;
}

/**
 * Makes `content` at a path where nothing is, forced to the disk, and returns what was made: a copy, when it was to be a
 * link and none can be made.
 */
export function make(path: string, content: Content, making: Making): Content {
  if (content.kind === "absent") return content;
  if (content.kind === "tree") makeTree(path, content.files);
  if (content.kind === "file") {
    writeNewFile(path, content.bytes, content.mode ?? (making.isPrivate ? privateFile : undefined));
  }
  if (content.kind !== "link") return content;
  const original = content.copyOf === undefined ? "other" : contentAt(content.copyOf);
  const isToFolder = original === "other" || original.kind !== "file";
  if (making.canLink && makeLink(content.to, path, isToFolder)) return content;
  if (original === "other" || original.kind === "absent") {
    throw new Error(`no link can be made, and "${content.copyOf ?? content.to}" cannot be copied`);
  }
  return make(path, original, making);
}

/** Removes what is at a path itself. */
export function clear(path: string): void {
  if (lookAt(path)?.kind === "directory") removeTree(path);
  else removeFile(path);
}

/** Returns the folders above `path` that are missing, from the top; a link to a folder is none. */
export function missingFolders(path: string): string[] {
  const missing: string[] = [];
  for (let folder = folderOf(path); missing.length < foldersMax; folder = folderOf(folder)) {
    if (lookAt(folder)?.kind === "directory" || folder === folderOf(folder)) break;
    missing.unshift(folder);
  }
  return missing;
}

function makeTree(path: string, files: readonly TreeFile[]): void {
  makeFolder(path);
  for (const { path: inner, mode, bytes } of files) {
    for (const folder of missingFolders(`${path}/${inner}`)) makeFolder(folder);
    writeNewFile(`${path}/${inner}`, bytes, mode);
  }
}
