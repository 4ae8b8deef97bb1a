// The configuration: `truce.jsonc` in the user's configuration folder, and in the project.

import { field } from "../base/decode.ts";
import { parseJsonc } from "../base/jsonc.ts";
import { folderOf } from "../base/path.ts";
import { configFolder } from "../platform/dirs.ts";
import { lookThrough, readText } from "../platform/files.ts";

/** Says whether the user, or the project around `cwd`, wants a broken truce to stop edits: `"strict": true`. */
export function isStrict(cwd: string): boolean {
  return [userConfig, () => projectConfig(cwd)].some((read) => {
    try {
      return field(read(), "strict") === true;
    } catch {
      // What cannot be read, or where no home is known, says nothing; it is no reason to stop an agent.
      return false;
    }
  });
}

function userConfig(): unknown {
  return configAt(`${configFolder()}/truce.jsonc`);
}

/** Reads the nearest `truce.jsonc` at or above `folder`. */
function projectConfig(folder: string): unknown {
  const config = configAt(`${folder === "/" ? "" : folder}/truce.jsonc`);
  return config !== undefined || folderOf(folder) === folder ? config : projectConfig(folderOf(folder));
}

function configAt(path: string): unknown {
  const text = lookThrough(path)?.kind === "file" ? readText(path) : undefined;
  return text === undefined ? undefined : parseJsonc(text);
}
