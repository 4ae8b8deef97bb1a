import { textField, textList } from "../base/decode.ts";

const pathFields = ["file_path", "filePath", "notebook_path", "absolute_path", "path", "file"];
const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\r?$/gm;

/**
 * Returns every file that the input of a tool names, each once: the path fields that hosts and their extensions use,
 * and the files of an apply_patch text.
 *
 * ```ts
 * import { toolPaths } from "./tool_paths.ts";
 * const patch = "*** Begin Patch\n*** Update File: a.ts\n*** Move to: b.ts\n*** End Patch\n";
 * if (toolPaths({ command: patch }).join() !== "a.ts,b.ts") throw new Error();
 * ```
 */
export function toolPaths(input: unknown): string[] {
  const single = pathFields.map((name) => textField(input, name)).filter((path) => path !== undefined);
  const patch = ["command", "input", "patch", "patchText"].map((name) => textField(input, name) ?? "")
    .find((text) => text.trimStart().startsWith("*** Begin Patch")) ?? "";
  return [...new Set([...single, ...textList(input, "paths"), ...patchPaths(patch)])];
}

/** Returns the files that an apply_patch text adds, updates, deletes and moves to. */
export function patchPaths(patch: string): string[] {
  return Array.from(patch.matchAll(patchLine), (match) => match[1]);
}
