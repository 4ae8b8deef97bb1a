// MCP servers for Copilot CLI 1.0.102. It puts in `${NAME}` and `${NAME:-default}` as Claude Code does, in .mcp.json and in
// its own file.

import { pointerOf } from "../../../edit/pointer.ts";
import type { Server, Source, TargetContext } from "../../model.ts";
import { notCarried, withLosses } from "../losses.ts";
import { type Entry, made, type Part } from "../parts.ts";
import { refusedSecret, refusedTransport } from "../server_problems.ts";
import { exact, itemsOf, native, privately, rootOf } from "../shared.ts";

const title = "Copilot";

/** Returns what becomes of the servers of a project: Copilot reads them itself, also those that are switched off. */
export function serversPart(source: Source, context: TargetContext): Part {
  return made("copilot", itemsOf(source, context, "server"), (server) => {
    const { isEnabled } = server;
    const secluded = privately(server);
    if (secluded !== undefined) return { outcome: secluded };
    const outcome = refusedTransport(server, title) ??
      (isEnabled ? native("Copilot reads .mcp.json itself") : exact);
    return { outcome, entries: isEnabled ? [] : [switchedOff(server.name)] };
  });
}

/** Returns the servers of a user, in a file for servers alone. */
export function userServers(source: Source, context: TargetContext): Part {
  const { entries, fates } = made("copilot", itemsOf(source, context, "server"), (server) => {
    const problem = refusedTransport(server, title) ?? refusedSecret(server);
    if (problem !== undefined) return { outcome: problem };
    const entry = { pointer: pointerOf(["mcpServers", server.name]), value: valueOf(server) };
    return { outcome: withLosses(notCarried(server.unknown)), entries: [entry] };
  });
  const path = `${rootOf(context)}/.copilot/mcp-config.json`;
  return { fates, files: entries.length === 0 ? [] : [{ kind: "keys", path, format: "json", entries }] };
}

/** Returns the value of the settings that switches a server off. */
export function switchedOff(server: string): Entry {
  return { pointer: "/disabledMcpServers/-", value: server };
}

function valueOf({ transport, timeoutMs }: Server) {
  const rest = { ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }), tools: ["*"] };
  if (transport.type !== "stdio") {
    return { type: transport.type, url: transport.url, headers: transport.headers, ...rest };
  }
  const { command, args, env, cwd } = transport;
  return { type: "local", command, args, env, ...(cwd === undefined ? {} : { cwd }), ...rest };
}
