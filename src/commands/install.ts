import { TruceError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import type { HookCall } from "../hosts/registration.ts";
import { planAndCarryOut } from "../install/carry_out.ts";
import { type HostPlan, type InstallOptions, planInstall, recordFor, type Subject } from "../install/plan.ts";
import { programToCall } from "../install/program.ts";
import { variable } from "../platform/dirs.ts";
import { realPath } from "../platform/files.ts";
import { isWindows, runningProgram } from "../platform/program.ts";
import { findProgram, searchFolders } from "../platform/programs.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { hostNames, subjectsOf } from "./install_place.ts";
import { isChange, report } from "./install_report.ts";
import { planAndWrite } from "./install_write.ts";
import { httpPort } from "./serve.ts";

/** `truce install HOST...`: has hosts call truce. */
export const command: Command = {
  usage: `HOST... [--scope user|project|local] [--dry-run] [--http] [--command PROGRAM] [--yes] [--json]

  HOST       ${hostNames}
  --scope    whose settings: yours, the project's, or yours for the project
             (default: the project's in a repository, else yours)
  --dry-run  show what would be written, and write nothing
  --http     have the daemon asked over HTTP, which starts no process; for hosts that can
  --command  the program to call: a name that PATH has, or a path
             (default: truce when that is the one on PATH, else the path of this one)
  --yes      do not ask

  What else is in those files stays. truce uninstall puts back what was there.`,
  flags: {
    values: [...commonFlags.values, "scope", "command"],
    switches: [...commonFlags.switches, "dry-run", "http", "yes"],
  },
  isHookUse: () => false,
  async run(context) {
    const isHttp = context.args.switches.has("http");
    const subjects = await subjectsOf(context, "install");
    if (isHttp) checkHttp(subjects);
    const call = callOf(context);
    const options = { call: isHttp ? { ...call, port: portToAsk() } : call, isHttp };
    const { outcome, plans } = await planAndWrite(
      context,
      () => subjects.map((subject) => planInstall(subject, options)),
      (plan) => planAndCarryOut(resolvePath(context.cwd, context.stateFolder()), plan, recordFor),
    );
    return report(context, plans, {
      outcome,
      say: (plan, path) => sayPlan(plan, path, outcome === "dry-run"),
      next: (plan) => outcome === "declined" ? [] : stepsAfter(plan, options),
      closing: outcome === "declined" ? [] : closing(plans.filter(isChange), options.call, outcome === "dry-run"),
    });
  },
};

function sayPlan(plan: HostPlan, path: string, isDry: boolean): string {
  const { scope } = plan.subject;
  if (!isChange(plan)) return `${path} calls truce as it should (${scope})`;
  return isDry ? `${path} would be written (${scope})` : `wrote ${path} (${scope})`;
}

/** What the user has to do is worth saying whenever it may not have been done. */
function stepsAfter({ subject: { settings }, obstacle }: HostPlan, { isHttp }: InstallOptions): string[] {
  const { content, next } = settings;
  const steps = [next, isHttp && content.kind === "hooks" ? content.httpNext : undefined];
  return obstacle === undefined ? steps.filter((step) => step !== undefined) : [];
}

/** How to get back what was there, and what is said of the program: where it is missing, no hook says so. */
function closing(changes: readonly HostPlan[], { truce }: HookCall, isDry: boolean): string[] {
  if (changes.length === 0) return [];
  const { scope } = changes[0].subject;
  const names = changes.map(({ subject }) => subject.host.name).join(" ");
  const isPath = /[/\\]/.test(truce);
  const missing = isPath
    ? `There is no program "${truce}" yet; until there is, the hooks do nothing`
    : `"${truce}" is not on your PATH; where it is not, the hooks do nothing`;
  return [
    ...isDry ? [] : [`What was there comes back with: truce uninstall ${names} --scope ${scope}`],
    ...programOnPath(truce) === undefined ? [missing] : [],
    ...isPath && scope === "project"
      ? [`"${truce}" is a path of this machine, which others of the project may not have; see --command`]
      : [],
  ];
}

function checkHttp(subjects: readonly Subject[]): void {
  const without = subjects.find(({ settings: { content } }) => content.kind !== "hooks" || !content.httpHooks);
  if (without === undefined) return;
  throw new TruceError("usage", `Cannot use --http for ${without.settings.title}: it has no hooks over HTTP`, {
    hint: "Leave --http away, or name only hosts that have them",
  });
}

/** Hooks ask at the port that truce serve would take here. */
function portToAsk(): number {
  const port = httpPort();
  if (port > 0) return port;
  throw new TruceError("usage", "Cannot use --http with the port 0: hooks ask at one that is known before", {
    hint: "Set FILE_LOCK_PORT to a number from 1 to 65535",
  });
}

function callOf({ args, cwd }: Context): HookCall {
  const typed = args.values.command;
  // deno-lint-ignore no-control-regex
  if (typed !== undefined && (typed.trim() === "" || typed.startsWith("-") || /[\x00-\x1f]/.test(typed))) {
    throw new TruceError("usage", `Cannot use --command "${typed}": it names no program`);
  }
  const onPath = programOnPath("truce");
  const truce = programToCall({ typed, cwd, running: runningProgram(), onPath: onPath && realPath(onPath) });
  return { truce, isWindows: isWindows() };
}

function programOnPath(name: string): string | undefined {
  return findProgram(name, searchFolders(variable("PATH") ?? ""));
}
