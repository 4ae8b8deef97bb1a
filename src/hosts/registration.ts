// What a host's settings say so that it calls truce: in which files, at which moments, for which tools, for how long.

import type { JsonObject } from "../base/decode.ts";
import type { Host, Moment } from "./host.ts";

/** The places of settings, as they are typed after --scope. */
export const settingsScopes = ["user", "project", "local"] as const;

/** One of `settingsScopes`. */
export type SettingsScope = typeof settingsScopes[number];

/** How truce is registered with a host: what `install` writes, `uninstall` takes away and `doctor` looks at. */
export interface HostSettings {
  /** The host as people know it, and its program on PATH. */
  readonly title: string;
  readonly program: string;
  /** The file of each scope that the host has: below the home folder when it begins with `~/`, else below the project. */
  readonly files: Readonly<Partial<Record<SettingsScope, string>>>;
  /** What goes into that file. */
  readonly content: SettingsContent;
  /** What its user has to do before it runs new hooks, where that is anything. */
  readonly next?: string;
  /** Returns by what else than these files it calls truce already, if it does. */
  packaged?(look: SettingsLook): Packaged | undefined;
}

/** What a host may look at to find a plugin or an extension. */
export interface SettingsLook {
  /** The folder of the project, absolute. */
  readonly project: string;
  /** Returns the value of a JSON file, by a path as in `HostSettings.files`; `undefined` where there is none. */
  read(path: string): unknown;
}

/** A plugin or an extension that calls truce. */
export interface Packaged {
  /** Such as "the plugin truce@truce". */
  readonly title: string;
  /** What to type to be rid of it. */
  readonly removal: string;
}

/** Hooks among other people's settings, or a file that is truce's alone. */
export type SettingsContent =
  | {
    readonly kind: "hooks";
    /** Returns the field `hooks` of the file: lists of groups, by event. */
    hooks(call: HookCall): HookGroups;
    /** Returns the same with hooks over HTTP, for a host that asks the daemon itself. */
    httpHooks?(call: HookCall): HookGroups;
    /** What its user has to do before it asks the daemon. */
    readonly httpNext?: string;
  }
  | { readonly kind: "file"; text(call: HookCall): string };

/** How a hook calls truce. */
export interface HookCall {
  /** The program: a name on PATH, or an absolute path. Not quoted. */
  readonly truce: string;
  /** Whether the settings are for a machine with Windows, where some hosts run hooks by another shell. */
  readonly isWindows?: boolean;
  /** Where the daemon answers over HTTP, when that is not where it usually does. */
  readonly port?: number;
}

/** The hooks of each event of a host, in groups with one matcher. */
export type HookGroups = Readonly<Record<string, readonly HookGroup[]>>;

/** Hooks that run when the name of the tool matches, or always. */
export interface HookGroup {
  readonly matcher?: string;
  readonly hooks: readonly JsonObject[];
}

/** One hook to register. */
export interface Registration {
  /** The host's own name of the event. */
  readonly event: string;
  /** The tools that need us, in the host's syntax; absent where the host has no such choice. */
  readonly matcher?: string;
  /** The longest that the host lets it run, above all that truce itself may wait. */
  readonly timeoutS: number;
  /** Whether the host goes on at once: it costs the agent no time, and its order does not matter. */
  readonly isAsync?: boolean;
}

/** How a host writes one hook down. */
export type WriteHook = (registration: Registration, moment: Moment) => JsonObject;

/** The program as it is called when PATH has it. */
export const truceOnPath: HookCall = { truce: "truce" };

/** Above the 60 s that an edit waits. */
export const editTimeoutS = 90;
/** Above the 10 s that findings are waited for, and what every event may take. */
export const afterEditTimeoutS = 40;
/** Above the 2 s for the mutex and the 5 s for standard input. */
export const eventTimeoutS = 20;

/** Returns the field `hooks` of a host whose settings are lists of groups by event, each with a matcher and hooks. */
export function hookGroups(host: Host, registrations: readonly Registration[], write: WriteHook): HookGroups {
  const groups: Record<string, HookGroup[]> = {};
  for (const registration of registrations) {
    const { event, matcher } = registration;
    const hooks = [write(registration, host.events[event])];
    (groups[event] ??= []).push(matcher === undefined ? { hooks } : { matcher, hooks });
  }
  return groups;
}

/**
 * Returns the shell command of a hook. Some hosts take every exit code but 0 for a denial, or all but 0 and 1 when there is
 * text on standard error: also that of a program that is gone, cannot be started or was killed.
 */
export function hookCommand(host: Host, moment: Moment, { truce }: HookCall): string {
  return `${shellWord(truce)} hook ${moment} --format ${host.name} 2>/dev/null || exit 0`;
}

/** Returns the same for a host that runs hooks by PowerShell. */
export function powershellCommand(host: Host, moment: Moment, { truce }: HookCall): string {
  const program = `'${truce.replaceAll("'", "''")}'`;
  const call = `& ${program} hook ${moment} --format ${host.name}`;
  return `if (Get-Command ${program} -ErrorAction SilentlyContinue) { ${call} }; exit 0`;
}

/** Returns the same for a host that runs hooks by the Command Prompt. Paths have no quotes there. */
export function promptCommand(host: Host, moment: Moment, { truce }: HookCall): string {
  const program = /^[\w.-]+$/.test(truce) ? truce : `"${truce}"`;
  const look = /[\\/]/.test(truce) ? `if exist ${program}` : `where ${program} >nul 2>nul &&`;
  return `${look} ${program} hook ${moment} --format ${host.name}`;
}

/** Returns `text` as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
