import { claude } from "../../src/hosts/claude.ts";
import { assertEquals } from "../support/assert.ts";
import { capturedSummaries, eventOf, fixture, replies, summary } from "../support/payloads.ts";

const captured: Readonly<Record<string, string>> = {
  "DirectoryAdded-slash_command-tui": "directory-added /extra",
  "InstructionsLoaded-session_start": "-",
  "Notification-tui": "-",
  "PermissionRequest-Bash-tui": "-",
  "PostCompact-manual-tui": "-",
  "PostToolBatch": "tool-batch batch toolu_mock_1_1",
  "PostToolBatch-2": "tool-batch batch toolu_mock_3_0",
  "PostToolBatch-3": "tool-batch batch toolu_mock_4_0",
  "PostToolBatch-4": "tool-batch batch toolu_mock_5_0",
  "PostToolBatch-general_purpose-agent": "tool-batch adeb7d8505ca08fdc batch toolu_mock_15_0",
  "PostToolBatch-general_purpose-agent-2": "tool-batch adeb7d8505ca08fdc batch toolu_mock_17_0",
  "PostToolUse-Agent": "after-tool other toolu_mock_14_0",
  "PostToolUse-Bash": "after-tool other toolu_mock_7_0",
  "PostToolUse-Edit": "after-tool edit toolu_mock_3_0 /repo/src/a.js",
  "PostToolUse-Edit-agent": "after-tool adeb7d8505ca08fdc edit toolu_mock_17_0 /repo/src/b.js",
  "PostToolUse-NotebookEdit": "after-tool edit toolu_mock_6_0 /repo/nb.ipynb",
  "PostToolUse-Read": "after-tool read toolu_mock_1_1 /repo/src/a.js shows /repo/src/a.js",
  "PostToolUse-Read-2": "after-tool read toolu_mock_2_2 /repo/nb.ipynb",
  "PostToolUse-Read-agent": "after-tool adeb7d8505ca08fdc read toolu_mock_15_0 /repo/src/b.js shows /repo/src/b.js",
  "PostToolUse-TaskCreate": "after-tool other toolu_mock_12_0",
  "PostToolUse-Write": "after-tool edit toolu_mock_4_0 /repo/src/new.js",
  "PostToolUse-Write-existing": "after-tool edit toolu_mock_2_0 /repo/src/a.js",
  "PostToolUseFailure-Bash": "tool-failed other toolu_mock_8_0 failed",
  "PreCompact-manual-tui": "-",
  "PreToolUse-Agent": "before-tool other toolu_mock_14_0",
  "PreToolUse-Bash": "before-tool other toolu_mock_7_0",
  "PreToolUse-Edit": "before-tool edit toolu_mock_3_0 /repo/src/a.js",
  "PreToolUse-Edit-agent": "before-tool adeb7d8505ca08fdc edit toolu_mock_17_0 /repo/src/b.js",
  "PreToolUse-NotebookEdit": "before-tool edit toolu_mock_6_0 /repo/nb.ipynb",
  "PreToolUse-Read": "before-tool read toolu_mock_1_1 /repo/src/a.js",
  "PreToolUse-Read-agent": "before-tool adeb7d8505ca08fdc read toolu_mock_15_0 /repo/src/b.js",
  "PreToolUse-TaskCreate": "before-tool other toolu_mock_12_0",
  "PreToolUse-Write": "before-tool edit toolu_mock_4_0 /repo/src/new.js",
  "SessionEnd": "session-end",
  "SessionEnd-tui": "session-end",
  "SessionEnd-tui-2": "session-end",
  "SessionStart-clear-tui": "session-start",
  "SessionStart-compact-tui": "session-start",
  "SessionStart-fork": "session-start",
  "SessionStart-resume": "session-start",
  "SessionStart-startup": "session-start",
  "SessionStart-startup-tui": "session-start",
  "Stop": "stop",
  "Stop-2": "stop",
  "SubagentStart-general_purpose": "-",
  "SubagentStop-general_purpose": "subagent-stop adeb7d8505ca08fdc",
  "TaskCreated": "-",
  "UserPromptSubmit": "prompt",
};

Deno.test("claude.decode() understands every payload that was captured", () => {
  assertEquals(capturedSummaries(claude), captured);
});

Deno.test("claude.decode() keeps all that was told of a read", () => {
  assertEquals(eventOf(claude, fixture(claude, "PostToolUse-Read-agent")), {
    moment: "after-tool",
    nativeName: "PostToolUse",
    host: "claude",
    sessionId: "c0c2ac5f-3ec7-491d-8519-c26dca85ebf1",
    agentId: "adeb7d8505ca08fdc",
    agentName: "general-purpose",
    cwd: "/repo",
    tool: {
      action: "read",
      callId: "toolu_mock_15_0",
      paths: ["/repo/src/b.js"],
      shown: [{ path: "/repo/src/b.js", text: "export const b = 2;\n" }],
      isFailed: false,
    },
    batch: undefined,
    folder: undefined,
    transcriptPath: "/home/user/.claude/projects/-repo/c0c2ac5f-3ec7-491d-8519-c26dca85ebf1.jsonl",
  });
});

const wholeFile = { content: "x\n", startLine: 1, numLines: 2, totalLines: 2 };

/** What a read says of its file, and whether its whole text was shown. */
const reads: Readonly<Record<string, readonly [file: unknown, isWhole: boolean]>> = {
  "all of it": [wholeFile, true],
  "all of an empty one": [{ content: "", startLine: 1, numLines: 1, totalLines: 1 }, true],
  "a part from the middle": [{ ...wholeFile, startLine: 2 }, false],
  "its first lines": [{ ...wholeFile, numLines: 1 }, false],
  "what fitted": [{ ...wholeFile, truncatedByTokenCap: true }, false],
  "no start": [{ content: "x", numLines: 2, totalLines: 2 }, false],
  "no number of lines": [{ content: "x", startLine: 1 }, false],
  "no content": [{ ...wholeFile, content: undefined }, false],
  "another kind of content": [{ ...wholeFile, content: ["x\n"] }, false],
  "nothing": [undefined, false],
  "a text": ["x\n", false],
};

for (const [what, [file, isWhole]] of Object.entries(reads)) {
  Deno.test(`claude.decode() of a read that tells ${what}`, () => {
    const payload = { tool_name: "Read", tool_input: { file_path: "/f" }, tool_response: { file } };
    assertEquals(claude.decode(payload, "after-tool").tool?.shown.length, isWhole ? 1 : 0);
  });
}

/** Payloads that no client should send, and what remains of them. */
const odd: Readonly<Record<string, readonly [payload: Record<string, unknown>, summary: string]>> = {
  "nothing": [{}, "before-tool"],
  "numbers as ids": [
    { session_id: 7, agent_id: 0, tool_use_id: 12, tool_name: "Edit", tool_input: { file_path: "/f" } },
    "before-tool 0 edit 12 /f",
  ],
  "null as ids": [
    { session_id: null, agent_id: null, tool_use_id: null, tool_name: "Edit", tool_input: {} },
    "before-tool edit only",
  ],
  "empty ids": [
    { session_id: "", agent_id: "", tool_use_id: "", tool_name: "Edit", tool_input: {} },
    "before-tool edit only",
  ],
  "a text as the input": [{ tool_name: "Edit", tool_input: '{"file_path":"/f"}' }, "before-tool edit only"],
  "null as the input": [{ tool_name: "Write", tool_input: null }, "before-tool edit only"],
  "a list as the input": [{ tool_name: "Write", tool_input: [{ file_path: "/f" }] }, "before-tool edit only"],
  "no name of the tool": [{ tool_input: { file_path: "/f" } }, "before-tool other only /f"],
  "a tool that came later": [{ tool_name: "EditFiles", tool_input: { file_path: "/f" } }, "before-tool other only /f"],
  "a number as the path": [{ tool_name: "Edit", tool_input: { file_path: 5 } }, "before-tool edit only"],
  "a batch that is no list": [{ tool_calls: { tool_use_id: "1" } }, "before-tool"],
  "a batch with odd calls": [
    { tool_calls: [null, 3, "x", {}, { tool_use_id: 4 }, { tool_use_id: "5" }] },
    "before-tool batch 4,5",
  ],
  "an empty batch": [{ tool_calls: [] }, "before-tool batch "],
  "a number as the folder": [{ directory: 5, cwd: [] }, "before-tool"],
};

for (const [what, [payload, expected]] of Object.entries(odd)) {
  Deno.test(`claude.decode() of a payload with ${what}`, () => {
    assertEquals(summary(claude.decode(payload, "before-tool")), expected);
  });
}

Deno.test("claude.decode() takes every id for an identity, and an absent one for none", () => {
  const idsOf = (session_id: unknown) => claude.decode({ session_id }, "stop").sessionId;
  assertEquals([7, 0, false, "", null, undefined, ["a"], { a: 1 }].map(idsOf), [
    "7",
    "0",
    "false",
    undefined,
    undefined,
    undefined,
    '["a"]',
    '{"a":1}',
  ]);
});

Deno.test("claude.encode() tells where the model reads it, in the words of the event", () => {
  const told = (hookEventName: string) => ({ hookSpecificOutput: { hookEventName, additionalContext: "read this" } });
  assertEquals(replies(claude, { kind: "tell", text: "read this" }), {
    "session-start": told("SessionStart"),
    "prompt": told("UserPromptSubmit"),
    "before-tool": told("PreToolUse"),
    "after-tool": told("PostToolUse"),
    "tool-failed": told("PostToolUseFailure"),
    "tool-batch": told("PostToolBatch"),
  });
});

Deno.test("claude.encode() denies a tool before it runs and nowhere else", () => {
  assertEquals(replies(claude, { kind: "deny", reason: "taken" }), {
    "before-tool": {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: "taken",
      },
    },
  });
});

Deno.test("claude.encode() lets pass in silence", () => assertEquals(replies(claude, { kind: "pass" }), {}));
