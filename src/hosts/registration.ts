// What a host's settings say so that it calls truce: which moments, for which tools, for how long at most.

import type { JsonObject } from "../base/decode.ts";
import type { Host, Moment } from "./host.ts";

/** One hook to register. */
export interface Registration {
  readonly moment: Moment;
  /** The tools that need us, in the host's syntax; absent where the host has no such choice. */
  readonly matcher?: string;
  /** The longest that the host lets it run, above all that truce itself may wait. */
  readonly timeoutS: number;
  /** Whether the host goes on at once: it costs the agent no time, and its order does not matter. */
  readonly isAsync?: boolean;
}

/** How a host writes one hook down. */
export type WriteHook = (registration: Registration) => JsonObject;

/** Above the 60 s that an edit waits. */
export const editTimeoutS = 90;
/** Above the 10 s that findings are waited for, and what every event may take. */
export const afterEditTimeoutS = 40;
/** Above the 2 s for the mutex and the 5 s for standard input. */
export const eventTimeoutS = 20;

/** Returns the `hooks` value of a host whose settings are lists of groups by event, each with a matcher and hooks. */
export function hookGroups(host: Host, registrations: readonly Registration[], write: WriteHook): JsonObject {
  const groups: Record<string, JsonObject[]> = {};
  for (const registration of registrations) {
    const event = Object.keys(host.events).find((name) => host.events[name] === registration.moment) ?? "";
    const { matcher } = registration;
    const hook = write(registration);
    (groups[event] ??= []).push(matcher === undefined ? { hooks: [hook] } : { matcher, hooks: [hook] });
  }
  return groups;
}

/**
 * Returns the shell command of a hook, with another one `before` it. Some hosts block every tool when the program of a
 * hook is gone, so that is no failure.
 */
export function hookCommand(host: Host, moment: Moment, before?: string): string {
  const call = `exec truce hook ${moment} --format ${host.name}`;
  return `command -v truce >/dev/null 2>&1 || exit 0; ${before === undefined ? "" : `${before}; `}${call}`;
}
