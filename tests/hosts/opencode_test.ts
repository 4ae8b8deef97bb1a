import { opencode } from "../../src/hosts/opencode.ts";
import { assertEquals } from "../support/assert.ts";
import { capturedSummaries, eventOf, fixture, replies, summary } from "../support/payloads.ts";

Deno.test("opencode.decode() understands every payload that the plugin sends", () => {
  assertEquals(capturedSummaries(opencode), {
    "after-tool-edit": "after-tool edit toolu_mock_3_0 /repo/src/a.js",
    "after-tool-read": "after-tool read toolu_mock_2_0 /repo/src/a.js",
    "after-tool-write": "after-tool edit toolu_mock_4_0 /repo/src/new.js",
    "before-tool-edit": "before-tool edit toolu_mock_3_0 /repo/src/a.js",
    "before-tool-edit-failing": "before-tool edit toolu_mock_4_0 /repo/a.js",
    "before-tool-write": "before-tool edit toolu_mock_4_0 /repo/src/new.js",
    "prompt": "prompt",
    "session-end": "session-end",
    "session-start": "session-start",
    "session-start-subagent": "session-start",
    "stop": "stop",
    "subagent-stop": "subagent-stop",
    "tool-failed-edit": "tool-failed edit toolu_mock_4_0 /repo/a.js failed",
  });
});

Deno.test("opencode.decode() keeps all that was told of an edit", () => {
  assertEquals(eventOf(opencode, fixture(opencode, "before-tool-edit")), {
    moment: "before-tool",
    nativeName: "before-tool",
    host: "opencode",
    sessionId: "tj7jrk2y17ZJuT",
    cwd: "/repo",
    tool: { action: "edit", callId: "toolu_mock_3_0", paths: ["/repo/src/a.js"], shown: [], isFailed: false },
  });
});

const patch = "*** Begin Patch\n*** Update File: a.js\n@@\n-1\n+2\n*** Add File: b.js\n+1\n*** End Patch";

/** Inputs of odd shapes, and what remains of them. */
const odd: Readonly<Record<string, readonly [input: unknown, expected: string]>> = {
  "a patch": [{ tool: "apply_patch", callID: "c", args: { patchText: patch } }, "before-tool edit c a.js b.js"],
  "another tool": [{ tool: "bash", callID: "c", args: {} }, "before-tool other c"],
  "no arguments": [{ tool: "edit", callID: "c" }, "before-tool edit c"],
  "no call": [{ tool: "write", args: { filePath: "/f" } }, "before-tool edit only /f"],
  "a number as the path": [{ tool: "edit", callID: 5, args: { filePath: 5 } }, "before-tool edit 5"],
  "a list": [[], "before-tool"],
  "nothing": [null, "before-tool"],
};

for (const [what, [input, expected]] of Object.entries(odd)) {
  Deno.test(`opencode.decode() of an input with ${what}`, () => {
    assertEquals(summary(opencode.decode({ input }, "before-tool")), expected);
  });
}

Deno.test("opencode.encode() tells with a prompt and after a tool", () => {
  const told = { tell: "read this" };
  assertEquals(replies(opencode, { kind: "tell", text: "read this" }), { "prompt": told, "after-tool": told });
});

Deno.test("opencode.encode() denies a tool before it runs and nowhere else", () => {
  assertEquals(replies(opencode, { kind: "deny", reason: "taken" }), { "before-tool": { deny: "taken" } });
});

Deno.test("opencode.encode() lets pass in silence", () => assertEquals(replies(opencode, { kind: "pass" }), {}));
