// The files of OpenCode 1.18.33 with settings. All of them become one, later ones over earlier ones: those of the user,
// those in the root of the project, those in its `.opencode`. In each place `.json` comes before `.jsonc`.

import { asObject, type JsonObject } from "../../../base/decode.ts";
import { parseJsonc } from "../../../base/jsonc.ts";
import type { TargetContext } from "../../model.ts";
import { rootOf } from "../shared.ts";

/** Returns the folder of the scope that OpenCode looks into. */
export function folderFor(context: TargetContext): string {
  return context.scope === "user" ? `${rootOf(context)}/.config/opencode` : `${rootOf(context)}/.opencode`;
}

/** Returns the file that is written: the last one that OpenCode reads in that folder. */
export function configPath(context: TargetContext): string {
  const folder = folderFor(context);
  return context.read(`${folder}/opencode.jsonc`) === undefined
    ? `${folder}/opencode.json`
    : `${folder}/opencode.jsonc`;
}

/** Returns the settings of the scope that are in other files than the one that is written. */
export function otherConfigs(context: TargetContext): JsonObject[] {
  const folders = [folderFor(context), ...(context.scope === "project" ? [rootOf(context)] : [])];
  const names = ["config.json", "opencode.json", "opencode.jsonc"];
  const paths = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
  return paths.filter((path) => path !== configPath(context)).map((path) => readConfig(path, context));
}

/** Returns what a file says; one that cannot be read says nothing here, and stops the sync where it is written. */
export function readConfig(path: string, context: TargetContext): JsonObject {
  try {
    return asObject(parseJsonc(context.read(path) ?? "{}")) ?? {};
  } catch {
    return {};
  }
}
