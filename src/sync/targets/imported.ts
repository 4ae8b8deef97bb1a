// What reading back has in common. A server is taken over only as a whole: a field that is not understood may be the one
// that keeps a tool closed, so it keeps the server out. What is left out of one that is taken over is told.

import { asObject, field, type JsonObject } from "../../base/decode.ts";
import { blockIn, withoutBlock } from "../../edit/block.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { Imported, Instructions, Item, Permission, Server, Skipped, TargetContext } from "../model.ts";
import { permissionOf, serverInTools } from "../permission.ts";
import { referencesIn } from "../reference.ts";

/** A server as a target says it. */
export interface FoundServer {
  readonly transport: Server["transport"];
  readonly timeoutMs?: number;
  readonly isEnabled: boolean;
  readonly held?: readonly HeldTools[];
  /** Further things that are not taken over. */
  readonly skipped?: readonly Skipped[];
}

/** The way to a server as a target says it, or why Claude Code cannot say it so. */
export type FoundTransport = Server["transport"] | string;

/** Tools of a server that are denied or asked for. */
export interface HeldTools {
  readonly action: "deny" | "ask";
  /** Absent: all of them. */
  readonly tool?: string;
}

/** How the servers of one target are read. */
export interface ServerReading {
  readonly scope: "user" | "project";
  /** Absolute. */
  readonly path: string;
  /** The way to the servers in the file. */
  readonly parts: readonly string[];
  /** The fields that `read` understands. */
  readonly known: ReadonlySet<string>;
  /** Fields without which a server has the same tools. */
  readonly leftOut: ReadonlySet<string>;
  /** Returns the server, or why it cannot be said as Claude Code says it. */
  read(name: string, entry: JsonObject): FoundServer | string;
}

/** Returns what several files or parts say, one after the other. */
export function joined(all: readonly Imported[]): Imported {
  const projected = all.flatMap((one) => one.projected ?? []);
  return {
    items: all.flatMap(({ items }) => items),
    ...(projected.length === 0 ? {} : { projected }),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/** Reads what a person wrote in a text of instructions, or the block of truce's where that is all. */
export function importInstructions({ read, scope }: TargetContext, path: string): Imported {
  const text = read(path) ?? "";
  const block = blockIn(text, path)?.text;
  const own = withoutBlock(text, path);
  const itemOf = (said: string): Instructions[] =>
    said.trim() === "" ? [] : [{ kind: "instructions", name: "", text: said, expanded: said, origin: { scope, path } }];
  const items = itemOf(own);
  return { items, projected: items.length > 0 ? [] : itemOf(block ?? ""), skipped: [] };
}

/** Says of all fields of a file but those in `known` that nothing is made of them. */
export function importNothingElse(config: unknown, known: readonly string[]): Imported {
  const left = Object.keys(asObject(config) ?? {}).filter((name) => !known.includes(name));
  return {
    items: [],
    skipped: left.map((what) => ({ what, why: "only servers and permissions are imported from it" })),
  };
}

/** Returns why a permission that only allows is left. */
export const allowedElsewhere = "what is allowed is for each to decide";

/** Reads the servers in an object by their names, with the permissions of their tools. */
export function importServers(servers: unknown, reading: ServerReading): Imported {
  if (servers === undefined) return { items: [], skipped: [] };
  const entries = asObject(servers);
  if (entries === undefined) return { items: [], skipped: [{ what: reading.path, why: "its servers are no table" }] };
  return joined(Object.entries(entries).map(([name, entry]) => importServer(name, asObject(entry), reading)));
}

function importServer(name: string, entry: JsonObject | undefined, reading: ServerReading): Imported {
  const what = `server ${name}`;
  const unknown = Object.keys(entry ?? {}).filter((one) => !reading.known.has(one) && !reading.leftOut.has(one));
  const found = entry === undefined
    ? "it is no table"
    : unknown.length > 0
    ? `its ${unknown.join(", ")} cannot be said in Claude Code's files`
    : reading.read(name, entry);
  if (typeof found === "string") return { items: [], skipped: [{ what, why: found }] };
  const { transport, timeoutMs, isEnabled, held = [], skipped = [] } = found;
  const origin = { scope: reading.scope, path: reading.path, pointer: pointerOf([...reading.parts, name]) };
  const server: Item = {
    kind: "server",
    name,
    transport,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    isEnabled,
    unknown: [],
    origin,
  };
  const permissions = held.map((one) => permissionFor(server, one));
  const unsaid = permissions.findIndex((one) => one === undefined);
  if (unsaid >= 0) {
    const why = `Claude Code has no rule for its tool "${held[unsaid].tool}", which is not free here`;
    return { items: [], skipped: [{ what, why }] };
  }
  const left = Object.keys(entry ?? {}).filter((one) => reading.leftOut.has(one));
  const leftRows = left.map((one) => ({ what: `${what}: ${one}`, why: "Claude Code's files have no word for it" }));
  return { items: [server, ...permissions.filter((one) => one !== undefined)], skipped: [...leftRows, ...skipped] };
}

/** Returns the rule for tools of a server, if Claude Code reads it as one for these and no others. */
function permissionFor({ name, origin }: Server, { action, tool }: HeldTools): Permission | undefined {
  const server = serverInTools(name);
  const permission = permissionOf(action, `mcp__${server}${tool === undefined ? "" : `__${tool}`}`, origin);
  const { match } = permission;
  return match.tool === "mcp" && match.server === server && match.name === tool ? permission : undefined;
}

/** Returns the texts by their names in a field, none when it is absent; `undefined` when it holds anything else. */
export function namedTexts(entry: JsonObject, name: string): Record<string, string> | undefined {
  const object = asObject(field(entry, name) ?? {});
  const pairs = Object.entries(object ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return object === undefined || pairs.length < Object.keys(object).length ? undefined : Object.fromEntries(pairs);
}

/** Returns the texts in the list of a field, none when it is absent; `undefined` when it holds anything else. */
export function listedTexts(entry: JsonObject, name: string): string[] | undefined {
  const list = field(entry, name) ?? [];
  return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
}

/** Returns why texts cannot be taken over as they are, when Claude Code would put a variable into one. */
export function refusalOfTexts(texts: readonly string[]): string | undefined {
  const [reference] = texts.flatMap(referencesIn);
  return reference && `Claude Code would put in the variable ${reference.name} where it is plain text here`;
}
