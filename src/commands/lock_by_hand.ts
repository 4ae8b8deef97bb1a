// The lock commands in the service of whoever types them.

import { sayDuration } from "../base/duration.ts";
import { acquire } from "../locks/acquire.ts";
import { settle, type Settled } from "../locks/settle.ts";
import type { Target } from "../locks/target.ts";
import { nameFrom, sayHeld, sayRefused } from "../locks/words.ts";
import { stampsOf } from "./after_tool.ts";
import type { Context, Outcome } from "./command.ts";
import { typedTargets, typingHolder } from "./lock_typed.ts";
import { openLocks } from "./lock_use.ts";
import { typedSeconds } from "./seconds.ts";

/** Claims what was typed, for a time. */
export async function acquireTyped(context: Context, usual: { waitS: number; ttlS: number }): Promise<Outcome> {
  const ttl = typedSeconds(context, "ttl", usual.ttlS);
  const request = {
    holder: await typingHolder(context),
    targets: await typedTargets(context),
    purpose: { kind: "manual", ttlS: ttl },
    waitS: typedSeconds(context, "timeout", usual.waitS),
    reason: context.args.values.reason,
    cwd: context.cwd,
    isTelling: true,
  } as const;
  const acquired = await acquire(openLocks(context), request);
  if (acquired.kind !== "granted") {
    const text = sayRefused(acquired, request.targets, context.cwd);
    return { kind: "report", text, json: { granted: false, reason: text }, exitCode: 1 };
  }
  const names = acquired.leases.map(({ target }) => nameFrom(context.cwd, target));
  const lines = names.map((name) => `${name} is locked for ${sayDuration(ttl)} by ${request.holder.label}`);
  return {
    kind: "report",
    text: [...lines, ...acquired.notices].join("\n"),
    json: {
      granted: true,
      holder: request.holder.label,
      leases: acquired.leases.map(({ target, fence }) => ({ path: target.name, kind: target.kind, fence })),
      notices: acquired.notices,
    },
    exitCode: 0,
  };
}

/** Gives back what was typed. */
export async function releaseTyped(context: Context, usualGraceS: number): Promise<Outcome> {
  const targets = await typedTargets(context);
  const graceS = typedSeconds(context, "grace", usualGraceS);
  const { settled, notices } = await settle(openLocks(context), {
    holder: await typingHolder(context),
    targets: targets.map(({ key }) => key),
    ending: { kind: "everything" },
    graceS,
    isTelling: true,
  });
  const describe = (target: Target, one: Settled) => {
    const name = nameFrom(context.cwd, target);
    if (one.kind === "free") return `${name} is not locked`;
    if (one.kind === "not yours") {
      return `${name} is not yours to release: it ${sayHeld(one.lease, context.clock.now())}`;
    }
    if (graceS === 0) return `${name} is free`;
    return `${name} is released; you may take it again for ${
      sayDuration(graceS)
    }, others after that (--grace 0: at once)`;
  };
  const lines = settled.map((one, place) => describe(targets[place], one));
  return {
    kind: "report",
    text: [...lines, ...notices].join("\n"),
    json: { released: settled.map((one, place) => ({ path: targets[place].name, outcome: one.kind })), notices },
    exitCode: settled.some((one) => one.kind === "not yours") ? 1 : 0,
  };
}

/** Remembers that the files that were typed have been read. */
export async function trackTyped(context: Context): Promise<Outcome> {
  const targets = await typedTargets(context);
  const reads = await stampsOf(context, targets);
  const holder = await typingHolder(context);
  await settle(openLocks(context), { holder, targets: [], ending: { kind: "all calls" }, graceS: 0, reads });
  return {
    kind: "report",
    text: reads.map(({ target }) => `${nameFrom(context.cwd, target)} is remembered as read by ${holder.label}`).join(
      "\n",
    ),
    json: { holder: holder.label, read: reads.map(({ target }) => target.name) },
    exitCode: 0,
  };
}
