// How install and uninstall come to write: they plan, ask where somebody is there to be asked, and plan again when it is
// their turn, since others may have written meanwhile.

import { TruceError } from "../base/error.ts";
import type { Plan } from "../install/carry_out.ts";
import type { HostPlan } from "../install/plan.ts";
import { isAsking } from "../install/program.ts";
import { variable } from "../platform/dirs.ts";
import { isOutputTerminal, isTerminal, writeOutput } from "../platform/stdio.ts";
import type { Context } from "./command.ts";
import { diffOf, isChange } from "./install_report.ts";

/** What came of it: the plans that were carried out, or would be. */
export interface Written {
  readonly outcome: "done" | "dry-run" | "declined";
  readonly plans: readonly HostPlan[];
}

/** Has `write` carry out what `plan` returns, when that is wanted and anything is to be done. */
export async function planAndWrite(
  context: Context,
  plan: Plan,
  write: (plan: Plan) => Promise<readonly HostPlan[]>,
): Promise<Written> {
  const plans = await plan();
  if (context.args.switches.has("dry-run")) return { outcome: "dry-run", plans };
  if (!plans.some(isChange)) return { outcome: "done", plans };
  if (!isAsked(context)) return { outcome: "done", plans: await write(plan) };
  writeOutput(`${plans.map((one) => diffOf(context, one)).filter((diff) => diff !== "").join("\n")}\n`);
  const { isConfirmed } = await import("./confirm.ts");
  if (!await isConfirmed("Write this?")) return { outcome: "declined", plans };
  return { outcome: "done", plans: await write(async () => asShown(plans, await plan())) };
}

function isAsked({ args: { switches } }: Context): boolean {
  return isAsking({
    isAssumed: switches.has("yes"),
    isJson: switches.has("json"),
    isInputTerminal: isTerminal(),
    isOutputTerminal: isOutputTerminal(),
    ci: variable("CI"),
  });
}

/** Returns plans made after others were shown. What was not shown is not written. */
function asShown(shown: readonly HostPlan[], plans: readonly HostPlan[]): readonly HostPlan[] {
  const other = plans.find((plan, i) => isChange(plan) && plan.file.text !== shown[i].file.text);
  if (other === undefined) return plans;
  throw new TruceError("refused", `Cannot write "${other.file.path}": it has changed since it was shown`, {
    hint: "Type it again",
  });
}
