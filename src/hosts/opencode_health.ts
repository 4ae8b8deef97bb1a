import { canarySession, type HostHealth, jsonOf } from "./health.ts";
import { shellWord } from "./registration.ts";

/** What truce doctor knows of OpenCode, which runs no commands: the plugin starts truce with the words of `editCommand`. */
export const opencodeHealth: HostHealth = {
  // One export of another kind costs the whole file.
  problems: (text) =>
    /^export (?:async )?function /m.test(text) && !/^export (?!(?:async )?function )/m.test(text)
      ? []
      : ["it does not export functions alone: nothing of it is run"],
  editCommand: (text) => {
    const truce = jsonOf(/^const truce = (".*");$/m.exec(text)?.[1] ?? "");
    return typeof truce === "string" ? `${shellWord(truce)} hook before-tool --format opencode` : undefined;
  },
  canary: (path, cwd) => ({
    hook: "before-tool",
    directory: cwd,
    input: { tool: "edit", sessionID: canarySession, callID: "call_1", args: { filePath: path } },
  }),
  shell: (isWindows) => isWindows ? ["cmd.exe", "/C"] : ["/bin/sh", "-c"],
};
