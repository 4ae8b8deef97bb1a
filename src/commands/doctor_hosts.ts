// What each host needs: that it is there, calls truce as this truce would have it, would run it, and once only.

import { describeError } from "../base/error.ts";
import type { HostHealth } from "../hosts/health.ts";
import type { Host } from "../hosts/host.ts";
import type { HostSettings } from "../hosts/registration.ts";
import { hosts } from "../hosts/table.ts";
import { peekSettings, type SettingsPlace } from "../install/files.ts";
import { hurriedEvents, isUpToDate, type Registered, standingOf } from "../install/standing.ts";
import { variable } from "../platform/dirs.ts";
import { isWindows, versionLine } from "../platform/program.ts";
import { findProgram, searchFolders } from "../platform/programs.ts";
import { runProgram } from "../platform/run_program.ts";
import { jsonEditor } from "../sync/edit/json.ts";
import { readToml } from "../sync/edit/toml.ts";
import type { Context } from "./command.ts";
import { canary } from "./doctor_canary.ts";
import type { Check, Finding } from "./doctor_check.ts";
import { silenceOf } from "./doctor_silence.ts";
import { placeAround } from "./install_place.ts";

const versionMaxMs = 15_000;

/** A host, and all that is known of how it is told to call truce. */
interface Patient {
  readonly host: Host;
  readonly settings: HostSettings;
  readonly health: HostHealth;
  readonly place: SettingsPlace;
}

/** Returns a check for each host of the table. */
export async function hostChecks(): Promise<Check[]> {
  return await Promise.all(hosts.map(async (host) => {
    const settings = await host.settings();
    return {
      subject: settings.title,
      look: async (context) => look(context, await patientOf(context, host, settings)),
    };
  }));
}

async function patientOf(context: Context, host: Host, settings: HostSettings): Promise<Patient> {
  return { host, settings, health: await host.health(), place: placeAround(context.cwd) };
}

async function look(context: Context, patient: Patient): Promise<Finding[]> {
  const { host, settings, place } = patient;
  const subject = settings.title;
  const { files, packaged } = standingOf(host, settings, place);
  const version = await versionOf(settings.program, place);
  const isRegistered = files.length > 0 || packaged !== undefined;
  if (version === undefined && !isRegistered) return [{ level: "ok", subject, text: "not here" }];
  if (!isRegistered) {
    return [{ level: "warning", subject, text: `${version}, without truce`, next: `truce install ${host.name}` }];
  }
  const faults = [
    ...version === undefined ? [noProgram(patient)] : [],
    ...doubled(patient, files, packaged?.title),
    ...(await Promise.all(files.map((file) => lookAtFile(context, patient, file)))).flat(),
    ...await silenceOf(context, patient, files),
  ];
  if (faults.length > 0) return faults;
  const where = [...files.map(({ path }) => path), ...packaged === undefined ? [] : [packaged.title]].join(", ");
  return [{ level: "ok", subject, text: `${version}, calls truce by ${where}` }];
}

function noProgram({ settings: { title, program } }: Patient): Finding {
  return { level: "warning", subject: title, text: `truce is registered, but PATH has no ${program}` };
}

function doubled({ host, settings: { title } }: Patient, files: readonly Registered[], packaged?: string): Finding[] {
  const all = [...files.map(({ path }) => path), ...packaged === undefined ? [] : [packaged]];
  if (all.length < 2) return [];
  const next = `truce uninstall ${host.name} --scope ${files[0].scope}`;
  return [{
    level: "warning",
    subject: title,
    text: `truce is called more than once: by ${all.join(" and by ")}`,
    next,
  }];
}

async function lookAtFile(context: Context, patient: Patient, { scope, path, text }: Registered): Promise<Finding[]> {
  const { host, settings, health, place } = patient;
  const subject = settings.title;
  const install = `truce install ${host.name} --scope ${scope}`;
  const error = (text: string, next: string): Finding => ({ level: "error", subject, text, next });
  const warning = (text: string, next: string): Finding => ({ level: "warning", subject, text, next });
  const problems = health.problems(text);
  if (problems.length > 0) return problems.map((why) => error(`${path}: ${why}`, `Mend ${path} by hand`));
  const findings: Finding[] = [];
  const skipped = await health.whySkipped?.({ path, text, ...place, home: place.home ?? "/", read: readValue });
  if (skipped !== undefined) findings.push(error(skipped.why, skipped.next));
  const command = health.editCommand(text, isWindows());
  if (command === undefined) return findings;
  const truce = programOf(command);
  const file = { path, text, call: { truce, isWindows: isWindows() } };
  const hurried = hurriedEvents(host, settings, file);
  if (hurried.length > 0) {
    findings.push(
      error(`${path} ends the hooks of ${hurried.join(", ")} before truce is done, and edits go on`, install),
    );
  } else if (!isUpToDate(host, settings, file)) {
    findings.push(warning(`${path} calls truce otherwise than this one would`, install));
  }
  const other = await otherVersion(truce, place);
  if (other !== undefined) findings.push(warning(other, install));
  const why = await canary(context, host, { health, command });
  if (why !== undefined) findings.push(error(`${path}: ${why}`, install));
  return findings;
}

/** Returns the value of a file of settings; what is absent or cannot be understood says nothing. */
function readValue(path: string): unknown {
  const text = peekSettings(path);
  if (text === undefined) return undefined;
  try {
    return path.endsWith(".toml") ? readToml(text, path) : jsonEditor.read(text, path);
  } catch {
    return undefined;
  }
}

/** Returns the program that a command of ours calls. */
function programOf(command: string): string {
  const [, single, plain] = /(?:'((?:[^']|'\\'')+)'|([^\s'"]+))\s+hook\s/.exec(command) ?? [];
  return single?.replaceAll("'\\''", "'") ?? plain ?? "truce";
}

/** Returns what is said of a registered program that is of another version than this one; one that is gone, too. */
async function otherVersion(program: string, place: SettingsPlace): Promise<string | undefined> {
  const version = await versionOf(program, place);
  if (version === undefined) return `"${program}", which is registered, is not on PATH or does not start`;
  return version === versionLine() ? undefined : `"${program}", which is registered, is ${version}`;
}

/** Returns the first line that a program says to --version; `undefined` when it is not there or does not start. */
async function versionOf(program: string, { project }: SettingsPlace): Promise<string | undefined> {
  const path = findProgram(program, searchFolders(variable("PATH") ?? ""));
  if (path === undefined) return undefined;
  try {
    const { code, stdout } = await runProgram(path, ["--version"], { cwd: project, env: {}, deadlineMs: versionMaxMs });
    return code === 0 ? stdout.trim().split("\n")[0] : undefined;
  } catch (error) {
    return `a program that does not start: ${describeError(error)}`;
  }
}
