// Which hooks in a host's settings are truce's own. They are known by what they call, whatever older version wrote them;
// one that does anything besides is somebody's work.

import { asObject, field, textField, textList } from "../base/decode.ts";
import { ownCall } from "../base/own_command.ts";
import { type Host, momentOf } from "../hosts/host.ts";

const address = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?\/hooks\/([\w-]+)\/([\w-]+)(?:\?.*)?$/;
const format = / --format[ =]([\w-]+)/;

/** What hooks call that people write by hand. */
const byHand = ["lock", "notify", "sync-roots"];
/** Not `truce hook-shim`, which truce sync writes. */
const anyCall = /(?<![\w-])truce(?:\.exe)?["']? +hook(?![\w-])/i;

/** Says whether a hook calls truce, by a command or over HTTP, and does nothing else. One in another dialect does not count. */
export function isOurHook(hook: unknown, host: Host): boolean {
  if (ownPort(hook, host) !== undefined) return true;
  const call = ownCall(commandOf(hook));
  if (call === undefined || call.words[0] !== "hook" || momentOf(host, call.words[1]) === undefined) return false;
  const spoken = format.exec(` ${call.words.join(" ")}`)?.[1];
  return spoken === undefined ? /(?:^|[/\\])truce(?:\.exe)?$/i.test(call.program) : spoken === host.name;
}

/** Says whether the text of a file that is to be truce's alone is: it calls truce in this host's dialect. */
export function isOurFile(text: string, host: Host): boolean {
  return new RegExp(String.raw`\bhook\b[^\n]*--format\W+${host.name}\b`).test(text);
}

/** Returns the events of `settings` at which truce is called. */
export function eventsOfOurs(settings: unknown, host: Host): string[] {
  const hooks = asObject(field(settings, "hooks")) ?? {};
  return Object.keys(hooks).filter((event) => placesOfOurs(hooks[event], host).length > 0);
}

/** Returns the port at which the hooks of ours in `settings` ask the daemon; `undefined` where none does. */
export function portOfOurs(settings: unknown, host: Host): number | undefined {
  return hooksIn(settings).map((hook) => ownPort(hook, host)).find((port) => port !== undefined);
}

/** Returns the commands in `settings` that call truce and are not install's: those of people, which stay as they are. */
export function handWrittenIn(settings: unknown, host: Host): string[] {
  const others = hooksIn(settings).filter((hook) => !isOurHook(hook, host)).map(commandOf);
  return [...new Set(others.filter(isByHand))];
}

function isByHand(command: string): boolean {
  return byHand.includes(ownCall(command)?.words[0] ?? "") || anyCall.test(command);
}

/** Where one hook of ours is: the group in the list of its event, and the hook in that group. */
export interface HookPlace {
  readonly group: number;
  readonly hook: number;
}

/** Returns where hooks of ours are in a list of groups. What is no such list has none. */
export function placesOfOurs(groups: unknown, host: Host): HookPlace[] {
  return listOf(groups).flatMap((one, group) =>
    listOf(field(one, "hooks")).flatMap((hook, i) => isOurHook(hook, host) ? [{ group, hook: i }] : [])
  );
}

/** Returns the elements of a list; of anything else, none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function hooksIn(settings: unknown): unknown[] {
  const groups = Object.values(asObject(field(settings, "hooks")) ?? {}).flatMap(listOf);
  return groups.flatMap((group) => listOf(field(group, "hooks")));
}

/** Returns the port of a hook over HTTP that asks truce for this host. */
function ownPort(hook: unknown, host: Host): number | undefined {
  const [, port = "80", name, moment] = address.exec(textField(hook, "url") ?? "") ?? [];
  return name === host.name && momentOf(host, moment) !== undefined ? Number(port) : undefined;
}

/** Returns what a shell would run. A program with a list of arguments is run without one. */
function commandOf(hook: unknown): string {
  const [program, args] = [textField(hook, "command") ?? "", textList(hook, "args")];
  return args.length === 0 ? program : [`'${program.replaceAll("'", "'\\''")}'`, ...args].join(" ");
}
