// Puts truce's hooks into the text of a host's settings, and takes them out. All else is other people's and stays, byte
// for byte. A group of ours keeps its place, so that an upgrade shows as what it is; what a person has added to one stays.

import { asObject, field, type JsonObject } from "../base/decode.ts";
import { cannotEdit, type Edit } from "../edit/edit.ts";
import { jsonEditor } from "../edit/json.ts";
import { documentOf, nodeAt } from "../edit/json_tree.ts";
import { splitMark } from "../edit/lines.ts";
import { pointerOf } from "../edit/pointer.ts";
import type { Host } from "../hosts/host.ts";
import type { HookGroups } from "../hosts/registration.ts";
import { type HookPlace, listOf, placesOfOurs } from "./registered.ts";

/** The fields of a hook that truce has ever written. */
const ownFields = ["type", "command", "commandWindows", "args", "name", "timeout", "async", "url", "headers"];
const ownFieldNames = new Set([...ownFields, "allowedEnvVars"]);

/** Which settings are edited. */
export interface SettingsOf {
  readonly host: Host;
  /** For what is said of the file. */
  readonly path: string;
}

/** Returns the value of a settings file. Throws a TruceError for what is no JSON, or no object. */
export function readSettings(text: string, path: string): JsonObject {
  const settings = asObject(jsonEditor.read(text, path));
  if (settings === undefined) throw cannotEdit(path, "it holds no object");
  return settings;
}

/** Returns `text` with the hooks of `groups`, and with no other of ours. Throws a TruceError where that cannot be. */
export function withHooks(text: string, groups: HookGroups, { host, path }: SettingsOf): string {
  const settings = readSettings(text, path);
  const hooks = field(settings, "hooks");
  if (hooks !== undefined && asObject(hooks) === undefined) throw cannotEdit(path, `"hooks" is ${kindOf(hooks)}`);
  for (const event of Object.keys(groups)) {
    const list = field(hooks, event);
    if (list !== undefined && !Array.isArray(list)) throw cannotEdit(path, `"hooks.${event}" is ${kindOf(list)}`);
  }
  return edited(text, groups, { host, path });
}

/**
 * Returns `text` without any hook of ours, and without the lists that held nothing else: neither a comment, nor when
 * they were in `former`, which was in the file before truce came.
 */
export function withoutHooks(text: string, { host, path, former }: SettingsOf & { readonly former?: string }): string {
  readSettings(text, path);
  const rest = former === undefined ? {} : readSettings(withoutHooks(former, { host, path }), path);
  return edited(text, {}, { host, path, kept: field(rest, "hooks") });
}

function edited(text: string, groups: HookGroups, { host, path, kept }: SettingsOf & { kept?: unknown }): string {
  const before = asObject(field(readSettings(text, path), "hooks")) ?? {};
  const events = [...new Set([...Object.keys(before), ...Object.keys(groups)])];
  const edits = events.flatMap((event) => eventEdits(event, before[event], { wanted: groups[event] ?? [], host }));
  const left = events.filter((event) =>
    placesOfOurs(before[event], host).length > 0 && field(kept, event) === undefined
  );
  const holders = [
    ...left.map((event) => ["hooks", event]),
    ...left.length > 0 && kept === undefined ? [["hooks"]] : [],
  ];
  return holders.reduce((rest, parts) => withoutEmpty(rest, parts, path), jsonEditor.edit(text, edits, { path }));
}

/** Returns `text` without the list or the object at `parts`, when there is nothing in it. */
function withoutEmpty(text: string, parts: readonly string[], path: string): string {
  const { body } = splitMark(text);
  const node = nodeAt(documentOf(body, path), parts);
  if (node === undefined || !/^[[{]\s*[\]}]$/.test(body.slice(node.offset, node.offset + node.length))) return text;
  return jsonEditor.edit(text, [{ kind: "remove", pointer: pointerOf(parts) }], { path });
}

/** A hook to register, and its matcher. */
interface Wanted {
  readonly matcher: string | undefined;
  readonly hook: JsonObject;
}

function eventEdits(
  event: string,
  list: unknown,
  { wanted, host }: { wanted: HookGroups[string]; host: Host },
): Edit[] {
  const pointer = (...parts: (string | number)[]) => pointerOf(["hooks", event, ...parts.map(String)]);
  const groups = listOf(list);
  if (list === undefined) return [{ kind: "set", pointer: pointer(), value: wanted }];
  const places = placesOfOurs(groups, host);
  const entries = wanted.flatMap(({ matcher, hooks }) => hooks.map((hook) => ({ matcher, hook })));
  const { kept, added, removed } = pairs(groups, places, entries);
  return [
    ...kept.flatMap(({ place, entry }) => upgrade(groups, place, { entry, pointer })),
    ...added.map(({ matcher, hook }): Edit => ({
      kind: "set",
      pointer: pointer("-"),
      value: matcher === undefined ? { hooks: [hook] } : { matcher, hooks: [hook] },
    })),
    // From the end, since what is behind a removed element moves up.
    ...removals(groups, removed).map((parts): Edit => ({ kind: "remove", pointer: pointer(...parts) })),
  ];
}

/** Which hook takes which place of ours: the one with its matcher, else one in a group that is ours alone. */
function pairs(groups: readonly unknown[], places: readonly HookPlace[], entries: readonly Wanted[]) {
  const free = [...places];
  const kept: { place: HookPlace; entry: Wanted }[] = [];
  const take = (entry: Wanted, fits: (place: HookPlace) => boolean): boolean => {
    const at = free.findIndex(fits);
    if (at >= 0) kept.push({ place: free.splice(at, 1)[0], entry });
    return at < 0;
  };
  const unlike = entries.filter((entry) => take(entry, ({ group }) => matcherOf(groups[group]) === entry.matcher));
  const added = unlike.filter((entry) => take(entry, ({ group }) => hooksOf(groups[group]).length === 1));
  return { kept, added, removed: free };
}

function upgrade(
  groups: readonly unknown[],
  { group, hook }: HookPlace,
  { entry, pointer }: { entry: Wanted; pointer: (...parts: (string | number)[]) => string },
): Edit[] {
  const before = asObject(hooksOf(groups[group])[hook]) ?? {};
  const others = Object.entries(before).filter(([name]) => !ownFieldNames.has(name));
  const value = { ...entry.hook, ...Object.fromEntries(others) };
  const edits: Edit[] = [{ kind: "set", pointer: pointer(group, "hooks", hook), value }];
  if (matcherOf(groups[group]) === entry.matcher) return edits;
  const at = pointer(group, "matcher");
  edits.push(
    entry.matcher === undefined ? { kind: "remove", pointer: at } : { kind: "set", pointer: at, value: entry.matcher },
  );
  return edits;
}

/** Returns the ways to what is to go, the last first: whole groups where nothing else is in them. */
function removals(groups: readonly unknown[], removed: readonly HookPlace[]): (string | number)[][] {
  return groups.flatMap((one, group) => {
    const gone = removed.filter((place) => place.group === group);
    if (gone.length > 0 && gone.length === hooksOf(one).length) return [[group]];
    return gone.map(({ hook }) => [group, "hooks", hook]);
  }).sort(byPlaceDown);
}

function byPlaceDown(a: (string | number)[], b: (string | number)[]): number {
  return Number(b[0]) - Number(a[0]) || Number(b[2] ?? 0) - Number(a[2] ?? 0);
}

function hooksOf(group: unknown): readonly unknown[] {
  return listOf(field(group, "hooks"));
}

/** Returns the matcher of a group; one that means every tool counts as none. */
function matcherOf(group: unknown): string | undefined {
  const matcher = field(group, "matcher");
  return typeof matcher === "string" && matcher !== "" && matcher !== "*" ? matcher : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
