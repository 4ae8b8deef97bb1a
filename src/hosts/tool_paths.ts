import { textField, textList } from "../base/decode.ts";

const pathFields = ["file_path", "filePath", "notebook_path", "absolute_path", "path", "file"];
/** Lines may be moved in, and blanks may follow: those who apply patches take them so. */
const patchLine = /^[ \t]*\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;
const patchStart = /^[ \t]*\*\*\* Begin Patch/m;

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
    .find((text) => patchStart.test(text)) ?? "";
  return [...new Set([...single, ...textList(input, "paths"), ...patchPaths(patch.slice(patch.search(patchStart)))])];
}

/** Returns the files that an apply_patch text adds, updates, deletes and moves to. */
export function patchPaths(patch: string): string[] {
  return Array.from(patch.matchAll(patchLine), (match) => match[1].trimEnd()).filter((path) => path !== "");
}
