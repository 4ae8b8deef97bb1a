// The servers of settings.json as Claude Code says them. `$NAME` is a variable here and not there: it becomes `${NAME}`.

import { field, type JsonObject, numberField, textField, textList } from "../../../base/decode.ts";
import { readJson } from "../../edit/json.ts";
import type { Imported, TargetContext } from "../../model.ts";
import { type FoundServer, importServers, joined, listedTexts, namedTexts } from "../imported.ts";
import { rootOf } from "../shared.ts";

type Transport = FoundServer["transport"] | string;

const known = new Set("command args env cwd url httpUrl type headers timeout excludeTools".split(" "));
const leftOut = new Set(["description", "trust"]);

/** Reads the servers of settings.json. */
export function importItems(context: TargetContext): Imported {
  const path = `${rootOf(context)}/.gemini/settings.json`;
  const settings = readJson(context.read(path) ?? "", path);
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
  const policies = textList(settings, "policyPaths").length === 0
    ? []
    : [{ what: "policyPaths", why: "policies are not imported" }];
  return joined([servers, { items: [], skipped: policies }]);
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

function transportOf(entry: JsonObject): Transport {
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

function stdioOf(entry: JsonObject, command: string): Transport {
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
