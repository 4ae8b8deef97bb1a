// MCP servers as tables of config.toml. Codex puts no variables into any text: it has fields for the names of variables
// instead, for a whole value of the environment, a whole header, and the token of a bearer. What does not fit is refused.

import { asObject, field, type JsonObject } from "../../../base/decode.ts";
import type { Permission, Server, Source, TargetContext } from "../../model.ts";
import { serverInTools } from "../../permission.ts";
import { referencesIn, soleReference } from "../../reference.ts";
import { isLike } from "../../source/glob.ts";
import { made, type Part, told } from "../parts.ts";
import { type MatchOf, serversLike } from "../permission_parts.ts";
import { isSecret } from "../secret.ts";
import { refusedSecret } from "../server_problems.ts";
import { approximated, exact, itemsOf, type Outcome, refused } from "../shared.ts";
import { entry, leftOut } from "./part.ts";

type Stdio = Extract<Server["transport"], { type: "stdio" }>;
type Http = Exclude<Server["transport"], Stdio>;
type McpMatch = MatchOf<"mcp">;
type McpPermission = Permission & { readonly match: McpMatch };

/** The table of a server, or why there is none. */
type Table = { readonly fields: JsonObject } | { readonly refusal: string };

const namePattern = /^[a-zA-Z0-9_:@/.-]+$/;
const bearerPattern = /^Bearer \$\{([A-Za-z_][A-Za-z0-9_]*)\}$/i;

/** Returns the servers, with what the permissions say about them and their tools. */
export function serversPart(source: Source, context: TargetContext, userConfig: JsonObject): Part {
  const servers = itemsOf(source, context, "server");
  const permissions = itemsOf(source, context, "permission").filter(isAboutServers);
  const { entries, fates } = made("codex", servers, (server) => {
    const table = clash(server, source, userConfig, context) ?? tableOf(server);
    if ("refusal" in table) {
      const { refusal } = table;
      const isOff = !server.isEnabled;
      return { outcome: isOff ? approximated(`it is switched off and left out: ${refusal}`) : refused(refusal) };
    }
    const fields = { ...table.fields, ...permitted(server, permissions, context) };
    return { outcome: fateOfUnknown(server), entries: [entry(["mcp_servers", server.name], fields)] };
  });
  const rules = told("codex", permissions, (permission) => fateOfPermission(permission, servers, context));
  return { entries, fates: [...fates, ...rules.fates] };
}

function tableOf(server: Server): Table {
  const { name, transport, timeoutMs, isEnabled } = server;
  if (!namePattern.test(name)) return { refusal: `Codex takes no server called "${name}"` };
  if (transport.type === "sse" || transport.type === "ws") return { refusal: `Codex does not speak ${transport.type}` };
  const secret = refusedSecret(server)?.reason;
  if (secret !== undefined) return { refusal: secret };
  const table = transport.type === "stdio" ? stdioTable(transport) : httpTable(transport);
  if ("refusal" in table) return table;
  const rest = {
    ...(isEnabled ? {} : { enabled: false }),
    ...(timeoutMs === undefined ? {} : { tool_timeout_sec: timeoutMs / 1000 }),
  };
  return { fields: { ...table.fields, ...rest } };
}

function stdioTable({ command, args, env, cwd }: Stdio): Table {
  for (const text of [command, ...args, cwd ?? ""]) {
    const [reference] = referencesIn(text);
    if (reference !== undefined) return { refusal: `Codex puts no variable into "${text}"` };
  }
  const literal: Record<string, string> = {};
  const passed: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    const refusal = refusalOfVariable(name, text);
    if (refusal !== undefined) return { refusal };
    if (soleReference(text) === undefined) literal[name] = text;
    else passed.push(name);
  }
  const fields = {
    command,
    args,
    ...(cwd === undefined ? {} : { cwd }),
    ...(passed.length === 0 ? {} : { env_vars: passed }),
    ...(Object.keys(literal).length === 0 ? {} : { env: literal }),
  };
  return { fields };
}

function refusalOfVariable(name: string, text: string): string | undefined {
  if (referencesIn(text).length === 0) return undefined;
  const reference = soleReference(text);
  if (reference === undefined) return `Codex puts no variable into a part of ${name}`;
  if (reference.name !== name) return `Codex cannot pass ${reference.name} under the other name ${name}`;
  return reference.fallback === undefined ? undefined : `Codex has no default for ${name}`;
}

function httpTable({ url, headers, headersHelper }: Http): Table {
  if (referencesIn(url).length > 0) return { refusal: `Codex puts no variable into "${url}"` };
  if (headersHelper !== undefined && (referencesIn(headersHelper).length > 0 || isSecret("", headersHelper))) {
    return { refusal: "its headersHelper holds a variable or a secret" };
  }
  const literal: Record<string, string> = {};
  const fromEnv: Record<string, string> = {};
  let bearer: string | undefined;
  for (const [name, text] of Object.entries(headers)) {
    const sole = soleReference(text);
    const token = name.toLowerCase() === "authorization" ? bearerPattern.exec(text)?.[1] : undefined;
    if (token !== undefined) bearer = token;
    else if (sole !== undefined && sole.fallback === undefined) fromEnv[name] = sole.name;
    else if (referencesIn(text).length > 0) {
      return { refusal: `Codex can neither compose nor default the header ${name}` };
    } else literal[name] = text;
  }
  const fields = {
    url,
    ...(bearer === undefined ? {} : { bearer_token_env_var: bearer }),
    ...(Object.keys(fromEnv).length === 0 ? {} : { env_http_headers: fromEnv }),
    ...(Object.keys(literal).length === 0 ? {} : { http_headers: literal }),
    ...(headersHelper === undefined ? {} : { http_headers_helper: headersHelper }),
  };
  return { fields };
}

/** A server of the user's and one of the project's become one table; with both transports in it Codex does not start. */
function clash(server: Server, source: Source, userConfig: JsonObject, context: TargetContext): Table | undefined {
  if (context.scope === "user") return undefined;
  const isStdio = server.transport.type === "stdio";
  const other = asObject(field(field(userConfig, "mcp_servers"), server.name));
  const isOther = field(other, isStdio ? "url" : "command") !== undefined ||
    source.items.some((item) =>
      item.kind === "server" && item.origin.scope === "user" && item.name === server.name &&
      (item.transport.type === "stdio") !== isStdio
    );
  return isOther ? { refusal: "the user's own configuration has another server of this name" } : undefined;
}

function fateOfUnknown({ unknown }: Server): Outcome {
  return unknown.length === 0 ? exact : approximated(`its ${unknown.join(", ")} is not known here and left out`);
}

/** Returns the fields of a server that keep its tools closed, or let them be asked for. */
function permitted(server: Server, all: readonly McpPermission[], { allowsRules }: TargetContext): JsonObject {
  const about = all.filter(({ match }) => isLike(match.server, serverInTools(server.name)));
  const of = (action: Permission["action"]) =>
    about.filter((one) => one.action === action).map(({ match }) => match.name);
  const [denied, asked, allowed] = [of("deny"), of("ask"), allowsRules ? of("allow") : []];
  const isAllAsked = asked.some(isSeveral);
  const mode = isAllAsked ? "prompt" : allowed.includes(undefined) ? "approve" : undefined;
  const tools = new Map<string, { approval_mode: string }>();
  const set = (names: readonly (string | undefined)[], approval_mode: string) => {
    for (const one of names) if (one !== undefined && !isSeveral(one)) tools.set(one, { approval_mode });
  };
  if (!isAllAsked) set(allowed, "approve");
  set(asked, "prompt");
  const closed = denied.filter((one) => one !== undefined && !isSeveral(one));
  return {
    ...(denied.some(isSeveral) ? { enabled: false } : {}),
    ...(closed.length === 0 ? {} : { disabled_tools: [...new Set(closed)] }),
    ...(mode === undefined ? {} : { default_tools_approval_mode: mode }),
    ...(tools.size === 0 ? {} : { tools: Object.fromEntries(tools) }),
  };
}

function fateOfPermission(
  { action, match }: McpPermission,
  servers: readonly Server[],
  context: TargetContext,
): Outcome {
  if (action === "allow") return allowOutcome(match, context);
  if (serversLike(match.server, servers).length === 0) {
    return refused("Codex takes it from the table of the server alone, and there is none in this scope");
  }
  if (match.name === undefined || !isSeveral(match.name)) return exact;
  return approximated(action === "deny" ? "the whole server is closed" : "all tools of the server are asked for");
}

function allowOutcome({ name }: McpMatch, { allowsRules }: TargetContext): Outcome {
  if (!allowsRules) return leftOut;
  return name !== undefined && isSeveral(name) ? approximated("Codex allows single tools or all of them") : exact;
}

function isAboutServers(permission: Permission): permission is McpPermission {
  return permission.match.tool === "mcp";
}

/** Says whether a name of tools stands for more than one. */
function isSeveral(name: string | undefined): boolean {
  return name === undefined || name.includes("*");
}
