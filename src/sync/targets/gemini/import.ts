// What Gemini CLI is told in a project, as Claude Code says it: servers, policies that truce wrote, and GEMINI.md.
//
// `$NAME` is a variable here and not there: it becomes `${NAME}`.

import { asObject, field, type JsonObject, numberField, textField, textList } from "../../../base/decode.ts";
import { readJson } from "../../../edit/json.ts";
import type { Imported, TargetContext } from "../../model.ts";
import {
  type FoundServer,
  type FoundTransport,
  importInstructions,
  importNothingElse,
  importServers,
  joined,
  listedTexts,
  namedTexts,
} from "../imported.ts";
import { rootOf } from "../shared.ts";
import { importPolicies } from "./import_policies.ts";
import { contextNames } from "./instructions.ts";

const known = new Set("command args env cwd url httpUrl type headers timeout excludeTools".split(" "));
const leftOut = new Set(["description", "trust"]);
const ownPolicies = ["~/.gemini/policies", ".gemini/policies/truce.toml"];

/** Reads settings.json, the policies of truce's own, and GEMINI.md. */
export function importItems(context: TargetContext): Imported {
  const path = `${rootOf(context)}/.gemini/settings.json`;
  const settings = asObject(readJson(context.read(path) ?? "", path)) ?? {};
  const isEnabled = enabledBy(field(settings, "mcp"));
  const parts = ["mcpServers"];
  const servers = importServers(field(settings, parts[0]), {
    scope: context.scope,
    path,
    parts,
    known,
    leftOut,
    read: (name, entry) => read(entry, isEnabled(name)),
  });
  const named = textList(settings, "policyPaths").filter((one) => !ownPolicies.includes(one));
  const policies = named.length === 0
    ? []
    : [{ what: "policyPaths", why: `${named.join(", ")}: only policies that truce wrote are imported` }];
  return joined([
    servers,
    { items: [], skipped: policies },
    importPolicies(context, servers.items.filter((item) => item.kind === "server")),
    importNothingElse(settings, ["mcpServers", "mcp", "policyPaths"]),
    ...instructionsOf(context, settings),
  ]);
}

/** Where the settings name CLAUDE.md, there is nothing to take over. */
function instructionsOf(context: TargetContext, settings: JsonObject): Imported[] {
  const names = contextNames(settings).filter((name) => name !== "CLAUDE.md");
  return names.map((name) => importInstructions(context, `${rootOf(context)}/${name}`));
}

/** A list of what is allowed keeps all others out; in doubt an empty one, too. */
function enabledBy(mcp: unknown): (name: string) => boolean {
  const [excluded, allowed] = [textList(mcp, "excluded"), textList(mcp, "allowed")];
  const isOpen = field(mcp, "allowed") === undefined;
  return (name) => !excluded.includes(name) && (isOpen || allowed.includes(name));
}

function read(entry: JsonObject, isEnabled: boolean): FoundServer | string {
  const denied = listedTexts(entry, "excludeTools");
  if (denied === undefined) return "its excludeTools are no texts";
  const transport = transportOf(entry);
  if (typeof transport === "string") return transport;
  const timeoutMs = numberField(entry, "timeout");
  const held = denied.map((tool) => ({ action: "deny", tool }) as const);
  return { transport, ...(timeoutMs === undefined ? {} : { timeoutMs }), isEnabled, held };
}

function transportOf(entry: JsonObject): FoundTransport {
  const [command, url, httpUrl] = ["command", "url", "httpUrl"].map((name) => textField(entry, name));
  if ([command, url, httpUrl].filter((one) => one !== undefined).length !== 1) {
    return "it must have one of command, url and httpUrl";
  }
  const type = field(entry, "type");
  if (command !== undefined) return stdioOf(entry, command);
  const headers = namedTexts(entry, "headers");
  if (headers === undefined) return "its headers must be texts";
  if (httpUrl !== undefined) return { type: "http", url: said(httpUrl), headers: saidAll(headers) };
  if (type !== "http" && type !== "sse") return "its url has no type, which is http or sse";
  return { type, url: said(url ?? ""), headers: saidAll(headers) };
}

function stdioOf(entry: JsonObject, command: string): FoundTransport {
  const [args, env, cwd] = [listedTexts(entry, "args"), namedTexts(entry, "env"), textField(entry, "cwd")];
  if (args === undefined || env === undefined) return "its args and env must be texts";
  const where = cwd === undefined ? {} : { cwd: said(cwd) };
  return { type: "stdio", command: said(command), args: args.map(said), env: saidAll(env), ...where };
}

function saidAll(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, said(text)]));
}

function said(text: string): string {
  return text.replaceAll(/\$([A-Za-z_]\w*)/g, "${$1}");
}
