// What each host needs: that it is there, is told to call truce, and once only. What is in its files is looked at in
// doctor_file.ts.

import { editWords } from "../hosts/health.ts";
import type { Host } from "../hosts/host.ts";
import { type HostSettings, truceOnPath } from "../hosts/registration.ts";
import { hosts } from "../hosts/table.ts";
import { type Registered, standingOf } from "../install/standing.ts";
import { isWindows } from "../platform/program.ts";
import type { Context } from "./command.ts";
import { canary } from "./doctor_canary.ts";
import type { Check, Finding, Patient } from "./doctor_check.ts";
import { lookAtFile, readValue } from "./doctor_file.ts";
import { askVersion, otherTruce, type Told } from "./doctor_program.ts";
import { silenceOf } from "./doctor_silence.ts";
import { placeAround } from "./install_place.ts";

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
  const { host, settings: { title: subject, program }, place } = patient;
  const { files, packaged } = standingOf(host, patient.settings, place);
  const told = await askVersion(program, place.project);
  const callers = [
    ...files.filter(({ isOurs }) => isOurs).map(({ path }) => path),
    ...files.filter(({ byHand }) => byHand.length > 0).map(({ path }) => `hooks of a person in ${path}`),
    ...packaged === undefined ? [] : [packaged.title],
  ];
  if (callers.length === 0) return [withoutTruce(patient, told)];
  const faults = [
    ...doubled(patient, files, callers),
    ...(await Promise.all(files.map((file) => lookAtFile(context, patient, file)))).flat(),
    ...packaged === undefined ? [] : await lookAtPackage(context, patient, packaged.title),
    ...silenceOf(context, patient, files),
  ];
  if (told.kind === "version" && faults.length > 0) return faults;
  if (told.kind === "version") {
    return [{ level: "ok", subject, text: `${told.line}, calls truce by ${callers.join(", ")}` }];
  }
  // What a program that is not here would do to files is no error here.
  return [noProgram(patient, told), ...faults.map((fault): Finding => ({ ...fault, level: "warning" }))];
}

function withoutTruce({ host, settings: { title: subject, program } }: Patient, told: Told): Finding {
  if (told.kind === "absent") return { level: "ok", subject, text: "not here" };
  const version = told.kind === "version" ? told.line : `${program}, which does not tell its version`;
  return { level: "warning", subject, text: `${version}, without truce`, next: `truce install ${host.name}` };
}

function noProgram({ settings: { title: subject, program } }: Patient, told: Told): Finding {
  const text = told.kind === "silent"
    ? `it calls truce, but ${program} does not tell its version: ${told.why}`
    : `it is told to call truce, but PATH has no ${program}`;
  return { level: "warning", subject, text, next: `${program} --version` };
}

/** Hooks that run twice take twice the time, and tell everything twice. */
function doubled({ host, settings: { title } }: Patient, files: readonly Registered[], callers: readonly string[]) {
  if (callers.length < 2) return [];
  const text = `it calls truce more than once: by ${callers.join(" and by ")}`;
  const byHand = files.find(({ byHand }) => byHand.length > 0);
  const next = byHand === undefined ? `truce uninstall ${host.name} --scope ${files[0].scope}` : editWords(byHand.path);
  const finding: Finding = { level: "warning", subject: title, text, next };
  return [finding];
}

/** A plugin or an extension is not written by install: what counts is the truce on PATH, and that its hooks may run. */
async function lookAtPackage(context: Context, patient: Patient, title: string): Promise<Finding[]> {
  const { settings: { title: subject, content }, health, place } = patient;
  if (content.kind === "file") return [];
  const other = await otherTruce(truceOnPath.truce, place.project);
  if (other !== undefined) {
    return [{ level: "error", subject, text: `${title} calls truce, but ${other.why}`, next: "command -v truce" }];
  }
  const text = JSON.stringify({ hooks: content.hooks(truceOnPath) });
  const home = place.home ?? "/";
  const skipped = await health.whySkipped?.({ path: home, text, project: place.project, home, read: readValue });
  if (skipped !== undefined) return [{ level: "error", subject, text: `${title}: ${skipped.why}`, next: skipped.next }];
  const command = health.editCommand(text, isWindows());
  const why = command === undefined ? undefined : await canary(context, patient, command);
  return why === undefined ? [] : [{ level: "error", subject, text: `${title}: ${why}`, next: "truce doctor --json" }];
}
