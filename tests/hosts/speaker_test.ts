import { claude } from "../../src/hosts/claude.ts";
import { codex } from "../../src/hosts/codex.ts";
import { copilot } from "../../src/hosts/copilot.ts";
import { gemini } from "../../src/hosts/gemini.ts";
import type { Host } from "../../src/hosts/host.ts";
import { speakerOf } from "../../src/hosts/speaker.ts";
import { assertEquals } from "../support/assert.ts";
import { fixture } from "../support/payloads.ts";

interface Case {
  readonly payload: readonly [Host, string];
  readonly variables?: string;
  readonly format?: string;
  readonly expected: string | undefined;
}

const edits = {
  claude: [claude, "PreToolUse-Edit"],
  gemini: [gemini, "BeforeTool-replace"],
  codex: [codex, "PreToolUse-apply_patch"],
  copilot: [copilot, "preToolUse-edit"],
  pascal: [copilot, "PreToolUse-Edit"],
} as const;

const cases: Readonly<Record<string, Case>> = {
  "the default where nothing tells": { payload: edits.claude, expected: "claude" },
  "Claude Code by its variable": { payload: edits.claude, variables: "CLAUDECODE", expected: "claude" },
  "Gemini CLI by its variable": { payload: edits.gemini, variables: "GEMINI_SESSION_ID", expected: "gemini" },
  "Copilot CLI by its variable": { payload: edits.copilot, variables: "COPILOT_CLI", expected: "copilot" },
  "Codex CLI by its payload": { payload: edits.codex, expected: "codex" },
  "nobody by CLAUDE_PROJECT_DIR": { payload: edits.codex, variables: "CLAUDE_PROJECT_DIR", expected: "codex" },
  "Codex CLI that Claude Code has started": { payload: edits.codex, variables: "CLAUDECODE", expected: "codex" },
  "Copilot CLI that Claude Code has started": {
    payload: edits.copilot,
    variables: "CLAUDECODE COPILOT_CLI",
    expected: "copilot",
  },
  "Claude Code that Copilot CLI has started": {
    payload: edits.claude,
    variables: "CLAUDECODE COPILOT_CLI",
    expected: "claude",
  },
  "as --format says": { payload: edits.claude, variables: "CLAUDECODE", format: "gemini", expected: "gemini" },
  "nobody by a format that there is not": { payload: edits.claude, format: "emacs", expected: undefined },
  "Copilot CLI that runs the hooks of Claude Code": {
    payload: edits.pascal,
    variables: "COPILOT_CLI",
    format: "claude",
    expected: "copilot",
  },
  "Claude Code by --format, in a shell of Copilot CLI": {
    payload: edits.claude,
    variables: "COPILOT_CLI CLAUDECODE",
    format: "claude",
    expected: "claude",
  },
};

for (const [who, { payload: [host, name], variables = "", format, expected }] of Object.entries(cases)) {
  Deno.test(`speakerOf() finds ${who}`, () => {
    const hasVariable = (variable: string) => variables.split(" ").includes(variable);
    assertEquals(speakerOf(fixture(host, name), { format, hasVariable })?.name, expected);
  });
}
