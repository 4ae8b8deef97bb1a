// What programs say of themselves.

import { describeError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import { variable } from "../platform/dirs.ts";
import { versionLine } from "../platform/program.ts";
import { findProgram, searchFolders } from "../platform/programs.ts";
import { runProgram } from "../platform/run_program.ts";

const versionMaxMs = 15_000;

/** What a program answers to --version: its first line, or why there is none. */
export type Told =
  | { readonly kind: "absent" }
  | { readonly kind: "version"; readonly line: string }
  | { readonly kind: "silent"; readonly why: string };

/** Asks a program, by its name on PATH or its path, for its version. */
export async function askVersion(program: string, cwd: string): Promise<Told> {
  const path = onPath(program);
  if (path === undefined) return { kind: "absent" };
  try {
    const { code, stdout } = await runProgram(path, ["--version"], { cwd, env: {}, deadlineMs: versionMaxMs });
    const line = safeLine(stdout.trim().split("\n")[0]);
    return code === 0 && line !== "" ? { kind: "version", line } : { kind: "silent", why: `exit code ${code}` };
  } catch (error) {
    return { kind: "silent", why: describeError(error) };
  }
}

/** Says why a program is not a truce of this one's version; nothing when it is. */
export async function otherTruce(
  program: string,
  cwd: string,
): Promise<{ readonly why: string; readonly isGone: boolean } | undefined> {
  const told = await askVersion(program, cwd);
  if (told.kind === "absent") return { why: `there is no program "${program}"`, isGone: true };
  if (told.kind === "silent") return { why: `"${program}" does not start: ${told.why}`, isGone: false };
  if (told.line === versionLine()) return undefined;
  return { why: `"${program}" is ${told.line}, and this is ${versionLine()}`, isGone: false };
}

/** Returns the path of the program that PATH has by a name. */
export function onPath(name: string): string | undefined {
  return findProgram(name, searchFolders(variable("PATH") ?? ""));
}
