// One file that tells a host to call truce: whether the host takes it, runs what is in it, and gives it its time; and
// whether that calls this truce.

import { numberField, textField } from "../base/decode.ts";
import { resolvePath } from "../base/path.ts";
import { askDaemon, type Asked } from "../daemon/ask.ts";
import { placesIn } from "../daemon/places.ts";
import { jsonEditor } from "../edit/json.ts";
import { readToml } from "../edit/toml.ts";
import { canarySession, editWords } from "../hosts/health.ts";
import { momentOf } from "../hosts/host.ts";
import { carryOut } from "../install/carry_out.ts";
import { peekSettings } from "../install/files.ts";
import { type HostPlan, planInstall, recordFor } from "../install/plan.ts";
import { programToCall } from "../install/program.ts";
import {
  anyCommand,
  editAddress,
  hurriedEvents,
  isUpToDate,
  programOf,
  type Registered,
  whyLoose,
} from "../install/standing.ts";
import { variable } from "../platform/dirs.ts";
import { readText, realPath } from "../platform/files.ts";
import { isWindows, runningProgram } from "../platform/program.ts";
import { hookWaitS } from "./before_edit.ts";
import type { Context } from "./command.ts";
import { canary } from "./doctor_canary.ts";
import type { Finding, Level, Patient } from "./doctor_check.ts";
import { onPath, otherTruce } from "./doctor_program.ts";

const daemonMaxMs = 5_000;
const stopDaemon = "truce serve --stop";

/** A file that tells a host to call truce, and what it would have run. */
interface Prescription {
  readonly patient: Patient;
  readonly file: Registered;
  /** What runs before an edit: a command, or a question to the daemon. */
  readonly command: string | undefined;
  readonly url: string | undefined;
  /** The program that the commands call. */
  readonly truce: string;
}

/** Returns what is wrong with a file that tells a host to call truce. */
export async function lookAtFile(context: Context, patient: Patient, file: Registered): Promise<Finding[]> {
  const { host, settings: { title: subject }, health, place } = patient;
  const { path, text } = file;
  const command = health.editCommand(text, isWindows());
  const truce = programOf(command ?? anyCommand(host, text) ?? "") ?? ownName();
  const given: Prescription = { patient, file, command, url: editAddress(host, text), truce };
  const dropped = health.problems(text);
  if (dropped.length > 0) {
    const isMended = isMendedByInstall(given, (text) => health.problems(text).length === 0);
    return dropped.map((why) => isMended ? mendable(context, given, "error", why) : byHand(given, why));
  }
  const skipped = await health.whySkipped?.({ path, text, ...place, home: place.home ?? "/", read: readValue });
  const findings: Finding[] = [];
  if (skipped !== undefined) findings.push({ level: "error", subject, text: skipped.why, next: skipped.next });
  if (given.command === undefined && given.url === undefined) {
    return [...findings, mendable(context, given, "error", "no edit is held for truce")];
  }
  return [...findings, ...await lookAtCalls(context, given), ...await lookAtDaemon(context, given)];
}

/** Looks at what the hooks do, and whether they have the time for it. Of several faults with one cause it tells one. */
async function lookAtCalls(context: Context, given: Prescription): Promise<Finding[]> {
  const { patient: { host, settings, health, place }, file, truce, command } = given;
  const { path, text } = file;
  const call = { truce, isWindows: isWindows() };
  const findings: Finding[] = [];
  const hurried = hurriedEvents(host, settings, { text, call, holding: health.holding });
  const isEdit = hurried.some((event) => host.events[event] === "before-tool");
  if (hurried.length > 0) {
    const lost = isEdit ? "edits go on while truce waits for a file" : "what truce says later is lost";
    const why = `too little time for ${hurried.join(", ")}: ${lost}`;
    findings.push(mendable(context, given, isEdit ? "error" : "warning", why));
  }
  const loose = isEdit ? undefined : looseness(given.patient, text);
  if (loose !== undefined) {
    const isMended = isMendedByInstall(given, (text) => looseness(given.patient, text) === undefined);
    findings.push(isMended ? mendable(context, given, "error", loose) : byHand(given, loose));
  }
  const other = await otherTruce(truce, place.project);
  if (other?.isGone) return [...findings, gone(context, given, other.why)];
  if (other !== undefined) findings.push(finding(given, "warning", other.why, installWords(given)));
  const broken = command === undefined ? undefined : await canary(context, given.patient, command);
  if (broken !== undefined) findings.push(mendable(context, given, "error", broken));
  if (!file.isOurs) {
    const why = `it calls truce by hooks that a person wrote: ${file.byHand.join("; ")}`;
    return [...findings, finding(given, "warning", why, installWords(given))];
  }
  const isTold = broken !== undefined || hurried.length > 0 || loose !== undefined;
  if (isTold || isUpToDate(host, settings, { path, text, call })) return findings;
  return [...findings, mendable(context, given, "warning", "it calls truce otherwise than install would have it")];
}

function looseness({ host, settings, health: { holding } }: Patient, text: string): string | undefined {
  return holding && whyLoose(host, settings, { text, holding, usualWaitS: hookWaitS });
}

/** A path is for one machine, and may be another one. A name is for every machine that has the file. */
function gone(context: Context, given: Prescription, why: string): Finding {
  const text = `${why}, so its hooks do nothing`;
  if (/[/\\]/.test(given.truce)) return mendable(context, { ...given, truce: ownName() }, "error", text);
  return finding(given, "error", text, `command -v ${given.truce}`);
}

/**
 * Hooks over HTTP need the daemon where they ask, and a host that was started with its token. The daemon has but the one
 * state, in which nothing is to be locked: it is asked for a tool that edits nothing, which it has to let pass.
 */
async function lookAtDaemon(context: Context, given: Prescription): Promise<Finding[]> {
  const { url, patient: { host, health } } = given;
  if (url === undefined) return [];
  const findings: Finding[] = [];
  const { origin, port, pathname, search } = new URL(url);
  const asked = await askDaemon(context, { path: "/health", timeoutMs: daemonMaxMs, effort: "ask" });
  const served = asked.kind === "answer" ? numberField(asked.value, "port") : undefined;
  if (served !== Number(port)) {
    const why = asked.kind === "unavailable" ? asked.reason.text : `the daemon serves ${served ?? "no HTTP"}`;
    const text = `nothing of truce answers at ${origin}, since ${why}`;
    findings.push(finding(given, "error", text, `truce serve --http --port ${port} --detach`));
  } else if (momentOf(host, pathname.split("/").at(-1)) !== "before-tool") {
    findings.push(mendable(context, given, "error", `${url} is asked before an edit, but is for another moment`));
  } else {
    const path = `${pathname}${search}`;
    const body = () => ({ ...health.canary("/", "/"), tool_name: canarySession });
    const wrong = whyUnanswered(await askDaemon(context, { path, body, timeoutMs: daemonMaxMs, effort: "ask" }));
    if (wrong !== undefined) findings.push(finding(given, "error", `${url} is not answered: ${wrong}`, stopDaemon));
  }
  const token = variable("TRUCE_TOKEN");
  const secret = readText(placesIn(resolvePath(context.cwd, context.stateFolder())).token)?.trim();
  if (token !== undefined && token === secret) return findings;
  const what = token === undefined ? "is not set here" : "is another one here";
  const text = `its hooks send the token in TRUCE_TOKEN, which ${what}; they do nothing unless it is started with it`;
  const next = 'export TRUCE_TOKEN="$(truce serve --token)"';
  return [...findings, finding(given, token === undefined ? "warning" : "error", text, next)];
}

/** Returns what is wrong with an answer to a hook that is to pass in silence. */
export function whyUnanswered(asked: Asked): string | undefined {
  if (asked.kind === "unavailable") return asked.reason.text;
  if (asked.status === 204) return undefined;
  return textField(asked.value, "error") ?? `status ${asked.status}`;
}

function finding({ patient, file }: Prescription, level: Level, what: string, next: string | undefined): Finding {
  return { level, subject: patient.settings.title, text: `${file.path}: ${what}`, next };
}

/** Returns a finding that install mends. What a person wrote would stay beside that, so that person decides. */
function mendable(context: Context, given: Prescription, level: Level, what: string): Finding {
  const state = () => resolvePath(context.cwd, context.stateFolder());
  const mend = () => carryOut(state(), [planOf(given)], recordFor);
  const found = finding(given, level, what, installWords(given));
  return given.file.isOurs ? { ...found, mend } : found;
}

function byHand(given: Prescription, why: string): Finding {
  return finding(given, "error", why, editWords(given.file.path));
}

function installWords({ patient, file }: Prescription): string {
  return `truce install ${patient.host.name} --scope ${file.scope}`;
}

/** Says whether a file is as it should be once install has written to it: what is wrong in it is truce's own then. */
function isMendedByInstall(given: Prescription, isSound: (text: string) => boolean): boolean {
  try {
    const { after } = planOf(given);
    return after !== undefined && after !== given.file.text && isSound(after);
  } catch {
    return false;
  }
}

function planOf({ patient: { host, settings, place }, file: { scope }, url, truce }: Prescription): HostPlan {
  const call = { truce, isWindows: isWindows() };
  return planInstall({ host, settings, scope, place }, { call, isHttp: url !== undefined });
}

/** Returns how install would call this truce. */
function ownName(): string {
  const found = onPath("truce");
  const running = runningProgram();
  return programToCall({ typed: undefined, cwd: "/", running, onPath: found && realPath(found) });
}

/** Returns the value of a file of settings; what is absent or cannot be understood says nothing. */
export function readValue(path: string): unknown {
  const text = peekSettings(path);
  if (text === undefined) return undefined;
  try {
    return path.endsWith(".toml") ? readToml(text, path) : jsonEditor.read(text, path);
  } catch {
    return undefined;
  }
}
