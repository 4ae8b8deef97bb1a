import { afterRead } from "./after_tool.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { isHookUse } from "./lock_use.ts";

/** `truce lock track-read`: remembers what a session was shown, so that its next edit can be told what changed since. */
export const command: Command = {
  usage: `[PATH...] [--as NAME]

  PATH  files that were read just now; none: hook JSON is read from standard input
  --as  who read them (default: TRUCE_SESSION, else the agent whose shell this is, else user@terminal)`,
  flags: { values: [...commonFlags.values, "as"], switches: commonFlags.switches },
  isHookUse,
  run: async (context) =>
    isHookUse(context.args) ? answer(context) : (await import("./lock_by_hand.ts")).trackTyped(context),
};

function answer(context: Context): Promise<Outcome> {
  return answerHook(context, afterRead, { usual: "after-tool" });
}
