// What Codex is told in a project, as Claude Code says it: the servers of config.toml, the files that its profile closes,
// and AGENTS.md. Codex puts no variable into any text, so that one that looks like
// it is not taken over; its fields for the names of variables become references.

import { asObject, field, type JsonObject, numberField, textField } from "../../../base/decode.ts";
import { readToml } from "../../../edit/toml.ts";
import type { Imported, Origin, Skipped, TargetContext } from "../../model.ts";
import { permissionOf } from "../../permission.ts";
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
import { importFileRules, profileFields } from "./import_files.ts";

const switchFields = ["web_search", "agents"];
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
const stdioFields = ["command", "args", "cwd", "env", "env_vars"];
const httpFields = ["url", "bearer_token_env_var", "env_http_headers", "http_headers", "http_headers_helper"];
const toolFields = ["disabled_tools", "default_tools_approval_mode", "tools"];
const known = new Set([...stdioFields, ...httpFields, ...toolFields, "enabled", "tool_timeout_sec"]);
const leftOut = new Set(["startup_timeout_sec", "startup_timeout_ms", "required", "supports_parallel_tool_calls"]);

/** Reads config.toml and AGENTS.md. */
export function importItems(context: TargetContext): Imported {
  const path = `${rootOf(context)}/.codex/config.toml`;
  const parts = ["mcp_servers"];
  const config = readToml(context.read(path) ?? "", path);
  return joined([
    importServers(field(config, parts[0]), { scope: context.scope, path, parts, known, leftOut, read }),
    importFileRules(config, { scope: context.scope, path }),
    importSwitches(config, { scope: context.scope, path }),
    importNothingElse(config, [...parts, ...profileFields, ...switchFields]),
    importInstructions(context, `${rootOf(context)}/AGENTS.md`),
  ]);
}

/** Reads the two tools that Codex can be left without. */
function importSwitches(config: unknown, origin: Origin): Imported {
  const [search, agents] = [field(config, "web_search"), asObject(field(config, "agents")) ?? {}];
  const closed = [
    ...(search === "disabled" ? ["WebSearch"] : []),
    ...(agents.enabled === false ? ["Agent"] : []),
  ];
  const left = [
    ...(search === undefined || search === "disabled" ? [] : ["web_search"]),
    ...Object.keys(agents).filter((name) => name !== "enabled").map((name) => `agents.${name}`),
  ];
  return {
    items: closed.map((tool) => permissionOf("deny", tool, origin)),
    skipped: left.map((what) => ({ what, why: "Claude Code's files have no word for it" })),
  };
}

function read(name: string, entry: JsonObject): FoundServer | string {
  const transport = transportOf(entry);
  if (typeof transport === "string") return transport;
  const tools = toolsOf(name, entry);
  if (typeof tools === "string") return tools;
  const seconds = numberField(entry, "tool_timeout_sec");
  const timeout = seconds === undefined ? {} : { timeoutMs: Number((seconds * 1000).toPrecision(12)) };
  return { transport, ...timeout, isEnabled: field(entry, "enabled") !== false, ...tools };
}

function transportOf(entry: JsonObject): FoundTransport {
  const [command, url] = [textField(entry, "command"), textField(entry, "url")];
  if ((command === undefined) === (url === undefined)) return "it must have either a command or a url";
  const foreign = (command === undefined ? stdioFields : httpFields).find((name) => field(entry, name) !== undefined);
  if (foreign !== undefined) return `its ${foreign} is for servers of another kind`;
  return command === undefined ? httpOf(entry, url ?? "") : stdioOf(entry, command);
}

function stdioOf(entry: JsonObject, command: string): FoundTransport {
  const [args, env, passed] = [listedTexts(entry, "args"), namedTexts(entry, "env"), listedTexts(entry, "env_vars")];
  if (args === undefined || env === undefined || passed === undefined) {
    return "its args, env and env_vars must be texts";
  }
  const cwd = textField(entry, "cwd");
  const refusal = refusalOfTexts([command, ...args, cwd ?? "", ...Object.values(env)]) ?? refusalOfNames(passed);
  if (refusal !== undefined) return refusal;
  const twice = passed.find((name) => Object.hasOwn(env, name));
  if (twice !== undefined) return `${twice} is in its env and its env_vars`;
  const all = { ...env, ...Object.fromEntries(passed.map((name) => [name, `\${${name}}`])) };
  return { type: "stdio", command, args, env: all, ...(cwd === undefined ? {} : { cwd }) };
}

function httpOf(entry: JsonObject, url: string): FoundTransport {
  const [literal, named] = [namedTexts(entry, "http_headers"), namedTexts(entry, "env_http_headers")];
  if (literal === undefined || named === undefined) return "its headers must be texts";
  const [bearer, headersHelper] = [textField(entry, "bearer_token_env_var"), textField(entry, "http_headers_helper")];
  const refusal = refusalOfTexts([url, headersHelper ?? "", ...Object.values(literal)]) ??
    refusalOfNames([...Object.values(named), ...bearer === undefined ? [] : [bearer]]);
  if (refusal !== undefined) return refusal;
  const headers = [
    ...(bearer === undefined ? [] : [["Authorization", `Bearer \${${bearer}}`] as const]),
    ...Object.entries(named).map(([header, name]) => [header, `\${${name}}`] as const),
    ...Object.entries(literal),
  ];
  if (new Set(headers.map(([header]) => header.toLowerCase())).size < headers.length) return "it says a header twice";
  const helper = headersHelper === undefined ? {} : { headersHelper };
  return { type: "http", url, headers: Object.fromEntries(headers), ...helper };
}

function refusalOfNames(names: readonly string[]): string | undefined {
  const odd = names.find((name) => !variable.test(name));
  return odd === undefined ? undefined : `"${odd}" is no name of a variable in Claude Code`;
}

/** Returns what is denied or asked for of the tools; what is allowed stays here. */
function toolsOf(name: string, entry: JsonObject): Pick<FoundServer, "held" | "skipped"> | string {
  const [denied, tools] = [listedTexts(entry, "disabled_tools"), asObject(field(entry, "tools") ?? {})];
  if (denied === undefined || tools === undefined) return "its tools cannot be understood";
  const held: HeldTools[] = denied.map((tool) => ({ action: "deny", tool }));
  const skipped: Skipped[] = [];
  const modes = Object.entries(tools).map(([tool, said]) => [tool, field(said, "approval_mode")] as const);
  for (const [tool, mode] of [[undefined, field(entry, "default_tools_approval_mode")] as const, ...modes]) {
    const what = `server ${name}: approval of ${tool ?? "its tools"}`;
    if (mode === "prompt") held.push(tool === undefined ? { action: "ask" } : { action: "ask", tool });
    else if (mode === "approve") skipped.push({ what, why: "what is allowed is for each to decide" });
    else if (mode !== undefined && mode !== "auto") return `its approval mode ${JSON.stringify(mode)} is not known`;
  }
  const odd = Object.values(tools).flatMap((said) => Object.keys(asObject(said) ?? { it: said }))
    .find((one) => one !== "approval_mode");
  return odd === undefined ? { held, skipped } : `"${odd}" of its tools cannot be said in Claude Code's files`;
}
