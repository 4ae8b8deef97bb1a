// MCP servers for Copilot CLI 1.0.102. It puts in `${NAME}` and `${NAME:-default}` as Claude Code does, in .mcp.json and in
// its own file.

import { pointerOf } from "../../edit/pointer.ts";
import type { Server, Source, TargetContext } from "../../model.ts";
import { withLosses } from "../losses.ts";
import { type Entries, native, type Part, privately, told } from "../parts.ts";
import { secretIn } from "../server_secret.ts";
import { exact, itemsOf, type Outcome, refused, rootOf } from "../shared.ts";

/** Returns what becomes of the servers of a project: Copilot reads them itself, also those that are switched off. */
export function serversPart(source: Source, context: TargetContext): Part {
  const servers = itemsOf(source, context, "server");
  const entries = servers.filter((server) => !server.isEnabled && privately(server) === undefined).map(switchedOff);
  const { fates } = told("copilot", servers, (server) => {
    const problem = privately(server) ?? problemOf(server);
    return problem ?? (server.isEnabled ? native("Copilot reads .mcp.json itself") : exact);
  });
  return { entries, fates };
}

/** Returns the servers of a user, in a file for servers alone. */
export function userServers(source: Source, context: TargetContext): Part {
  const servers = itemsOf(source, context, "server");
  const part = told("copilot", servers, (server) => {
    const secret = secretIn(server);
    const lost = server.unknown.length === 0 ? [] : [`not carried over: ${server.unknown.join(", ")}`];
    return problemOf(server) ??
      (secret === undefined ? withLosses(lost) : refused(`a secret is written out in its ${secret}`));
  });
  const entries = servers.filter((_, i) => part.fates[i].outcome !== "refused").map((server) => ({
    pointer: pointerOf(["mcpServers", server.name]),
    value: valueOf(server),
  }));
  const path = `${rootOf(context)}/.copilot/mcp-config.json`;
  return { ...part, files: entries.length === 0 ? [] : [{ kind: "keys", path, format: "json", entries }] };
}

function problemOf({ transport }: Server): Outcome | undefined {
  if (transport.type === "ws") return refused("Copilot does not speak to servers over WebSocket");
  return transport.type !== "stdio" && transport.headersHelper !== undefined
    ? refused("its headers come from a program, which Copilot does not start")
    : undefined;
}

function valueOf({ transport, timeoutMs }: Server) {
  const rest = { ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }), tools: ["*"] };
  if (transport.type !== "stdio") {
    return { type: transport.type, url: transport.url, headers: transport.headers, ...rest };
  }
  const { command, args, env, cwd } = transport;
  return { type: "local", command, args, env, ...(cwd === undefined ? {} : { cwd }), ...rest };
}

/** Returns the value of the settings that switches a server off. */
export function switchedOff({ name: server }: Pick<Server, "name">): Entries[number] {
  return { pointer: "/disabledMcpServers/-", value: server };
}
