// Whether Gemini CLI 0.61.0 reads a folder's own settings: its user has trusted it, or a folder above it, of which the
// longest counts, or has turned the question off.

import { field, type JsonObject } from "../../../base/decode.ts";
import { folderOf, isWithin } from "../../../base/path.ts";
import type { TargetContext } from "../../model.ts";
import { readSettings } from "./settings.ts";

/** Says whether Gemini CLI reads what is written to the scope. */
export function trusted({ scope, home, project, read }: TargetContext): "yes" | "no" | "unknown" {
  if (scope === "user") return "yes";
  if (home === undefined || project === undefined) return "unknown";
  const settings = readSettings(read(`${home}/.gemini/settings.json`));
  if (field(field(field(settings, "security"), "folderTrust"), "enabled") === false) return "yes";
  return isTrusted(readSettings(read(`${home}/.gemini/trustedFolders.json`)), project) ? "yes" : "no";
}

function isTrusted(folders: JsonObject, project: string): boolean {
  const above = Object.entries(folders).filter(([path, level]) =>
    isWithin(project, level === "TRUST_PARENT" ? folderOf(path) : path)
  );
  const [nearest] = above.toSorted(([a], [b]) => b.length - a.length);
  return nearest?.[1] === "TRUST_FOLDER" || nearest?.[1] === "TRUST_PARENT";
}
