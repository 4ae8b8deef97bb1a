// What install and uninstall have done or would do, for people and programs.

import { diffLines } from "../base/diff.ts";
import { shownFrom } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import type { HostPlan } from "../install/plan.ts";
import { maskedText } from "../sync/mask.ts";
import type { Context, Outcome } from "./command.ts";

const contextLines = 3;
const lineMax = 2_000;

/** Says whether the file of a plan is to change. */
export function isChange({ file, after }: HostPlan): boolean {
  return file.text !== after;
}

/** How the plans of a command are told. */
export interface Telling {
  readonly outcome: "done" | "dry-run" | "declined";
  /** Returns what was done to the file of a plan, or would be, in one line. */
  say(plan: HostPlan, path: string): string;
  /** Returns what its user has to do then. */
  next(plan: HostPlan): readonly string[];
  /** What is true of all of them. */
  readonly closing: readonly string[];
}

/** Returns the report on all plans. */
export function report(context: Context, plans: readonly HostPlan[], telling: Telling): Outcome {
  const { outcome, closing } = telling;
  const lines = plans.flatMap((plan) => [
    safeLine(`${plan.subject.settings.title}: ${sayPlan(context, plan, telling)}`, lineMax),
    ...[...plan.notes, ...telling.next(plan).map((step) => `next: ${step}`)].map((line) =>
      `  ${safeLine(line, lineMax)}`
    ),
  ]);
  const diffs = outcome === "dry-run" ? plans.map((plan) => diffOf(context, plan)).filter((diff) => diff !== "") : [];
  const text = [...diffs, ...lines, ...closing.map((line) => safeLine(line, lineMax))].join("\n");
  const json = { outcome, hosts: plans.map((plan) => jsonOf(context, plan, telling)), notes: closing };
  return { kind: "report", text, json, exitCode: outcome === "declined" ? 1 : 0 };
}

function sayPlan({ cwd }: Context, plan: HostPlan, { outcome, say }: Telling): string {
  const path = shownFrom(cwd, plan.file.path);
  if (plan.obstacle !== undefined) return `nothing is written, since ${plan.obstacle}`;
  return outcome === "declined" && isChange(plan) ? `${path} stays as it is` : say(plan, path);
}

function jsonOf(context: Context, plan: HostPlan, { outcome, next }: Telling): unknown {
  const { subject, file, notes, obstacle } = plan;
  return {
    host: subject.host.name,
    scope: subject.scope,
    path: file.path,
    changed: isChange(plan) && outcome === "done",
    ...outcome === "dry-run" ? { diff: diffOf(context, plan) } : {},
    ...obstacle === undefined ? {} : { obstacle },
    notes,
    next: next(plan),
  };
}

/** Returns the unified diff of a file, without what looks secret in it; empty where nothing changes. */
export function diffOf({ cwd }: Context, plan: HostPlan): string {
  if (!isChange(plan)) return "";
  const { file: { path, text = "" }, after = "" } = plan;
  const name = safeLine(shownFrom(cwd, path), lineMax);
  const lines = diffLines(withLineBreak(maskedText(text)), withLineBreak(maskedText(after)), contextLines);
  const [from, to] = [plan.file.text === undefined ? "/dev/null" : name, plan.after === undefined ? "/dev/null" : name];
  return [`--- ${from}`, `+++ ${to}`, ...lines?.map(safeDiffLine) ?? ["(the texts differ too much to be compared)"], ""]
    .join("\n");
}

function safeDiffLine(line: string): string {
  const start = /^[-+ ]?[ \t]*/.exec(line)?.[0] ?? "";
  return start + safeLine(line.slice(start.length), lineMax);
}

function withLineBreak(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
