import { TruceError } from "../base/error.ts";
import { severities, type Severity } from "../lsp/diagnostic.ts";
import { answerHook } from "./answer_hook.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { findingsAfter, usualWanted } from "./findings.ts";
import { eventTargets, isHookUse, told } from "./lock_use.ts";
import { hookSeconds } from "./seconds.ts";

/** `truce notify`: what the language servers find in files as they are now. */
export const command: Command = {
  usage: `[PATH...] [--timeout SECONDS] [--severity error|warning|info|hint]

  PATH        files; none: hook JSON is read from standard input
  --timeout   how long to wait for the language servers (default ${usualWanted.timeoutS})
  --severity  the least that is shown (default ${usualWanted.severity})

  Exit code 0: nothing was found. 1: there are findings.`,
  flags: { values: [...commonFlags.values, "timeout", "severity"], switches: commonFlags.switches },
  isHookUse,
  run: async (context) =>
    isHookUse(context.args) ? answer(context) : (await import("./notify_by_hand.ts")).notify(context),
};

function answer(typed: Context) {
  const wanted = { timeoutS: hookSeconds(typed, "timeout", usualWanted.timeoutS), severity: hookSeverity(typed) };
  return answerHook(typed, async (context, event, holder) => {
    if (event.tool?.isFailed) return told([]);
    return told(
      await findingsAfter(context, event, holder, { ...wanted, targets: await eventTargets(context, event) }),
    );
  }, { usual: "after-tool" });
}

/** Returns what `--severity` says. Throws a usage error for a word that is none. */
export function typedSeverity({ args }: Context): Severity {
  const word = args.values.severity ?? usualWanted.severity;
  const severity = severities.find((one) => one === word);
  if (severity !== undefined) return severity;
  throw new TruceError("usage", `Cannot use --severity "${word}": it is one of ${severities.join(", ")}`);
}

/** Returns the same for a hook, where a bad word in somebody's settings must not stop an agent. */
function hookSeverity(context: Context): Severity {
  try {
    return typedSeverity(context);
  } catch (error) {
    context.log("a flag was not used", { why: String(error) });
    return usualWanted.severity;
  }
}
