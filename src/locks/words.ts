// What agents and people are told. A model reads it: the path first, then the fact, then what to do.

import { sayDuration } from "../base/duration.ts";
import { shownFrom } from "../base/path.ts";
import { framed, safeBlock, safeLine } from "../base/safe_text.ts";
import type { Now } from "../base/clock.ts";
import type { Obstacle } from "./claims.ts";
import type { Holder } from "../sessions/holder.ts";
import { type Lease, phaseOf } from "./lease.ts";
import type { Stale } from "./reads.ts";
import type { ObstacleWait, Refused } from "./refusal.ts";
import type { Target } from "./target.ts";

const diffLengthMax = 4_000;

/** Returns a target as somebody in `cwd` would name it. */
export function nameFrom(cwd: string, target: Target): string {
  return safeLine(target.kind === "resource" ? target.name : shownFrom(cwd, target.name), 300);
}

/** Returns how a holder has a lease: `is being edited by claude session 3f2a since 12 s ago, "rename login"`. */
export function sayHeld(lease: Lease, now: Now): string {
  const verb = phaseOf(lease, now) === "manual" || lease.target.kind !== "file" ? "locked" : "being edited";
  const reason = lease.reason === "" ? "" : `, "${safeLine(lease.reason, 120)}"`;
  return `is ${verb} by ${lease.holder.label} since ${sayDuration(now.bootS - lease.sinceS)} ago${reason}`;
}

/** Returns why a request for `targets` was refused, and one thing to do next. */
export function sayRefused(refused: Refused, targets: readonly Target[], cwd: string): string {
  if (refused.kind === "crowded") {
    return `${nameFrom(cwd, targets[0])} has too many agents in line. Work on another file and retry later`;
  }
  if (refused.kind === "gone") return `${nameFrom(cwd, targets[0])} is not waited for any more. Ask again`;
  if (refused.kind === "circle") return sayCircle(refused.waits, refused.holder, cwd);
  const { obstacle, place, now } = refused;
  const target = targetOf(obstacle);
  const name = nameFrom(cwd, target);
  const fact = obstacle.kind === "lease" ? sayHeld(obstacle.lease, now) : `goes to ${obstacle.holder.label} next`;
  const next = target.kind === "resource" ? "Do something else" : "Work on another file";
  const look = target.kind === "resource" ? "truce lock list" : `truce lock status ${quoted(name)}`;
  return `${name} ${fact}. You are ${ordinal(place)} in line. ${next} and retry, or run: ${look}`;
}

/** Returns the circle that waiting would have closed, hop by hop. */
function sayCircle(waits: readonly ObstacleWait[], holder: Holder, cwd: string): string {
  const hops = waits.map(({ from, obstacle }) => {
    const isYou = { from: from === holder.key, to: obstacle.holder.key === holder.key };
    const who = isYou.from ? "you would wait" : `${labelOf(from, waits)} waits`;
    const whom = isYou.to ? "you" : obstacle.holder.label;
    const why = obstacle.kind === "waiter"
      ? `where ${whom} ${isYou.to ? "are" : "is"} before ${isYou.from ? "you" : "it"}`
      : `which ${whom} ${isYou.to ? "have" : "has"}`;
    return `${who} for ${nameFrom(cwd, targetOf(obstacle))}, ${why}`;
  });
  const own = waits[waits.length - 1].obstacle;
  const release = own.kind === "lease"
    ? ` Release it first: truce lock release ${quoted(nameFrom(cwd, own.lease.target))}`
    : "";
  return `${nameFrom(cwd, targetOf(waits[0].obstacle))} cannot be waited for, all would wait for ever: ${
    hops.join("; ")
  }.${release}`;
}

/** Returns what is in the way, or what is asked for when somebody in line is. */
function targetOf(obstacle: Obstacle): Target {
  return obstacle.kind === "lease" ? obstacle.lease.target : obstacle.target;
}

function labelOf(key: string, waits: readonly ObstacleWait[]): string {
  return waits.find(({ obstacle }) => obstacle.holder.key === key)?.obstacle.holder.label ?? "another agent";
}

/** Returns that a file changed since it was read, by whom and what, in a frame; `diff` is absent when it was too long. */
export function sayStale(stale: Stale, diff: string | undefined, cwd: string, now: Now): string {
  const name = nameFrom(cwd, stale.target);
  const { by } = stale;
  const who = by === undefined ? "" : `, by ${safeLine(by.label)} ${sayDuration((now.wallMs - by.wallMs) / 1000)} ago`;
  if (stale.current.digest === "absent") return `${name} was deleted since you read it${who}`;
  const fact = `${name} changed since you read it${who}`;
  return diff === undefined
    ? fact
    : `${fact}. What changed:\n${framed(`diff of ${name}`, safeBlock(diff, diffLengthMax))}`;
}

/** Returns `1st`, `2nd`, `3rd`, `4th`, `11th`, … */
export function ordinal(number: number): string {
  const tens = number % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : ["th", "st", "nd", "rd"][number % 10] ?? "th";
  return `${number}${suffix}`;
}

/** Returns `name` as a word of a POSIX shell, so that a hint can be pasted. */
function quoted(name: string): string {
  if (name.startsWith("-")) return quoted(`./${name}`);
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
