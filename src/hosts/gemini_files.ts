// What is installed for Gemini CLI: an extension.

import type { JsonObject } from "../base/decode.ts";
import { gemini } from "./gemini.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  hookCommand,
  hookGroups,
  type HostSettings,
  type Registration,
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
};

/** Returns the files of Gemini CLI, by their path in the repository. */
export function geminiFiles(version: string): Record<string, JsonObject> {
  return {
    "hooks/gemini/gemini-extension.json": { name: "truce", version },
    "hooks/gemini/hooks/hooks.json": { hooks: hookGroups(gemini, registrations, hookOf(truceOnPath)) },
  };
}

/** Its timeouts are milliseconds. */
function hookOf(call: HookCall): WriteHook {
  return ({ timeoutS }, moment) => ({
    type: "command",
    name: `truce-${moment}`,
    command: hookCommand(gemini, moment, call),
    timeout: timeoutS * 1000,
  });
}
