import type { JsonObject } from "../base/decode.ts";
import { gemini } from "./gemini.ts";
import { editTimeoutS, eventTimeoutS, hookGroups, type Registration } from "./registration.ts";

/** Matchers are regular expressions that would match anywhere in a name. */
const registrations: readonly Registration[] = [
  { moment: "session-start", timeoutS: eventTimeoutS },
  { moment: "prompt", timeoutS: eventTimeoutS },
  { moment: "before-tool", matcher: "^(replace|write_file)$", timeoutS: editTimeoutS },
  { moment: "after-tool", matcher: "^(replace|write_file|read_file|read_many_files)$", timeoutS: eventTimeoutS },
  { moment: "stop", timeoutS: eventTimeoutS },
  { moment: "session-end", timeoutS: eventTimeoutS },
];

/** Returns the files of the Gemini CLI extension, by their path in the repository. */
export function geminiExtension(version: string): Record<string, JsonObject> {
  const hooks = hookGroups(gemini, registrations, ({ moment, timeoutS }, command) => (
    { type: "command", name: `truce-${moment}`, command, timeout: timeoutS * 1000 }
  ));
  return {
    "hooks/gemini/gemini-extension.json": { name: "truce", version },
    "hooks/gemini/hooks/hooks.json": { hooks },
  };
}
