import { asObject, field, textField, textList } from "../base/decode.ts";
import { folderOf, isWithin } from "../base/path.ts";
import {
  broken,
  callAmong,
  canarySession,
  type HealthLook,
  type HostHealth,
  isFlag,
  isFound,
  isList,
  isObject,
  jsonOf,
  maybe,
  ownHooks,
  type Rule,
  type Skipped,
  startWords,
} from "./health.ts";

const hook = "hooks.*[].hooks[]";
const types = ["command", "plugin", "runtime"];

const rules: readonly Rule[] = [
  { drops: "", at: "", takes: isObject, need: "an object" },
  { drops: "", at: "hooks", takes: maybe(isObject), need: "an object" },
  { drops: "hooks.*", at: "", takes: isList, need: "a list" },
  { drops: "hooks.*[]", at: "hooks", takes: isList, need: "a list" },
  { drops: hook, at: "type", takes: (type) => types.some((one) => one === type), need: "command" },
  { drops: hook, at: "command", takes: (command) => typeof command === "string" && command !== "", need: "text" },
  // It takes any, and ends the hook as soon as that is over.
  { drops: hook, at: "timeout", takes: isLongEnough, need: "a number of milliseconds from 1000" },
];

/** What truce doctor knows of Gemini CLI. It refuses to start at all with settings that are no JSON. */
export const geminiHealth: HostHealth = {
  problems(text) {
    const settings = jsonOf(withoutComments(text));
    if (settings !== undefined) return broken(settings, rules);
    return ["it is no JSON with at most comments (a comma too many, a mark at its start): Gemini CLI does not start"];
  },
  whySkipped: (look) => Promise.resolve(whySwitchedOff(look) ?? whyUntrusted(look)),
  editCommand: (text) => {
    const own = ownHooks(jsonOf(withoutComments(text))).filter(({ event }) => event === "BeforeTool");
    return callAmong(own.map(({ hook }) => textField(hook, "command")));
  },
  canary: (path, cwd) => ({
    session_id: canarySession,
    cwd,
    hook_event_name: "BeforeTool",
    timestamp: "2026-01-01T00:00:00.000Z",
    tool_name: "replace",
    tool_input: { file_path: path, instruction: "change it", old_string: "a", new_string: "b" },
  }),
  shell: (isWindows) => isWindows ? ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command"] : ["bash", "-c"],
  holding: { tools: ["replace", "write_file"], matches: isFound, loosenedBy: [], usualS: 60, unitS: 0.001 },
  sessions: ".gemini/tmp",
};

/** The project's word is above the user's; the lists of hooks that are off are put together. */
function whySwitchedOff({ text, project, home, read }: HealthLook): Skipped | undefined {
  const next = startWords("gemini", project);
  const files = [`${project}/.gemini/settings.json`, `${home}/.gemini/settings.json`];
  const said = (file: string) => field(read(file), "hooksConfig");
  const decides = files.find((file) => isFlag(field(said(file), "enabled")));
  if (decides !== undefined && field(said(decides), "enabled") === false) {
    return { why: `hooksConfig.enabled is false in ${decides}: type /hooks enable-all in gemini`, next };
  }
  const own = ownHooks(jsonOf(withoutComments(text)));
  const names = own.map(({ hook }) => textField(hook, "name") ?? textField(hook, "command") ?? "");
  const file = files.find((file) => textList(said(file), "disabled").some((name) => names.includes(name)));
  if (file === undefined) return undefined;
  return { why: `hooksConfig.disabled in ${file} has hooks of truce: type /hooks enable-all in gemini`, next };
}

/** The rule with the longest path decides. Without one it asks, and refuses to start where it cannot. */
function whyUntrusted({ project, home, read }: HealthLook): Skipped | undefined {
  const { folderTrust } = asObject(field(read(`${home}/.gemini/settings.json`), "security")) ?? {};
  if (field(folderTrust, "enabled") === false) return undefined;
  const said = Object.entries(asObject(read(`${home}/.gemini/trustedFolders.json`)) ?? {});
  const [level] = said.filter(([path, level]) => isWithin(project, level === "TRUST_PARENT" ? folderOf(path) : path))
    .sort(([one], [other]) => other.length - one.length).map(([, level]) => level);
  if (level === "TRUST_FOLDER" || level === "TRUST_PARENT") return undefined;
  const fact = level === "DO_NOT_TRUST" ? "does not trust" : "has not been told to trust";
  return {
    why: `Gemini CLI ${fact} ${project}: trust the folder when it starts there, or type /permissions trust`,
    next: startWords("gemini", project),
  };
}

/** Comments are the one thing that it takes besides JSON. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, kept) => kept ?? "");
}

function isLongEnough(timeout: unknown): boolean {
  return timeout === undefined || timeout === null || Number(timeout) >= 1000;
}
