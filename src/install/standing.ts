// Where a host is told to call truce, and whether as this truce would have it.

import { field, numberField } from "../base/decode.ts";
import type { Host } from "../hosts/host.ts";
import {
  type HookCall,
  type HostSettings,
  type Packaged,
  type SettingsScope,
  settingsScopes,
} from "../hosts/registration.ts";
import { peekSettings, settingsPath, type SettingsPlace } from "./files.ts";
import { hasOurs, valueAt } from "./plan.ts";
import { listOf, placesOfOurs } from "./registered.ts";
import { readSettings, withHooks } from "./settings.ts";

/** A file that tells a host to call truce. */
export interface Registered {
  readonly scope: SettingsScope;
  readonly path: string;
  readonly text: string;
}

/** Returns the files that tell a host to call truce, each once, and what else does. */
export function standingOf(
  host: Host,
  settings: HostSettings,
  place: SettingsPlace,
): { readonly files: readonly Registered[]; readonly packaged: Packaged | undefined } {
  const files = new Map<string, Registered>();
  for (const scope of settingsScopes) {
    const name = settings.files[scope];
    const path = name === undefined ? undefined : settingsPath(name, place);
    const text = path === undefined ? undefined : peekSettings(path);
    if (path === undefined || text === undefined || files.has(path)) continue;
    if (hasOurs(text, { host, settings })) files.set(path, { scope, path, text });
  }
  const packaged = settings.packaged?.({ project: place.project, read: (path) => valueAt(path, place) });
  return { files: [...files.values()], packaged };
}

/** Says whether a file registers truce as install would now, by commands or over HTTP. */
export function isUpToDate(
  host: Host,
  { content }: HostSettings,
  { path, text, call }: { readonly path: string; readonly text: string; readonly call: HookCall },
): boolean {
  if (content.kind === "file") return content.text(call) === text;
  const forms = [content.hooks(call), content.httpHooks?.(call)].filter((form) => form !== undefined);
  return forms.some((groups) => withHooks(text, groups, { host, path }) === text);
}

/** Returns the events whose hooks of ours are given less time than they need: what truce says later is not heard. */
export function hurriedEvents(
  host: Host,
  { content }: HostSettings,
  { path, text, call }: { readonly path: string; readonly text: string; readonly call: HookCall },
): string[] {
  if (content.kind === "file") return [];
  const hooks = field(readSettings(text, path), "hooks");
  return Object.entries(content.hooks(call)).filter(([event, groups]) => {
    const needed = Math.min(...groups.flatMap((group) => group.hooks.map((hook) => numberField(hook, "timeout") ?? 0)));
    const list = listOf(field(hooks, event));
    const given = placesOfOurs(list, host).map(({ group, hook }) =>
      numberField(listOf(field(list[group], "hooks"))[hook], "timeout")
    );
    return given.some((timeout) => timeout !== undefined && timeout < needed);
  }).map(([event]) => event);
}
