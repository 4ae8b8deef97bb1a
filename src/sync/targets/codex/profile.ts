// Rules for files, as the file system of a permission profile. Codex holds them with the sandbox of the system, for every
// command and every patch, also for a command that a person lets out of the sandbox.
//
// One profile is selected at a time, and a project's choice replaces the user's, whatever that closed. So truce selects
// one for a user who has none, adds to the one a user has, and in a project only adds to the one that the project's own
// config.toml selects: a person opens that door by writing `default_permissions = "truce"` there. What is selected holds
// everywhere, also in a folder that the user has neither trusted nor distrusted, where Codex otherwise writes nothing.

import { field, type JsonObject, textField } from "../../../base/decode.ts";
import type { Permission, Source, TargetContext } from "../../model.ts";
import { pathGlobs } from "../../permission.ts";
import { type Entry, type Part, told } from "../parts.ts";
import type { MatchOf } from "../permission_parts.ts";
import { approximated, exact, itemsOf, type Outcome, refused } from "../shared.ts";
import { arrange, type Closed, globCharacter, workspace } from "./closed.ts";
import { entry } from "./part.ts";

type FileMatch = MatchOf<"Read" | "Edit">;
type FilePermission = Permission & { readonly match: FileMatch };

/** The profile that rules go into, or why there is none. */
type Profile = { readonly name: string; readonly entries: readonly Entry[] } | { readonly problem: string };

/** What the rules of one permission become. */
interface Written {
  readonly outcome: Outcome;
  readonly closed?: readonly Closed[];
  readonly loss?: string;
}

const ownName = "truce";
/** Codex starts no command beside a pattern that matches more files. */
const matchesMax = 8192;

/** Returns the rules for files. `config` is that of the scope, and `userConfig` that of the user, as they are. */
export function profilePart(
  source: Source,
  context: TargetContext,
  { config, userConfig }: { readonly config: JsonObject; readonly userConfig: JsonObject },
): Part {
  const profile = profileOf(config, context);
  const instead = context.scope === "user" ? undefined : postureOf(userConfig);
  const closed = new Map<string, Entry>();
  const permissions = itemsOf(source, context, "permission").filter(isAboutFiles);
  const written = new Map(permissions.map((permission) => [permission, writeFiles(permission, profile)]));
  const arranged = arrange([...written.values()].flatMap((one) => one.closed ?? []));
  const { fates } = told("codex", permissions, (permission) => {
    const { outcome, loss, closed: paths = [] } = written.get(permission) ?? writeFiles(permission, profile);
    if ("problem" in profile) return outcome;
    const parts = paths.flatMap((path) => arranged.get(path) ?? []);
    for (const { path, access } of parts.flatMap((part) => part.closed)) {
      const one = entry(["permissions", profile.name, "filesystem", ...path], access);
      if (access === "deny" || !closed.has(one.pointer)) closed.set(one.pointer, one);
    }
    const isReplacing = outcome === exact && instead !== undefined && instead !== profile.name;
    const replacing = isReplacing ? `the profile replaces ${instead}, which you have set` : undefined;
    return withLosses(outcome, [loss, replacing, ...parts.map(({ loss }) => loss)]);
  });
  // A project that selects the profile needs it also while nothing is closed: Codex does not start without.
  const isNeeded = closed.size > 0 || context.scope === "project";
  const chosen = isNeeded && "entries" in profile ? profile.entries : [];
  return { entries: [...chosen, ...closed.values()], fates };
}

function withLosses(outcome: Outcome, losses: readonly (string | undefined)[]): Outcome {
  const all = [outcome.reason, ...losses].filter((loss) => loss !== undefined);
  return outcome.outcome === "refused" || all.length === 0 ? outcome : approximated([...new Set(all)].join("; "));
}

function profileOf(config: JsonObject, { scope }: TargetContext): Profile {
  const file = scope === "user" ? "~/.codex/config.toml" : ".codex/config.toml";
  if (field(config, "sandbox_mode") !== undefined) {
    return { problem: `${file} sets sandbox_mode, with which Codex takes no rules for files` };
  }
  const selected = postureOf(config);
  if (selected === undefined && scope === "project") {
    return {
      problem: "a profile of the project would replace that of each user; " +
        `write default_permissions = "${ownName}" into ${file} to have it so`,
    };
  }
  if (selected?.startsWith(":")) {
    return {
      problem: `${file} selects ${selected}, which cannot be added to; ` +
        `select "${ownName}" there, with [permissions.${ownName}] extends = "${selected}"`,
    };
  }
  if (selected !== undefined && selected !== ownName) return { name: selected, entries: [] };
  const base = textField(field(field(config, "permissions"), ownName), "extends") ?? ":workspace";
  const own = entry(["permissions", ownName, "extends"], base);
  return { name: ownName, entries: scope === "user" ? [entry(["default_permissions"], ownName), own] : [own] };
}

/** Returns what a config.toml selects for all files. */
function postureOf(config: JsonObject): string | undefined {
  return textField(config, "sandbox_mode") ?? textField(config, "default_permissions");
}

function writeFiles(permission: FilePermission, profile: Profile): Written {
  const { action, match } = permission;
  if (action === "allow") {
    return {
      outcome: approximated(
        `Codex ${match.tool === "Read" ? "reads all that is not closed" : "writes in its workspace"}`,
      ),
    };
  }
  if ("problem" in profile) return { outcome: refused(profile.problem) };
  const globs = pathGlobs(permission);
  if (globs?.isNegated) return { outcome: approximated("Codex takes nothing back: what it names stays closed") };
  if (globs === undefined || globs.globs.includes("**")) return writeAll(match);
  const odd = globs.globs.find((glob) => /\\|(?:^|\/)\.{1,2}(?:\/|$)/.test(glob));
  if (odd !== undefined) return { outcome: refused(`Codex has no pattern for "${match.pattern}"`) };
  const at = (glob: string) => place(permission, glob);
  if (match.tool === "Edit") return writeEdit(globs.globs, at);
  const [first] = globs.globs;
  if (match.anchor === "absolute" && globCharacter.test(first.split("/")[0])) return writeAnywhere(globs.globs);
  const needed = globCharacter.test(first) ? globs.globs : [first];
  const closed = needed.map((glob) => ({ path: at(glob), access: "deny" as const }));
  return {
    closed,
    loss: isWide(match, first) ? `no command starts where it matches more than ${matchesMax} files` : undefined,
    outcome: action === "deny" ? exact : approximated("Codex cannot ask for a file, which stays closed"),
  };
}

/** Says whether a rule may be for very many files: for a place in every folder, and not for files of one name. */
function isWide({ pattern }: FileMatch, glob: string): boolean {
  const name = pattern.slice(pattern.lastIndexOf("/") + 1);
  return globCharacter.test(glob.split("/")[0]) && (name === "" || globCharacter.test(name));
}

function writeAll({ tool }: FileMatch): Written {
  if (tool === "Read") return { outcome: refused("Codex can do nothing without reading") };
  const closed = [{ path: [workspace, "."], access: "read" as const }];
  return { closed, outcome: approximated("a command may write where a person lets it out of the sandbox") };
}

/** Codex starts no command beside a pattern that it would have to look for everywhere. */
function writeAnywhere(globs: readonly string[]): Written {
  const inside = globs.filter((glob) => glob.startsWith("**/"));
  const where = inside.length > 0 ? ", and so in its workspace alone" : "";
  return {
    closed: inside.map((glob) => ({ path: [workspace, glob], access: "deny" })),
    outcome: refused(`Codex looks for a pattern only below a folder${where}`),
  };
}

/** Codex keeps single paths and whole folders from being written, and patterns only from being read, too. */
function writeEdit(globs: readonly string[], at: (glob: string) => string[]): Written {
  const [first] = globs;
  const names = first.split("/");
  const start = names.findIndex((name) => globCharacter.test(name));
  const folder = names.slice(0, start).join("/");
  const read = (glob: string) => ({ path: at(glob), access: "read" as const });
  const loss = "a command may write there where a person lets it out of the sandbox";
  if (start < 0) return { closed: [read(first)], outcome: approximated(loss) };
  if (folder !== "") {
    const isWhole = names.slice(start).join("/") === "**";
    const wider = isWhole ? "" : `all of ${folder} is kept from being written, and `;
    return { closed: [read(`${folder}/**`)], outcome: approximated(wider + loss) };
  }
  const [, name] = names;
  const isSingle = names[0] === "**" && names.length === 2 && !globCharacter.test(name);
  return isSingle
    ? { closed: [read(name)], outcome: refused(`Codex keeps only the ${name} in the root from being written`) }
    : { outcome: refused(`Codex has no pattern for files that are read and not written`) };
}

/** Returns the keys below `filesystem` for a path below the anchor of the rule. */
function place({ match, origin }: FilePermission, path: string): string[] {
  if (match.anchor === "absolute") return [`/${path}`];
  if (match.anchor === "home") return [`~/${path}`];
  return match.anchor === "settings" && origin.scope === "user" ? [`~/.claude/${path}`] : [workspace, path];
}

function isAboutFiles(permission: Permission): permission is FilePermission {
  return permission.match.tool === "Read" || permission.match.tool === "Edit";
}
