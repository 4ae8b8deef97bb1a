// What `truce sync` has done or would do, for people and programs.

import { shownFrom } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import { sayPlan } from "../sync/diff.ts";
import { lookAt } from "../platform/files.ts";
import type { Fate } from "../sync/model.ts";
import { nameOfItem } from "../sync/sync.ts";
import { columns } from "./columns.ts";
import type { Context, Outcome } from "./command.ts";
import type { SyncOptions } from "./sync.ts";
import { sayPlace } from "./sync_place.ts";
import type { ScopeResult } from "./sync_work.ts";

type Done = Extract<ScopeResult, { kind: "done" }>;

const lossHeadings = ["TARGET", "OUTCOME", "ITEM", "WHY"];
const exitCodes = { fine: 0, changes: 1, disputes: 3, losses: 4 } as const;

/** Returns the report on all scopes; the worst of them is the exit code. */
export function sayScopes(context: Context, options: SyncOptions, results: readonly ScopeResult[]): Outcome {
  const codes = results.map((result) => exitCodeOf(result, options));
  const exitCode = codes.reduce((worst, code) => Math.max(worst, code) as typeof worst, 0 as 0 | 1 | 3 | 4);
  const isSilent = options.isQuiet && exitCode === 0;
  const say = options.isForGitHub ? annotationsOf : textOf;
  const text = isSilent ? "" : results.map((result) => say(context, options, result)).join("\n");
  return { kind: "report", text, json: { scopes: results.map(jsonOf) }, exitCode };
}

function exitCodeOf(result: ScopeResult, { mode }: SyncOptions): 0 | 1 | 3 | 4 {
  if (result.kind !== "done") return result.kind === "busy" ? exitCodes.fine : exitCodes.changes;
  if (result.faults.length > 0) return exitCodes.changes;
  if (mode === "check" && result.pending.length + result.disputes.length > 0) return exitCodes.changes;
  if (mode !== "check" && result.unaccepted.length > 0) return exitCodes.losses;
  return mode !== "check" && result.disputes.length > 0 ? exitCodes.disputes : exitCodes.fine;
}

function textOf(context: Context, options: SyncOptions, result: ScopeResult): string {
  const name = sayPlace(context, result);
  if (result.kind === "busy") return `${name}: sync already running`;
  if (result.kind === "broken") {
    const problems = result.problems.map(({ path, why }) => `  ${shownFrom(context.cwd, path)}: ${safeLine(why, 300)}`);
    return [`${name}: nothing was written, because its source cannot be read`, ...problems].join("\n");
  }
  const plan = sayPlan(result.plan, (path) => shownFrom(result.root, path));
  const parts = [
    options.mode === "write" && result.unaccepted.length === 0 ? writtenLines(result) : plan,
    lossTable(options.mode === "write" ? result.unaccepted : result.fates),
    ...result.disputes.length > 0 && options.mode === "write" ? [plan] : [],
    ...result.faults.map(({ target, check, detail }) => safeLine(`${target}: ${check}: ${detail}`, 500)),
    `${name}: ${summaryOf(result, options)}`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function writtenLines({ root, written }: Done): string {
  return written.map((path) => `${lookAt(path) === undefined ? "removed" : "wrote"} ${shownFrom(root, path)}`).join(
    "\n",
  );
}

function summaryOf({ pending, disputes, unaccepted, written, faults }: Done, { mode }: SyncOptions): string {
  if (faults.length > 0) return "taken back, because a client refuses it";
  if (unaccepted.length > 0 && mode !== "check") {
    const held = mode === "write" ? "nothing was written: " : "";
    return `${held}${unaccepted.length} losses are to be accepted: truce sync --accept-loss`;
  }
  if (disputes.length > 0) {
    return `${disputes.length} places were changed by somebody else: truce sync --force ours, or --force theirs`;
  }
  if (pending.length === 0) return "in step";
  return mode === "write" ? `${written.length} files written` : `${pending.length} changes would be made: truce sync`;
}

/** Says what is not carried over exactly. */
function lossTable(fates: readonly Fate[]): string {
  const rows = fates.filter(({ outcome }) => outcome === "refused" || outcome === "approximated").map((fate) => [
    fate.target,
    fate.outcome,
    safeLine(`${fate.item.kind} ${nameOfItem(fate.item)}`, 60),
    safeLine(fate.reason ?? "", 200),
  ]);
  return rows.length === 0 ? "" : columns(lossHeadings, rows);
}

/** Returns workflow commands of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function annotationsOf(_context: Context, _options: SyncOptions, result: ScopeResult): string {
  if (result.kind === "busy") return "";
  const lines = result.kind === "broken"
    ? result.problems.map(({ path, why }) => annotation("error", result.root, path, why))
    : [...result.pending, ...result.disputes].map(({ kind, path }) =>
      annotation("error", result.root, path, `${kind}: run truce sync and commit what it writes`)
    );
  return lines.join("\n");
}

function annotation(level: string, root: string, path: string, message: string): string {
  const escaped = (text: string) =>
    text.replace(/[%\r\n]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
  const file = escaped(shownFrom(root, path)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} file=${file}::${escaped(message)}`;
}

function jsonOf(result: ScopeResult) {
  const { scope, root, kind } = result;
  if (kind === "busy") return { scope, root, kind };
  if (kind === "broken") return { scope, root, kind, problems: result.problems };
  const change = ({ kind, path, part, targets, why }: Done["pending"][number]) => ({ kind, path, part, targets, why });
  return {
    scope,
    root,
    kind,
    written: result.written,
    pending: result.pending.map(change),
    disputes: result.disputes.map(change),
    fates: result.fates.map(({ item, target, outcome, reason }) => ({
      item: { kind: item.kind, name: nameOfItem(item), scope: item.origin.scope, path: item.origin.path },
      target,
      outcome,
      reason,
    })),
    unaccepted: result.unaccepted.length,
    faults: result.faults,
    notes: result.notes,
  };
}
