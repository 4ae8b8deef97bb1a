// OpenCode 1.18.33. It runs no commands: truce's plugin (opencode_files.ts) sends what OpenCode calls it with, without what
// files hold (see tests/hosts/fixtures/opencode), and does what the reply says.

import { field, idField, type JsonObject, textField } from "../base/decode.ts";
import { type HookEvent, type Host, isTelling, type Moment, type ToolUse, type Verdict } from "./host.ts";
import { toolPaths } from "./tool_paths.ts";

/** The tools that change files, also those of earlier versions. */
export const editTools: ReadonlySet<string> = new Set(["edit", "write", "multiedit", "patch", "apply_patch"]);

/** The dialect of OpenCode. */
export const opencode: Host = {
  name: "opencode",
  // The plugin sets it for the shell; the other is OpenCode's own.
  sessionVariable: "OPENCODE_SESSION_ID",
  processVariable: "OPENCODE_PID",
  mark: { variable: "OPENCODE", field: "hook" },
  events: {
    "session.created": "session-start",
    "chat.message": "prompt",
    "tool.execute.before": "before-tool",
    "tool.execute.after": "after-tool",
    "tool.error": "tool-failed",
    "session.idle": "stop",
    "session.deleted": "session-end",
  },
  tellsAt: ["prompt", "after-tool"],
  decode,
  encode,
  files: async () => (await import("./opencode_files.ts")).opencodeFiles(),
  settings: async () => (await import("./opencode_files.ts")).opencodeSettings,
  health: async () => (await import("./opencode_health.ts")).opencodeHealth,
};

function decode(payload: JsonObject, moment: Moment): HookEvent {
  const { input } = payload;
  return {
    moment,
    nativeName: textField(payload, "hook") ?? "",
    host: opencode.name,
    sessionId: idField(input, "sessionID"),
    cwd: textField(payload, "directory"),
    tool: textField(input, "tool") === undefined ? undefined : toolUse(payload, moment),
  };
}

function toolUse({ input }: JsonObject, moment: Moment): ToolUse {
  const name = textField(input, "tool") ?? "";
  return {
    action: editTools.has(name) ? "edit" : name === "read" ? "read" : "other",
    callId: idField(input, "callID") ?? "only",
    paths: toolPaths(field(input, "args")),
    shown: [],
    isFailed: moment === "tool-failed",
  };
}

/** The plugin throws what is denied, and appends what is told to what the model reads. */
function encode(event: HookEvent, verdict: Verdict): JsonObject | undefined {
  if (verdict.kind === "deny" && event.moment === "before-tool") return { deny: verdict.reason };
  if (verdict.kind === "tell" && isTelling(opencode, event)) return { tell: verdict.text };
  return undefined;
}
