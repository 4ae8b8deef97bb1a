// The plugin of OpenCode in this process, as OpenCode runs it: its functions are called with what OpenCode called them with.

import { asObject, field, type JsonObject } from "../../src/base/decode.ts";
import { opencodeSettings } from "../../src/hosts/opencode_files.ts";
import { removeTree, writeFile } from "./client_project.ts";

/** The functions of a plugin, by the name of their hook. */
export type PluginHooks = Readonly<Record<string, (input?: unknown, output?: unknown) => unknown>>;

/** One call of a function of a plugin. */
export interface PluginCall {
  readonly hook: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
}

/** Returns a call as it was captured. */
export function pluginCall(name: string): PluginCall {
  const text = Deno.readTextFileSync(new URL(`../hosts/fixtures/opencode-calls/${name}.json`, import.meta.url));
  return JSON.parse(text);
}

/** Returns the names of all calls that were captured. */
export function pluginCallNames(): string[] {
  const folder = new URL("../hosts/fixtures/opencode-calls/", import.meta.url);
  return Array.from(Deno.readDirSync(folder), ({ name }) => name.replace(/\.json$/, "")).sort();
}

/** Returns what `truce install opencode` writes. */
export function pluginText(truce: string): string {
  const { content } = opencodeSettings;
  return content.kind === "file" ? content.text({ truce }) : "";
}

/** A folder with a plugin, which is gone when it goes out of scope (`using`). */
export class PluginPlace implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-plugin-" }));
  #loaded = 0;

  /** Loads the plugin, each time anew, for the folder `directory`. */
  async load(truce: string, directory = this.root, change = (text: string) => text): Promise<PluginHooks> {
    const path = `${this.root}/plugin-${this.#loaded++}.js`;
    writeFile(path, change(pluginText(truce)));
    const { Truce } = await import(`file://${path}`);
    return Truce({ directory });
  }

  /** Makes a program that runs the lines of a shell script; returns its path. */
  program(...lines: readonly string[]): string {
    const path = `${this.root}/a program-${this.#loaded++}`;
    writeFile(path, ["#!/bin/sh", ...lines, ""].join("\n"));
    Deno.chmodSync(path, 0o755);
    return path;
  }

  [Symbol.dispose](): void {
    removeTree(this.root);
  }
}

/** Calls a plugin, and waits for all that comes of it. */
export async function callPlugin(hooks: PluginHooks, { hook, input, output }: PluginCall): Promise<void> {
  if (hook !== "event") return await hooks[hook]?.(input, output) as void;
  await hooks.event({ event: input });
  await hooks.dispose();
}

/** Which edit a call is about. */
export interface CallDetails {
  readonly sessionID?: string;
  readonly callID?: string;
  readonly filePath?: string;
}

/** Returns a call of the plugin about an edit. */
export function callOf(
  hook: "tool.execute.before" | "tool.execute.after",
  { sessionID = "ses_e041d0f1dffetj7jrk2y17ZJuT", callID = "call_1", filePath = "a.js" }: CallDetails,
): PluginCall {
  const tool = "edit";
  const args = { filePath };
  return hook === "tool.execute.before"
    ? { hook, input: { tool, sessionID, callID }, output: { args } }
    : { hook, input: { tool, sessionID, callID, args }, output: { title: "", output: "Done.", metadata: {} } };
}

/** Returns the event that an edit has failed or was interrupted. */
export function failureOf({ input, output }: PluginCall): PluginCall {
  const state = { status: "error", input: field(output, "args"), error: "Tool execution aborted" };
  const properties = { sessionID: input.sessionID, part: { type: "tool", ...asObject(input), state } };
  return { hook: "event", input: { id: "evt_1", type: "message.part.updated", properties }, output: {} };
}
