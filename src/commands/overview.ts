// What is said when no command runs: what there is to type, and what went wrong.

import { describeError, TruceError } from "../base/error.ts";
import { versionLine } from "../platform/program.ts";
import { writeError, writeOutput } from "../platform/stdio.ts";
import { commands } from "./table.ts";

const exitCodes = { usage: 64, unavailable: 69, refused: 1 } as const;
const bugExitCode = 70;

/** Shows all commands. That is the answer for who asked for it, and an error for who typed something else. */
export function overview(words: readonly string[]): number {
  if (words.includes("--version")) return say(versionLine());
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(17)}${summary}`);
  const text = `truce lets coding agents share one repository.\n\nUsage: truce COMMAND --help\n\n${rows.join("\n")}`;
  if (words.length === 0 || words.includes("--help") || words.join(" ") === "help") return say(text);
  writeError(`truce: Cannot do "${words.join(" ")}": there is no such command\n\n${text}\n`);
  return exitCodes.usage;
}

/** Tells a person what went wrong and what to type; returns the exit code. */
export function explain(error: unknown): number {
  const hint = error instanceof TruceError ? error.hint : "This is a bug in truce; its log has the details";
  writeError(`truce: ${describeError(error)}\n${hint === undefined ? "" : `       ${hint}\n`}`);
  return error instanceof TruceError ? exitCodes[error.kind] : bugExitCode;
}

function say(text: string): number {
  writeOutput(`${text}\n`);
  return 0;
}
