// What OpenCode is told in a project, as Claude Code says it: the servers of its settings, with what `permission` says of
// tools, and AGENTS.md. Several files become one there; a server of which two of them speak is not taken over.

import { asObject, field, type JsonObject, numberField, textField } from "../../../base/decode.ts";
import { readJson } from "../../../edit/json.ts";
import type { Imported, Skipped, TargetContext } from "../../model.ts";
import {
  type FoundServer,
  type FoundTransport,
  type HeldTools,
  importInstructions,
  importNothingElse,
  importServers,
  joined,
  listedTexts,
  namedTexts,
  refusalOfTexts,
} from "../imported.ts";
import { rootOf } from "../shared.ts";
import { folderFor } from "./config.ts";
import { actionOf, importToolRules, type Rule } from "./import_rules.ts";
import { toolPrefixOf } from "./servers.ts";

const known = new Set("type command environment cwd url headers enabled timeout".split(" "));
const inserted = /\{(env|file):([^}]*)\}/g;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads the servers in all files with settings of the scope. */
export function importItems(context: TargetContext): Imported {
  const configs = pathsOf(context).map((path) => ({ path, config: readJson(context.read(path) ?? "", path) }));
  const all = configs.flatMap(({ config }) => Object.keys(asObject(field(config, "mcp")) ?? {}));
  const rules = configs.flatMap(({ config }) => rulesIn(config));
  const read = (name: string, entry: JsonObject) =>
    all.indexOf(name) === all.lastIndexOf(name) ? readServer(name, entry, rules) : "several files speak of it";
  const parts = ["mcp"];
  const servers = configs.map(({ path, config }) =>
    importServers(field(config, parts[0]), { scope: context.scope, path, parts, known, leftOut: new Set(), read })
  );
  const isOfServer = ([name]: Rule) => all.some((server) => name.startsWith(`${toolPrefixOf(server)}_`));
  const origin = { scope: context.scope, path: configs[0].path };
  return joined([
    ...servers,
    importToolRules(rules, origin, (rule) => !isOfServer(rule)),
    ...configs.map(({ config }) => importNothingElse(config, ["$schema", "mcp", "permission", "tools"])),
    importInstructions(context, `${rootOf(context)}/AGENTS.md`),
  ]);
}

function pathsOf(context: TargetContext): string[] {
  const folders = context.scope === "user" ? [folderFor(context)] : [rootOf(context), folderFor(context)];
  const names = context.scope === "user" ? ["config.json", "opencode.json", "opencode.jsonc"] : [
    "opencode.json",
    "opencode.jsonc",
  ];
  return folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
}

/** Returns the rules for tools; `tools` is the older way to say them. */
function rulesIn(config: unknown): Rule[] {
  const permission = field(config, "permission");
  const switches = Object.entries(asObject(field(config, "tools")) ?? {});
  return [
    ...(typeof permission === "string" ? [["*", permission]] as const : Object.entries(asObject(permission) ?? {})),
    ...switches.map(([name, isOn]): Rule => [name, isOn === false ? "deny" : "allow"]),
  ];
}

function readServer(name: string, entry: JsonObject, rules: readonly Rule[]): FoundServer | string {
  const transport = transportOf(entry);
  if (typeof transport === "string") return transport;
  const tools = toolsOf(name, rules);
  if (typeof tools === "string") return tools;
  const timeoutMs = numberField(entry, "timeout");
  const isEnabled = field(entry, "enabled") !== false;
  return { transport, ...(timeoutMs === undefined ? {} : { timeoutMs }), isEnabled, ...tools };
}

function transportOf(entry: JsonObject): FoundTransport {
  const refusal = refusalOf(entry);
  if (refusal !== undefined) return refusal;
  const type = field(entry, "type");
  if (type === "remote") {
    const [url, headers] = [textField(entry, "url"), namedTexts(entry, "headers")];
    if (url === undefined || headers === undefined) return "it must have a url, and headers that are texts";
    return { type: "http", url: said(url), headers: saidAll(headers) };
  }
  const [words, env, cwd] = [listedTexts(entry, "command"), namedTexts(entry, "environment"), textField(entry, "cwd")];
  if (type !== "local") return "its type is neither local nor remote";
  if (words === undefined || words.length === 0 || env === undefined) {
    return "its command and environment must be texts";
  }
  const [command, ...args] = words.map(said);
  return { type: "stdio", command, args, env: saidAll(env), ...(cwd === undefined ? {} : { cwd: said(cwd) }) };
}

/** Returns which text of a server Claude Code would read otherwise, if one is. */
function refusalOf(entry: JsonObject): string | undefined {
  const texts = Object.values(entry).flatMap((value) =>
    typeof value === "object" && value !== null ? [...Object.values(value)] : value
  )
    .filter((text) => typeof text === "string");
  const odd = texts.flatMap((text) => [...text.matchAll(inserted)])
    .find(([, kind, name]) => kind === "file" || !variable.test(name));
  return odd === undefined ? refusalOfTexts(texts) : `Claude Code's files have no word for ${odd[0]}`;
}

function saidAll(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, said(text)]));
}

function said(text: string): string {
  return text.replaceAll(inserted, "${$2}");
}

/** Returns what is denied or asked for of the tools of a server; what is allowed stays here. */
function toolsOf(server: string, rules: readonly Rule[]): Pick<FoundServer, "held" | "skipped"> | string {
  const prefix = `${toolPrefixOf(server)}_`;
  const held: HeldTools[] = [];
  const skipped: Skipped[] = [];
  for (const [name, value] of rules) {
    const action = actionOf(value);
    if (!name.startsWith(prefix)) {
      const isWider = name.includes("*") && prefix.startsWith(name.slice(0, name.indexOf("*")));
      if (isWider && JSON.stringify(value).includes('"deny"')) return `the permission "${name}" may close its tools`;
      continue;
    }
    if (action === undefined) return `its permission "${name}" cannot be said in Claude Code's files`;
    const tool = name.slice(prefix.length);
    if (action === "allow") {
      skipped.push({ what: `permission ${name}`, why: "what is allowed is for each to decide" });
    } else held.push(/^\**$/.test(tool) ? { action } : { action, tool });
  }
  return { held, skipped };
}
