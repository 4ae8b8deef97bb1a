import { shownFrom } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { pathTarget } from "../locks/target.ts";
import { repositoryAround } from "../lsp/roots.ts";
import type { FileReport } from "../lsp/report.ts";
import { lookAt, realPath } from "../platform/files.ts";
import { columns } from "./columns.ts";
import type { Context, Outcome } from "./command.ts";
import { ask, usualWanted } from "./findings.ts";
import { pathFacts } from "./lock_use.ts";
import { typedSeverity } from "./notify.ts";
import { typedSeconds } from "./seconds.ts";

const headings = ["PLACE", "SEVERITY", "MESSAGE", "SOURCE"];

/** Shows the findings of the files that were typed. */
export async function notify(context: Context): Promise<Outcome> {
  const typed = await Promise.all(context.args.rest.map((path) => pathTarget(pathFacts, context.cwd, path)));
  const files = [...new Set(typed.map(({ name }) => name))];
  const cwd = realPath(context.cwd) ?? context.cwd;
  const { files: reports, notes } = await ask(context, {
    files,
    folders: [repositoryAround(cwd, (path) => lookAt(path) !== undefined) ?? cwd],
    severity: typedSeverity(context),
    timeoutS: typedSeconds(context, "timeout", usualWanted.timeoutS),
  });
  const rows = reports.flatMap((report) => rowsOf(report, cwd));
  const facts = [
    ...reports.map((report) => factOf(report, cwd)).filter((fact) => fact !== undefined),
    ...notes.map(({ text }) => text),
  ];
  return {
    kind: "report",
    text: [...rows.length === 0 ? [] : [columns(headings, rows)], ...facts].join("\n"),
    json: { files: reports, notes },
    exitCode: rows.length === 0 ? 0 : 1,
  };
}

function rowsOf(report: FileReport, cwd: string): string[][] {
  if (report.kind !== "findings") return [];
  return report.findings.map(({ line, col, severity, message, source = "", code = "" }) => [
    `${shownFrom(cwd, report.path)}:${line}:${col}`,
    severity,
    safeLine(message),
    safeLine(`${source} ${code}`, 60),
  ]);
}

function factOf(report: FileReport, cwd: string): string | undefined {
  const path = shownFrom(cwd, report.path);
  if (report.kind === "clean") return `${path}: clean`;
  if (report.kind === "unknown") return `${path}: not checked, ${report.reason.text}`;
  const more = report.total - report.findings.length;
  return more > 0 ? `${path}: ${more} more findings` : undefined;
}
