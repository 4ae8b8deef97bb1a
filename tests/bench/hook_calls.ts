// The calls that are measured, as a host and a person make them: payloads of the real client about a file of this place.

import type { JsonObject } from "../../src/base/decode.ts";
import { type Captured, hookWords, payload } from "../support/hook_input.ts";
import type { Place } from "../support/place.ts";
import type { Contestant } from "./side_by_side.ts";

const linesCount = 200;
const text = Array.from({ length: linesCount }, (_none, line) => `export const value${line} = ${line}; // of many\n`)
  .join("");

/** Who calls which program where. */
export interface Caller {
  readonly copies: readonly string[];
  readonly place: Place;
  readonly session: string;
}

/** Returns the environment that a host gives its hooks, apart from PATH. */
export function environmentOf({ home, state }: Place): Record<string, string> {
  return { HOME: home, TRUCE_STATE_DIR: state, CLAUDE_PID: String(Deno.pid) };
}

/** Returns the call of one hook about a file of 200 lines, which it makes. `words` are the typed ones (`hook …`). */
export function hookCall(
  caller: Caller,
  moment: Captured,
  { name, file, words = hookWords("claude", moment) }: { name: string; file: string; words?: readonly string[] },
): Contestant {
  const { copies, place, session } = caller;
  const stdin = JSON.stringify(hookPayload(moment, session, place, place.write(file, text)));
  return { name, copies, words, stdin, cwd: place.project, env: environmentOf(place), isSilent: true };
}

/** Returns the call of somebody who types `words`. */
export function typedCall({ copies, place }: Caller, name: string, words: readonly string[]): Contestant {
  return { name, copies, words, cwd: place.project, env: environmentOf(place), isSilent: false };
}

/** Returns what Claude Code sends at `moment` for a file that holds `text`. */
export function hookPayload(moment: Captured, session: string, place: Place, file: string): JsonObject {
  const lines = { numLines: linesCount, startLine: 1, totalLines: linesCount };
  const responses: Partial<Record<Captured, JsonObject>> = {
    "after-read": { type: "text", file: { filePath: file, content: text, ...lines } },
    "after-edit": { filePath: file, oldString: "", newString: "", originalFile: text, structuredPatch: [] },
  };
  const response = responses[moment];
  return payload("claude", moment, {
    session_id: session,
    cwd: place.project,
    tool_input: { file_path: file, old_string: "value0 = 0", new_string: "value0 = 0" },
    tool_use_id: "toolu_bench",
    ...response === undefined ? {} : { tool_response: response },
  });
}

/** Fails when a hook broke: it is silent then, too, and says so in the log alone. */
export function assertNothingLogged({ state }: Place): void {
  let log: string;
  try {
    log = Deno.readTextFileSync(`${state}/log/truce.log`);
  } catch {
    return;
  }
  throw new Error(`Cannot trust what was measured: truce logged ${log.slice(0, 1000)}`);
}
