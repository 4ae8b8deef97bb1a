// What a language server asks of its client. Whatever would have to be shown to a person, or change a file, is declined.

import { asObject, field, type JsonObject, textField } from "../base/decode.ts";
import { workspaceFolder } from "./handshake.ts";

const acknowledged = new Set([
  "client/registerCapability",
  "client/unregisterCapability",
  "window/workDoneProgress/create",
  "window/showMessageRequest",
]);

/** What a server may ask for. */
export interface Facts {
  readonly settings: JsonObject;
  readonly folders: readonly string[];
}

/** Returns the result of a request; `undefined` says that there is no such method. */
export function resultOf(method: string, params: JsonObject, { settings, folders }: Facts): unknown {
  if (method === "workspace/configuration") {
    const items = Array.isArray(params.items) ? params.items : [];
    return items.map((item) => settingsAt(settings, textField(item, "section")));
  }
  if (method === "workspace/workspaceFolders") return folders.map(workspaceFolder);
  if (method === "workspace/applyEdit") return { applied: false, failureReason: "nobody edits here" };
  if (method === "window/showDocument") return { success: false };
  // A schema that the JSON server wants to have fetched: one that allows everything.
  if (method === "vscode/content") return "{}";
  return acknowledged.has(method) || method.endsWith("/refresh") ? null : undefined;
}

/** Returns the settings of a dotted section; an empty object says "the usual", where null would switch some servers off. */
function settingsAt(settings: JsonObject, section: string | undefined): unknown {
  const parts = section?.split(".") ?? [];
  return parts.reduce<unknown>((value, name) => field(value, name), asObject(settings)) ?? {};
}

/** Notes in `registered`, methods by the id of their registration, what a server registers or takes back. */
export function register(registered: Map<string, string>, method: string, params: JsonObject): void {
  const isOn = method === "client/registerCapability";
  // The misspelt name is that of LSP.
  const list = isOn ? params.registrations : params.unregisterations;
  for (const item of Array.isArray(list) ? list : []) {
    const id = textField(item, "id") ?? "";
    if (isOn) registered.set(id, textField(item, "method") ?? "");
    else registered.delete(id);
  }
}
