// Gemini CLI 0.61.0. Payloads and replies as captured from the real client, see tests/hosts/fixtures/gemini.

import { field, idField, type JsonObject, textField, textList } from "../base/decode.ts";
import { type HookEvent, type Host, isTelling, type Moment, nativeNameOf, type ToolUse, type Verdict } from "./host.ts";
import { toolPaths } from "./tool_paths.ts";

const editTools = new Set(["replace", "write_file"]);
const readTools = new Set(["read_file", "read_many_files"]);
/** The first read in a folder with rules of its own gets them added to the text of the file. */
const addedContext = /\n\n--- Newly Discovered Project Context ---\n[\s\S]*\n--- End Project Context ---\n?$/;

/** The dialect of Gemini CLI. */
export const gemini: Host = {
  name: "gemini",
  sessionVariable: "GEMINI_SESSION_ID",
  mark: { variable: "GEMINI_SESSION_ID" },
  isSerial: true,
  events: {
    SessionStart: "session-start",
    BeforeAgent: "prompt",
    BeforeTool: "before-tool",
    AfterTool: "after-tool",
    AfterAgent: "stop",
    SessionEnd: "session-end",
  },
  // What is told before a tool is dropped; a reply to AfterAgent would become a new prompt.
  tellsAt: ["session-start", "prompt", "after-tool"],
  findingsHeading: "LSP Diagnostics:",
  decode,
  encode,
  files: async (version) => (await import("./gemini_files.ts")).geminiFiles(version),
  settings: async () => (await import("./gemini_files.ts")).geminiSettings,
  health: async () => (await import("./gemini_health.ts")).geminiHealth,
};

function decode(payload: JsonObject, moment: Moment): HookEvent {
  return {
    moment,
    nativeName: nativeNameOf(gemini, payload, moment),
    host: gemini.name,
    sessionId: idField(payload, "session_id"),
    cwd: textField(payload, "cwd"),
    tool: Object.hasOwn(payload, "tool_input") ? toolUse(payload) : undefined,
    transcriptPath: textField(payload, "transcript_path"),
  };
}

function toolUse(payload: JsonObject): ToolUse {
  const name = textField(payload, "tool_name") ?? "";
  const response = payload.tool_response;
  const named = toolPaths(payload.tool_input);
  const text = name === "read_file" ? wholeText(response) : undefined;
  return {
    action: editTools.has(name) ? "edit" : readTools.has(name) ? "read" : "other",
    callId: "only",
    paths: name === "read_many_files" ? headedPaths(response) : named,
    shown: text === undefined ? [] : named.map((path) => ({ path, text })),
    isFailed: field(response, "error") !== undefined,
  };
}

/** Returns the text of a read that was not cut: only then there is nothing for people to see about it. */
function wholeText(response: unknown): string | undefined {
  const content = field(response, "llmContent");
  const isWhole = field(response, "returnDisplay") === "" && field(response, "error") === undefined;
  return isWhole && typeof content === "string" ? content.replace(addedContext, "") : undefined;
}

/** Returns the files of a read of many: each part begins with `--- <absolute path> ---`. */
function headedPaths(response: unknown): string[] {
  return textList(response, "llmContent").map((part) => /^--- (.+) ---\n/.exec(part)?.[1])
    .filter((path) => path !== undefined);
}

function encode(event: HookEvent, verdict: Verdict): JsonObject | undefined {
  if (verdict.kind === "deny" && event.moment === "before-tool") return { decision: "deny", reason: verdict.reason };
  if (verdict.kind === "tell" && isTelling(gemini, event)) {
    return { hookSpecificOutput: { hookEventName: event.nativeName, additionalContext: verdict.text } };
  }
  return undefined;
}
