// Findings as truce keeps and shows them, whatever server they come from and however they were asked for.

import { safeBlock, safeLine } from "../base/safe_text.ts";

/** The severities of LSP, the worst first. */
export const severities = ["error", "warning", "info", "hint"] as const;

/** One of `severities`. */
export type Severity = typeof severities[number];

/** One finding. Line and column count from 1, the column in UTF-16 units, as editors show them. */
export interface Diagnostic {
  readonly line: number;
  readonly col: number;
  readonly severity: Severity;
  readonly message: string;
  /** Who says so, such as `ts` or `eslint`. */
  readonly source?: string;
  readonly code?: string;
}

/** The findings of one file that are shown, and how many there are. */
export interface Findings {
  readonly shown: readonly Diagnostic[];
  readonly total: number;
}

const messageMax = 1_000;

/** Returns what is shown of `all`: of `least` and worse, each once, the worst first, at most `countMax`. */
export function findingsOf(all: readonly Diagnostic[], least: Severity, countMax: number): Findings {
  const rankMax = severities.indexOf(least);
  const once = new Map(all.map((one) => [JSON.stringify(one), one]));
  const wanted = [...once.values()].filter(({ severity }) => severities.indexOf(severity) <= rankMax).sort(compare);
  return { shown: wanted.slice(0, countMax), total: wanted.length };
}

function compare(a: Diagnostic, b: Diagnostic): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.line - b.line || a.col - b.col;
}

/**
 * Returns `path:line:col severity message (source code)`. The message is data of a program that read the file: its
 * lines stay, what would act in a terminal or a model does not.
 *
 * ```ts
 * import { sayDiagnostic } from "./diagnostic.ts";
 * const one = { line: 2, col: 7, severity: "error", message: "no such name", source: "ts", code: "2304" } as const;
 * if (sayDiagnostic("src/a.ts", one) !== "src/a.ts:2:7 error no such name (ts 2304)") throw new Error();
 * ```
 */
export function sayDiagnostic(path: string, { line, col, severity, message, source, code }: Diagnostic): string {
  const origin = [source, code].filter((part) => part !== undefined).map((part) => safeLine(part, 60)).join(" ");
  const text = safeBlock(message, messageMax).trim();
  return `${path}:${line}:${col} ${severity} ${text}${origin === "" ? "" : ` (${origin})`}`;
}
