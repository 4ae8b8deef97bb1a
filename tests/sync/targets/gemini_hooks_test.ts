import { field, type JsonObject } from "../../../src/base/decode.ts";
import { claudePayload, geminiReply } from "../../../src/sync/targets/gemini/hook_dialect.ts";
import { shimWord } from "../../../src/sync/targets/gemini/hooks.ts";
import { assertEquals } from "../../support/assert.ts";

function before(tool_name: string, tool_input: JsonObject, more: JsonObject = {}): JsonObject {
  return { session_id: "s", cwd: "/p", hook_event_name: "BeforeTool", tool_name, tool_input, ...more };
}

/** Calls of Gemini CLI, with what Claude Code tells a hook of the same. */
const calls: readonly (readonly [payload: JsonObject, name: string, input: JsonObject])[] = [
  [before("run_shell_command", { command: "ls" }), "Bash", { command: "ls" }],
  [before("read_file", { file_path: "a/b", start_line: 2 }), "Read", { file_path: "/p/a/b", offset: 2 }],
  [before("replace", { file_path: "/x", old_string: "a", allow_multiple: true }), "Edit", {
    file_path: "/x",
    old_string: "a",
    replace_all: true,
  }],
  [before("write_file", { file_path: "x", content: "y" }), "Write", { file_path: "/p/x", content: "y" }],
  [before("grep_search", { pattern: "x", dir_path: "src" }), "Grep", { pattern: "x", path: "/p/src" }],
  [before("new_tool", { a: 1 }), "new_tool", { a: 1 }],
];

Deno.test("claudePayload() tells a hook of a tool what Claude Code would", () => {
  for (const [payload, tool_name, tool_input] of calls) {
    assertEquals(claudePayload(payload), { ...payload, hook_event_name: "PreToolUse", tool_name, tool_input });
  }
  const ofServer = before("mcp_my_srv_get", { a: 1 }, { mcp_context: { server_name: "my_srv", tool_name: "get" } });
  assertEquals(claudePayload(ofServer).tool_name, "mcp__my_srv__get");
  assertEquals(claudePayload({ hook_event_name: "AfterAgent", stop_hook_active: true }), {
    hook_event_name: "Stop",
    stop_hook_active: true,
  });
});

/** How hooks of Claude Code end, and what Gemini CLI is then answered. */
const ends: readonly (readonly [event: string, code: number, stdout: unknown, stderr: string, reply: unknown])[] = [
  ["BeforeTool", 2, "", "no", { decision: "deny", reason: "no" }],
  ["BeforeTool", 1, "", "oops", { systemMessage: "A hook of Claude Code ended with 1: oops" }],
  ["BeforeTool", 0, "", "", undefined],
  ["BeforeTool", 0, "just words", "", undefined],
  ["BeforeTool", 0, { decision: "block", reason: "no" }, "", { decision: "deny", reason: "no" }],
  ["BeforeTool", 0, { decision: "approve" }, "", { decision: "allow" }],
  [
    "BeforeTool",
    0,
    { hookSpecificOutput: { permissionDecision: "deny", permissionDecisionReason: "no" } },
    "",
    { decision: "deny", reason: "no" },
  ],
  ["BeforeTool", 0, { hookSpecificOutput: { permissionDecision: "ask" } }, "", { decision: "ask" }],
  ["BeforeTool", 0, { hookSpecificOutput: { permissionDecision: "new" } }, "", { decision: "deny" }],
  ["BeforeTool", 0, { continue: false, stopReason: "x" }, "", { continue: false, stopReason: "x" }],
  ["BeforeAgent", 2, "", "no", { decision: "deny", reason: "no" }],
  ["AfterTool", 2, "", "look", told("AfterTool", "look")],
  ["AfterTool", 0, { decision: "block", reason: "look" }, "", told("AfterTool", "look")],
  ["SessionStart", 0, "be brief", "", told("SessionStart", "be brief")],
  ["BeforeAgent", 0, { hookSpecificOutput: { additionalContext: "x" } }, "", told("BeforeAgent", "x")],
  ["AfterAgent", 0, { decision: "block", reason: "go on" }, "", { decision: "deny", reason: "go on" }],
];

Deno.test("geminiReply() answers Gemini CLI what a hook answered Claude Code, and never less strictly", () => {
  for (const [event, code, stdout, stderr, expected] of ends) {
    const written = typeof stdout === "string" ? stdout : JSON.stringify(stdout);
    const reply = geminiReply({ hook_event_name: event }, { code, stdout: written, stderr });
    assertEquals(reply === undefined ? undefined : JSON.parse(JSON.stringify(reply)), expected, `${event} ${written}`);
  }
});

Deno.test("geminiReply() gives back what a hook changed in the input by the names that Gemini CLI has for it", () => {
  const stdout = JSON.stringify({ hookSpecificOutput: { updatedInput: { file_path: "/y", replace_all: true } } });
  const reply = geminiReply(before("replace", {}), { code: 0, stdout, stderr: "" });
  assertEquals(field(reply?.hookSpecificOutput, "tool_input"), { file_path: "/y", allow_multiple: true });
});

Deno.test("shimWord() is one word in which nobody finds a variable or a quote, and holds the whole command", () => {
  for (const command of [`"$CLAUDE_PROJECT_DIR"/x.sh 'a b' 50% \\ \`ls\` !`, "a\nb", "é 😀"]) {
    const word = shimWord(command);
    assertEquals(/^'[^'"$`\\\n!]*'$/.test(word), true, word);
    assertEquals(decodeURIComponent(word.slice(1, -1)), command);
  }
});

function told(hookEventName: string, additionalContext: string): JsonObject {
  return { hookSpecificOutput: { hookEventName, additionalContext } };
}
