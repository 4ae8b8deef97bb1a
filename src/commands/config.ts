// The configuration: `truce.jsonc` in the user's configuration folder, and in the project.

import { asObject, field, type JsonObject } from "../base/decode.ts";
import { describeError } from "../base/error.ts";
import { parseJsonc } from "../base/jsonc.ts";
import { folderOf } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { configFolder } from "../platform/dirs.ts";
import { lookThrough, readText } from "../platform/files.ts";

/** What truce.jsonc may say. */
export const configFields: readonly string[] = ["$schema", "strict", "notify", "servers", "sync"];

const bytesMax = 1024 * 1024;

/** A truce.jsonc as it is now. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Empty when nothing can be made of the text. */
  readonly value: JsonObject;
  /** What is wrong with it, in one sentence; the rest of it counts. */
  readonly problem: string | undefined;
}

/** Says whether the user, or the project around `cwd`, wants a broken truce to stop edits: `"strict": true`. */
export function isStrict(cwd: string, user = userConfig()): boolean {
  return [user, projectConfig(cwd)].some((config) => field(config?.value, "strict") === true);
}

/** Says whether agents are told what language servers find: unless the user or the project says `"notify": false`. */
export function isNotifying(cwd: string, user = userConfig()): boolean {
  return [user, projectConfig(cwd)].every((config) => field(config?.value, "notify") !== false);
}

/** Returns the user's file; `undefined` when there is none, or no home to look in. */
export function userConfig(): ConfigFile | undefined {
  try {
    return configAt(`${configFolder()}/truce.jsonc`);
  } catch {
    return undefined;
  }
}

/** Returns the nearest file at or above the absolute `folder`. */
export function projectConfig(folder: string): ConfigFile | undefined {
  const config = configAt(`${folder === "/" ? "" : folder}/truce.jsonc`);
  return config !== undefined || folderOf(folder) === folder ? config : projectConfig(folderOf(folder));
}

function configAt(path: string): ConfigFile | undefined {
  try {
    const facts = lookThrough(path);
    if (facts?.kind !== "file") return undefined;
    if (facts.size > bytesMax) return broken(path, "", `is larger than ${bytesMax / 1024 / 1024} MiB`);
    const text = readText(path);
    return text === undefined ? undefined : configFrom(path, text);
  } catch (error) {
    return broken(path, "", `cannot be read: ${describeError(error)}`);
  }
}

function configFrom(path: string, text: string): ConfigFile {
  try {
    const value = asObject(parseJsonc(text.replace(/^\uFEFF/, "")));
    if (value === undefined) return broken(path, text, "is no object");
    const unknown = Object.keys(value).find((name) => !configFields.includes(name));
    const problem = `${path} has "${unknown}", which is not known: there are ${configFields.join(", ")}`;
    return { path, text, value, problem: unknown === undefined ? undefined : safeLine(problem, 400) };
  } catch (error) {
    return broken(path, text, `is no JSON with comments: ${describeError(error)}`);
  }
}

function broken(path: string, text: string, fact: string): ConfigFile {
  return { path, text, value: {}, problem: safeLine(`${path} ${fact}`, 400) };
}
