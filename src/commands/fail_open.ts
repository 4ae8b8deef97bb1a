// When truce itself breaks the agent goes on, and is told once that it does so unprotected. A configuration that says
// `"strict": true` has it wait instead.

import { describeError, TruceError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import { type HookEvent, isTelling, type Verdict } from "../hosts/host.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import { isStrict } from "./config.ts";
import { eventHolder, workingFolder } from "./lock_use.ts";

/** Returns the verdict when `error` kept truce from its work. */
export async function failOpen(context: Context, event: HookEvent, error: unknown): Promise<Verdict> {
  const fact = safeLine(describeError(error), 400);
  context.log("an agent goes on unprotected", { event: event.moment, why: fact, stack: stackOf(error) });
  const hint = error instanceof TruceError && error.hint !== undefined ? `. ${error.hint}` : "";
  if (event.moment === "before-tool" && event.tool !== undefined && isStrict(workingFolder(context, event))) {
    return { kind: "deny", reason: `${fact}${hint}. Edits wait for that, because "strict" is set in truce.jsonc` };
  }
  if (!isTelling(context.host, event) || !await isFirstNotice(context, event)) return { kind: "pass" };
  const text =
    `truce does not protect files from other agents in this session: ${fact}${hint}. Edits go on unprotected`;
  return { kind: "tell", text };
}

/** Says whether the session was not told yet. Where that cannot be kept, it is told before every edit and prompt. */
async function isFirstNotice(context: Context, event: HookEvent): Promise<boolean> {
  try {
    const { key } = await eventHolder(context, { ...event, agentId: undefined });
    return openStore(context.stateFolder(), context.log).first(key);
  } catch {
    return event.moment !== "after-tool" || !context.host.tellsAt.includes("before-tool");
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof TruceError) ? error.stack : undefined;
}
