// Every payload that was captured of every host, answered by the program: what it says when the files are another's, and
// when its state is broken. The bytes are those that the real clients were seen to accept.

import type { Host } from "../../src/hosts/host.ts";
import { hosts } from "../../src/hosts/table.ts";
import { assertEquals } from "../support/assert.ts";
import { fixture, fixtureNames } from "../support/payloads.ts";
import { Place } from "../support/place.ts";

interface Expected {
  /** The captured payloads of edits that are about to be done. */
  readonly edits: readonly string[];
  /** The reply that denies one, and the one that tells at an event, with the text in place of `TEXT`. */
  readonly denied: string;
  readonly told: (event: string) => string;
  /** The captured payloads whose answer tells something, when there is something to tell. */
  readonly telling: readonly string[];
}

const nested = (event: string) => `{"hookSpecificOutput":{"hookEventName":"${event}","additionalContext":"TEXT"}}`;
const nestedDenial =
  `{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"TEXT"}}`;

const expected: Readonly<Record<string, Expected>> = {
  claude: {
    edits: ["PreToolUse-Edit", "PreToolUse-Edit-agent", "PreToolUse-NotebookEdit", "PreToolUse-Write"],
    denied: nestedDenial,
    told: nested,
    telling: [
      "PostToolBatch",
      "PostToolBatch-2",
      "PostToolBatch-3",
      "PostToolBatch-4",
      "PostToolBatch-general_purpose-agent",
      "PostToolBatch-general_purpose-agent-2",
      "PreToolUse-Edit",
      "PreToolUse-Edit-agent",
      "PreToolUse-NotebookEdit",
      "PreToolUse-Write",
      "SessionStart-clear-tui",
      "SessionStart-compact-tui",
      "SessionStart-fork",
      "SessionStart-resume",
      "SessionStart-startup",
      "SessionStart-startup-tui",
      "UserPromptSubmit",
    ],
  },
  gemini: {
    edits: ["BeforeTool-replace", "BeforeTool-write_file"],
    denied: `{"decision":"deny","reason":"TEXT"}`,
    told: nested,
    telling: [
      "AfterTool-read_file",
      "AfterTool-replace",
      "AfterTool-replace-2",
      "AfterTool-write_file",
      "BeforeAgent",
      "SessionStart-startup",
    ],
  },
  codex: {
    edits: ["PreToolUse-apply_patch"],
    denied: nestedDenial,
    told: nested,
    telling: ["PreToolUse-apply_patch", "SessionStart-startup", "UserPromptSubmit"],
  },
  copilot: {
    edits: ["PreToolUse-Edit", "PreToolUse-Write", "preToolUse-create", "preToolUse-edit"],
    denied: `{"permissionDecision":"deny","permissionDecisionReason":"TEXT"}`,
    told: () => `{"additionalContext":"TEXT"}`,
    telling: [
      "PreToolUse-Edit",
      "PreToolUse-Write",
      "SessionStart",
      "UserPromptSubmit",
      "preToolUse-create",
      "preToolUse-edit",
      "sessionStart",
      "userPromptSubmitted",
    ],
  },
  opencode: {
    edits: ["before-tool-edit", "before-tool-write"],
    denied: `{"deny":"TEXT"}`,
    told: () => `{"tell":"TEXT"}`,
    telling: ["after-tool-edit", "after-tool-read", "after-tool-write", "prompt"],
  },
};

const captured = ["/repo/src/a.js", "/repo/src/b.js", "/repo/src/new.js", "/repo/nb.ipynb"];

for (const host of hosts) {
  const { edits, denied, told, telling } = expected[host.name];

  Deno.test(`truce hook denies each edit that was captured of ${host.name} and says nothing else`, async () => {
    using place = new Place();
    await place.run(["lock", "acquire", ...captured, "--as", "somebody"]);
    for (const name of fixtureNames(host)) {
      const stdout = await answer(place, host, name, ["--timeout", "0"]);
      const reply = stdout.replace(/"[^"]*(?:\\.[^"]*)* is locked by somebody (?:[^"\\]|\\.)*"/, '"TEXT"');
      assertEquals(reply, edits.includes(name) ? denied : "", `${name}: ${stdout}`);
    }
  });

  Deno.test(`truce hook tells ${host.name} that its state is broken where the model reads it`, async () => {
    using place = new Place();
    Deno.writeTextFileSync(place.state, "no folder");
    for (const name of fixtureNames(host)) {
      const stdout = await answer(place, host, name);
      const reply = stdout.replace(/"truce does not protect files (?:[^"\\]|\\.)*"/, '"TEXT"');
      assertEquals(reply, telling.includes(name) ? told(eventOf(host, name)) : "", `${name}: ${stdout}`);
    }
  });
}

/** Returns what the host called the event: in the payload, else at the start of the file's name. */
function eventOf(host: Host, name: string): string {
  const payload = fixture(host, name);
  return String(payload.hook_event_name ?? payload.hook ?? name.split("-")[0]);
}

/** Returns the answer to a payload in a session of its own: an event that comes twice is answered once. */
async function answer(place: Place, host: Host, name: string, flags: readonly string[] = []): Promise<string> {
  const words = ["hook", eventOf(host, name), "--format", host.name, ...flags];
  const stdin = JSON.stringify({ ...fixture(host, name), session_id: name });
  const { code, stdout, stderr } = await place.run(words, { stdin });
  assertEquals([code, stderr], [0, ""], name);
  return stdout;
}
