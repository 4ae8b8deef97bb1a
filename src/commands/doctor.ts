import { describeError, TruceError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import { columns } from "./columns.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import type { Check, Finding, Level } from "./doctor_check.ts";
import { hostChecks } from "./doctor_hosts.ts";
import { clockCheck, locksCheck, programCheck, stateCheck } from "./doctor_state.ts";

const cellMax = 1_000;

/** `truce doctor`: whether truce protects here, and if not, why. */
export const command: Command = {
  usage: `[--fix] [--json]

  --fix  mend what can be mended without harm: who may enter the folder of the state, damaged files in it, and
         hooks that are of an older truce, too short of time, or broken

  Exit code 0: nothing is an error. 1: something is.`,
  flags: { values: commonFlags.values, switches: [...commonFlags.switches, "fix"] },
  isHookUse: () => false,
  async run(context) {
    const { rest, switches } = context.args;
    if (rest.length > 0) throw new TruceError("usage", `Cannot use "${rest[0]}": doctor takes flags only`);
    const checks = [programCheck, stateCheck, clockCheck, locksCheck, ...await hostChecks()];
    const found = await lookAt(context, checks);
    const findings = switches.has("fix") ? await afterMending(context, checks, found) : found;
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
      return [failure(subject, error)];
    }
  }));
  return found.flat();
}

/** Mends what was found, one after the other, and returns what is found then, and what was done. */
async function afterMending(
  context: Context,
  checks: readonly Check[],
  before: readonly Finding[],
): Promise<Finding[]> {
  const failures: Finding[] = [];
  for (const { subject, mend } of before) {
    try {
      await mend?.();
    } catch (error) {
      failures.push(failure(subject, error));
    }
  }
  const after = await lookAt(context, checks);
  const mended = before.filter(({ mend, text }) => mend !== undefined && !after.some((one) => one.text === text));
  return [
    ...after,
    ...failures,
    ...mended.map(({ subject, text }): Finding => {
      return { level: "ok", subject, text: `mended: ${text}` };
    }),
  ];
}

function failure(subject: string, error: unknown): Finding {
  const next = error instanceof TruceError ? error.hint : undefined;
  return { level: "error", subject, text: describeError(error), next };
}

function say(findings: readonly Finding[]): string {
  const rows = findings.map(({ level, subject, text, next }) => [
    level,
    subject,
    safeLine(next === undefined ? text : `${text}. Next: ${next}`, cellMax),
  ]);
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length;
  const sum = [sayCount(count("error"), "error"), sayCount(count("warning"), "warning")].filter((part) => part !== "");
  return `${columns(["STATE", "WHAT", "FOUND"], rows)}\n${sum.length === 0 ? "All is well" : sum.join(", ")}`;
}

function sayCount(count: number, what: string): string {
  return count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"}`;
}
