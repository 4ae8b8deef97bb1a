// What is installed for Gemini CLI: an extension.

import type { JsonObject } from "../base/decode.ts";
import { gemini } from "./gemini.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  hookCommand,
  hookGroups,
  type Registration,
} from "./registration.ts";

/** Matchers are regular expressions that would match anywhere in a name. */
const registrations: readonly Registration[] = [
  { moment: "session-start", timeoutS: eventTimeoutS },
  { moment: "prompt", timeoutS: eventTimeoutS },
  { moment: "before-tool", matcher: "^(replace|write_file)$", timeoutS: editTimeoutS },
  { moment: "after-tool", matcher: "^(replace|write_file|read_file|read_many_files)$", timeoutS: afterEditTimeoutS },
  { moment: "stop", timeoutS: eventTimeoutS },
  { moment: "session-end", timeoutS: eventTimeoutS },
];

/** Returns the files of Gemini CLI, by their path in the repository. */
export function geminiFiles(version: string): Record<string, JsonObject> {
  return {
    "hooks/gemini/gemini-extension.json": { name: "truce", version },
    "hooks/gemini/hooks/hooks.json": { hooks: hookGroups(gemini, registrations, hookOf) },
  };
}

/** Its timeouts are milliseconds. */
function hookOf({ moment, timeoutS }: Registration): JsonObject {
  return { type: "command", name: `truce-${moment}`, command: hookCommand(gemini, moment), timeout: timeoutS * 1000 };
}
