import { sayDuration } from "../base/duration.ts";
import { acquire } from "../locks/acquire.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { beforeEdit } from "./lock_hooks.ts";
import { isHookUse, openLocks } from "./lock_use.ts";
import { hookSeconds, typedSeconds } from "./seconds.ts";

const waitS = 180;
const ttlS = 3_600;

/** `truce lock acquire`: all of the paths or none, after waiting in line for them. */
export const command: Command = {
  usage: `[PATH...] [--resource NAME] [--timeout SECONDS] [--ttl TIME] [--reason TEXT] [--as NAME]

  PATH        files, and folders with all that is below them; none: hook JSON is read from standard input
  --resource  a name that is no path, such as git-index or port:3000; it counts on the whole machine
  --timeout   how long to wait in line (default ${waitS}; 0: do not wait)
  --ttl       how long the lock lasts when nobody gives it back: 90, 90s, 30m or 2h (default ${ttlS / 60}m)
  --reason    what it is for, shown to those who wait
  --as        who has it (default: TRUCE_SESSION, else the agent whose shell this is, else user@terminal)

  Exit code 0: granted. 1: refused.`,
  flags: {
    values: [...commonFlags.values, "timeout", "ttl", "reason", "resource", "as"],
    switches: commonFlags.switches,
  },
  isHookUse,
  run: (context) => isHookUse(context.args) ? answer(context) : acquireTyped(context),
};

function answer(context: Context): Promise<Outcome> {
  const timeoutS = hookSeconds(context, "timeout", waitS);
  return answerHook(context, (event, holder) => beforeEdit(context, event, holder, timeoutS), { usual: "before-tool" });
}

async function acquireTyped(context: Context): Promise<Outcome> {
  const { typedTargets, typingHolder } = await import("./lock_typed.ts");
  const { nameFrom, sayRefused } = await import("../locks/words.ts");
  const ttl = typedSeconds(context, "ttl", ttlS);
  const request = {
    holder: await typingHolder(context.args),
    targets: await typedTargets(context),
    purpose: { kind: "manual", ttlS: ttl },
    waitS: typedSeconds(context, "timeout", waitS),
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
