// Codex CLI 0.169.0. Payloads and replies as captured from the real client, see tests/hosts/fixtures/codex. It drops a
// reply with any field that it does not know, so nothing is in one but what it was seen to accept.

import { idField, type JsonObject, textField } from "../base/decode.ts";
import { isAbsolute } from "../base/path.ts";
import { type HookEvent, type Host, type Moment, nativeNameOf, type ToolUse, untoldCall } from "./host.ts";
import { nestedReply } from "./nested_reply.ts";
import { patchPaths, toolPaths } from "./tool_paths.ts";

/** A patch that goes to apply_patch through the shell, with the folder that is changed to before. */
const shellPatch =
  /^\s*(?:cd\s+(?:'([^']+)'|"([^"]+)"|([^\s;&|]+))\s*(?:&&|;)\s*)?(?:apply_?patch)\b[^\n]*\n(\*\*\* Begin Patch[\s\S]*)/;

/** The dialect of Codex CLI. */
export const codex: Host = {
  name: "codex",
  mark: { field: "turn_id" },
  isSerial: true,
  events: {
    SessionStart: "session-start",
    UserPromptSubmit: "prompt",
    PreToolUse: "before-tool",
    PostToolUse: "after-tool",
    Stop: "stop",
    SubagentStop: "subagent-stop",
    SessionEnd: "session-end",
  },
  tellsAt: ["session-start", "prompt", "before-tool", "after-tool"],
  decode,
  encode: (event, verdict) => nestedReply(codex, event, verdict),
  files: async () => (await import("./codex_files.ts")).codexFiles(),
  settings: async () => (await import("./codex_files.ts")).codexSettings,
  health: async () => (await import("./codex_health.ts")).codexHealth,
};

function decode(payload: JsonObject, moment: Moment): HookEvent {
  return {
    moment,
    nativeName: nativeNameOf(codex, payload, moment),
    host: codex.name,
    sessionId: idField(payload, "session_id"),
    agentId: idField(payload, "agent_id"),
    agentName: textField(payload, "agent_type"),
    cwd: textField(payload, "cwd"),
    tool: Object.hasOwn(payload, "tool_input") ? toolUse(payload) : undefined,
    transcriptPath: textField(payload, "transcript_path"),
  };
}

function toolUse(payload: JsonObject): ToolUse {
  const input = payload.tool_input;
  const isPatch = textField(payload, "tool_name") === "apply_patch";
  const shelled = isPatch ? [] : shellPatchPaths(textField(input, "command") ?? "");
  return {
    action: isPatch || shelled.length > 0 ? "edit" : "other",
    // No event follows a patch that went through the shell.
    callId: isPatch ? idField(payload, "tool_use_id") ?? "only" : untoldCall,
    paths: isPatch ? toolPaths(input) : shelled,
    shown: [],
    isFailed: false,
  };
}

function shellPatchPaths(command: string): string[] {
  const [, single, double, plain, patch = ""] = shellPatch.exec(command) ?? [];
  const folder = single ?? double ?? plain;
  const paths = patchPaths(patch);
  return folder === undefined ? paths : paths.map((path) => isAbsolute(path) ? path : `${folder}/${path}`);
}
