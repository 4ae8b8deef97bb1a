// typescript-language-server publishes a third of a second after a change, but answers in milliseconds when the tsserver
// behind it is asked by its command `typescript.tsserverRequest`. The shapes are those of tsserver's protocol.

import { field, numberField, textField } from "../base/decode.ts";
import type { Answer } from "./connection.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

const questions = ["syntacticDiagnosticsSync", "semanticDiagnosticsSync"];
const severityOf: Readonly<Record<string, Severity>> = { error: "error", warning: "warning", suggestion: "hint" };

/** Sends `workspace/executeCommand` with these parameters. */
export type Execute = (params: { command: string; arguments: unknown[] }) => Promise<Answer>;

/** Asks for the findings of the file at `path`; the first answer that is no list of them is returned as it is. */
export async function askTsserver(execute: Execute, path: string): Promise<Diagnostic[] | Answer> {
  const found: Diagnostic[] = [];
  for (const question of questions) {
    const answer = await execute({ command: "typescript.tsserverRequest", arguments: [question, { file: path }] });
    if (answer.kind !== "result") return answer;
    const body = field(answer.value, "body");
    if (!Array.isArray(body)) {
      return { kind: "error", code: 0, message: textField(answer.value, "message") ?? `no answer to ${question}` };
    }
    found.push(...body.map(diagnosticFrom));
  }
  return found;
}

function diagnosticFrom(value: unknown): Diagnostic {
  const start = field(value, "start");
  const code = numberField(value, "code");
  return {
    line: numberField(start, "line") ?? 1,
    col: numberField(start, "offset") ?? 1,
    severity: severityOf[textField(value, "category") ?? ""] ?? "error",
    message: textField(value, "text") ?? "",
    source: textField(value, "source") ?? "ts",
    code: code === undefined ? undefined : String(code),
  };
}
