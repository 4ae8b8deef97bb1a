// MCP servers for OpenCode 1.18.33. `{env:NAME}` is replaced in the text of the file, before it is JSON; an absent
// variable is empty, and there is no default.

import { asObject, field, type JsonObject } from "../../../base/decode.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { Server } from "../../model.ts";
import { partsOf, referencesIn } from "../../reference.ts";
import { withLosses } from "../losses.ts";
import { secretIn } from "../server_secret.ts";
import { type Outcome, refused } from "../shared.ts";
import type { Entries } from "./config.ts";

/** Returns the settings for servers, and what became of each. */
export function serverEntries(
  servers: readonly Server[],
  others: readonly JsonObject[],
): { readonly entries: Entries; readonly outcomes: ReadonlyMap<Server, Outcome> } {
  const outcomes = new Map(servers.map((server) => [server, outcomeOf(server, others)]));
  const entries = servers.filter((server) => outcomes.get(server)?.outcome !== "refused").map((server) => ({
    pointer: pointerOf(["mcp", server.name]),
    value: valueOf(server),
  }));
  return { entries, outcomes };
}

/** Returns what a server is called in the names of its tools. */
export function toolPrefixOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}

function outcomeOf(server: Server, others: readonly JsonObject[]): Outcome {
  const { transport, name, unknown, origin } = server;
  if (origin.scope === "private") return refused("it is private, and .opencode is for everybody");
  if (transport.type === "ws") return refused("OpenCode does not speak to servers over WebSocket");
  if (transport.type !== "stdio" && transport.headersHelper !== undefined) {
    return refused("its headers come from a program, which OpenCode does not start");
  }
  if (others.some((config) => asObject(field(config, "mcp"))?.[name] !== undefined)) {
    return refused("another file of OpenCode's settings has a server of this name");
  }
  const secret = secretIn(server);
  if (secret !== undefined) return refused(`a secret is written out in its ${secret}`);
  const texts = textsOf(server);
  const fallback = texts.flatMap(referencesIn).find((one) => one.fallback !== undefined);
  if (fallback !== undefined) return refused(`OpenCode has no default for ${fallback.name}`);
  if (texts.some((text) => /\{(?:env|file):/.test(text))) {
    return refused("OpenCode would put something in for {env: or {file:");
  }
  const isSse = transport.type === "sse";
  return withLosses([
    ...(isSse ? ["OpenCode tries streamable HTTP first"] : []),
    ...(unknown.length > 0 ? [`not carried over: ${unknown.join(", ")}`] : []),
  ]);
}

function valueOf({ transport, timeoutMs, isEnabled }: Server): JsonObject {
  const rest = { ...(isEnabled ? {} : { enabled: false }), ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) };
  if (transport.type !== "stdio") {
    const { url, headers } = transport;
    return { type: "remote", url: said(url), ...named("headers", headers), ...rest };
  }
  const { command, args, env, cwd } = transport;
  return {
    type: "local",
    command: [command, ...args].map(said),
    ...named("environment", env),
    ...(cwd === undefined ? {} : { cwd: said(cwd) }),
    ...rest,
  };
}

function named(name: string, texts: Readonly<Record<string, string>>): JsonObject {
  const entries = Object.entries(texts).map(([key, text]): [string, string] => [key, said(text)]);
  return entries.length === 0 ? {} : { [name]: Object.fromEntries(entries) };
}

function said(text: string): string {
  return partsOf(text).map((part) => part.kind === "text" ? part.text : `{env:${part.name}}`).join("");
}

function textsOf({ transport }: Server): string[] {
  if (transport.type !== "stdio") return [transport.url, ...Object.values(transport.headers)];
  return [transport.command, ...transport.args, ...Object.values(transport.env), transport.cwd ?? ""];
}
