// What a language server and we tell each other at the start, as LSP 3.17 has it.

import type { ClientCapabilities, InitializeParams, ServerCapabilities } from "vscode-languageserver-protocol";
import { asObject, field, type JsonObject } from "../base/decode.ts";
import { nameOf } from "../base/path.ts";
import { uriOf } from "./document.ts";

/** What a server can do, as far as it matters here. */
export interface Abilities {
  readonly sync: "none" | "full" | "incremental";
  readonly save: "none" | "plain" | "with text";
  /** Whether findings can be asked for. */
  readonly pulls: boolean;
  /** Whether folders can be added and removed. */
  readonly changesFolders: boolean;
}

const capabilities: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true },
  // Some servers watch files themselves, the others are told of changes without having asked for it.
  workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { versionSupport: true, relatedInformation: false },
    diagnostic: { dynamicRegistration: true },
  },
};

/** Returns the parameters of `initialize`. The server ends when process `processId` does. */
export function initializeParams(processId: number, folders: readonly string[], options: JsonObject): InitializeParams {
  return {
    processId,
    clientInfo: { name: "truce" },
    rootPath: folders[0],
    rootUri: uriOf(folders[0]),
    workspaceFolders: folders.map(workspaceFolder),
    initializationOptions: options,
    capabilities,
  };
}

/** Returns a workspace folder as LSP names it. */
export function workspaceFolder(path: string): { uri: string; name: string } {
  return { uri: uriOf(path), name: nameOf(path) };
}

/** Decodes the result of `initialize`. */
export function abilitiesOf(result: unknown): Abilities {
  const server = (asObject(field(result, "capabilities")) ?? {}) as ServerCapabilities;
  const sync = server.textDocumentSync;
  const change = typeof sync === "number" ? sync : field(sync, "change");
  const save = field(sync, "save");
  const changes = field(field(server.workspace, "workspaceFolders"), "changeNotifications");
  return {
    sync: change === 2 ? "incremental" : change === 1 ? "full" : "none",
    save: field(save, "includeText") === true ? "with text" : save === true || asObject(save) ? "plain" : "none",
    pulls: asObject(server.diagnosticProvider) !== undefined,
    changesFolders: changes === true || typeof changes === "string",
  };
}

/** Returns what a server can do that has registered `methods` since its start. */
export function withRegistered(abilities: Abilities, methods: readonly string[]): Abilities {
  const saves = methods.includes("textDocument/didSave") && abilities.save === "none";
  return {
    ...abilities,
    save: saves ? "plain" : abilities.save,
    pulls: abilities.pulls || methods.includes("textDocument/diagnostic"),
    changesFolders: abilities.changesFolders || methods.includes("workspace/didChangeWorkspaceFolders"),
  };
}
