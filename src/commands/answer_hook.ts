// The frame around all that is done for a host: whatever it sends, the answer is silence or one JSON object, and when
// truce itself breaks the agent goes on and is told once that it does so unprotected.

import { asObject, type JsonObject, textField } from "../base/decode.ts";
import { describeError, TruceError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import { type HookEvent, isTelling, type Moment, momentOf, type Verdict } from "../hosts/host.ts";
import type { Holder } from "../locks/holder.ts";
import { openStore } from "../store/open.ts";
import { type Context, type Outcome, silence } from "./command.ts";
import { eventHolder, workingFolder } from "./lock_use.ts";

/** What is done for one event of one holder. */
export type Work = (event: HookEvent, holder: Holder) => Promise<Verdict>;

/**
 * Answers the hook whose JSON is on standard input. `word` is the event as it was typed, if it was; `usual` is the one
 * that counts when the payload does not say either. An event that is not known is answered with silence.
 */
export async function answerHook(
  context: Context,
  work: Work,
  moment: { readonly word?: string; readonly usual?: Moment },
): Promise<Outcome> {
  const payload = await readPayload(context);
  if (payload === undefined) return silence;
  const named = momentOf(context.host, textField(payload, "hook_event_name"));
  const known = moment.word === undefined ? named ?? moment.usual : momentOf(context.host, moment.word);
  if (known === undefined) {
    context.log("an event that is not known", { event: safeLine(moment.word ?? "") });
    return silence;
  }
  const event = context.host.decode(payload, known);
  const verdict = await work(event, await eventHolder(context, event)).catch((error) =>
    failOpen(context, event, error)
  );
  return { kind: "reply", reply: context.host.encode(event, verdict) };
}

async function readPayload(context: Context): Promise<JsonObject | undefined> {
  const input = await context.readInput();
  try {
    const payload = input.kind === "text" ? asObject(JSON.parse(input.text)) : undefined;
    if (payload !== undefined) return payload;
    context.log("standard input was not used", { why: input.kind === "none" ? input.why : "it was no JSON object" });
  } catch (error) {
    context.log("standard input was not used", { why: safeLine(describeError(error)) });
  }
  return undefined;
}

async function failOpen(context: Context, event: HookEvent, error: unknown): Promise<Verdict> {
  const fact = safeLine(describeError(error), 400);
  context.log("an agent goes on unprotected", { event: event.moment, fact, stack: stackOf(error) });
  const hint = error instanceof TruceError && error.hint !== undefined ? `. ${error.hint}` : "";
  if (event.moment === "before-tool" && event.tool !== undefined && await isStrict(context, event)) {
    return { kind: "deny", reason: `${fact}${hint}. Edits wait for that, because "strict" is set in truce.jsonc` };
  }
  if (!isTelling(context.host, event) || !await isFirstNotice(context, event)) return { kind: "pass" };
  const text =
    `truce does not protect files from other agents in this session: ${fact}${hint}. Edits go on unprotected`;
  return { kind: "tell", text };
}

async function isStrict(context: Context, event: HookEvent): Promise<boolean> {
  const config = await import("./config.ts");
  return config.isStrict(workingFolder(context, event));
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
