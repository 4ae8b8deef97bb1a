// The frame around all that is done for a host: whatever it sends, the answer is silence or one JSON object.

import { asObject, type JsonObject, textField } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { safeLine } from "../base/safe_text.ts";
import { type HookEvent, type Moment, momentOf, type Verdict } from "../hosts/host.ts";
import type { Holder } from "../sessions/holder.ts";
import { openStore } from "../store/open.ts";
import { type Context, type Outcome, silence } from "./command.ts";
import { eventHolder } from "./lock_use.ts";

/** What is done for one event of one holder. */
export type Work = (context: Context, event: HookEvent, holder: Holder) => Promise<Verdict>;

/**
 * Answers the hook whose JSON is on standard input. `word` is the event as it was typed, if it was; `usual` is the one
 * that counts when the payload does not say either. An event that is not known is answered with silence.
 */
export async function answerHook(
  typed: Context,
  work: Work,
  moment: { readonly word?: string; readonly usual?: Moment },
): Promise<Outcome> {
  const payload = await readPayload(typed);
  if (payload === undefined) return silence;
  const context: Context = { ...typed, host: typed.speaker(payload) };
  const named = momentOf(context.host, textField(payload, "hook_event_name"));
  const known = moment.word === undefined ? named ?? moment.usual : momentOf(context.host, moment.word);
  if (known === undefined) {
    context.log("an event that is not known", { event: safeLine(moment.word ?? "") });
    return silence;
  }
  const event = context.host.decode(payload, known);
  if (event.delivery !== undefined && !await isFirstDelivery(context, event, event.delivery)) return silence;
  const verdict = withDamage(context, await tried(context, event, work));
  return { kind: "reply", reply: context.host.encode(event, verdict) };
}

async function tried(context: Context, event: HookEvent, work: Work): Promise<Verdict> {
  try {
    return await work(context, event, await eventHolder(context, event));
  } catch (error) {
    const { failOpen } = await import("./fail_open.ts");
    return failOpen(context, event, error);
  }
}

/** Says whether no other registration of truce was called for this event. When nobody can tell, it is handled again. */
async function isFirstDelivery(context: Context, event: HookEvent, delivery: string): Promise<boolean> {
  try {
    const key = await digest(JSON.stringify([event.host, event.sessionId, event.agentId, delivery]));
    return openStore(context.stateFolder(), context.log).first(key);
  } catch {
    return true;
  }
}

async function readPayload(context: Context): Promise<JsonObject | undefined> {
  const input = await context.readInput();
  const payload = input.kind === "json" ? asObject(input.value) : undefined;
  if (payload !== undefined) return payload;
  context.log("standard input was not used", { why: input.kind === "none" ? input.why : "it was no JSON object" });
  return undefined;
}

/** Adds to what is told that a record was lost, and a lock perhaps with it. */
function withDamage({ damage }: Context, verdict: Verdict): Verdict {
  if (damage.length === 0) return verdict;
  const fact = `truce lost track of a lock or of what you read: ${damage.join(", ")}`;
  if (verdict.kind === "deny") return { kind: "deny", reason: `${verdict.reason}\n${fact}` };
  return { kind: "tell", text: verdict.kind === "tell" ? `${verdict.text}\n${fact}` : fact };
}
