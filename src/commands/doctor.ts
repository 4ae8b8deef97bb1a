import { describeError, TruceError } from "../base/error.ts";
import { columns } from "./columns.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import type { Check, Finding, Level } from "./doctor_check.ts";
import { hostChecks } from "./doctor_hosts.ts";
import { clockCheck, locksCheck, programCheck, stateCheck } from "./doctor_state.ts";

/** `truce doctor`: whether truce protects here, and if not, why. */
export const command: Command = {
  usage: `[--fix] [--json]

  --fix  mend what can be mended without harm

  Exit code 0: nothing is an error. 1: something is.`,
  flags: { values: commonFlags.values, switches: [...commonFlags.switches, "fix"] },
  isHookUse: () => false,
  async run(context) {
    const checks = [programCheck, stateCheck, clockCheck, locksCheck, ...await hostChecks()];
    let findings = await lookAt(context, checks);
    if (context.args.switches.has("fix")) {
      for (const { mend } of findings) await mend?.();
      findings = await lookAt(context, checks);
    }
    const exitCode = findings.some(({ level }) => level === "error") ? 1 : 0;
    const json = { findings: findings.map(({ level, subject, text, next }) => ({ level, subject, text, next })) };
    return { kind: "report", text: say(findings), json, exitCode };
  },
};

async function lookAt(context: Context, checks: readonly Check[]): Promise<Finding[]> {
  const found = await Promise.all(checks.map(async ({ subject, look }): Promise<Finding[]> => {
    try {
      return await look(context);
    } catch (error) {
      const next = error instanceof TruceError ? error.hint : undefined;
      return [{ level: "error", subject, text: describeError(error), next }];
    }
  }));
  return found.flat();
}

function say(findings: readonly Finding[]): string {
  const rows = findings.map(({ level, subject, text, next }) => [
    level,
    subject,
    next === undefined ? text : `${text}. Next: ${next}`,
  ]);
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const sum = errors + warnings === 0 ? "All is well" : `${errors} errors, ${warnings} warnings`;
  return `${columns(["STATE", "WHAT", "FOUND"], rows)}\n${sum}`;
}
