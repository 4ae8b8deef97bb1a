// What is installed for Gemini CLI: an extension.

import { field, type JsonObject, textList } from "../base/decode.ts";
import { gemini } from "./gemini.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  hookCommand,
  hookGroups,
  type HostSettings,
  type Packaged,
  powershellCommand,
  type Registration,
  type SettingsLook,
  truceOnPath,
  type WriteHook,
} from "./registration.ts";

/** Matchers are regular expressions that would match anywhere in a name. */
const registrations: readonly Registration[] = [
  { event: "SessionStart", timeoutS: eventTimeoutS },
  { event: "BeforeAgent", timeoutS: eventTimeoutS },
  { event: "BeforeTool", matcher: "^(replace|write_file)$", timeoutS: editTimeoutS },
  { event: "AfterTool", matcher: "^(replace|write_file|read_file|read_many_files)$", timeoutS: afterEditTimeoutS },
  { event: "AfterAgent", timeoutS: eventTimeoutS },
  { event: "SessionEnd", timeoutS: eventTimeoutS },
];

/** How truce is registered with Gemini CLI. */
export const geminiSettings: HostSettings = {
  title: "Gemini CLI",
  program: "gemini",
  files: { user: "~/.gemini/settings.json", project: ".gemini/settings.json" },
  content: { kind: "hooks", hooks: (call) => hookGroups(gemini, registrations, hookOf(call)) },
  packaged: extensionOf,
};

/** Returns the files of Gemini CLI, by their path in the repository. */
export function geminiFiles(version: string): Record<string, JsonObject> {
  return {
    "hooks/gemini/gemini-extension.json": { name: "truce", version },
    "hooks/gemini/hooks/hooks.json": { hooks: hookGroups(gemini, registrations, hookOf(truceOnPath)) },
  };
}

/** An extension is copied to its folder, or named there when it is linked; the last rule on a folder switches it on or off. */
function extensionOf({ project, read }: SettingsLook): Packaged | undefined {
  const folder = "~/.gemini/extensions";
  const isThere = ["gemini-extension.json", ".gemini-extension-install.json"].some((name) =>
    read(`${folder}/truce/${name}`) !== undefined
  );
  const rules = textList(field(read(`${folder}/extension-enablement.json`), "truce"), "overrides");
  const rule = rules.findLast((rule) => isRuleOn(`${project}/`, rule.replace(/^!/, ""))) ?? "";
  if (!isThere || rule.startsWith("!")) return undefined;
  return { title: "the extension truce", removal: "gemini extensions uninstall truce" };
}

function isRuleOn(folder: string, rule: string): boolean {
  return rule.endsWith("*") ? folder.startsWith(rule.slice(0, -1)) : folder === rule;
}

/** Its timeouts are milliseconds. It runs hooks by PowerShell on Windows. */
function hookOf(call: HookCall): WriteHook {
  return ({ timeoutS }, moment) => ({
    type: "command",
    name: `truce-${moment}`,
    command: (call.isWindows ? powershellCommand : hookCommand)(gemini, moment, call),
    timeout: timeoutS * 1000,
  });
}
