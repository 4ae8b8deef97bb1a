import { sayDuration } from "../base/duration.ts";
import { settle, type Settled } from "../locks/settle.ts";
import type { Target } from "../locks/target.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { afterEdit, hookGraceS } from "./lock_hooks.ts";
import { isHookUse, openLocks } from "./lock_use.ts";
import { hookSeconds, typedSeconds } from "./seconds.ts";

/** `truce lock release`: by hand all that the holder has on the paths, in a hook the use of one tool call. */
export const command: Command = {
  usage: `[PATH...] [--resource NAME] [--grace SECONDS] [--as NAME]

  PATH        what to give back; none: hook JSON is read from standard input
  --resource  a name that is no path
  --grace     how long you may take it again at once, while others wait (default ${hookGraceS}; 0: it is free now)
  --as        who gives it back (default: TRUCE_SESSION, else the agent whose shell this is, else user@terminal)

  Exit code 0: given back, or nobody had it. 1: somebody else has it.`,
  flags: { values: [...commonFlags.values, "grace", "resource", "as"], switches: commonFlags.switches },
  isHookUse,
  run: (context) => isHookUse(context.args) ? answer(context) : releaseTyped(context),
};

function answer(context: Context): Promise<Outcome> {
  const graceS = hookSeconds(context, "grace", hookGraceS);
  return answerHook(context, (event, holder) => afterEdit(context, event, holder, graceS), { usual: "after-tool" });
}

async function releaseTyped(context: Context): Promise<Outcome> {
  const { typedTargets, typingHolder } = await import("./lock_typed.ts");
  const { nameFrom, sayHeld } = await import("../locks/words.ts");
  const targets = await typedTargets(context);
  const graceS = typedSeconds(context, "grace", hookGraceS);
  const { settled, notices } = await settle(openLocks(context), {
    holder: await typingHolder(context.args),
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
