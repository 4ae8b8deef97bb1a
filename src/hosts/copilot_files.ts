// What is installed for Copilot CLI: a hooks file of truce's own.

import { copilot } from "./copilot.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  hookCommand,
  type HostSettings,
  type Registration,
  truceOnPath,
} from "./registration.ts";

/** It has no matchers. */
const registrations: readonly Registration[] = [
  { event: "sessionStart", timeoutS: eventTimeoutS },
  { event: "userPromptSubmitted", timeoutS: eventTimeoutS },
  { event: "preToolUse", timeoutS: editTimeoutS },
  { event: "postToolUse", timeoutS: afterEditTimeoutS },
  { event: "postToolUseFailure", timeoutS: eventTimeoutS },
  { event: "agentStop", timeoutS: eventTimeoutS },
  { event: "subagentStop", timeoutS: eventTimeoutS },
  { event: "sessionEnd", timeoutS: eventTimeoutS },
];

/** How truce is registered with Copilot CLI. */
export const copilotSettings: HostSettings = {
  title: "Copilot CLI",
  program: "copilot",
  files: { user: "~/.copilot/hooks/truce.json", project: ".github/hooks/truce.json" },
  content: { kind: "file", text: textOf },
  next: "start copilot and trust the folder; elsewhere it skips hooks without a word",
};

/** Returns the files of Copilot CLI, by their path in the repository. */
export function copilotFiles(): Record<string, string> {
  return { "hooks/copilot/truce.json": textOf(truceOnPath) };
}

function textOf(call: HookCall): string {
  const hooks = Object.fromEntries(registrations.map(({ event, timeoutS }) => {
    const moment = copilot.events[event];
    const hook = {
      type: "command",
      bash: hookCommand(copilot, moment, call),
      powershell: powershell(call, moment),
    };
    return [event, [{ ...hook, timeoutSec: timeoutS }]];
  }));
  return `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`;
}

function powershell({ truce }: HookCall, moment: string): string {
  return `try { & '${truce.replaceAll("'", "''")}' hook ${moment} --format ${copilot.name} } catch { }; exit 0`;
}
