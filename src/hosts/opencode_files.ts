// What is installed for OpenCode: a plugin.

import { type HookCall, type HostSettings, truceOnPath } from "./registration.ts";

/** How truce is registered with OpenCode. */
export const opencodeSettings: HostSettings = {
  title: "OpenCode",
  program: "opencode",
  files: { user: "~/.config/opencode/plugins/truce.js", project: ".opencode/plugins/truce.js" },
  content: { kind: "file", text: pluginText },
};

/** Returns the files of OpenCode, by their path in the repository. */
export function opencodeFiles(): Record<string, string> {
  return { "hooks/opencode/truce.js": pluginText(truceOnPath) };
}

function pluginText({ truce }: HookCall): string {
  return `// ${truce}\n`;
}
