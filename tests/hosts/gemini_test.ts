import { gemini } from "../../src/hosts/gemini.ts";
import { assertEquals } from "../support/assert.ts";
import { capturedSummaries, eventOf, fixture, replies, summary } from "../support/payloads.ts";

const captured: Readonly<Record<string, string>> = {
  "AfterAgent": "stop",
  "AfterModel": "-",
  "AfterTool-glob": "after-tool other only",
  "AfterTool-grep_search": "after-tool other only",
  "AfterTool-list_directory": "after-tool other only",
  "AfterTool-read_file": "after-tool read only /repo/src/a.js shows /repo/src/a.js",
  "AfterTool-replace": "after-tool edit only /repo/src/a.js",
  "AfterTool-replace-2": "after-tool edit only src/a.js failed",
  "AfterTool-run_shell_command": "after-tool other only",
  "AfterTool-write_file": "after-tool edit only src/new.js",
  "AfterTool-write_todos": "after-tool other only",
  "BeforeAgent": "prompt",
  "BeforeModel": "-",
  "BeforeTool-glob": "before-tool other only",
  "BeforeTool-grep_search": "before-tool other only",
  "BeforeTool-list_directory": "before-tool other only",
  "BeforeTool-read_file": "before-tool read only /repo/src/a.js",
  "BeforeTool-replace": "before-tool edit only /repo/src/a.js",
  "BeforeTool-run_shell_command": "before-tool other only",
  "BeforeTool-write_file": "before-tool edit only src/new.js",
  "BeforeTool-write_todos": "before-tool other only",
  "BeforeToolSelection": "-",
  "Notification": "-",
  "PreCompress-auto": "-",
  "SessionEnd": "session-end",
  "SessionStart-startup": "session-start",
};

Deno.test("gemini.decode() understands every payload that was captured", () => {
  assertEquals(capturedSummaries(gemini), captured);
});

Deno.test("gemini.decode() keeps all that was told of a read", () => {
  assertEquals(eventOf(gemini, fixture(gemini, "AfterTool-read_file")), {
    moment: "after-tool",
    nativeName: "AfterTool",
    host: "gemini",
    sessionId: "45797c7b-6068-4855-a784-d069e7c367bd",
    cwd: "/repo",
    tool: {
      action: "read",
      callId: "only",
      paths: ["/repo/src/a.js"],
      shown: [{ path: "/repo/src/a.js", text: "export const a = 1;\nexport const aa = 2;\n" }],
      isFailed: false,
    },
    transcriptPath: "/home/user/.gemini/tmp/repo/chats/session-2026-11-21T01-58-45797c7b.jsonl",
  });
});

const rules =
  "\n\n--- Newly Discovered Project Context ---\n--- Context from: a/GEMINI.md ---\nBe kind.\n--- End Project Context ---";

/** What a read of one file answers, and the text that was shown of the file. */
const reads: Readonly<Record<string, readonly [response: unknown, shown: string | undefined]>> = {
  "all of it": [{ llmContent: "x\n", returnDisplay: "" }, "x\n"],
  "all of an empty one": [{ llmContent: "", returnDisplay: "" }, ""],
  "all of it and rules": [{ llmContent: `x\n${rules}`, returnDisplay: "" }, "x\n"],
  "a part of it": [{ llmContent: "x\n", returnDisplay: "Read lines 1-2 of 9 from f" }, undefined],
  "an image": [{ llmContent: { inlineData: {} }, returnDisplay: "" }, undefined],
  "an error": [{ llmContent: "not found", returnDisplay: "", error: { message: "not found" } }, undefined],
  "no display": [{ llmContent: "x\n" }, undefined],
  "nothing": [undefined, undefined],
};

for (const [what, [tool_response, shown]] of Object.entries(reads)) {
  Deno.test(`gemini.decode() of a read that answers ${what}`, () => {
    const payload = { tool_name: "read_file", tool_input: { file_path: "f" }, tool_response };
    assertEquals(gemini.decode(payload, "after-tool").tool?.shown[0]?.text, shown);
  });
}

Deno.test("gemini.decode() finds the files of a read of many", () => {
  const llmContent = ["--- /repo/a.js ---\n\nx\n", 7, "--- /repo/b c.js ---\n\ny\n", "\n--- End of content ---"];
  const payload = { tool_name: "read_many_files", tool_input: { include: ["*.js"] }, tool_response: { llmContent } };
  assertEquals(summary(gemini.decode(payload, "after-tool")), "after-tool read only /repo/a.js /repo/b c.js");
});

/** Payloads that no client should send, and what remains of them. */
const odd: Readonly<Record<string, readonly [payload: Record<string, unknown>, summary: string]>> = {
  "nothing": [{}, "after-tool"],
  "a text as the input": [{ tool_name: "replace", tool_input: '{"file_path":"f"}' }, "after-tool edit only"],
  "null as the input": [{ tool_name: "replace", tool_input: null }, "after-tool edit only"],
  "no name of the tool": [{ tool_input: { file_path: "f" } }, "after-tool other only f"],
  "a name that contains a known one": [
    { tool_name: "my_replace", tool_input: { path: "f" } },
    "after-tool other only f",
  ],
  "an answer that is a text": [
    { tool_name: "replace", tool_input: { file_path: "f" }, tool_response: "ok" },
    "after-tool edit only f",
  ],
  "a read of many without an answer": [
    { tool_name: "read_many_files", tool_input: { paths: ["f"] } },
    "after-tool read only",
  ],
};

for (const [what, [payload, expected]] of Object.entries(odd)) {
  Deno.test(`gemini.decode() of a payload with ${what}`, () => {
    assertEquals(summary(gemini.decode(payload, "after-tool")), expected);
  });
}

Deno.test("gemini.encode() tells where the model reads it: not before a tool", () => {
  const told = (hookEventName: string) => ({ hookSpecificOutput: { hookEventName, additionalContext: "read this" } });
  assertEquals(replies(gemini, { kind: "tell", text: "read this" }), {
    "session-start": told("SessionStart"),
    "prompt": told("BeforeAgent"),
    "after-tool": told("AfterTool"),
  });
});

Deno.test("gemini.encode() denies a tool before it runs and nowhere else", () => {
  assertEquals(replies(gemini, { kind: "deny", reason: "taken" }), {
    "before-tool": { decision: "deny", reason: "taken" },
  });
});

Deno.test("gemini.encode() lets pass in silence", () => assertEquals(replies(gemini, { kind: "pass" }), {}));
