// Codex CLI 0.169.0. Payloads and replies as captured from the real client, see tests/hosts/fixtures/codex. It drops a
// reply with any field that it does not know, so nothing is in one but what it was seen to accept.

import { idField, type JsonObject, textField } from "../base/decode.ts";
import { isAbsolute } from "../base/path.ts";
import { type HookEvent, type Host, type Moment, nativeNameOf, type ToolUse, untoldCall } from "./host.ts";
import { nestedReply } from "./nested_reply.ts";
import { patchPaths } from "./tool_paths.ts";

/** A patch in the command of a shell. Codex takes a short heredoc itself, and all else finds its apply_patch on PATH. */
const shellPatch = /apply_?patch\b(?:(?!apply_?patch\b)[^])*?(\*\*\* Begin Patch[^]*?(?:\n[ \t]*\*\*\* End Patch|$))/g;
/** A change of the folder where a command may begin. */
const folderChange = /(?:^|[;&|({"'\n])[ \t]*cd[ \t]+(?:--[ \t]+)?(?:'([^']+)'|"([^"]+)"|([^\s;&|)"']+))/g;
const filesMax = 256;
/** What the shell makes of a folder with one of these is not known here. */
const expanded = /[$~*?`]|^-/;

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
  const isPatch = textField(payload, "tool_name") === "apply_patch";
  const command = textField(payload.tool_input, "command") ?? "";
  const paths = isPatch ? patchPaths(command) : shellPatchPaths(command);
  return {
    action: isPatch || paths.length > 0 ? "edit" : "other",
    // No event follows a patch that went through the shell.
    callId: isPatch ? idField(payload, "tool_use_id") ?? "only" : untoldCall,
    paths,
    shown: [],
    isFailed: false,
  };
}

/** Returns the files of each patch in a command, from the folder that is changed to before it; where that may be another, both. */
function shellPatchPaths(command: string): string[] {
  const found = new Set<string>();
  for (const { index, 1: patch } of command.matchAll(shellPatch)) {
    const before = command.slice(0, index);
    const folders = Array.from(before.matchAll(folderChange), ([, a, b, c]) => a ?? b ?? c);
    const isSure = !/[)"']/.test(before.replaceAll(folderChange, "")) &&
      !folders.some((folder) => expanded.test(folder));
    if (found.size > filesMax) break;
    for (const path of patchPaths(patch)) {
      found.add([...folders, path].reduce(joined));
      if (!isSure) found.add(path);
    }
  }
  return [...found];
}

function joined(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder}/${path}`;
}
