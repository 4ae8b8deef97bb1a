import { type JsonObject, textField } from "../../base/decode.ts";
import { claudePayload, geminiReply, type HookEnd } from "./gemini/hook_dialect.ts";

/** How hooks of the source are run by a host that tells and is answered something else. */
export interface Dialect {
  /** Returns the command of the user that a word in the host's settings stands for. */
  commandOf(word: string): string;
  /** Returns what the command is told for what the host tells. */
  told(payload: JsonObject): JsonObject;
  /** Returns the variables that the command has in the source, for a hook that works in `folder`. */
  variables(payload: JsonObject, folder: string): Readonly<Record<string, string>>;
  /** Returns what the host is answered when the command ended so; nothing for silence. */
  reply(payload: JsonObject, end: HookEnd): JsonObject | undefined;
}

/** The dialects by the name of the host. A further one is one line here, and a target that writes `truce hook-shim`. */
export const dialects: Readonly<Record<string, Dialect>> = {
  gemini: { commandOf: fromWord, told: claudePayload, variables, reply: geminiReply },
};

/** A word that somebody has changed by hand may be the command itself. */
function fromWord(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function variables(payload: JsonObject, folder: string): Record<string, string> {
  return { CLAUDE_PROJECT_DIR: textField(payload, "cwd") ?? folder };
}
