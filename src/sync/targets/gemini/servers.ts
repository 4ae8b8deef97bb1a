// MCP servers for Gemini CLI 0.61.0. It puts in `${NAME}` and `${NAME:-default}` as Claude Code does, and `$NAME`, too,
// so that a text with a dollar sign of its own may come out as another one.

import { pointerOf } from "../../../edit/pointer.ts";
import type { Server, Source, TargetContext } from "../../model.ts";
import { notCarried, withLosses } from "../losses.ts";
import { made, type Part } from "../parts.ts";
import { hasDollar, refusedSecret, refusedTransport, textsOf } from "../server_problems.ts";
import { approximated, itemsOf, type Outcome, privately, refused } from "../shared.ts";

const title = "Gemini CLI";

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
export function serversPart(source: Source, context: TargetContext): Part {
  const taken = new Set<string>();
  return made("gemini", itemsOf(source, context, "server"), (server) => {
    const name = serverNameOf(server);
    const outcome = taken.has(name) ? refused(`a server before it is called "${name}", too`) : outcomeOf(server);
    if (outcome.outcome === "refused") return { outcome };
    taken.add(name);
    // A project's list of servers that are off replaces the user's: it would switch on what the user has switched off.
    if (!server.isEnabled && server.origin.scope !== "user") {
      return { outcome: approximated("it is switched off, so it is left out") };
    }
    const entry = { pointer: pointerOf(["mcpServers", name]), value: valueOf(server) };
    return { outcome, entries: server.isEnabled ? [entry] : [entry, { pointer: "/mcp/excluded/-", value: name }] };
  });
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
  return privately(server, ".gemini") ?? refusedTransport(server, title) ?? refusedSecret(server) ??
    withLosses(lossesOf(server));
}

function lossesOf(server: Server): string[] {
  const { transport, name } = server;
  const held = transport.type === "stdio"
    ? Object.keys(transport.env).filter((one) => heldBack.has(one.toUpperCase()))
    : [];
  return [
    ...(serverNameOf(server) === name ? [] : [`it is called "${serverNameOf(server)}" there`]),
    ...(held.length > 0 ? [`Gemini CLI gives no server the variable ${held.join(" or ")}`] : []),
    ...(textsOf(server).some(hasDollar) ? ["Gemini CLI puts in a variable for every word behind a dollar sign"] : []),
    ...notCarried(server.unknown),
  ];
}
