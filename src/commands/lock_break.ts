import { breakLease } from "../locks/listing.ts";
import { nameFrom } from "../locks/words.ts";
import { type Command, commonFlags } from "./command.ts";
import { oneTypedTarget, typingHolder } from "./lock_typed.ts";
import { openLocks } from "./lock_use.ts";

/** `truce lock break PATH`: takes a lock from whoever has it, who is told at its next hook. */
export const command: Command = {
  usage: `PATH | --resource NAME [--as NAME] [--json]

  Exit code 0: it was taken away. 1: nobody had it.`,
  flags: { values: [...commonFlags.values, "resource", "as"], switches: commonFlags.switches },
  isHookUse: () => false,
  async run(context) {
    const target = await oneTypedTarget(context);
    const lease = await breakLease(openLocks(context), target, await typingHolder(context));
    const name = nameFrom(context.cwd, target);
    return {
      kind: "report",
      text: lease ? `${name} is free; ${lease.holder.label} had it and will be told` : `${name} is not locked`,
      json: { broken: lease !== undefined, path: target.name, holder: lease?.holder.label },
      exitCode: lease ? 0 : 1,
    };
  },
};
