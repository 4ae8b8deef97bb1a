import type { JsonObject } from "../../src/base/decode.ts";
import { assert, assertEquals } from "./assert.ts";
import type { Place } from "./place.ts";
import type { Ran, RunOptions } from "./program.ts";

/** The hosts whose captured payloads are in tests/hosts/fixtures. */
export type HostName = "claude" | "gemini";

/** What a host sent at one moment of an edit or a read: the file of the captured payload. */
const captured = {
  claude: {
    "session-start": "SessionStart-startup",
    "prompt": "UserPromptSubmit",
    "before-edit": "PreToolUse-Edit",
    "after-edit": "PostToolUse-Edit",
    "after-read": "PostToolUse-Read",
    "stop": "Stop",
    "session-end": "SessionEnd",
  },
  gemini: {
    "session-start": "SessionStart-startup",
    "prompt": "BeforeAgent",
    "before-edit": "BeforeTool-replace",
    "after-edit": "AfterTool-replace",
    "after-read": "AfterTool-read_file",
    "stop": "AfterAgent",
    "session-end": "SessionEnd",
  },
} as const;

/** A moment that both hosts have. */
export type Captured = keyof typeof captured["claude"];

/** All of `Captured`. */
export const moments = Object.keys(captured.claude) as Captured[];

/** Returns a captured payload with `fields` in place of its own. */
export function payload(host: HostName, moment: Captured, fields: JsonObject): JsonObject {
  const url = new URL(`../hosts/fixtures/${host}/${captured[host][moment]}.json`, import.meta.url);
  return { ...JSON.parse(Deno.readTextFileSync(url)), ...fields };
}

/** Returns the words after `truce` that a host's settings have for a moment. */
export function hookWords(host: HostName, moment: Captured, flags: readonly string[] = []): string[] {
  const word =
    { "before-edit": "before-tool", "after-edit": "after-tool", "after-read": "after-tool" }[moment as string];
  return ["hook", word ?? moment, "--format", host, ...flags];
}

/** What a host reads in an answer. */
export interface Heard {
  readonly kind: "nothing" | "denied" | "told";
  readonly text: string;
}

/** Understands an answer as a host does. Fails when it breaks the contract: exit 0, and silence or one JSON object. */
export function heard({ code, stdout, stderr }: Ran): Heard {
  assertEquals([code, stderr], [0, ""], `exit ${code}, stdout ${stdout}, stderr ${stderr}`);
  if (stdout === "") return { kind: "nothing", text: "" };
  const reply = JSON.parse(stdout);
  const special = reply.hookSpecificOutput ?? {};
  const reason = special.permissionDecisionReason ?? reply.reason;
  if (reason !== undefined) {
    assert(special.permissionDecision === "deny" || reply.decision === "deny", stdout);
    return { kind: "denied", text: reason };
  }
  assert(typeof special.additionalContext === "string", stdout);
  return { kind: "told", text: special.additionalContext };
}

/** One hook of a session: what it does to which paths. */
export interface Act {
  readonly session: string;
  readonly host?: HostName;
  readonly paths?: readonly string[];
  /** The id of the tool call. */
  readonly call?: string;
  readonly flags?: readonly string[];
}

/** Returns the words and the standard input of a hook at `moment`, in `cwd`. */
export function hookOf(moment: Captured, act: Act, cwd: string): { readonly words: string[]; readonly stdin: string } {
  const { session, host = "claude", paths = [], call = "call", flags } = act;
  const fields = moment.includes("-edit") || moment.includes("-read")
    ? { tool_use_id: call, tool_input: paths.length === 1 ? { file_path: paths[0] } : { paths } }
    : {};
  const whole = payload(host, moment, { session_id: session, cwd, ...fields });
  return { words: hookWords(host, moment, flags), stdin: JSON.stringify(whole) };
}

/** Lets a session do something in the project of `place`, and returns what its host reads in the answer. */
export async function hear(place: Place, moment: Captured, act: Act, options: RunOptions = {}): Promise<Heard> {
  const { words, stdin } = hookOf(moment, act, place.project);
  return heard(await place.run(words, { ...options, stdin, env: { CLAUDE_PID: String(Deno.pid), ...options.env } }));
}
