// Which hooks in a host's settings are truce's own. They are known by what they call, whatever older version wrote them.

import { asObject, field, textField, textList } from "../base/decode.ts";
import { type Host, momentOf } from "../hosts/host.ts";

/** A word before `hook`, the moment behind it, and the rest of that command; quotes may be around the words. */
const calls = /(?:^|[\s;&|({"'\/\\])([^\s;&|({"'\/\\]+)["']?\s+hook\s+["']?([A-Za-z-]+)["']?([^;&|})\n]*)/g;
const format = /--format(?:\s+|=)["']?([\w-]+)/;
const address = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/hooks\/([\w-]+)\/([\w-]+)/;

/** Says whether a hook calls truce, by a command or over HTTP. One that names another host's dialect does not count. */
export function isOurHook(hook: unknown, host: Host): boolean {
  const [, name, moment] = address.exec(textField(hook, "url") ?? "") ?? [];
  if (name === host.name && momentOf(host, moment) !== undefined) return true;
  const command = [textField(hook, "command") ?? "", ...textList(hook, "args")].join(" ");
  return Array.from(command.matchAll(calls)).some(([, program, word, rest]) => {
    const spoken = format.exec(rest)?.[1];
    return momentOf(host, word) !== undefined &&
      (spoken === undefined ? /^truce(?:\.exe)?$/i.test(program) : spoken === host.name);
  });
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
