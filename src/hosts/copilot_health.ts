import { field, textField, textList } from "../base/decode.ts";
import { isWithin } from "../base/path.ts";
import {
  broken,
  callAmong,
  canarySession,
  editWords,
  type HealthLook,
  type HostHealth,
  isAboveZero,
  isList,
  isObject,
  isText,
  jsonOf,
  maybe,
  type Rule,
  type Skipped,
  startWords,
} from "./health.ts";

const hook = "hooks.*[]";

const rules: readonly Rule[] = [
  { drops: "", at: "", takes: isObject, need: "an object" },
  { drops: "", at: "version", takes: (version) => version === undefined || version === 1, need: "1" },
  { drops: "", at: "hooks", takes: isObject, need: "an object" },
  { drops: "", at: "hooks.*", takes: isList, need: "a list" },
  { drops: "", at: "disableAllHooks", takes: (value) => value !== true, need: "false" },
  { drops: hook, at: "", takes: hasCommand, need: "a command with the text of bash" },
  { drops: hook, at: "type", takes: (type) => type === undefined || type === "command", need: "command" },
  { drops: hook, at: "timeoutSec", takes: maybe(isAboveZero), need: "a number above 0" },
  { drops: hook, at: "cwd", takes: maybe(isText), need: "text" },
  { drops: hook, at: "env", takes: maybe(isObject), need: "an object" },
];

/** The files of a project that may switch all hooks off, also the user's. The user's own files may not. */
const switches = [".claude/settings.json", ".github/copilot/settings.json"].flatMap((name) => [
  name,
  name.replace(".json", ".local.json"),
]);

/** What truce doctor knows of Copilot CLI. */
export const copilotHealth: HostHealth = {
  problems(text) {
    const settings = jsonOf(text);
    return settings === undefined
      ? ["it is no JSON without comments: nothing of it is taken"]
      : broken(settings, rules);
  },
  whySkipped: (look) => Promise.resolve(whySkipped(look)),
  editCommand: (text, isWindows) => {
    const own = field(field(jsonOf(text), "hooks"), "preToolUse");
    return Array.isArray(own)
      ? callAmong(own.map((hook) => textField(hook, isWindows ? "powershell" : "bash")))
      : undefined;
  },
  canary: (path, cwd) => ({
    sessionId: canarySession,
    timestamp: 1_767_225_600_000,
    cwd,
    toolName: "edit",
    toolArgs: { path, old_str: "a", new_str: "b" },
  }),
  shell: (isWindows) =>
    isWindows ? ["powershell.exe", "-NoProfile", "-Command"] : ["bash", "--norc", "--noprofile", "-c"],
  // It has no matchers.
  holding: { tools: ["edit"], matches: () => true, loosenedBy: [], usualS: 30, unitS: 1 },
  sessions: ".copilot/session-state",
};

/** It looks at a project only when it trusts the folder, or one above. The user's hooks run everywhere else, too. */
function whySkipped({ path, project, home, read }: HealthLook): Skipped | undefined {
  const config = read(`${home}/.copilot/config.json`);
  const trusted = [...textList(config, "trustedFolders"), ...textList(config, "trusted_folders")];
  if (!trusted.some((folder) => isWithin(project, folder))) {
    if (isWithin(path, `${home}/.copilot`)) return undefined;
    return {
      why: `Copilot CLI does not trust ${project}: have it remember the folder when it starts there`,
      next: startWords("copilot", project),
    };
  }
  const off = switches.map((name) => `${project}/${name}`).find((file) =>
    field(read(file), "disableAllHooks") === true
  );
  if (off === undefined) return undefined;
  return { why: `disableAllHooks is true in ${off}: take it out`, next: editWords(off) };
}

function hasCommand(value: unknown): boolean {
  return ["bash", "command"].some((name) => textField(value, name) !== undefined);
}
