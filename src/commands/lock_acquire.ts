import { answerHook } from "./answer_hook.ts";
import { beforeEdit } from "./before_edit.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { isHookUse } from "./lock_use.ts";
import { hookSeconds } from "./seconds.ts";

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
  run: async (context) =>
    isHookUse(context.args)
      ? answer(context)
      : (await import("./lock_by_hand.ts")).acquireTyped(context, { waitS, ttlS }),
};

function answer(context: Context): Promise<Outcome> {
  const timeoutS = hookSeconds(context, "timeout", waitS);
  return answerHook(context, (...about) => beforeEdit(...about, timeoutS), { usual: "before-tool" });
}
