// What is installed for Codex CLI: its hooks file.

import type { JsonObject } from "../base/decode.ts";
import { codex } from "./codex.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  hookCommand,
  hookGroups,
  type HostSettings,
  promptCommand,
  type Registration,
  truceOnPath,
  type WriteHook,
} from "./registration.ts";

/** A patch may go through the shell. It gives the end of a session 3 s at most. */
const registrations: readonly Registration[] = [
  { event: "SessionStart", timeoutS: eventTimeoutS },
  { event: "UserPromptSubmit", timeoutS: eventTimeoutS },
  { event: "PreToolUse", matcher: "^(apply_patch|Bash)$", timeoutS: editTimeoutS },
  { event: "PostToolUse", matcher: "^apply_patch$", timeoutS: afterEditTimeoutS },
  { event: "Stop", timeoutS: eventTimeoutS },
  { event: "SubagentStop", timeoutS: eventTimeoutS },
  { event: "SessionEnd", timeoutS: 3 },
];

/** How truce is registered with Codex CLI. */
export const codexSettings: HostSettings = {
  title: "Codex CLI",
  program: "codex",
  files: { user: "~/.codex/hooks.json", project: ".codex/hooks.json" },
  content: { kind: "hooks", hooks: (call) => hookGroups(codex, registrations, hookOf(call)) },
  next: "start codex and have it trust the folder and the hooks; until then it skips them without a word",
};

/** Returns the files of Codex CLI, by their path in the repository. */
export function codexFiles(): Record<string, JsonObject> {
  return { "hooks/codex/hooks.json": { hooks: hookGroups(codex, registrations, hookOf(truceOnPath)) } };
}

function hookOf(call: HookCall): WriteHook {
  return ({ timeoutS }, moment) => {
    const hook = { type: "command", command: hookCommand(codex, moment, call), timeout: timeoutS };
    return call.isWindows ? { ...hook, commandWindows: promptCommand(codex, moment, call) } : hook;
  };
}
