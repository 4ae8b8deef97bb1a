import { leaseOn } from "../locks/listing.ts";
import { nameFrom } from "../locks/words.ts";
import { type Command, commonFlags } from "./command.ts";
import { leaseJson, leaseSentences } from "./lock_report.ts";
import { oneTypedTarget } from "./lock_typed.ts";
import { openLocks } from "./lock_use.ts";

/** `truce lock status PATH`: one lock, and everybody in line for it. */
export const command: Command = {
  usage: "PATH | --resource NAME [--json]",
  flags: { values: [...commonFlags.values, "resource"], switches: commonFlags.switches },
  isHookUse: () => false,
  async run(context) {
    const target = await oneTypedTarget(context);
    const listed = leaseOn(openLocks(context), target);
    return {
      kind: "report",
      text: listed ? leaseSentences(context, listed) : `${nameFrom(context.cwd, target)} is not locked`,
      json: listed ? { locked: true, ...leaseJson(listed) } : { locked: false, path: target.name },
      exitCode: 0,
    };
  },
};
