import type { JsonObject } from "../base/decode.ts";
import { type HookEvent, type Host, isTelling, type Verdict } from "./host.ts";

/** Returns the reply of the hosts that look for it in `hookSpecificOutput`: Claude Code, and Codex after it. */
export function nestedReply(host: Host, event: HookEvent, verdict: Verdict): JsonObject | undefined {
  const hookEventName = event.nativeName;
  if (verdict.kind === "deny" && event.moment === "before-tool") {
    return {
      hookSpecificOutput: { hookEventName, permissionDecision: "deny", permissionDecisionReason: verdict.reason },
    };
  }
  if (verdict.kind === "tell" && isTelling(host, event)) {
    return { hookSpecificOutput: { hookEventName, additionalContext: verdict.text } };
  }
  return undefined;
}
