// What a target has and the source has not, as edits of the files that the source is read from. Nothing that is there is
// changed: a server of the same name that says something else stays what it is, and that is told.

import { type JsonObject, textList } from "../base/decode.ts";
import { nameOf } from "../base/path.ts";
import type { Edit } from "../edit/edit.ts";
import { editJson, readJson } from "../edit/json.ts";
import { pointerOf } from "../edit/pointer.ts";
import { canonical, valueAt } from "../edit/value.ts";
import type { Imported, Instructions, Item, Permission, Server, Skipped } from "./model.ts";
import { serverInTools } from "./permission.ts";
import { expanded, pathOfImport } from "./source/imports.ts";
import { isSecret } from "./targets/secret.ts";
import { secretIn } from "./targets/server_secret.ts";

/** A file that is edited. An absent one has no text. */
export interface EditedFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** What the project has now. */
export interface ImportPlace {
  /** What is read from its files. */
  readonly items: readonly Item[];
  readonly servers: EditedFile;
  readonly settings: EditedFile;
  readonly instructions: EditedFile;
  /** Says whether there is a file at `path`. */
  hasFile(path: string): boolean;
}

/** What an import can add. */
export type Added = Server | Permission | Instructions;

/** What would be written. */
export interface ImportPlan {
  /** The files that change. */
  readonly files: readonly (EditedFile & { readonly after: string })[];
  readonly added: readonly Added[];
  readonly skipped: readonly Skipped[];
}

/** What becomes of one item. */
type Decision = { readonly kind: "add" } | { readonly kind: "same" } | { readonly kind: "skip"; readonly why: string };

/** Plans what of `imported` is added to the files of `place`. Throws a TruceError for a file that cannot be edited. */
export function planImport(imported: Imported, place: ImportPlace): ImportPlan {
  const added: Added[] = [];
  const skipped = [...imported.skipped];
  const closed = new Set<string>();
  const servers = imported.items.filter((item) => item.kind === "server");
  for (const server of servers) {
    const decision = decideServer(server, place);
    if (decision.kind === "add") added.push(server);
    if (decision.kind !== "skip") continue;
    closed.add(serverInTools(server.name));
    skipped.push({ what: `server ${server.name}`, why: decision.why });
  }
  for (const permission of imported.items.filter((item) => item.kind === "permission")) {
    const { match, action, text } = permission;
    const isOfClosed = match.tool === "mcp" && closed.has(match.server);
    if (isOfClosed) skipped.push({ what: `${action} ${text}`, why: "its server is not imported" });
    else if (![...place.items, ...added].some((item) => isSamePermission(item, permission))) added.push(permission);
  }
  for (const [item, isProjected] of instructionsIn(imported)) {
    const decision = decideInstructions(item, place, { isProjected, isTaken: added.some(isInstructions) });
    if (decision.kind === "add") added.push(item);
    if (decision.kind === "skip") {
      skipped.push({ what: `instructions in ${nameOf(item.origin.path)}`, why: decision.why });
    }
  }
  const [text] = added.filter(isInstructions);
  const instructions = { ...place.instructions, after: text?.text ?? place.instructions.text ?? "" };
  const files = [
    instructions,
    edited(place.servers, added.flatMap(editsOfServer)),
    edited(place.settings, [...switchedOff(added, place.settings), ...added.flatMap(editsOfPermission)]),
  ];
  return { files: files.filter(({ text, after }) => (text ?? "") !== after), added, skipped };
}

function decideServer(server: Server, { items, servers }: ImportPlace): Decision {
  const known = items.find((item) => item.kind === "server" && item.name === server.name);
  if (known?.kind === "server") {
    if (canonical(entryOf(known)) !== canonical(entryOf(server)) || known.unknown.length > 0) {
      return { kind: "skip", why: "there is another one of this name" };
    }
    if (known.isEnabled === server.isEnabled) return { kind: "same" };
    return { kind: "skip", why: `it is there already, but switched ${known.isEnabled ? "on" : "off"}` };
  }
  const isTaken = valueAt(readJson(servers.text ?? "", servers.path), ["mcpServers", server.name]) !== undefined;
  if (isTaken) return { kind: "skip", why: "there is something else of this name" };
  const secret = secretOf(server);
  return secret === undefined
    ? { kind: "add" }
    : { kind: "skip", why: `a secret is written out in its ${secret}; put it into a variable` };
}

function instructionsIn({ items, projected = [] }: Imported): [item: Instructions, isProjected: boolean][] {
  return [
    ...items.filter(isInstructions).map((item): [Instructions, boolean] => [item, false]),
    ...projected.filter(isInstructions).map((item): [Instructions, boolean] => [item, true]),
  ];
}

function isInstructions(item: Item): item is Instructions {
  return item.kind === "instructions";
}

/** A text is taken over only where there is none: two that say the same would both be read, and none is taken apart. */
function decideInstructions(
  { text, origin }: Instructions,
  { items, instructions, hasFile }: ImportPlace,
  { isProjected, isTaken }: { readonly isProjected: boolean; readonly isTaken: boolean },
): Decision {
  if (isProjected && items.some(({ kind }) => kind === "instructions" || kind === "rule")) return { kind: "same" };
  const known = items.filter(isInstructions).filter(({ name }) => name === "");
  const isKnown = known.some((item) =>
    [item.text, item.expanded].some((one) => one.trim() === text.trim()) ||
    item.imports?.some(({ path }) => path === origin.path)
  );
  if (isKnown) return { kind: "same" };
  const name = nameOf(origin.path);
  if (known.length > 0 || isTaken) {
    return {
      kind: "skip",
      why: `there are others already; a line @${name} in ${nameOf(instructions.path)} adds these`,
    };
  }
  if ((instructions.text ?? "").trim() !== "") return { kind: "skip", why: `${instructions.path} is something else` };
  const path = importsOf(text, instructions.path).find((one) => hasFile(one));
  return path === undefined
    ? { kind: "add" }
    : { kind: "skip", why: `${path}, which the text only names, would be put in` };
}

/** Returns the files that Claude Code would look for to put them in. */
function importsOf(text: string, path: string): string[] {
  const paths: string[] = [];
  expanded(text, path, (written, folder) => {
    paths.push(pathOfImport(written, folder, undefined) ?? written);
    return { kind: "none" };
  });
  return paths;
}

function secretOf(server: Server): string | undefined {
  const { transport } = server;
  const found = secretIn(server);
  if (found !== undefined) return found;
  if (transport.type === "stdio") return isSecret("", transport.command) ? "command" : undefined;
  return isSecret("", transport.headersHelper ?? "") ? "headersHelper" : undefined;
}

function isSamePermission(item: Item, { action, text }: Permission): boolean {
  return item.kind === "permission" && item.action === action && item.text === text;
}

/** Returns a server as it stands in the file of the project's servers. */
export function entryOf({ transport, timeoutMs }: Server): JsonObject {
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  const isEmpty = (value: unknown) => Object.keys(value as object).length === 0;
  const fields = Object.entries(transport).filter(([, value]) => typeof value !== "object" || !isEmpty(value));
  return { ...Object.fromEntries(fields), ...timeout };
}

function editsOfServer(item: Added): Edit[] {
  if (item.kind !== "server") return [];
  return [{ kind: "set", pointer: pointerOf(["mcpServers", item.name]), value: entryOf(item) }];
}

function editsOfPermission(item: Added): Edit[] {
  if (item.kind !== "permission") return [];
  return [{ kind: "set", pointer: pointerOf(["permissions", item.action, "-"]), value: item.text }];
}

function switchedOff(added: readonly Item[], { text, path }: EditedFile): Edit[] {
  const name = "disabledMcpjsonServers";
  const known = textList(readJson(text ?? "", path), name);
  return added.flatMap((item): Edit[] => {
    if (item.kind !== "server" || item.isEnabled || known.includes(item.name)) return [];
    return [{ kind: "set", pointer: pointerOf([name, "-"]), value: item.name }];
  });
}

function edited(file: EditedFile, edits: readonly Edit[]) {
  const text = file.text ?? "";
  return { ...file, after: edits.length === 0 ? text : editJson(text, edits, { path: file.path }) };
}
