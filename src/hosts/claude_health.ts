import { field, textField, textList } from "../base/decode.ts";
import {
  broken,
  callAmong,
  canarySession,
  editWords,
  type HealthLook,
  type HostHealth,
  isAboveZero,
  isFlag,
  isFound,
  isList,
  isObject,
  isText,
  isTexts,
  jsonOf,
  maybe,
  ownHooks,
  type Rule,
  type Skipped,
} from "./health.ts";
import { shellWord } from "./registration.ts";

const hook = "hooks.*[].hooks[]";

/** Fields of the whole file, each of which costs all hooks in it when it is another kind of value. */
const fileFields: readonly (readonly [need: string, takes: (value: unknown) => boolean, names: readonly string[]])[] = [
  ["text", isText, ["$schema", "agent", "apiKeyHelper", "awsAuthRefresh", "language", "model", "otelHeadersHelper"]],
  ["text", isText, ["outputStyle", "plansDirectory"]],
  ["true or false", isFlag, ["allowManagedHooksOnly", "alwaysThinkingEnabled", "disableAllHooks", "fastMode"]],
  ["true or false", isFlag, ["enableAllProjectMcpServers", "includeCoAuthoredBy", "includeGitInstructions"]],
  ["true or false", isFlag, ["respectGitignore", "skipWebFetchPreflight", "spinnerTipsEnabled", "sandbox.enabled"]],
  ["a list of texts", isTexts, ["allowedHttpHookUrls", "availableModels", "companyAnnouncements"]],
  ["a list of texts", isTexts, ["httpHookAllowedEnvVars", "permissions.additionalDirectories"]],
  ["a list", isList, ["permissions.allow", "permissions.ask", "permissions.deny"]],
  ["an object", isObject, ["enabledPlugins", "env", "hooks", "permissions", "sandbox", "statusLine", "worktree"]],
  ["a whole number above 0", (value) => isAboveZero(value) && Number.isInteger(value), ["cleanupPeriodDays"]],
];
const modes = ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan"];

const rules: readonly Rule[] = [
  { drops: "", at: "", takes: isObject, need: "an object" },
  ...fileFields.flatMap(([need, takes, names]) => names.map((at) => ({ drops: "", at, takes: maybe(takes), need }))),
  { drops: "", at: "permissions.defaultMode", takes: maybe(oneOf(modes)), need: `one of ${modes.join(", ")}` },
  { drops: "hooks.*", at: "", takes: isList, need: "a list" },
  { drops: "hooks.*[]", at: "hooks", takes: isList, need: "a list" },
  { drops: "hooks.*[]", at: "matcher", takes: maybe(isText), need: "text" },
  { drops: hook, at: "", takes: isHook, need: "a command with its text, or a http hook with its address" },
  { drops: hook, at: "timeout", takes: maybe(isAboveZero), need: "a number above 0" },
  { drops: hook, at: "args", takes: maybe(isTexts), need: "a list of texts" },
  { drops: hook, at: "allowedEnvVars", takes: maybe(isTexts), need: "a list of texts" },
  { drops: hook, at: "headers", takes: maybe(isObject), need: "an object" },
  { drops: hook, at: "shell", takes: maybe(oneOf(["bash", "powershell"])), need: "bash or powershell" },
  { drops: hook, at: "onFailure", takes: maybe(oneOf(["continue", "block"])), need: "continue or block" },
  ...["async", "once"].map((at) => ({ drops: hook, at, takes: maybe(isFlag), need: "true or false" })),
  ...["if", "statusMessage"].map((at) => ({ drops: hook, at, takes: maybe(isText), need: "text" })),
];

/** Files that only the administrator of the machine writes. */
const managedFiles = [
  "/etc/claude-code/managed-settings.json",
  "/Library/Application Support/ClaudeCode/managed-settings.json",
];

/** What truce doctor knows of Claude Code. */
export const claudeHealth: HostHealth = {
  problems(text) {
    const settings = settingsOf(text);
    return settings === undefined
      ? ["it is no JSON without comments: nothing of it is taken"]
      : broken(settings, rules);
  },
  whySkipped: (look) => Promise.resolve(whySkipped(look)),
  editCommand: (text) => {
    const own = ownHooks(settingsOf(text)).filter(({ event }) => event === "PreToolUse");
    return callAmong(own.map(({ hook }) => textField(hook, "command")));
  },
  canary: (path, cwd) => ({
    session_id: canarySession,
    cwd,
    hook_event_name: "PreToolUse",
    tool_name: "Edit",
    tool_input: { file_path: path, old_string: "a", new_string: "b", replace_all: false },
    tool_use_id: "truce-doctor-1",
  }),
  shell: (isWindows) => isWindows ? ["bash", "-c"] : ["/bin/sh", "-c"],
  holding: {
    tools: ["Edit", "Write", "NotebookEdit"],
    // Names are whole, and may be a list; all else is a regular expression.
    matches: (matcher, tool) =>
      /^[\w|, -]+$/.test(matcher) ? matcher.split(/[|,]/).some((one) => one.trim() === tool) : isFound(matcher, tool),
    loosenedBy: ["if", "once", "async", "asyncRewake"],
    usualS: 600,
    unitS: 1,
  },
  sessions: ".claude/projects",
};

/** The settings nearest to the project decide whether hooks run at all; the lists of what HTTP may reach are put together. */
function whySkipped({ path, text, project, home, read }: HealthLook): Skipped | undefined {
  const managed = managedFiles.find((file) =>
    ["disableAllHooks", "allowManagedHooksOnly"].some((name) => field(read(file), name) === true)
  );
  if (managed !== undefined) {
    return { why: `${managed} allows no hooks of users: ask your administrator`, next: `cat ${shellWord(managed)}` };
  }
  const files = [`${project}/.claude/settings.local.json`, `${project}/.claude/settings.json`];
  files.push(`${home}/.claude/settings.json`);
  const decides = files.find((file) => isFlag(field(read(file), "disableAllHooks")));
  if (decides !== undefined && field(read(decides), "disableAllHooks") === true) {
    return { why: `disableAllHooks is true in ${decides}: take it out`, next: editWords(decides) };
  }
  const urls = ownHooks(settingsOf(text)).map(({ hook }) => textField(hook, "url")).filter((url) => url !== undefined);
  if (urls.length === 0) return undefined;
  const allowed = (name: string) => {
    const saying = files.filter((file) => isList(field(read(file), name)));
    return saying.length === 0 ? undefined : saying.flatMap((file) => textList(read(file), name));
  };
  const patterns = allowed("allowedHttpHookUrls");
  const url = urls.find((url) => patterns !== undefined && !patterns.some((pattern) => matches(pattern, url)));
  if (url !== undefined) {
    const missing = `allowedHttpHookUrls does not have ${url}: add "${new URL(url).origin}/*" to it in ${path}`;
    return { why: missing, next: editWords(path) };
  }
  if (allowed("httpHookAllowedEnvVars")?.includes("TRUCE_TOKEN") !== false) return undefined;
  return { why: `httpHookAllowedEnvVars does not have TRUCE_TOKEN: add it in ${path}`, next: editWords(path) };
}

/** A mark at the start is the one thing that it takes besides JSON. */
function settingsOf(text: string): unknown {
  return jsonOf(text.replace(/^\uFEFF/, ""));
}

function isHook(value: unknown): boolean {
  const type = field(value, "type");
  if (type === "command") return textField(value, "command") !== undefined;
  return type === "http" ? URL.canParse(textField(value, "url") ?? "") : oneOf(["mcp_tool", "prompt", "agent"])(type);
}

function oneOf(words: readonly string[]): (value: unknown) => boolean {
  return (value) => isText(value) && words.includes(String(value));
}

/** A star stands for any text, but not for the scheme. */
function matches(pattern: string, text: string): boolean {
  if (!/^https?:/.test(pattern)) return false;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
