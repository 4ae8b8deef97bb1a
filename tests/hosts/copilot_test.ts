import type { JsonObject } from "../../src/base/decode.ts";
import { copilot } from "../../src/hosts/copilot.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { capturedSummaries, eventOf, fixture, replies, summary } from "../support/payloads.ts";

Deno.test("copilot.decode() understands every payload that was captured, in both spellings", () => {
  assertEquals(capturedSummaries(copilot), {
    "PermissionRequest-bash": "-",
    "PermissionRequest-edit": "-",
    "PostToolUse-Bash": "after-tool other 674c722e",
    "PostToolUse-Edit": "after-tool edit 58add5ac /repo/src/a.js",
    "PostToolUse-Read": "after-tool read cf22d6bb /repo/src/a.js",
    "PostToolUse-Write": "after-tool edit 84213d34 /repo/src/new.js",
    "PostToolUseFailure-Edit": "tool-failed edit c1920b9a /repo/src/a.js failed",
    "PreToolUse-Bash": "before-tool other 674c722e",
    "PreToolUse-Edit": "before-tool edit 58add5ac /repo/src/a.js",
    "PreToolUse-Read": "before-tool read cf22d6bb /repo/src/a.js",
    "PreToolUse-Write": "before-tool edit 84213d34 /repo/src/new.js",
    "SessionEnd": "session-end",
    "SessionStart": "session-start",
    "Stop": "stop",
    "UserPromptSubmit": "prompt",
    "agentStop": "stop",
    "permissionRequest-bash": "-",
    "permissionRequest-edit": "-",
    "postToolUse-bash": "after-tool other 674c722e",
    "postToolUse-create": "after-tool edit 84213d34 /repo/src/new.js",
    "postToolUse-edit": "after-tool edit 58add5ac /repo/src/a.js",
    "postToolUse-view": "after-tool read cf22d6bb /repo/src/a.js",
    "postToolUseFailure-edit": "tool-failed edit c1920b9a /repo/src/a.js failed",
    "preToolUse-bash": "before-tool other 674c722e",
    "preToolUse-create": "before-tool edit 84213d34 /repo/src/new.js",
    "preToolUse-edit": "before-tool edit 58add5ac /repo/src/a.js",
    "preToolUse-view": "before-tool read cf22d6bb /repo/src/a.js",
    "sessionEnd": "session-end",
    "sessionStart": "session-start",
    "userPromptSubmitted": "prompt",
  });
});

/** The two spellings of one event, as both were registered. */
const twice: readonly (readonly [camel: string, pascal: string])[] = [
  ["preToolUse-edit", "PreToolUse-Edit"],
  ["preToolUse-create", "PreToolUse-Write"],
  ["postToolUse-view", "PostToolUse-Read"],
  ["postToolUseFailure-edit", "PostToolUseFailure-Edit"],
  ["sessionStart", "SessionStart"],
  ["userPromptSubmitted", "UserPromptSubmit"],
];

for (const [camel, pascal] of twice) {
  Deno.test(`copilot.decode() knows ${camel} and ${pascal} for one event`, () => {
    const [one, other] = [camel, pascal].map((name) => eventOf(copilot, fixture(copilot, name), name.split("-")[0]));
    // Before a tool each call wants its answer, also that of two that are equal.
    assertEquals(one?.delivery === undefined, camel.startsWith("preToolUse"));
    assertEquals({ ...one, nativeName: "" }, { ...other, nativeName: "" });
  });
}

Deno.test("copilot.decode() tells two uses of one tool in one instant apart", () => {
  const payload = fixture(copilot, "preToolUse-edit");
  const use = (new_str: string) =>
    copilot.decode({ ...payload, toolArgs: { path: "a", old_str: "x", new_str } }, "before-tool");
  const [one, other] = [use("1"), use("2")];
  assert(one.tool?.callId !== other.tool?.callId);
});

/** What a sub-agent sends, in both spellings, as far as it says who it is. */
const agents: Readonly<Record<string, JsonObject>> = {
  "preToolUse": { sessionId: "a1", agentId: "a1", agentType: "general-purpose", parentAgentId: "s1" },
  "PreToolUse": { session_id: "a1", agent_id: "a1", agent_type: "general-purpose", parent_agent_id: "s1" },
  "subagentStop": { sessionId: "s1", agentId: "a1", agentType: "general-purpose", parentAgentId: "s1" },
  "SubagentStop": { session_id: "s1", agent_id: "a1", agent_type: "general-purpose", parent_agent_id: "s1" },
};

for (const [name, payload] of Object.entries(agents)) {
  Deno.test(`copilot.decode() of ${name} knows a sub-agent and its session`, () => {
    const event = eventOf(copilot, payload, name);
    assertEquals([event?.sessionId, event?.agentId, event?.agentName], ["s1", "a1", "general-purpose"]);
  });
}

/** Inputs of a tool in other forms, and what remains of them. */
const inputs: Readonly<Record<string, readonly [toolName: string, toolArgs: unknown, expected: string]>> = {
  "the text of its JSON": ["edit", '{"path":"a.js"}', "edit a.js"],
  "a patch": ["apply_patch", "*** Begin Patch\n*** Add File: n.js\n+1\n*** End Patch", "edit n.js"],
  "a patch in a heredoc": [
    "apply_patch",
    "<<'EOF'\n*** Begin Patch\n  *** Add File: n.js \n+1\n*** End Patch\nEOF\n",
    "edit n.js",
  ],
  "a patch in a field": [
    "apply_patch",
    { input: "*** Begin Patch\n*** Delete File: d.js\n*** End Patch" },
    "edit d.js",
  ],
  "a text that is no JSON": ["edit", "{", "edit"],
  "null": ["edit", null, "edit"],
  "a number": ["view", 7, "read"],
};

for (const [what, [toolName, toolArgs, expected]] of Object.entries(inputs)) {
  Deno.test(`copilot.decode() of a tool that is called with ${what}`, () => {
    const event = copilot.decode({ toolName, toolArgs }, "before-tool");
    assertEquals(
      summary(event).split(" ").filter((word) => !/^[0-9a-f]{6,8}$/.test(word)).join(" "),
      `before-tool ${expected}`,
    );
  });
}

Deno.test("copilot.encode() tells on the first level, where alone it is read at every moment", () => {
  const told = { additionalContext: "read this" };
  assertEquals(replies(copilot, { kind: "tell", text: "read this" }), {
    "session-start": told,
    "prompt": told,
    "before-tool": told,
    "after-tool": told,
  });
});

Deno.test("copilot.encode() denies a tool before it runs and nowhere else", () => {
  assertEquals(replies(copilot, { kind: "deny", reason: "taken" }), {
    "before-tool": { permissionDecision: "deny", permissionDecisionReason: "taken" },
  });
});

Deno.test("copilot.encode() lets pass in silence", () => assertEquals(replies(copilot, { kind: "pass" }), {}));
