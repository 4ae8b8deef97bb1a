// What install and uninstall would write for one host, without writing it.

import { digest } from "../base/digest.ts";
import { TruceError } from "../base/error.ts";
import { jsonEditor } from "../edit/json.ts";
import type { Host } from "../hosts/host.ts";
import {
  type HookCall,
  type HostSettings,
  type Packaged,
  type SettingsScope,
  settingsScopes,
} from "../hosts/registration.ts";
import { realPath } from "../platform/files.ts";
import { openSettings, peekSettings, type SettingsFile, settingsPath, type SettingsPlace } from "./files.ts";
import type { InstallRecord } from "./record.ts";
import { eventsOfOurs, handWrittenIn, isOurFile, portOfOurs } from "./registered.ts";
import { withHooks, withoutHooks } from "./settings.ts";
import { missingFolders } from "./write.ts";

/** Whose registration it is about, and where. */
export interface Subject {
  readonly host: Host;
  readonly settings: HostSettings;
  readonly scope: SettingsScope;
  readonly place: SettingsPlace;
}

/** What is to be in the file of a subject; `undefined` for no file. `notes` are facts that its user should know. */
export interface HostPlan {
  readonly subject: Subject;
  readonly file: SettingsFile;
  readonly after: string | undefined;
  readonly notes: readonly string[];
  /** Why nothing is to be done although something was asked for. */
  readonly obstacle?: string;
}

/** How truce is to be called. */
export interface InstallOptions {
  readonly call: HookCall;
  readonly isHttp: boolean;
}

/** Returns what install is to write. Throws a TruceError for a file that cannot be edited. */
export function planInstall(subject: Subject, options: InstallOptions): HostPlan {
  const { host, scope } = subject;
  const file = openFile(subject);
  const isHere = hasOurs(file.text, subject);
  const byHand = handWritten(subject).map(({ path, commands }) =>
    `${path} also calls truce by hand: remove ${commands} from it, or type truce uninstall ${host.name} --scope ${scope}`
  );
  const elsewhere = placesElsewhere(subject);
  const others = elsewhere.map(({ title, removal }) => `${title} calls truce already; to be rid of that: ${removal}`);
  const packaged = packageOf(subject);
  if (packaged !== undefined) {
    const also = isHere ? [`${file.path} calls truce, too: truce uninstall ${host.name} --scope ${scope}`] : [];
    const obstacle = `${packaged.title} calls truce already; to be rid of it: ${packaged.removal}`;
    return { subject, file, after: file.text, notes: [...also, ...byHand], obstacle };
  }
  if (!isHere && others.length > 0) {
    return { subject, file, after: file.text, notes: byHand, obstacle: others.join("; ") };
  }
  return { subject, file, after: installed(subject, file, options), notes: [...others, ...byHand] };
}

/** Returns what uninstall is to write, given what is known of the file. Throws a TruceError as `planInstall` does. */
export async function planUninstall(
  subject: Subject,
  recordOf: (path: string) => Promise<InstallRecord | undefined>,
): Promise<HostPlan & { record: InstallRecord | undefined }> {
  const file = openFile(subject);
  const record = await recordOf(file.real);
  const packaged = packageOf(subject);
  const callers = [...placesElsewhere(subject), ...packaged === undefined ? [] : [packaged]];
  const notes = [
    ...callers.map(({ title, removal }) => `${title} calls truce, too: ${removal}`),
    ...handWritten(subject).map(({ path, commands }) =>
      `${path} calls truce by hand, and goes on with that: ${commands}`
    ),
  ];
  return { subject, file, after: await uninstalled(subject, file, record), notes, record };
}

/** Returns what is to be known of a file that install is about to write: what was in it before truce came. */
export async function recordFor(
  { file, after }: HostPlan,
  known: InstallRecord | undefined,
): Promise<InstallRecord | undefined> {
  if (after === undefined) return undefined;
  const { real, text } = file;
  const isSame = known !== undefined && text !== undefined && known.digest === await digest(text);
  return {
    path: real,
    former: isSame ? known.former : text ?? null,
    digest: await digest(after),
    isMade: text === undefined || known?.isMade === true,
    folders: [...new Set([...known?.folders ?? [], ...missingFolders(real)])].sort((a, b) => a.length - b.length),
  };
}

function installed({ host, settings }: Subject, { path, text }: SettingsFile, options: InstallOptions): string {
  const { content } = settings;
  const { call, isHttp } = options;
  if (content.kind === "hooks") {
    const port = (text === undefined ? undefined : portOfOurs(parsed(text), host)) ?? call.port;
    const groups = isHttp && content.httpHooks !== undefined
      ? content.httpHooks({ ...call, port })
      : content.hooks(call);
    return withHooks(text ?? "", groups, { host, path });
  }
  if (text === undefined || text === "" || isOurFile(text, host)) return content.text(call);
  throw new TruceError("refused", `Cannot write "${path}": somebody else's file is there`, {
    hint: "Give it another name, and type it again",
  });
}

async function uninstalled(
  subject: Subject,
  { path, text }: SettingsFile,
  record: InstallRecord | undefined,
): Promise<string | undefined> {
  if (text === undefined) return undefined;
  const { host, settings: { content } } = subject;
  const isOnlyOurs = record !== undefined && record.digest === await digest(text);
  if (content.kind === "file") {
    if (isOnlyOurs && record.former !== null && !isOurFile(record.former, host)) return record.former;
    return isOurFile(text, host) ? undefined : text;
  }
  if (isOnlyOurs) return record.former === null ? undefined : withoutHooks(record.former, { host, path });
  const rest = withoutHooks(text, { host, path, former: record?.former ?? undefined });
  return record?.isMade && rest !== text && jsonEditor.isBlank(rest) ? undefined : rest;
}

function openFile({ settings, scope, place }: Subject): SettingsFile {
  const name = settings.files[scope];
  const path = name === undefined ? undefined : settingsPath(name, place);
  if (path !== undefined) return openSettings(path, scope === "user" ? undefined : place.project);
  throw new TruceError("unavailable", `Cannot find the settings of ${settings.title}: no home folder is set`, {
    hint: "Set HOME, or type --scope project",
  });
}

/** Returns the files of other scopes that call truce. */
function placesElsewhere(subject: Subject): Packaged[] {
  const [, ...others] = filesOf(subject);
  return others.filter(({ path }) => hasOurs(peekSettings(path), subject)).map(({ scope, path }) => ({
    title: path,
    removal: `truce uninstall ${subject.host.name} --scope ${scope}`,
  }));
}

/** Returns the files of all scopes in which people have written calls of truce, with those. */
function handWritten(subject: Subject): { path: string; commands: string }[] {
  if (subject.settings.content.kind === "file") return [];
  return filesOf(subject).flatMap(({ path }) => {
    const commands = handWrittenIn(parsed(peekSettings(path) ?? ""), subject.host);
    return commands.length === 0 ? [] : [{ path, commands: commands.map((command) => `"${command}"`).join(", ") }];
  });
}

/** Returns the files of a host's scopes, that of the subject first, each once: in the home folder, two scopes have one. */
function filesOf({ settings, scope, place }: Subject): { scope: SettingsScope; path: string }[] {
  const files = new Map<string, { scope: SettingsScope; path: string }>();
  for (const one of [scope, ...settingsScopes]) {
    const name = settings.files[one];
    const path = name === undefined ? undefined : settingsPath(name, place);
    const real = path && (realPath(path) ?? path);
    if (path !== undefined && real !== undefined && !files.has(real)) files.set(real, { scope: one, path });
  }
  return [...files.values()];
}

function packageOf({ settings, place }: Subject): Packaged | undefined {
  return settings.packaged?.({ project: place.project, read: (path) => valueAt(path, place) });
}

/** Says whether truce is called by a file of a host's settings with this `text`. */
export function hasOurs(text: string | undefined, { host, settings }: Pick<Subject, "host" | "settings">): boolean {
  if (text === undefined) return false;
  if (settings.content.kind === "file") return isOurFile(text, host);
  return eventsOfOurs(parsed(text), host).length > 0;
}

/** Returns the value of a JSON file by a path as in `HostSettings.files`; `undefined` where there is none. */
export function valueAt(path: string, place: SettingsPlace): unknown {
  const absolute = settingsPath(path, place);
  const text = absolute === undefined ? undefined : peekSettings(absolute);
  return text === undefined ? undefined : parsed(text);
}

/** What is no JSON says nothing here; who has it edited is told. */
function parsed(text: string): unknown {
  try {
    return jsonEditor.read(text, "");
  } catch {
    return undefined;
  }
}
