// Claude Code 2.1.329. Payloads and replies as captured from the real client, see tests/hosts/fixtures/claude.

import { field, idField, type JsonObject, numberField, textField } from "../base/decode.ts";
import { type HookEvent, type Host, type Moment, nativeNameOf, type ToolUse } from "./host.ts";
import { nestedReply } from "./nested_reply.ts";
import { toolPaths } from "./tool_paths.ts";

const editTools = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);

/** The dialect of Claude Code. */
export const claude: Host = {
  name: "claude",
  sessionVariable: "CLAUDE_CODE_SESSION_ID",
  processVariable: "CLAUDE_PID",
  mark: { variable: "CLAUDECODE" },
  events: {
    SessionStart: "session-start",
    UserPromptSubmit: "prompt",
    PreToolUse: "before-tool",
    PostToolUse: "after-tool",
    PostToolUseFailure: "tool-failed",
    PermissionDenied: "tool-failed",
    PostToolBatch: "tool-batch",
    Stop: "stop",
    StopFailure: "stop",
    SubagentStop: "subagent-stop",
    SessionEnd: "session-end",
    DirectoryAdded: "directory-added",
  },
  // What a Stop hook tells makes the model take one more turn, so nothing is told there.
  tellsAt: ["session-start", "prompt", "before-tool", "after-tool", "tool-failed", "tool-batch"],
  decode,
  encode: (event, verdict) => nestedReply(claude, event, verdict),
  transcriptReader: async () => (await import("./claude_transcript.ts")).folderEvents,
  files: async (version) => (await import("./claude_files.ts")).claudeFiles(version),
  settings: async () => (await import("./claude_files.ts")).claudeSettings,
  health: async () => (await import("./claude_health.ts")).claudeHealth,
};

function decode(payload: JsonObject, moment: Moment): HookEvent {
  return {
    moment,
    nativeName: nativeNameOf(claude, payload, moment),
    host: claude.name,
    sessionId: idField(payload, "session_id"),
    agentId: idField(payload, "agent_id"),
    agentName: textField(payload, "agent_type"),
    cwd: textField(payload, "cwd"),
    tool: Object.hasOwn(payload, "tool_input") ? toolUse(payload, moment) : undefined,
    batch: batchOf(payload),
    folder: textField(payload, "directory"),
    transcriptPath: textField(payload, "transcript_path"),
  };
}

function toolUse(payload: JsonObject, moment: Moment): ToolUse {
  const name = textField(payload, "tool_name") ?? "";
  const paths = toolPaths(payload.tool_input);
  const text = name === "Read" ? wholeText(field(payload.tool_response, "file")) : undefined;
  return {
    action: editTools.has(name) ? "edit" : name === "Read" ? "read" : "other",
    callId: idField(payload, "tool_use_id") ?? "only",
    paths,
    shown: text === undefined ? [] : paths.map((path) => ({ path, text })),
    isFailed: moment === "tool-failed",
  };
}

/** Returns the text of a read that began at the start and was cut nowhere. */
function wholeText(file: unknown): string | undefined {
  const content = field(file, "content");
  const lines = numberField(file, "numLines");
  const isWhole = lines !== undefined && lines === numberField(file, "totalLines") &&
    (numberField(file, "startLine") ?? 2) <= 1 && field(file, "truncatedByTokenCap") !== true;
  return isWhole && typeof content === "string" ? content : undefined;
}

function batchOf(payload: JsonObject): string[] | undefined {
  const calls = payload.tool_calls;
  if (!Array.isArray(calls)) return undefined;
  return calls.map((call) => idField(call, "tool_use_id")).filter((id) => id !== undefined);
}
