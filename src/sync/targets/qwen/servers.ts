// MCP servers for Qwen Code 0.24. It reads .mcp.json, but puts in no variables there; it does in its settings, where a
// server comes before one of the same name in .mcp.json. It has no default for a variable.

import { pointerOf } from "../../../edit/pointer.ts";
import type { Server, Source, TargetContext } from "../../model.ts";
import { referencesIn } from "../../reference.ts";
import { notCarried, withLosses } from "../losses.ts";
import { made, type Part } from "../parts.ts";
import { hasDollar, refusedDefault, refusedSecret, refusedTransport, textsOf } from "../server_problems.ts";
import { exact, isWritten, itemsOf, native, type Outcome, privately, refused } from "../shared.ts";

const title = "Qwen Code";

/** Returns the settings for servers, and what became of each. */
export function serversPart(source: Source, context: TargetContext): Part {
  return made("qwen", itemsOf(source, context, "server"), (server) => {
    const secluded = privately(server);
    if (secluded !== undefined) return { outcome: secluded };
    if (!server.isEnabled) return { outcome: exact, entries: [{ pointer: "/mcp/excluded/-", value: server.name }] };
    const outcome = outcomeOf(server, context);
    const entry = { pointer: pointerOf(["mcpServers", server.name]), value: valueOf(server) };
    return { outcome, entries: isWritten(outcome) ? [entry] : [] };
  });
}

function outcomeOf(server: Server, { scope }: TargetContext): Outcome {
  const problem = refusedTransport(server, title);
  if (problem !== undefined) return problem;
  const texts = textsOf(server);
  const isPlain = texts.flatMap(referencesIn).length === 0;
  if (scope === "project" && isPlain) return native("Qwen Code reads .mcp.json itself");
  const dollar = texts.some(hasDollar)
    ? refused("Qwen Code would put in a variable for a word behind a dollar sign")
    : undefined;
  return refusedSecret(server) ?? refusedDefault(texts, title) ?? dollar ?? withLosses(notCarried(server.unknown));
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
