// MCP servers for Gemini CLI 0.61.0. It puts in `${NAME}` and `${NAME:-default}` as Claude Code does, and `$NAME`, too,
// so that a text with a dollar sign of its own may come out as another one.

import type { Server } from "../../model.ts";
import { pointerOf } from "../../edit/pointer.ts";
import { partsOf } from "../../reference.ts";
import { withLosses } from "../losses.ts";
import { secretIn } from "../server_secret.ts";
import { approximated, type Outcome, refused } from "../shared.ts";
import type { Entries } from "./settings.ts";

/** Variables that Gemini CLI does not let a server have. */
const heldBack = new Set([
  ..."NODE_OPTIONS NODE_CLI_FLAGS _FORCE_NODE_OPTIONS NODE_PATH ELECTRON_RUN_AS_NODE PYTHONPATH PYTHONSTARTUP".split(
    " ",
  ),
  ..."RUBYOPT RUBYLIB PERL5OPT PERL5LIB PERL5DB LD_PRELOAD LD_AUDIT LD_DEBUG LD_PROFILE LD_LIBRARY_PATH".split(" "),
  ..."DYLD_INSERT_LIBRARIES DYLD_FORCE_FLAT_NAMESPACE DYLD_LIBRARY_PATH DYLD_FRAMEWORK_PATH".split(" "),
  ..."DYLD_FALLBACK_LIBRARY_PATH DYLD_FALLBACK_FRAMEWORK_PATH BASH_ENV ENV JAVA_TOOL_OPTIONS _JAVA_OPTIONS".split(" "),
  ..."CLASSPATH DOTNET_STARTUP_HOOKS CORECLR_PROFILER_PATH CORECLR_ENABLE_PROFILING".split(" "),
]);

/** A longer one is cut where it stands before the name of a tool, and then no rule for all tools of the server holds. */
const nameMax = 25;

/** Returns the name of a server in Gemini CLI, where it becomes a part of the names of its tools. */
export function serverNameOf({ name }: Pick<Server, "name">): string {
  return name.replaceAll(/[^A-Za-z0-9_.:-]/g, "-").replace(/^mcp_/, "mcp-").slice(0, nameMax);
}

/** Says whether a rule for all tools of the server that Gemini CLI calls `name` holds. */
export function isHeldAsWhole(name: string): boolean {
  return serverNameOf({ name }) === name;
}

/** Returns the settings for servers, and what became of each. */
export function serverEntries(servers: readonly Server[]): { entries: Entries; outcomes: Map<Server, Outcome> } {
  const entries: { pointer: string; value: unknown }[] = [];
  const outcomes = new Map<Server, Outcome>();
  const taken = new Set<string>();
  for (const server of servers) {
    const name = serverNameOf(server);
    const outcome = taken.has(name) ? refused(`a server before it is called "${name}", too`) : outcomeOf(server);
    outcomes.set(server, outcome);
    if (outcome.outcome === "refused") continue;
    taken.add(name);
    // A project's list of servers that are off replaces the user's: it would switch on what the user has switched off.
    if (!server.isEnabled && server.origin.scope !== "user") {
      outcomes.set(server, approximated("it is switched off, so it is left out"));
      continue;
    }
    entries.push({ pointer: pointerOf(["mcpServers", name]), value: valueOf(server) });
    if (!server.isEnabled) entries.push({ pointer: "/mcp/excluded/-", value: name });
  }
  return { entries, outcomes };
}

function valueOf({ transport, timeoutMs }: Server): Record<string, unknown> {
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  if (transport.type === "stdio") {
    const { command, args, env, cwd } = transport;
    const kept = Object.entries(env).filter(([name]) => !heldBack.has(name.toUpperCase()));
    return {
      command,
      ...(args.length > 0 ? { args } : {}),
      ...(kept.length > 0 ? { env: Object.fromEntries(kept) } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      ...timeout,
    };
  }
  const { type, url, headers } = transport;
  const where = type === "sse" ? { url, type } : { httpUrl: url };
  return { ...where, ...(Object.keys(headers).length > 0 ? { headers } : {}), ...timeout };
}

function outcomeOf(server: Server): Outcome {
  const { transport, name } = server;
  if (server.origin.scope === "private") return refused("it is private, and .gemini is for everybody");
  if (transport.type === "ws") return refused("Gemini CLI does not speak to servers over WebSocket");
  if (transport.type !== "stdio" && transport.headersHelper !== undefined) {
    return refused("its headers come from a program, which Gemini CLI does not start");
  }
  const secret = secretIn(server);
  if (secret !== undefined) return refused(`a secret is written out in its ${secret}`);
  const held = transport.type === "stdio"
    ? Object.keys(transport.env).filter((one) => heldBack.has(one.toUpperCase()))
    : [];
  const losses = [
    ...(serverNameOf(server) === name ? [] : [`it is called "${serverNameOf(server)}" there`]),
    ...(held.length > 0 ? [`Gemini CLI gives no server the variable ${held.join(" or ")}`] : []),
    ...(textsOf(server).some(hasDollar) ? ["Gemini CLI puts in a variable for every word behind a dollar sign"] : []),
    ...(server.unknown.length > 0 ? [`not carried over: ${server.unknown.join(", ")}`] : []),
  ];
  return withLosses(losses);
}

function textsOf({ transport }: Server): string[] {
  if (transport.type !== "stdio") return [transport.url, ...Object.values(transport.headers)];
  return [transport.command, ...transport.args, ...Object.values(transport.env)];
}

function hasDollar(text: string): boolean {
  return partsOf(text).some((part) => part.kind === "text" && /\$[\w{]/.test(part.text));
}
