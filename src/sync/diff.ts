// What a plan would do, for people: values by their names, texts line by line.

import { asObject } from "../base/decode.ts";
import { diffLines } from "../base/diff.ts";
import { safeLine } from "../base/safe_text.ts";
import { partsOf } from "../edit/pointer.ts";
import { Literal } from "../edit/value.ts";
import type { Change } from "./plan/change.ts";
import { maskedText, maskedValue } from "./mask.ts";
import type { FilePlan, Plan } from "./plan.ts";

const valueMax = 200;
const lineMax = 500;
const linesMax = 400;
const contextLines = 3;

/** Shows what a plan would change, and what it leaves because somebody must choose. Empty: it is all in step. */
export function sayPlan(plan: Plan, shown: (path: string) => string): string {
  return plan.files.map((file) => sayFile(file, shown(file.path))).filter((text) => text !== "").join("\n");
}

function sayFile(file: FilePlan, name: string): string {
  const said = file.changes.filter(({ kind }) => kind !== "unchanged");
  if (said.length === 0) return "";
  const lines = said.flatMap((change) =>
    change.part.of === "key" ? sayKey(change, change.part.pointer) : sayText(change)
  );
  const fate = file.before === file.after
    ? ""
    : file.before.kind === "absent"
    ? " (new)"
    : file.after.kind === "absent"
    ? " (removed)"
    : "";
  return [`${safeLine(name, lineMax)}${fate}`, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

/** Says what becomes of one value, by the values within it that differ. */
function sayKey({ kind, why, before, after }: Change, pointer: string): string[] {
  const parts = partsOf(pointer);
  const name = sayName(parts);
  if (kind === "drift" || kind === "conflict") {
    return [`! ${name}: ${kind}: ${why}`, ...differences(parts, before, after).map((line) => `    ${line}`)];
  }
  const lines = differences(parts, before, kind === "remove" ? undefined : after);
  return lines.length > 0 ? lines : [`~ ${name}: ${why ?? "written anew"}`];
}

function differences(parts: readonly string[], before: unknown, after: unknown): string[] {
  const [old, now] = [leavesOf(before, parts), leavesOf(after, parts)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === undefined) return [`+ ${name} = ${to?.shown}`];
    if (to === undefined) return [`- ${name} = ${from.shown}`];
    if (from.text === to.text) return [];
    return [`~ ${name} = ${from.shown} → ${to.shown === from.shown ? `${to.shown} (another)` : to.shown}`];
  });
}

/** Returns the values within a value that hold no further names, as they are and as they may be shown. */
function leavesOf(value: unknown, parts: readonly string[]): Map<string, { text: string; shown: string }> {
  if (value === undefined) return new Map();
  const object = value instanceof Literal ? undefined : asObject(value);
  if (object !== undefined && Object.keys(object).length > 0) {
    return new Map(Object.entries(object).flatMap(([name, inner]) => [...leavesOf(inner, [...parts, name])]));
  }
  const shown = sayValue(maskedValue(value, parts));
  return new Map([[sayName(parts), { text: sayValue(value), shown: safeLine(shown, valueMax) }]]);
}

function sayValue(value: unknown): string {
  return value instanceof Literal ? value.text : JSON.stringify(value);
}

/** Says a pointer as people write it: `mcp_servers.fs.command`. */
function sayName(parts: readonly string[]): string {
  const names = parts.map((part) => /^[\w-]+$/.test(part) ? part === "-" ? "[…]" : part : JSON.stringify(part));
  return safeLine(names.join("."), valueMax);
}

function sayText({ kind, why, part, before, after }: Change): string[] {
  const [old, now] = [
    typeof before === "string" ? before : "",
    kind !== "remove" && typeof after === "string" ? after : "",
  ];
  const head = kind === "drift" || kind === "conflict" ? [`! ${kind}: ${why}`] : [];
  if (part.of === "link") {
    const sides = [old === "" ? [] : [`- link to ${old}`], now === "" ? [] : [`+ link to ${now}`]];
    return [...head, ...sides.flat().map((line) => safeLine(line, lineMax))];
  }
  const lines = diffLines(withLineBreak(maskedText(old)), withLineBreak(maskedText(now)), contextLines);
  if (lines === undefined) return [...head, "(the texts differ too much to be compared)"];
  const cut = lines.length > linesMax ? [`… (${lines.length - linesMax} more lines)`] : [];
  return [...head, ...lines.slice(0, linesMax).map(safeDiffLine), ...cut];
}

/** Makes a line safe to show, and keeps the white space that it starts with. */
function safeDiffLine(line: string): string {
  const start = /^[-+ ]?[ \t]*/.exec(line)?.[0] ?? "";
  return start + safeLine(line.slice(start.length), lineMax);
}

function withLineBreak(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
