import { settle } from "../locks/settle.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context, type Outcome } from "./command.ts";
import { afterRead, stampsOf } from "./lock_hooks.ts";
import { isHookUse, openLocks } from "./lock_use.ts";

/** `truce lock track-read`: remembers what a session was shown, so that its next edit can be told what changed since. */
export const command: Command = {
  usage: `[PATH...] [--as NAME]

  PATH  files that were read just now; none: hook JSON is read from standard input
  --as  who read them (default: TRUCE_SESSION, else the agent whose shell this is, else user@terminal)`,
  flags: { values: [...commonFlags.values, "as"], switches: commonFlags.switches },
  isHookUse,
  run: (context) => isHookUse(context.args) ? answer(context) : trackTyped(context),
};

function answer(context: Context): Promise<Outcome> {
  return answerHook(context, (event, holder) => afterRead(context, event, holder), { usual: "after-tool" });
}

async function trackTyped(context: Context): Promise<Outcome> {
  const { typedTargets, typingHolder } = await import("./lock_typed.ts");
  const { nameFrom } = await import("../locks/words.ts");
  const targets = await typedTargets(context);
  const reads = await stampsOf(context, targets);
  const holder = await typingHolder(context.args);
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
