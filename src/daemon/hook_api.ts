// Hooks over HTTP, for hosts that speak it. What goes wrong on our side is answered with silence, so that the agent goes on.

import type { JsonObject } from "../base/decode.ts";
import { describeError } from "../base/error.ts";
import { type Host, type Moment, momentOf } from "../hosts/host.ts";
import { hostNamed } from "../hosts/table.ts";
import type { Log } from "../platform/log.ts";
import { type Answer, BadCall, type Call } from "./call.ts";

/** A hook as it came in. */
export interface AskedHook {
  readonly host: Host;
  readonly moment: Moment;
  readonly payload: JsonObject;
  /** How long an edit may wait in line, as it would be typed after --timeout. */
  readonly timeout: string | undefined;
  readonly signal: AbortSignal;
}

/** Returns the reply to a hook, `undefined` for silence. */
export type AnswerHook = (asked: AskedHook) => Promise<JsonObject | undefined>;

const silence: Answer = { status: 204 };

/** `POST /hooks/HOST/EVENT?timeout=` with the JSON of the hook: its reply, or 204 for silence. */
export async function hook(answer: AnswerHook, log: Log, words: readonly string[], call: Call): Promise<Answer> {
  const [hostWord, eventWord, ...rest] = words;
  if (rest.length > 0) throw new BadCall(404, "a hook is named by its host and its event");
  const host = hostNamed(hostWord);
  if (host === undefined) throw new BadCall(404, `there is no host "${hostWord}"`);
  const moment = momentOf(host, eventWord);
  if (moment === undefined) throw new BadCall(404, `there is no event "${eventWord}"`);
  if (moment === "session-start") {
    throw new BadCall(404, `${eventWord} is not answered over HTTP: register the command truce hook session-start`);
  }
  const payload = await call.body();
  // Over HTTP nothing but its id tells one session from another.
  if (host.decode(payload, moment).sessionId === undefined) throw new BadCall(400, "the body has no session_id");
  const timeout = call.query.get("timeout") ?? undefined;
  try {
    const reply = await answer({ host, moment, payload, timeout, signal: call.signal });
    return reply === undefined ? silence : { status: 200, json: reply };
  } catch (error) {
    log("an agent goes on unprotected", { event: moment, why: describeError(error) });
    return silence;
  }
}
