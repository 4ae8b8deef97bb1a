import type { JsonObject } from "../base/decode.ts";
import { claude } from "./claude.ts";
import { editTimeoutS, eventTimeoutS, hookGroups, type Registration } from "./registration.ts";

const description = "Keeps coding agents from overwriting each other's work in one repository";
const edits = "Edit|Write|MultiEdit|NotebookEdit";

/** A read is stamped with what its payload shows and a batch names its calls, so both may come late. */
const registrations: readonly Registration[] = [
  { moment: "session-start", timeoutS: eventTimeoutS },
  { moment: "prompt", timeoutS: eventTimeoutS },
  { moment: "before-tool", matcher: edits, timeoutS: editTimeoutS },
  { moment: "after-tool", matcher: edits, timeoutS: eventTimeoutS },
  { moment: "after-tool", matcher: "Read", timeoutS: eventTimeoutS, isAsync: true },
  { moment: "tool-failed", matcher: edits, timeoutS: eventTimeoutS },
  { moment: "tool-batch", timeoutS: eventTimeoutS, isAsync: true },
  { moment: "stop", timeoutS: eventTimeoutS },
  { moment: "subagent-stop", timeoutS: eventTimeoutS },
  { moment: "session-end", timeoutS: eventTimeoutS },
  { moment: "directory-added", timeoutS: eventTimeoutS },
];

/** Returns the files of the Claude Code plugin and of the marketplace that offers it, by their path in the repository. */
export function claudePlugin(version: string): Record<string, JsonObject> {
  const hooks = hookGroups(claude, registrations, ({ timeoutS, isAsync }, command) => {
    const hook = { type: "command", command, timeout: timeoutS };
    return isAsync ? { ...hook, async: true } : hook;
  });
  return {
    ".claude-plugin/marketplace.json": {
      name: "truce",
      owner: { name: "the truce authors" },
      plugins: [{ name: "truce", source: "./hooks/claude", description }],
    },
    "hooks/claude/.claude-plugin/plugin.json": { name: "truce", version, description },
    "hooks/claude/hooks/hooks.json": { description, hooks },
  };
}
