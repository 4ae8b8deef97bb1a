// MCP servers for OpenCode 1.18.33. `{env:NAME}` is replaced in the text of the file, before it is JSON; an absent
// variable is empty, and there is no default.

import { asObject, field, type JsonObject } from "../../../base/decode.ts";
import { pointerOf } from "../../../edit/pointer.ts";
import type { Server } from "../../model.ts";
import { partsOf } from "../../reference.ts";
import { notCarried, withLosses } from "../losses.ts";
import type { ItemPart } from "../parts.ts";
import { refusedDefault, refusedSecret, refusedTransport, textsOf } from "../server_problems.ts";
import { type Outcome, privately, refused } from "../shared.ts";

const title = "OpenCode";

/** Returns what becomes of a server, where `others` are settings that are not written. */
export function serverPart(server: Server, others: readonly JsonObject[]): ItemPart {
  const problem = problemOf(server, others);
  if (problem !== undefined) return { outcome: problem };
  const losses = [
    ...(server.transport.type === "sse" ? ["OpenCode tries streamable HTTP first"] : []),
    ...notCarried(server.unknown),
  ];
  const entry = { pointer: pointerOf(["mcp", server.name]), value: valueOf(server) };
  return { outcome: withLosses(losses), entries: [entry] };
}

/** Returns what a server is called in the names of its tools. */
export function toolPrefixOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}

function problemOf(server: Server, others: readonly JsonObject[]): Outcome | undefined {
  const problem = privately(server, ".opencode") ?? refusedTransport(server, title);
  if (problem !== undefined) return problem;
  if (others.some((config) => asObject(field(config, "mcp"))?.[server.name] !== undefined)) {
    return refused("another file of OpenCode's settings has a server of this name");
  }
  const texts = textsOf(server);
  const inserted = texts.some((text) => /\{(?:env|file):/.test(text))
    ? refused("OpenCode would put something in for {env: or {file:")
    : undefined;
  return refusedSecret(server) ?? refusedDefault(texts, title) ?? inserted;
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
