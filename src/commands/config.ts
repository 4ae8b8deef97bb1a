// The configuration: `truce.jsonc` in the user's configuration folder, and in the project.

import { field } from "../base/decode.ts";
import { parseJsonc } from "../base/jsonc.ts";
import { folderOf } from "../base/path.ts";
import { configFolder } from "../platform/dirs.ts";
import { readText } from "../platform/files.ts";

/** Says whether the user, or the project around `cwd`, wants a broken truce to stop edits: `"strict": true`. */
export function isStrict(cwd: string): boolean {
  return isStrictFile(userFile()) || isStrictFile(projectFile(cwd));
}

/** Returns the path of the user's file; `undefined` where no home is known, which is no reason to stop an agent. */
function userFile(): string | undefined {
  try {
    return `${configFolder()}/truce.jsonc`;
  } catch {
    return undefined;
  }
}

/** Returns the path of the nearest `truce.jsonc` at or above `folder`. */
function projectFile(folder: string): string | undefined {
  for (let at = folder;; at = folderOf(at)) {
    const path = `${at === "/" ? "" : at}/truce.jsonc`;
    if (readText(path) !== undefined) return path;
    if (folderOf(at) === at) return undefined;
  }
}

function isStrictFile(path: string | undefined): boolean {
  const text = path === undefined ? undefined : readText(path);
  if (text === undefined) return false;
  try {
    return field(parseJsonc(text), "strict") === true;
  } catch {
    return false;
  }
}
