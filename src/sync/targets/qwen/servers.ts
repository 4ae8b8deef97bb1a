// MCP servers for Qwen Code 0.24. It reads .mcp.json, but puts in no variables there; it does in its settings, where a
// server comes before one of the same name in .mcp.json. It has no default for a variable.

import { pointerOf } from "../../edit/pointer.ts";
import type { Server, Source, TargetContext } from "../../model.ts";
import { partsOf, referencesIn } from "../../reference.ts";
import { withLosses } from "../losses.ts";
import { type Entries, native, type Part, privately, told } from "../parts.ts";
import { secretIn } from "../server_secret.ts";
import { exact, itemsOf, type Outcome, refused } from "../shared.ts";

/** Returns the settings for servers, and what became of each. */
export function serversPart(source: Source, context: TargetContext): Part {
  const entries: Entries[number][] = [];
  const { fates } = told("qwen", itemsOf(source, context, "server"), (server) => {
    const outcome = privately(server) ?? outcomeOf(server, context);
    if (!server.isEnabled && privately(server) === undefined) {
      entries.push({ pointer: "/mcp/excluded/-", value: server.name });
      return exact;
    }
    if (outcome.outcome === "exact" || outcome.outcome === "approximated") {
      entries.push({ pointer: pointerOf(["mcpServers", server.name]), value: valueOf(server) });
    }
    return outcome;
  });
  return { entries, fates };
}

function outcomeOf(server: Server, { scope }: TargetContext): Outcome {
  const { transport, unknown } = server;
  if (transport.type === "ws") return refused("Qwen Code does not speak to servers over WebSocket");
  if (transport.type !== "stdio" && transport.headersHelper !== undefined) {
    return refused("its headers come from a program, which Qwen Code does not start");
  }
  const texts = textsOf(server);
  const references = texts.flatMap(referencesIn);
  if (scope === "project" && references.length === 0) return native("Qwen Code reads .mcp.json itself");
  const secret = secretIn(server);
  if (secret !== undefined) return refused(`a secret is written out in its ${secret}`);
  const fallback = references.find((one) => one.fallback !== undefined);
  if (fallback !== undefined) return refused(`Qwen Code has no default for ${fallback.name}`);
  if (texts.some(hasDollar)) return refused("Qwen Code would put in a variable for a word behind a dollar sign");
  return withLosses(unknown.length === 0 ? [] : [`not carried over: ${unknown.join(", ")}`]);
}

/** The transport is known by the name of the field; `type` is not looked at. */
function valueOf({ transport, timeoutMs }: Server) {
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  if (transport.type !== "stdio") {
    const { type, url, headers } = transport;
    return { ...(type === "sse" ? { url } : { httpUrl: url }), headers, ...timeout };
  }
  const { command, args, env, cwd } = transport;
  return { command, args, env, ...(cwd === undefined ? {} : { cwd }), ...timeout };
}

function textsOf({ transport }: Server): string[] {
  if (transport.type !== "stdio") return [transport.url, ...Object.values(transport.headers)];
  return [transport.command, ...transport.args, ...Object.values(transport.env), transport.cwd ?? ""];
}

function hasDollar(text: string): boolean {
  return partsOf(text).some((part) => part.kind === "text" && /\$[\w{]/.test(part.text));
}
