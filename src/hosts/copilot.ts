// Copilot CLI 1.0.102. Payloads and replies as captured from the real client, see tests/hosts/fixtures/copilot. How an
// event is spelled in the settings decides how its payload is: preToolUse has toolArgs, PreToolUse has tool_input.

import { field, idField, type JsonObject, textField } from "../base/decode.ts";
import { fingerprint } from "../base/fingerprint.ts";
import { type HookEvent, type Host, isTelling, type Moment, nativeNameOf, type ToolUse, type Verdict } from "./host.ts";
import { toolPaths } from "./tool_paths.ts";

const editTools = new Set(["edit", "create", "apply_patch", "Edit", "Write", "MultiEdit"]);
const readTools = new Set(["view", "Read"]);

/** The dialect of Copilot CLI. */
export const copilot: Host = {
  name: "copilot",
  mark: { variable: "COPILOT_CLI", field: "timestamp" },
  alsoRuns: "claude",
  events: {
    sessionStart: "session-start",
    userPromptSubmitted: "prompt",
    preToolUse: "before-tool",
    postToolUse: "after-tool",
    postToolUseFailure: "tool-failed",
    agentStop: "stop",
    subagentStop: "subagent-stop",
    sessionEnd: "session-end",
    SessionStart: "session-start",
    UserPromptSubmit: "prompt",
    PreToolUse: "before-tool",
    PostToolUse: "after-tool",
    PostToolUseFailure: "tool-failed",
    Stop: "stop",
    SubagentStop: "subagent-stop",
    SessionEnd: "session-end",
  },
  tellsAt: ["session-start", "prompt", "before-tool", "after-tool"],
  decode,
  encode,
  files: async () => (await import("./copilot_files.ts")).copilotFiles(),
  settings: async () => (await import("./copilot_files.ts")).copilotSettings,
  health: async () => (await import("./copilot_health.ts")).copilotHealth,
};

function decode(payload: JsonObject, moment: Moment): HookEvent {
  const input = toolInput(payload);
  const tool = input === undefined ? undefined : toolUse(payload, input, moment);
  return {
    moment,
    nativeName: nativeNameOf(copilot, payload, moment),
    host: copilot.name,
    // A sub-agent has a session of its own, but at its end.
    sessionId: eitherId(payload, "parent_agent_id", "parentAgentId") ?? eitherId(payload, "session_id", "sessionId"),
    agentId: eitherId(payload, "agent_id", "agentId"),
    agentName: textField(payload, "agent_type") ?? textField(payload, "agentType"),
    cwd: textField(payload, "cwd"),
    tool,
    transcriptPath: textField(payload, "transcript_path") ?? textField(payload, "transcriptPath"),
    delivery: tool?.action === "other" ? undefined : deliveryOf(payload, moment, input),
  };
}

/** Returns what the tool was called with. Some versions send it as the text of its JSON. */
function toolInput(payload: JsonObject): unknown {
  const input = payload.tool_input ?? payload.toolArgs;
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch {
    return { input };
  }
}

/** It tells no id of a use, and starts several before the first is over. What a tool is called with tells them apart. */
function toolUse(payload: JsonObject, input: unknown, moment: Moment): ToolUse {
  const name = textField(payload, "tool_name") ?? textField(payload, "toolName") ?? "";
  return {
    action: editTools.has(name) ? "edit" : readTools.has(name) ? "read" : "other",
    callId: fingerprint(JSON.stringify(input)),
    paths: toolPaths(input),
    shown: [],
    isFailed: moment === "tool-failed",
  };
}

function eitherId(payload: JsonObject, pascal: string, camel: string): string | undefined {
  return idField(payload, pascal) ?? idField(payload, camel);
}

/**
 * All registrations of one event have one time: as milliseconds, and as text. So have two equal calls in one turn, each of
 * which needs its answer before it starts. That may be given twice, and is not after a denial.
 */
function deliveryOf(payload: JsonObject, moment: Moment, input: unknown): string | undefined {
  if (moment === "before-tool") return undefined;
  const stamp = field(payload, "timestamp");
  const atMs = typeof stamp === "number" ? stamp : typeof stamp === "string" ? Date.parse(stamp) : NaN;
  return Number.isFinite(atMs) ? JSON.stringify([moment, atMs, input]) : undefined;
}

/** It reads context on the first level alone but before a tool; a decision it takes there in both spellings. */
function encode(event: HookEvent, verdict: Verdict): JsonObject | undefined {
  if (verdict.kind === "deny" && event.moment === "before-tool") {
    return { permissionDecision: "deny", permissionDecisionReason: verdict.reason };
  }
  if (verdict.kind === "tell" && isTelling(copilot, event)) return { additionalContext: verdict.text };
  return undefined;
}
