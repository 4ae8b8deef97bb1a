// Whether a host has had a session after truce was registered, and called truce in it. Registered hooks that never run are
// the worst case: everybody believes to be protected.

import { startWords } from "../hosts/health.ts";
import type { Registered } from "../install/standing.ts";
import { lookThrough, namesIn, openFile } from "../platform/files.ts";
import { asSession } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import type { Finding, Patient } from "./doctor_check.ts";

const depthMax = 4;
const filesMax = 20_000;
const looksMax = 20;
const headMax = 65_536;
/** A session may write its file some time before its first hook. */
const slackMs = 120_000;
/** Signs of life are cleared away after 7 days, see src/locks/sweep.ts. */
const rememberedMs = 6 * 86_400_000;

/** Returns a warning when the host's last session, later than its registration, has called truce never. */
export function silenceOf(
  context: Context,
  { host, settings: { title, program }, health, place }: Patient,
  files: readonly Registered[],
): Finding[] {
  if (place.home === undefined || files.length === 0 || health.sessions === undefined) return [];
  const { wallMs } = context.clock.now();
  const registeredMs = Math.max(...files.map(({ path }) => lookThrough(path)?.modifiedMs ?? 0));
  const sinceMs = Math.max(registeredMs, wallMs - rememberedMs);
  const folder = files.some(({ scope }) => scope === "user") ? undefined : place.project;
  const startMs = lastStartMs(`${place.home}/${health.sessions}`, sinceMs, folder);
  if (startMs === undefined || startMs > wallMs - slackMs || lastHookMs(context, host.name) > startMs - slackMs) {
    return [];
  }
  const at = new Date(startMs).toISOString().slice(0, 16).replace("T", " ");
  const text = `its session of ${at} UTC called truce not once, although it is told to: look at /hooks in it`;
  return [{ level: "warning", subject: title, text, next: startWords(program, place.project) }];
}

/** Returns when the last session began, later than `sinceMs` and in `folder` if there is one. */
function lastStartMs(sessions: string, sinceMs: number, folder: string | undefined): number | undefined {
  const later = filesBelow(sessions).filter(({ modifiedMs }) => modifiedMs > sinceMs);
  const newest = later.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, looksMax);
  const starts = newest.map(({ path }) => startIn(path, folder)).filter((one) => one !== undefined && one > sinceMs);
  return starts.length === 0 ? undefined : Math.max(...starts as number[]);
}

/** Returns the first time that the file of a session tells; `undefined` for one in another folder, or for another file. */
function startIn(path: string, folder: string | undefined): number | undefined {
  const file = openFile(path);
  const head = new TextDecoder().decode(file?.read(0, headMax));
  file?.close();
  const [first] = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/.exec(head) ?? [];
  return first !== undefined && (folder === undefined || isNamed(head, folder)) ? Date.parse(first) : undefined;
}

/** Says whether text names a folder, and not one whose name begins with its name. */
function isNamed(text: string, folder: string): boolean {
  const name = JSON.stringify(folder).slice(1, -1);
  return text.split(name).slice(1).some((rest) => !/^[\w.-]/.test(rest));
}

/** Returns when a hook of a host was last heard of, in milliseconds of wall time; 0 for never. */
function lastHookMs(context: Context, host: string): number {
  const store = openStore(context.stateFolder(), context.log);
  const folders = store.list("sessions").map((start) => `sessions/${start}`);
  const sessions = folders.flatMap((folder) =>
    store.list(folder).map((rest) => store.peek(`${folder}/${rest}`, asSession))
  );
  const seen = sessions.filter((session) => session?.holder.label.startsWith(`${host} session `));
  return Math.max(0, ...seen.map((session) => session?.seenMs ?? 0));
}

/** Returns files below a folder, and when they were written. */
function filesBelow(root: string): { path: string; modifiedMs: number }[] {
  const files: { path: string; modifiedMs: number }[] = [];
  const folders = [{ path: root, depth: 0 }];
  for (const { path: folder, depth } of folders) {
    for (const name of namesIn(folder)) {
      const path = `${folder}/${name}`;
      const facts = lookThrough(path);
      if (facts?.kind === "file") files.push({ path, modifiedMs: facts.modifiedMs });
      if (facts?.kind === "directory" && depth < depthMax) folders.push({ path, depth: depth + 1 });
      if (files.length + folders.length > filesMax) return files;
    }
  }
  return files;
}
