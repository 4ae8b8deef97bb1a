import { asObject, field, numberField, textField } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { isWithin, shownFrom } from "../base/path.ts";
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
  isText,
  jsonOf,
  maybeNull,
  type OwnHook,
  ownHooks,
  type Rule,
  type Skipped,
  startWords,
} from "./health.ts";

const hook = "hooks.*[].hooks[]";
const types = ["command", "mcp_tool", "prompt", "agent"];

/** One value of another kind costs the whole file, also in the hook of somebody else. */
const rules: readonly Rule[] = [
  { drops: "", at: "", takes: hasKnownFields, need: "an object of description and hooks alone" },
  { drops: "", at: "description", takes: maybeNull(isText), need: "text" },
  { drops: "", at: "hooks", takes: isObject, need: "an object" },
  { drops: "", at: "hooks.*", takes: isList, need: "a list" },
  { drops: "", at: "hooks.*[].matcher", takes: maybeNull(isText), need: "text" },
  { drops: "hooks.*[]", at: "matcher", takes: isPattern, need: "a regular expression" },
  { drops: "hooks.*[]", at: "hooks", takes: isList, need: "a list" },
  { drops: "", at: hook, takes: isHook, need: `a command with its text (or one of ${types.slice(1).join(", ")})` },
  { drops: "", at: `${hook}.timeout`, takes: maybeNull(isCount), need: "a whole number of seconds" },
  { drops: "", at: `${hook}.async`, takes: (value) => value === undefined || isFlag(value), need: "true or false" },
  { drops: "", at: `${hook}.statusMessage`, takes: maybeNull(isText), need: "text" },
];

/** The names to which the tool that edits answers. */
const patchNames = ["apply_patch", "Edit", "Write"];
const timeoutDefaultS = 600;
const endTimeoutMaxS = 3;
/** The events at which it looks at no matcher, and leaves it out of what is trusted. */
const withoutMatcher = ["user_prompt_submit", "stop", "session_end"];

/** What truce doctor knows of Codex CLI. */
export const codexHealth: HostHealth = {
  problems(text) {
    const settings = jsonOf(text);
    return settings === undefined
      ? ["it is no JSON without comments: nothing of it is taken"]
      : broken(settings, rules);
  },
  whySkipped,
  editCommand: (text, isWindows) => {
    const own = ownHooks(jsonOf(text)).filter(({ event }) => event === "PreToolUse").map(({ hook }) => hook);
    return callAmong(
      own.map((hook) => (isWindows ? textField(hook, "commandWindows") : undefined) ?? textField(hook, "command")),
    );
  },
  canary: (path, cwd) => ({
    session_id: canarySession,
    turn_id: "truce-doctor-1",
    cwd,
    hook_event_name: "PreToolUse",
    model: "gpt-5.5",
    permission_mode: "default",
    tool_name: "apply_patch",
    tool_input: { command: `*** Begin Patch\n*** Update File: ${shownFrom(cwd, path)}\n@@\n-a\n+b\n*** End Patch\n` },
    tool_use_id: "call_1",
  }),
  // It takes the login shell of the user, whatever SHELL says.
  shell: (isWindows) => isWindows ? ["cmd.exe", "/C"] : ["bash", "-c"],
  holding: {
    tools: ["apply_patch"],
    matches: (matcher) => patchNames.some((name) => /^\w+$/.test(matcher) ? matcher === name : isFound(matcher, name)),
    loosenedBy: [],
    usualS: timeoutDefaultS,
    unitS: 1,
  },
  sessions: ".codex/sessions",
};

/** Its own config.toml says whether hooks run, in which projects, and which of them somebody has looked at. */
async function whySkipped({ path, text, project, home, read }: HealthLook): Promise<Skipped | undefined> {
  const configPath = `${home}/.codex/config.toml`;
  const config = read(configPath);
  const off = ["hooks", "codex_hooks"].find((name) => field(field(config, "features"), name) === false);
  if (off !== undefined) {
    return { why: `[features] ${off} is false in ${configPath}`, next: "codex features enable hooks" };
  }
  const next = startWords("codex", project);
  const isOfUser = isWithin(path, `${home}/.codex`);
  if (!isOfUser && textField(field(field(config, "projects"), project), "trust_level") !== "trusted") {
    return { why: `Codex CLI does not trust ${project}: trust the folder when it starts there`, next };
  }
  const states = field(field(config, "hooks"), "state");
  const own = ownHooks(jsonOf(text));
  const keyed = own.map((one) => ({ one, state: field(states, `${path}:${placeOf(one)}`) }));
  const disabled = keyed.filter(({ state }) => field(state, "enabled") === false);
  if (disabled.length > 0) {
    return { why: `${disabled.length} of its ${own.length} hooks are off: type /hooks in codex`, next };
  }
  const isTrusted = await Promise.all(
    keyed.map(async ({ one, state }) => (await hashesOf(one)).some((hash) => isHash(state, hash))),
  );
  const untrusted = isTrusted.filter((trusted) => !trusted).length;
  if (untrusted === 0) return undefined;
  return {
    why: `Codex CLI trusts ${own.length - untrusted} of the ${own.length} hooks in ${path}: ` +
      'choose "Trust all and continue" when it starts there',
    next,
  };
}

function isHash(state: unknown, hash: string): boolean {
  return textField(state, "trusted_hash")?.startsWith(`sha256:${hash}`) === true;
}

/** Returns the name under which it keeps what it knows of a hook, behind the path of the file. */
function placeOf({ event, group, index }: OwnHook): string {
  return `${snakeCase(event)}:${group}:${index}`;
}

/** Returns the beginnings of what it takes for the hash of a hook: SHA-256 of its JSON, with defaults and sorted fields. */
function hashesOf({ event, matcher, hook }: OwnHook): Promise<string[]> {
  const name = snakeCase(event);
  const timeoutS = Math.max(1, numberField(hook, "timeout") ?? timeoutDefaultS);
  const commands = ["command", "commandWindows"].map((name) => textField(hook, name)).filter((one) =>
    one !== undefined
  );
  return Promise.all(commands.map((command) => {
    const handler = {
      async: field(hook, "async") === true,
      command,
      statusMessage: textField(hook, "statusMessage"),
      timeout: name === "session_end" ? Math.min(timeoutS, endTimeoutMaxS) : timeoutS,
      type: "command",
    };
    const matches = withoutMatcher.includes(name) ? undefined : matcher;
    return digest(JSON.stringify({ event_name: name, hooks: [handler], matcher: matches }));
  }));
}

function snakeCase(name: string): string {
  return name.replace(/(?<=.)([A-Z])/g, "_$1").toLowerCase();
}

function hasKnownFields(value: unknown): boolean {
  const names = Object.keys(asObject(value) ?? { none: 0 });
  return names.every((name) => name === "description" || name === "hooks");
}

function isHook(value: unknown): boolean {
  const type = field(value, "type");
  return type === "command" ? isText(field(value, "command")) : types.some((one) => one === type);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isPattern(value: unknown): boolean {
  if (typeof value !== "string" || value === "*") return true;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}
