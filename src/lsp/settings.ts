// What truce.jsonc says of language servers, laid over the table: the user's file first, the project's over it. A project
// may come from anybody. It chooses among the servers and sets them up, but what it wants to have started counts only
// once its user trusts the file: a command, what to type to install it, and options that name programs or files, by
// which many servers run more than themselves.

import { asObject, field, type JsonObject } from "../base/decode.ts";
import { folderOf, isAbsolute, nameOf, resolvePath } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import type { Reason } from "./report.ts";
import { type LanguageServer, languageServers } from "./servers.ts";

/** A project's truce.jsonc. */
export interface ProjectConfig {
  readonly value: unknown;
  readonly isTrusted: boolean;
  readonly path: string;
}

/** The servers in the order of preference, what of the project's file does not count, and what nobody understands. */
export interface ServerSettings {
  readonly servers: readonly LanguageServer[];
  readonly refused: readonly Reason[];
  readonly problems: readonly Reason[];
}

/** A part of a file that has something started: `field` is a path such as `settings.bashIde.shellcheckPath`. */
export interface Start {
  readonly server: string;
  readonly field: string;
  readonly value: unknown;
}

/** What one file says of one server. */
interface Entry {
  readonly enabled?: boolean;
  readonly command?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: JsonObject;
  readonly settings?: JsonObject;
  readonly install?: string;
}

type Entries = readonly (readonly [name: string, entry: Entry])[];

const entriesMax = 50;
const isText = (value: unknown) => typeof value === "string" && value !== "";
const isObject = (value: unknown) => asObject(value) !== undefined;

/** The fields of an entry: what is a good value, and how to say that one is not. */
const fields: Record<keyof Entry, { readonly isGood: (value: unknown) => boolean; readonly wants: string }> = {
  enabled: { isGood: (value) => typeof value === "boolean", wants: "true or false" },
  command: {
    isGood: (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
    wants: "a list of texts",
  },
  files: {
    isGood: (value) => isObject(value) && Object.values(asObject(value) ?? {}).every(isText),
    wants: 'an object such as { ".ext": "language" }',
  },
  options: { isGood: isObject, wants: "an object" },
  settings: { isGood: isObject, wants: "an object" },
  install: { isGood: isText, wants: "a text" },
};

/** The names of what can be said of a server. */
export const serverFields: readonly string[] = Object.keys(fields);

/**
 * Lays what the files say over the table. Servers that a file names come before those that it does not, the project's
 * before the user's, each in the order of its file.
 */
export function serversFrom(user: unknown, project: ProjectConfig | undefined): ServerSettings {
  const own = decode(user, "your truce.jsonc");
  const theirs = decode(project?.value, "truce.jsonc of the project");
  const refused = project?.isTrusted === true ? [] : startsIn(project?.value);
  const taken = (entry: Entry) => project?.isTrusted === true ? withPlace(entry, project.path) : harmless(entry);
  const entries: Entries = theirs.entries.map(([name, entry]) => [name, taken(entry)]);
  const problems = [...own.problems, ...theirs.problems];
  const afterOwn = overlay(languageServers, own.entries, (name) => problems.push(unknownServer(own.where, name)));
  const servers = overlay(afterOwn, entries, (name) => {
    if (!refused.some(({ server }) => server === name)) problems.push(unknownServer(theirs.where, name));
  });
  return { servers, refused: refusal(project?.path ?? "", refused), problems };
}

/** Returns all that the file with this `value` has started, when its user trusts it. */
export function startsIn(value: unknown): Start[] {
  return decode(value, "").entries.flatMap(([server, entry]) => {
    const { command, install, options, settings } = entry;
    const named = Object.entries({ command, install }).map(([field, value]) => ({ field, value }));
    const within = [...programsIn(options, "options"), ...programsIn(settings, "settings")];
    return [...named, ...within].filter(({ value }) => value !== undefined).map((start) => ({ server, ...start }));
  });
}

function decode(value: unknown, where: string): { entries: Entries; problems: Reason[]; where: string } {
  const problems: Reason[] = [];
  const complain = (text: string) => problems.push(problem(where, text));
  const servers = field(value, "servers");
  if (servers !== undefined && !isObject(servers)) complain("servers must be an object");
  const named = Object.entries(asObject(servers) ?? {});
  if (named.length > entriesMax) complain(`servers must be at most ${entriesMax}`);
  const entries = named.slice(0, entriesMax).flatMap(([name, said]) => {
    if (isObject(said)) return [[name, decodeEntry(said, `servers.${name}`, complain)] as const];
    complain(`servers.${name} must be an object`);
    return [];
  });
  return { entries, problems, where };
}

/** Returns the good fields of an entry, each of the type that `fields` has looked for. */
function decodeEntry(said: unknown, pointer: string, complain: (text: string) => void): Entry {
  const good = Object.entries(asObject(said) ?? {}).filter(([name, value]) => {
    const known = Object.hasOwn(fields, name) ? fields[name as keyof Entry] : undefined;
    if (known === undefined) complain(`${pointer}.${name} is not known: there are ${serverFields.join(", ")}`);
    else if (!known.isGood(value)) complain(`${pointer}.${name} must be ${known.wants}`);
    return known?.isGood(value);
  });
  const entry: Entry = Object.fromEntries(good);
  return entry.settings === undefined ? entry : { ...entry, settings: nested(entry.settings) };
}

/** Returns settings whose dotted names are levels: editors write both. */
function nested(settings: JsonObject): JsonObject {
  const levels = Object.entries(settings).map(([name, value]) =>
    name.split(".").reduceRight<unknown>((inner, part) => ({ [part]: inner }), value)
  );
  return levels.reduce<JsonObject>((all, one) => merged(all, asObject(one)) ?? all, {});
}

/** Returns `entry` with a relative path of a program seen from the folder of the file that says it. */
function withPlace(entry: Entry, path: string): Entry {
  if (entry.command === undefined) return entry;
  const [program, ...args] = entry.command;
  const isPath = program.includes("/") && !isAbsolute(program);
  return { ...entry, command: [isPath ? resolvePath(folderOf(path), program) : program, ...args] };
}

/** Names of options whose values servers start, load, write to, or hand to what they start. */
const programName =
  /(?:path|dir|directory|folder|file|home|sdk|location|command|cmd|executable|program|binary|interpreter|plugin|server|argument|arg|flag|env|environment)s?$/i;
const environmentName = /env(?:ironment)?$/i;

/** Returns what of an untrusted entry counts. */
function harmless({ enabled, files, options, settings }: Entry): Entry {
  const entry = { enabled, files, options: withoutPrograms(options), settings: withoutPrograms(settings) };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

function isProgram(name: string, value: unknown): boolean {
  return environmentName.test(name) || programName.test(name) && (isText(value) || Array.isArray(value));
}

function withoutPrograms<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutPrograms) as T;
  const object = asObject(value);
  if (object === undefined) return value;
  const kept = Object.entries(object).filter(([name, inner]) => !isProgram(name, inner));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutPrograms(inner)])) as T;
}

function programsIn(value: unknown, pointer: string): { field: string; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = `${pointer}.${name}`;
    return isProgram(name, inner) ? [{ field, value: inner }] : programsIn(inner, field);
  });
}

/** Returns `servers` changed by `entries`; `reject` is called for an entry of which nothing can be made. */
function overlay(
  servers: readonly LanguageServer[],
  entries: Entries,
  reject: (name: string) => void,
): readonly LanguageServer[] {
  const first: LanguageServer[] = [];
  const changed = new Map<string, LanguageServer>();
  for (const [name, entry] of entries) {
    const known = servers.find((server) => server.name === name) ?? created(name, entry);
    if (known === undefined) {
      reject(name);
      continue;
    }
    const server = applied(known, entry);
    changed.set(name, server);
    if (!server.isOff) first.push(server);
  }
  const rest = servers.map((server) => changed.get(server.name) ?? server).filter((server) => !first.includes(server));
  return [...first, ...rest];
}

/** Returns a server that the table does not know, of which `entry` says all there is; `undefined` without a command. */
function created(name: string, { command }: Entry): LanguageServer | undefined {
  return command && { name, files: {}, command, install: `put ${nameOf(command[0])} on the PATH` };
}

function applied(server: LanguageServer, entry: Entry): LanguageServer {
  const { enabled = server.isOff !== true, command = server.command, install } = entry;
  const isSame = programOf(command) === programOf(server.command);
  const changed = {
    ...server,
    command,
    install: install ?? (isSame ? server.install : `put ${nameOf(command[0])} on the PATH`),
    files: { ...server.files, ...entry.files },
    options: merged(server.options, entry.options),
    settings: merged(server.settings, entry.settings),
    // What is known of one program is not true of another.
    ask: isSame ? server.ask : undefined,
    needs: isSame ? server.needs : undefined,
    isOff: enabled ? undefined : true,
  };
  return withoutUndefined(changed);
}

function programOf([program]: readonly string[]): string {
  return nameOf(program.replaceAll("\\", "/")).replace(/\.(?:exe|cmd|bat)$/i, "").toLowerCase();
}

/** Returns `before` with `after` over it, object by object; everything else is replaced. */
function merged(before: JsonObject | undefined, after: JsonObject | undefined): JsonObject | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  const inner = Object.entries(after).map(([name, value]) => {
    const [from, over] = [asObject(field(before, name)), asObject(value)];
    return [name, from !== undefined && over !== undefined ? merged(from, over) : value];
  });
  return { ...before, ...Object.fromEntries(inner) };
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

function refusal(path: string, starts: readonly Start[]): Reason[] {
  const names = [...new Set(starts.map(({ server }) => server))];
  if (names.length === 0) return [];
  const said = safeLine(names.map((name) => JSON.stringify(name)).join(", "));
  const folder = safeLine(folderOf(path), 1000);
  const typed = /[^\w./:@+-]/.test(folder) ? `'${folder.replaceAll("'", `'\\''`)}'` : folder;
  const text = `truce.jsonc names a command for ${said}. Only the user may allow it, with: truce trust ${typed}`;
  // A file that wants something else is another question.
  return [{ key: `untrusted: ${path} ${JSON.stringify(starts)}`, text }];
}

function unknownServer(where: string, name: string): Reason {
  return problem(where, `servers.${name} is no server that truce knows, and names no command`);
}

function problem(where: string, text: string): Reason {
  const said = safeLine(`${where}: ${text}`);
  return { key: said, text: said };
}
