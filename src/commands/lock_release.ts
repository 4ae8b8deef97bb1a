import { afterEdit, hookGraceS } from "./after_tool.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { isHookUse } from "./lock_use.ts";
import { hookSeconds } from "./seconds.ts";

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
  run: async (context) =>
    isHookUse(context.args) ? answer(context) : (await import("./lock_by_hand.ts")).releaseTyped(context, hookGraceS),
};

function answer(context: Context): Promise<Outcome> {
  const graceS = hookSeconds(context, "grace", hookGraceS);
  return answerHook(context, (...about) => afterEdit(...about, { graceS }), { usual: "after-tool" });
}
