// Where a host is told to call truce, and whether as this truce would have it.

import { asObject, field, type JsonObject, textField, textList } from "../base/decode.ts";
import { parseSeconds } from "../base/duration.ts";
import { ownCall } from "../base/own_command.ts";
import { jsonEditor } from "../edit/json.ts";
import type { Holding } from "../hosts/health.ts";
import type { Host } from "../hosts/host.ts";
import {
  type HookCall,
  type HookGroups,
  type HostSettings,
  type Packaged,
  type SettingsScope,
  settingsScopes,
} from "../hosts/registration.ts";
import { peekSettings, settingsPath, type SettingsPlace } from "./files.ts";
import { hasOurs, valueAt } from "./plan.ts";
import { handWrittenIn, isOurFile, isOurHook, listOf } from "./registered.ts";
import { withHooks } from "./settings.ts";

/** Where the daemon answers is for its user to choose. */
const address = /127\.0\.0\.1:\d+\/hooks\//g;

const waitMaxS = 86_400;

/** A file that tells a host to call truce. */
export interface Registered {
  readonly scope: SettingsScope;
  readonly path: string;
  readonly text: string;
  /** Whether truce is called by what install writes, or may have written. */
  readonly isOurs: boolean;
  /** The commands of people that call truce. */
  readonly byHand: readonly string[];
}

/** Returns the files that tell a host to call truce, or are meant to, each once, and what else does. */
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
    const byHand = handWrittenIn(valueOf(text), host);
    const isOurs = hasOurs(text, { host, settings }) || (byHand.length === 0 && isMeantForOurs(text, host));
    if (isOurs || byHand.length > 0) files.set(path, { scope, path, text, isOurs, byHand });
  }
  const packaged = settings.packaged?.({ project: place.project, read: (path) => valueAt(path, place) });
  return { files: [...files.values()], packaged };
}

/** Says whether a text of which the host makes no sense calls truce: all of one that is broken, else what are its hooks. */
function isMeantForOurs(text: string, host: Host): boolean {
  const value = valueOf(text);
  return isOurFile(value === undefined ? text : JSON.stringify(field(value, "hooks")) ?? "", host);
}

/** Says whether a file registers truce as install would now, by commands or over HTTP. */
export function isUpToDate(
  host: Host,
  { content }: HostSettings,
  { path, text, call }: { readonly path: string; readonly text: string; readonly call: HookCall },
): boolean {
  if (content.kind === "file") return content.text(call) === text;
  const given = text.match(address)?.[0] ?? "";
  const atPort = (groups: HookGroups) => JSON.parse(JSON.stringify(groups).replaceAll(address, given));
  const forms = [content.hooks(call), content.httpHooks?.(call)].filter((form) => form !== undefined);
  return forms.some((groups) => withHooks(text, atPort(groups), { host, path }) === text);
}

/** Returns the events whose hooks of ours have less time than they need: what truce says later is not heard. */
export function hurriedEvents(
  host: Host,
  { content }: HostSettings,
  { text, call, holding }: { readonly text: string; readonly call: HookCall; readonly holding: Holding | undefined },
): string[] {
  const usual = holding === undefined ? undefined : holding.usualS / holding.unitS;
  const isFile = content.kind === "file";
  const wanted = timedIn(isFile ? valueOf(content.text(call)) : { hooks: content.hooks(call) }, () => true);
  const given = timedIn(valueOf(text), (hook) => isFile || isOurHook(hook, host));
  const hurried = given.filter(({ event, matcher, timeout }) => {
    const same = wanted.filter((one) => one.event === event);
    const needed = same.find((one) => one.matcher === matcher) ?? same[0];
    return (timeout ?? usual ?? Infinity) < (needed?.timeout ?? 0);
  });
  return [...new Set(hurried.map(({ event }) => event))];
}

/** Returns why some edits go on without the hooks that call truce. Those wait for `usualWaitS` if they do not say. */
export function whyLoose(
  host: Host,
  { content }: HostSettings,
  { text, holding, usualWaitS }: { readonly text: string; readonly holding: Holding; readonly usualWaitS: number },
): string | undefined {
  const isByHand = (hook: JsonObject) => handWrittenIn({ hooks: { any: [{ hooks: [hook] }] } }, host).length > 0;
  const isCall = (hook: JsonObject) => content.kind === "file" || isOurHook(hook, host) || isByHand(hook);
  const ours = hooksIn(valueOf(text)).filter(({ hook }) => isCall(hook));
  const before = ours.filter(({ event }) => host.events[event] === "before-tool")
    .map((one) => ({ ...one, fault: faultOf(one, holding, usualWaitS) }));
  const holds = (tool: string) =>
    before.some(({ matcher, fault }) =>
      fault === undefined && (["", "*", undefined].includes(matcher) || holding.matches(matcher ?? "", tool))
    );
  const loose = holding.tools.filter((tool) => !holds(tool));
  if (loose.length === 0) return undefined;
  return before.find(({ fault }) => fault !== undefined)?.fault ?? `no edit by ${loose.join(" or ")} is held for truce`;
}

function faultOf({ event, hook }: Placed, { loosenedBy, usualS, unitS }: Holding, usualWaitS: number) {
  const name = loosenedBy.find((name) => (field(hook, name) ?? false) !== false);
  if (name !== undefined) return `its hook for ${event} has "${name}", so edits go on without it`;
  const [waitS, givenS] = [waitOf(hook) ?? usualWaitS, (timeoutOf(hook) ?? usualS / unitS) * unitS];
  if (waitS < givenS) return undefined;
  return `its hook for ${event} waits ${waitS} s for a file, but is ended after ${givenS} s, and the edit goes on`;
}

/** Returns how many seconds a hook says that it waits. truce takes a bad value for none. */
function waitOf(hook: JsonObject): number | undefined {
  const spoken = ["command", "commandWindows", "bash", "powershell", "url"].map((name) => textField(hook, name));
  const [, text] =
    /(?:--timeout(?:\s+|=)|[?&]timeout=)["']?([\w.]+)/.exec([...spoken, ...textList(hook, "args")].join(" ")) ?? [];
  try {
    return text === undefined ? undefined : parseSeconds("--timeout", text, { minS: 0, maxS: waitMaxS });
  } catch {
    return undefined;
  }
}

/** Returns the address that a host asks before an edit; `undefined` where it runs a command, or nothing. */
export function editAddress(host: Host, text: string): string | undefined {
  const before = ownHooks(host, text).filter(({ event }) => host.events[event] === "before-tool");
  return before.map(({ hook }) => textField(hook, "url")).find((url) => url !== undefined);
}

/** Returns the first command of ours in a file, at whatever moment. */
export function anyCommand(host: Host, text: string): string | undefined {
  return ownHooks(host, text).map(({ hook }) => textField(hook, "command")).find((command) => command !== undefined);
}

/** Returns the program that a command of ours calls, by its name or its path. */
export function programOf(command: string): string | undefined {
  return ownCall(command)?.program;
}

/** One hook, whatever the host lets it be asked for. */
interface Placed {
  readonly event: string;
  readonly matcher: string | undefined;
  readonly hook: JsonObject;
}

/** Returns the hooks in settings, by event and in groups, or by event alone. */
function hooksIn(settings: unknown): Placed[] {
  return Object.entries(asObject(field(settings, "hooks")) ?? {}).flatMap(([event, list]) =>
    listOf(list).flatMap((one) => {
      const hooks = field(one, "hooks") === undefined ? [one] : listOf(field(one, "hooks"));
      return hooks.map((hook) => ({ event, matcher: textField(one, "matcher"), hook: asObject(hook) ?? {} }));
    })
  );
}

function ownHooks(host: Host, text: string): Placed[] {
  return hooksIn(valueOf(text)).filter(({ hook }) => isOurHook(hook, host));
}

function timedIn(settings: unknown, isMeant: (hook: JsonObject) => boolean) {
  return hooksIn(settings).filter(({ hook }) => isMeant(hook)).map(({ event, matcher, hook }) => ({
    event,
    matcher,
    timeout: timeoutOf(hook),
  }));
}

/** Gemini CLI also takes a text. */
function timeoutOf(hook: JsonObject): number | undefined {
  const timeout = Number(field(hook, "timeout") ?? field(hook, "timeoutSec") ?? NaN);
  return Number.isNaN(timeout) ? undefined : timeout;
}

function valueOf(text: string): unknown {
  try {
    return jsonEditor.read(text, "");
  } catch {
    return undefined;
  }
}
