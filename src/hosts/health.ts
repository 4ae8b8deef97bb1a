// What truce doctor knows of a host: what the host drops of a settings file without a word, and why it may skip the rest.
// Each fact was seen at the real client, in the version at the top of the host's own file.

import { asObject, field, type JsonObject, textField } from "../base/decode.ts";
import { ownCall } from "../base/own_command.ts";
import { shellWord } from "./registration.ts";

/** What truce doctor asks about a host. */
export interface HostHealth {
  /** Returns why the host takes nothing of a settings file, or none of truce's hooks in it: one sentence each. */
  problems(text: string): string[];
  /** Resolves to why the host skips the hooks of a file that it takes; to nothing when it runs them, as far as one sees. */
  whySkipped?(look: HealthLook): Promise<Skipped | undefined>;
  /** Returns the shell command that runs before an edit, from the text of the settings file. */
  editCommand(text: string, isWindows: boolean): string | undefined;
  /** Returns what the host sends before an edit of the absolute `path`. The session is "truce-doctor". */
  canary(path: string, cwd: string): JsonObject;
  /** Returns the program and the words by which the host runs a command, which comes behind them. */
  shell(isWindows: boolean): readonly string[];
  /** How it runs what is registered before an edit; absent where a file of truce's own does. */
  readonly holding?: Holding;
  /** The folder below home with a file for each session; absent where there are no such files. */
  readonly sessions?: string;
}

/** When a host runs a hook before an edit, and for how long. */
export interface Holding {
  /** The tools that edit files. */
  readonly tools: readonly string[];
  /** Says whether a hook with this matcher runs for a tool. */
  matches(matcher: string, tool: string): boolean;
  /** The fields of a hook with which some edits go on without it. */
  readonly loosenedBy: readonly string[];
  /** How long a hook may run that does not say so itself, and how much one is in its settings. */
  readonly usualS: number;
  readonly unitS: number;
}

/** What is looked at to find why a host skips hooks. Folders are absolute. */
export interface HealthLook {
  /** The file with the hooks, and what it holds. */
  readonly path: string;
  readonly text: string;
  readonly project: string;
  readonly home: string;
  /** Returns the value of a JSON or TOML file, by its absolute path; `undefined` where there is none, or none to read. */
  read(path: string): unknown;
}

/** Why hooks do not run, with what their user does about it, and the command to type for that. */
export interface Skipped {
  readonly why: string;
  readonly next: string;
}

/** Returns the command by which a person edits a file. */
export function editWords(path: string): string {
  return `\${EDITOR:-vi} ${shellWord(path)}`;
}

/** Returns the command by which a person starts a host in a folder. */
export function startWords(program: string, folder: string): string {
  return `cd ${shellWord(folder)} && ${program}`;
}

/** Returns which of some commands calls truce: one that does nothing else, before one that does more. */
export function callAmong(commands: readonly (string | undefined)[]): string | undefined {
  const given = commands.filter((command) => command !== undefined);
  return given.find((command) => ownCall(command) !== undefined) ?? given[0];
}

/** Says whether a regular expression finds something in a name; what is none finds nothing. */
export function isFound(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}

/** The session of a canary. */
export const canarySession = "truce-doctor";

/** What a host wants of one value in its settings. */
export interface Rule {
  /** What it drops when the value is another: a path as `hooks.*[]`, of any field and any item; "" is the whole file. */
  readonly drops: string;
  /** The value, by its path from there. */
  readonly at: string;
  readonly takes: (value: unknown) => boolean;
  /** What it has to be, as in "is not text". */
  readonly need: string;
}

/** Returns a sentence for each rule that `settings` break, where that costs the file or a hook of truce in it. */
export function broken(settings: unknown, rules: readonly Rule[]): string[] {
  return rules.flatMap(({ drops, at, takes, need }) =>
    placesAt({ path: "", value: settings }, drops).filter(({ path, value }) => path === "" || isOurs(value))
      .flatMap((unit) =>
        placesAt(unit, at).filter(({ value }) => !takes(value)).map(({ path }) => {
          const cost = unit.path === "" ? "nothing of this file is taken" : `${unit.path} is dropped`;
          return `${path || "it"} is not ${need}: ${cost}`;
        })
      )
  );
}

/** Returns the hooks of truce in settings that hold lists of groups by event. */
export function ownHooks(settings: unknown): OwnHook[] {
  const own = placesAt({ path: "", value: settings }, "hooks.*[].hooks[]").filter(({ value }) => isOurs(value));
  return own.map(({ value, keys: [, event, group, , index] }) => ({
    event: String(event),
    group: Number(group),
    index: Number(index),
    matcher: textField(item(field(field(settings, "hooks"), String(event)), Number(group)), "matcher"),
    hook: asObject(value) ?? {},
  }));
}

/** A hook of truce, and where it stands. */
export interface OwnHook {
  readonly event: string;
  readonly group: number;
  readonly index: number;
  readonly matcher: string | undefined;
  readonly hook: JsonObject;
}

/** Returns the value of a JSON text, or `undefined`. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isText = (value: unknown) => typeof value === "string";
export const isFlag = (value: unknown) => typeof value === "boolean";
export const isList = (value: unknown) => Array.isArray(value);
export const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
export const isObject = (value: unknown) => asObject(value) !== undefined;
export const isAboveZero = (value: unknown) => typeof value === "number" && value > 0;

/** Returns what also takes a value that is absent. */
export function maybe(takes: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || takes(value);
}

/** Returns what also takes null. */
export function maybeNull(takes: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || value === null || takes(value);
}

interface Place {
  readonly path: string;
  readonly value: unknown;
  readonly keys?: readonly (string | number)[];
}

/** Returns all places below `from` that a path means, also a field that is absent. */
function placesAt(from: Place, path: string): Required<Place>[] {
  const steps = path.split(/\.|(?=\[\])/).filter((step) => step !== "");
  return steps.reduce((places, step) => places.flatMap((place) => next(place, step)), [{ keys: [], ...from }]);
}

function next({ path, value, keys }: Required<Place>, step: string): Required<Place>[] {
  if (step === "[]") {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.map((one, i) => ({ path: `${path}[${i}]`, value: one, keys: [...keys, i] }));
  }
  const object = asObject(value);
  if (object === undefined) return [];
  const names = step === "*" ? Object.keys(object) : [step];
  return names.map((name) => ({
    path: path === "" ? name : `${path}.${name}`,
    value: field(object, name),
    keys: [...keys, name],
  }));
}

/** A folder of that name does not count. */
const calls = /(?<![\w.-])truce(?:\.exe)?(?![\w./-]|\\\\)|\bhook [a-z-]+ --format |127\.0\.0\.1:\d+\/hooks\//i;

/** What is dropped of other people's hooks is theirs to know. */
function isOurs(value: unknown): boolean {
  return calls.test(JSON.stringify(value) ?? "");
}

function item(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list[index] : undefined;
}
