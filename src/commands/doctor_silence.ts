// Whether a host has had a session after truce was registered, and called truce in it. Registered hooks that never run are
// the worst case: everybody believes to be protected.

import type { HostHealth } from "../hosts/health.ts";
import type { Host } from "../hosts/host.ts";
import type { HostSettings } from "../hosts/registration.ts";
import type { SettingsPlace } from "../install/files.ts";
import type { Registered } from "../install/standing.ts";
import { lookThrough, namesIn, readBytes } from "../platform/files.ts";
import { asSession } from "../sessions/session.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import type { Finding } from "./doctor_check.ts";

const depthMax = 4;
const filesMax = 4_000;
const looksMax = 20;
const headMax = 65_536;
/** A session writes its file before its first hook, and after its last. */
const slackMs = 120_000;

/** Returns a warning when the host's last session, later than its registration, has called truce never. */
export function silenceOf(
  context: Context,
  { host, settings, health, place }: {
    readonly host: Host;
    readonly settings: HostSettings;
    readonly health: HostHealth;
    readonly place: SettingsPlace;
  },
  files: readonly Registered[],
): Finding[] {
  if (place.home === undefined || files.length === 0 || health.sessions === undefined) return [];
  const sinceMs = Math.max(...files.map(({ path }) => lookThrough(path)?.modifiedMs ?? 0)) + slackMs;
  const isForAll = files.some(({ scope }) => scope === "user");
  const later = filesBelow(`${place.home}/${health.sessions}`).filter(({ modifiedMs }) => modifiedMs > sinceMs);
  const last = later.slice(0, looksMax).find(({ path }) => isForAll || names(path, place.project));
  if (last === undefined || last.modifiedMs < lastHookMs(context, host) + slackMs) return [];
  const at = new Date(last.modifiedMs).toISOString().slice(0, 16).replace("T", " ");
  const text = `it had a session at ${at} UTC, in which it called truce not once although it is registered`;
  return [{
    level: "warning",
    subject: settings.title,
    text,
    next: `Start ${settings.program} and look for its hooks`,
  }];
}

/** Returns when a hook of the host was last heard of, in milliseconds of wall time; 0 for never. */
function lastHookMs(context: Context, host: Host): number {
  const store = openStore(context.stateFolder(), context.log);
  const keys = store.list("sessions").flatMap((start) =>
    store.list(`sessions/${start}`).map((rest) => `${start}/${rest}`)
  );
  const seen = keys.map((key) => store.peek(`sessions/${key}`, asSession))
    .filter((session) => session?.holder.label.startsWith(`${host.name} session`));
  return Math.max(0, ...seen.map((session) => session?.seenMs ?? 0));
}

/** Returns the files below a folder, the newest first. */
function filesBelow(folder: string, depth = 0): { path: string; modifiedMs: number }[] {
  const found = namesIn(folder).slice(0, filesMax).flatMap((name) => {
    const path = `${folder}/${name}`;
    const facts = lookThrough(path);
    if (facts?.kind === "file") return [{ path, modifiedMs: facts.modifiedMs }];
    return facts?.kind === "directory" && depth < depthMax ? filesBelow(path, depth + 1) : [];
  });
  return found.sort((a, b) => b.modifiedMs - a.modifiedMs);
}

/** Says whether the start of a session's file names a folder. */
function names(path: string, folder: string): boolean {
  const head = new TextDecoder().decode(readBytes(path)?.subarray(0, headMax));
  return head.includes(JSON.stringify(folder).slice(1, -1));
}
