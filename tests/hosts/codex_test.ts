import { codex } from "../../src/hosts/codex.ts";
import { assertEquals } from "../support/assert.ts";
import { capturedSummaries, eventOf, fixture, replies, summary } from "../support/payloads.ts";

Deno.test("codex.decode() understands every payload that was captured", () => {
  assertEquals(capturedSummaries(codex), {
    "PostToolUse-Bash": "after-tool other untold",
    "PostToolUse-apply_patch": "after-tool edit call_2_0 src/a.js src/new.js",
    "PreToolUse-Bash": "before-tool other untold",
    "PreToolUse-apply_patch": "before-tool edit call_2_0 src/a.js src/new.js",
    "SessionEnd": "session-end",
    "SessionStart-startup": "session-start",
    "Stop": "stop",
    "UserPromptSubmit": "prompt",
  });
});

Deno.test("codex.decode() keeps all that was told of a patch", () => {
  assertEquals(eventOf(codex, { ...fixture(codex, "PreToolUse-apply_patch"), agent_id: "a1", agent_type: "worker" }), {
    moment: "before-tool",
    nativeName: "PreToolUse",
    host: "codex",
    sessionId: "01a1fbde-c21e-7a30-9b47-7b4d2d7dc9ee",
    agentId: "a1",
    agentName: "worker",
    cwd: "/repo",
    tool: { action: "edit", callId: "call_2_0", paths: ["src/a.js", "src/new.js"], shown: [], isFailed: false },
    transcriptPath:
      "/home/user/.codex/sessions/2026/11/21/rollout-2026-11-21T02-10-42-01a1fbde-c21e-7a30-9b47-7b4d2d7dc9ee.jsonl",
  });
});

const patch = "*** Begin Patch\n*** Update File: a.js\n@@\n-1\n+2\n*** Move to: b.js\n*** End Patch\n";

/** Commands of the shell, and what remains of them. */
const commands: Readonly<Record<string, readonly [command: string, expected: string]>> = {
  "a patch": [`apply_patch <<'EOF'\n${patch}EOF\n`, "edit untold a.js b.js"],
  "a patch under its other name": [`applypatch <<EOF\n${patch}EOF`, "edit untold a.js b.js"],
  "a patch in a folder": [`cd sub && apply_patch <<"EOF"\n${patch}EOF\n`, "edit untold sub/a.js sub/b.js"],
  "a patch in a folder with a space": [
    `cd 'a b' && apply_patch << 'EOF'\n${patch}EOF\n`,
    "edit untold a b/a.js a b/b.js",
  ],
  "a patch of an absolute path": [
    `cd sub; apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: /tmp/c\n*** End Patch\nEOF`,
    "edit untold /tmp/c",
  ],
  "a patch behind folders": [`cd a && cd b; apply_patch <<EOF\n${patch}EOF`, "edit untold a/b/a.js a/b/b.js"],
  "a patch in another shell": [
    `bash -lc "cd sub && apply_patch <<'EOF'\n${patch}EOF"`,
    "edit untold sub/a.js sub/b.js",
  ],
  "a patch in an argument": [`echo apply_patch; apply_patch '${patch}' && ls`, "edit untold a.js b.js"],
  "two patches": [
    `apply_patch <<A\n${patch}A\ncd sub\napply_patch <<B\n${patch}B\n`,
    "edit untold a.js b.js sub/a.js sub/b.js",
  ],
  "a patch behind a subshell": [
    `(cd sub && ls); apply_patch <<A\n${patch}A\n`,
    "edit untold sub/a.js a.js sub/b.js b.js",
  ],
  "a patch in a folder that the shell finds": [
    `cd "$ROOT" && apply_patch <<A\n${patch}A\n`,
    "edit untold $ROOT/a.js a.js $ROOT/b.js b.js",
  ],
  "a patch behind words": [`echo "cd x"; apply_patch <<A\n${patch}A\n`, "edit untold x/a.js a.js x/b.js b.js"],
  "a patch that is printed only": [`cat <<'EOF'\n${patch}EOF\n`, "other untold"],
  "the word alone": ["grep apply_patch src", "other untold"],
  "an empty patch": ["apply_patch <<'EOF'\n*** Begin Patch\n*** End Patch\nEOF", "other untold"],
  "nothing": ["", "other untold"],
};

for (const [what, [command, expected]] of Object.entries(commands)) {
  Deno.test(`codex.decode() of a shell command with ${what}`, () => {
    const payload = { tool_name: "Bash", tool_input: { command }, tool_use_id: "call_1" };
    assertEquals(summary(codex.decode(payload, "before-tool")), `before-tool ${expected}`);
  });
}

/** Patches that Codex was seen to take besides the plain one, and their files. */
const patches: Readonly<Record<string, readonly [patch: string, paths: string]>> = {
  "in a heredoc": [`<<'EOF'\n${patch}EOF\n`, "a.js b.js"],
  "with spaces around its lines": ["*** Begin Patch\n  *** Delete File: a.js \t\n*** End Patch\n", "a.js"],
};

for (const [what, [command, paths]] of Object.entries(patches)) {
  Deno.test(`codex.decode() of a patch ${what}`, () => {
    const payload = { tool_name: "apply_patch", tool_input: { command }, tool_use_id: "call_1" };
    assertEquals(summary(codex.decode(payload, "before-tool")), `before-tool edit call_1 ${paths}`);
  });
}

Deno.test("codex.encode() tells where the model reads it, with no field that Codex does not know", () => {
  const told = (hookEventName: string) => ({ hookSpecificOutput: { hookEventName, additionalContext: "read this" } });
  assertEquals(replies(codex, { kind: "tell", text: "read this" }), {
    "session-start": told("SessionStart"),
    "prompt": told("UserPromptSubmit"),
    "before-tool": told("PreToolUse"),
    "after-tool": told("PostToolUse"),
  });
});

Deno.test("codex.encode() denies a tool before it runs and nowhere else", () => {
  assertEquals(replies(codex, { kind: "deny", reason: "taken" }), {
    "before-tool": {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: "taken",
      },
    },
  });
});

Deno.test("codex.encode() lets pass in silence", () => assertEquals(replies(codex, { kind: "pass" }), {}));
