// Hooks. Codex calls them as Claude Code does, after a person has approved each of them once. Its shell is `Bash` there,
// too; what changes files is one tool with a patch as its input, which `Edit` and `Write` also mean in a matcher.

import type { JsonObject } from "../../../base/decode.ts";
import type { Hook, Source, TargetContext } from "../../model.ts";
import { made, type Part } from "../parts.ts";
import { isSecret } from "../secret.ts";
import { approximated, itemsOf, type Outcome, refused } from "../shared.ts";

/** What a matcher of an event is about. */
const events: Readonly<Record<string, "tool" | "reason" | "nothing">> = {
  PreToolUse: "tool",
  PermissionRequest: "tool",
  PostToolUse: "tool",
  PreCompact: "reason",
  PostCompact: "reason",
  SessionStart: "reason",
  SessionEnd: "reason",
  SubagentStart: "reason",
  SubagentStop: "reason",
  UserPromptSubmit: "nothing",
  Stop: "nothing",
};
const ownTools = ["Bash", "Edit", "Write", "apply_patch"];
const likeEdit = new Set(["MultiEdit", "NotebookEdit"]);
const trust = "it runs when you have approved it in Codex";
const inProject =
  `CLAUDE_PROJECT_DIR="$(git rev-parse --show-toplevel 2>/dev/null || pwd)"; export CLAUDE_PROJECT_DIR; `;

/** Returns the hooks as the file `path`. */
export function hooksPart(source: Source, context: TargetContext, path: string): Part {
  const { entries, fates } = made("codex", itemsOf(source, context, "hook"), (hook) => {
    const matcher = matcherOf(hook);
    const problem = problemOf(hook, matcher);
    if (problem !== undefined) return { outcome: refused(problem) };
    const one = { pointer: `/hooks/${hook.event}/-`, value: group(hook, matcher) };
    return { outcome: fateOfHook(hook, matcher), entries: [one] };
  });
  return { files: entries.length === 0 ? [] : [{ kind: "keys", path, format: "json", entries }], fates };
}

function problemOf({ event, type, command }: Hook, matcher: string | undefined): string | undefined {
  if (!Object.hasOwn(events, event)) return `Codex has no event ${event}`;
  if (type !== "command" || command === undefined) return `Codex runs no hook of the type ${type}`;
  if (isSecret("", command)) return "a secret is written out in its command";
  return matcher === "" ? "Codex has none of the tools that it is for" : undefined;
}

function group({ command = "", timeoutS }: Hook, matcher: string | undefined): JsonObject {
  const text = command.includes("CLAUDE_PROJECT_DIR") ? inProject + command : command;
  return {
    ...(matcher === undefined ? {} : { matcher }),
    hooks: [{ type: "command", command: text, ...(timeoutS === undefined ? {} : { timeout: timeoutS }) }],
  };
}

function fateOfHook({ event, matcher: written, command = "", rest = {} }: Hook, matcher: string | undefined): Outcome {
  const isAboutTools = events[event] === "tool";
  const losses = [
    trust,
    ...(isAboutTools && meansEdits(matcher)
      ? ["for an edit it gets a patch in tool_input.command, and no file_path"]
      : []),
    ...(isAboutTools && matcher !== undefined && matcher !== written
      ? ["the tools that Codex has not are left out"]
      : []),
    ...(command.includes("CLAUDE_PROJECT_DIR") ? ["its project is the git repository"] : []),
    ...(Object.keys(rest).length === 0 ? [] : [`its ${Object.keys(rest).join(", ")} is left out`]),
  ];
  return approximated(losses.join("; "));
}

/** Returns the matcher in the words of Codex; none for all, and an empty one where nothing is left of it. */
function matcherOf({ event, matcher }: Hook): string | undefined {
  if (matcher === undefined || matcher === "" || matcher === "*" || events[event] === "nothing") return undefined;
  if (events[event] !== "tool") return matcher;
  if (!/^[\w|]+$/.test(matcher)) {
    return ownTools.some((tool) => isMatch(matcher, tool)) || /mcp__/.test(matcher) ? matcher : "";
  }
  const names = matcher.split("|").map((name) => likeEdit.has(name) ? "Edit" : name);
  return [...new Set(names)].filter((name) => ownTools.includes(name) || name.startsWith("mcp__")).join("|");
}

function meansEdits(matcher: string | undefined): boolean {
  return matcher === undefined || ["Edit", "Write", "apply_patch"].some((tool) => isMatch(matcher, tool));
}

function isMatch(matcher: string, tool: string): boolean {
  try {
    return new RegExp(`^(?:${matcher})$`).test(tool);
  } catch {
    return false;
  }
}
