import { resolvePath } from "../base/path.ts";
import { carryOutUnknown, type Plan, planAndCarryOut } from "../install/carry_out.ts";
import { type HostPlan, planUninstall } from "../install/plan.ts";
import { recordOf } from "../install/record.ts";
import { lookAt } from "../platform/files.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { hostNames, subjectsOf } from "./install_place.ts";
import { isChange, report } from "./install_report.ts";
import { planAndWrite } from "./install_write.ts";

/** `truce uninstall HOST...`: has hosts call truce no more. */
export const command: Command = {
  usage: `HOST... [--scope user|project|local] [--dry-run] [--yes] [--json]

  HOST       ${hostNames}
  --scope    whose settings: yours, the project's, or yours for the project
             (default: the project's in a repository, else yours)
  --dry-run  show what would be written, and write nothing
  --yes      do not ask

  What was there before comes back, byte for byte. Where somebody else has changed the file since, only the hooks of
  truce are taken out.`,
  flags: {
    values: [...commonFlags.values, "scope"],
    switches: [...commonFlags.switches, "dry-run", "yes"],
  },
  isHookUse: () => false,
  async run(context) {
    const state = stateOf(context);
    const subjects = await subjectsOf(context, "uninstall");
    const known = async (path: string) => state === undefined ? undefined : await recordOf(state, path);
    const { outcome, plans } = await planAndWrite(
      context,
      () => Promise.all(subjects.map((subject) => planUninstall(subject, known))),
      (plan) => state === undefined ? carryOutUnrecorded(plan) : planAndCarryOut(state, plan),
    );
    return report(context, plans, {
      outcome,
      say: (plan, path) => sayPlan(plan, path, outcome === "dry-run"),
      next: () => [],
      closing: [],
    });
  },
};

async function carryOutUnrecorded(plan: Plan): Promise<readonly HostPlan[]> {
  const plans = await plan();
  carryOutUnknown(plans);
  return plans;
}

/** Hooks are taken out also where nothing is known of them. */
function stateOf(context: Context): string | undefined {
  try {
    const state = resolvePath(context.cwd, context.stateFolder());
    return lookAt(`${state}/install`) === undefined ? undefined : state;
  } catch {
    return undefined;
  }
}

function sayPlan(plan: HostPlan, path: string, isDry: boolean): string {
  const { scope } = plan.subject;
  if (!isChange(plan)) return `${path} does not call truce (${scope})`;
  const isGone = plan.after === undefined;
  if (isDry) return `${path} would be ${isGone ? "removed" : "written"} (${scope})`;
  return `${isGone ? "removed" : "wrote"} ${path} (${scope})`;
}
