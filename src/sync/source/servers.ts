// MCP servers: of the user and of one user's project in `~/.claude.json`, of the project in `.mcp.json`. An entry that
// Claude Code does not start is no server; a note says why.

import { asObject, field, type JsonObject, numberField, textField } from "../../base/decode.ts";
import type { Origin, Scope, Server } from "../model.ts";
import type { Reader } from "./reader.ts";
import { type Gates, withoutUndefined } from "./settings.ts";

const types: Readonly<Record<string, "http" | "sse" | "ws">> = {
  http: "http",
  "streamable-http": "http",
  sse: "sse",
  ws: "ws",
};
const stdioFields = new Set(["type", "command", "args", "env", "cwd", "timeout"]);
const remoteFields = new Set(["type", "url", "headers", "headersHelper", "timeout"]);

/** What `~/.claude.json` says of one project. */
export interface LocalProject {
  readonly servers: readonly Server[];
  readonly gates: Gates;
  /** Names that the user switched off for this project, wherever they come from. */
  readonly switchedOff: readonly string[];
  /** Whether the user lets instructions import what is outside of the project. */
  readonly approvesImports: boolean;
}

/** Returns the servers of the user. */
export function userServers(path: string, reader: Reader): Server[] {
  const value = reader.json(path);
  return value === undefined ? [] : serversIn(value, { scope: "user", path, parts: [] }, reader);
}

/** Returns what the user's own file says of the project, which it may know by the path without links. */
export function localProject(path: string, project: string, reader: Reader): LocalProject {
  const projects = field(reader.json(path), "projects");
  const name = [project, reader.realPath(project) ?? project].find((name) => field(projects, name) !== undefined);
  const entry = name === undefined ? undefined : asObject(field(projects, name));
  if (name === undefined || entry === undefined) {
    return { servers: [], gates: { enabled: [], disabled: [] }, switchedOff: [], approvesImports: false };
  }
  return {
    servers: serversIn(entry, { scope: "private", path, parts: ["projects", name] }, reader),
    gates: { enabled: texts(entry, "enabledMcpjsonServers"), disabled: texts(entry, "disabledMcpjsonServers") },
    switchedOff: texts(entry, "disabledMcpServers"),
    approvesImports: field(entry, "hasClaudeMdExternalIncludesApproved") === true,
  };
}

/** Returns the servers of the project, each with whether its user wants it. */
export function projectServers(path: string, gates: Gates, reader: Reader): Server[] {
  const value = reader.json(path);
  if (value === undefined) return [];
  return serversIn(value, { scope: "project", path, parts: [] }, reader)
    .map((server) => ({ ...server, isEnabled: isWanted(server.name, gates) }));
}

/** Returns the servers of which several have one name once: the private one, else the project's, else the user's. */
export function strongest(servers: readonly Server[]): Server[] {
  const order: readonly Scope[] = ["user", "project", "private"];
  const rank = ({ origin }: Server) => order.indexOf(origin.scope);
  return servers.filter((server) => !servers.some((other) => other.name === server.name && rank(other) > rank(server)));
}

/**
 * A no always counts. Where somebody has said yes to single servers, the others wait for their yes as they do in Claude
 * Code; where nobody has said anything, the target's own trust in the project has to do.
 */
function isWanted(name: string, { enabled, disabled, enablesAll }: Gates): boolean {
  if (disabled.includes(name)) return false;
  return enablesAll === true || enabled.includes(name) || enabled.length === 0;
}

interface Found {
  readonly scope: Scope;
  readonly path: string;
  readonly parts: readonly string[];
}

function serversIn(value: JsonObject, { scope, path, parts }: Found, reader: Reader): Server[] {
  const servers = field(value, "mcpServers");
  if (servers === undefined) return [];
  const entries = asObject(servers);
  if (entries === undefined) reader.problem(path, "mcpServers must be an object");
  return Object.entries(entries ?? {}).flatMap(([name, entry]) => {
    const origin = reader.pointed(scope, path, ...parts, "mcpServers", name);
    const server = serverOf(name, asObject(entry) ?? {}, origin);
    if (typeof server !== "string") return [server];
    reader.note(path, `the server "${name}" is passed over, as Claude Code does: ${server}`);
    return [];
  });
}

/** Returns a server, or what keeps Claude Code from starting it. */
function serverOf(name: string, entry: JsonObject, origin: Origin): Server | string {
  const transport = transportOf(entry);
  if (typeof transport === "string") return transport;
  const known = transport.type === "stdio" ? stdioFields : remoteFields;
  return withoutUndefined<Server>({
    kind: "server",
    name,
    transport,
    timeoutMs: numberField(entry, "timeout"),
    isEnabled: true,
    unknown: Object.keys(entry).filter((field) => !known.has(field)),
    origin,
  });
}

function transportOf(entry: JsonObject): Server["transport"] | string {
  const type = field(entry, "type") ?? "stdio";
  const env = recordOf(entry, "env"), headers = recordOf(entry, "headers"), args = listOf(entry, "args");
  const command = textField(entry, "command"), url = textField(entry, "url");
  if (type === "stdio") {
    if (command === undefined) return url === undefined ? "it has no command" : "it has a url and no type";
    if (args === undefined || env === undefined) return "its args must be texts and its env an object of texts";
    return withoutUndefined<Server["transport"]>({ type, command, args, env, cwd: textField(entry, "cwd") });
  }
  if (typeof type !== "string" || !Object.hasOwn(types, type)) return `its type is unknown: ${JSON.stringify(type)}`;
  if (url === undefined || headers === undefined) return "it must have a url, and headers that are texts";
  const headersHelper = textField(entry, "headersHelper");
  return withoutUndefined<Server["transport"]>({ type: types[type], url, headers, headersHelper });
}

function recordOf(entry: JsonObject, name: string): Record<string, string> | undefined {
  const object = asObject(field(entry, name) ?? {});
  const pairs = Object.entries(object ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return object === undefined || pairs.length < Object.keys(object).length ? undefined : Object.fromEntries(pairs);
}

function listOf(entry: JsonObject, name: string): string[] | undefined {
  const list = field(entry, name) ?? [];
  return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
}

function texts(entry: JsonObject, name: string): string[] {
  const list = field(entry, name);
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
