// What is installed for Claude Code: a plugin with the marketplace that offers it, and settings for hooks over HTTP.

import { asObject, field, type JsonObject, textField } from "../base/decode.ts";
import { claude } from "./claude.ts";
import {
  afterEditTimeoutS,
  editTimeoutS,
  eventTimeoutS,
  type HookCall,
  hookCommand,
  hookGroups,
  type HostSettings,
  type Packaged,
  type Registration,
  type SettingsLook,
  shellWord,
  truceOnPath,
  type WriteHook,
} from "./registration.ts";

const description = "Keeps coding agents from overwriting each other's work in one repository";
const author = { name: "the truce authors" };
/** Where truce serve --http answers when nobody says otherwise. */
const usualPort = 9876;
const edits = "Edit|Write|MultiEdit|NotebookEdit";

/** A read is stamped with what its payload shows and a batch names its calls, so both may come late. */
const registrations: readonly Registration[] = [
  { event: "SessionStart", timeoutS: eventTimeoutS },
  { event: "UserPromptSubmit", timeoutS: eventTimeoutS },
  { event: "PreToolUse", matcher: edits, timeoutS: editTimeoutS },
  { event: "PostToolUse", matcher: edits, timeoutS: afterEditTimeoutS },
  { event: "PostToolUse", matcher: "Read", timeoutS: eventTimeoutS, isAsync: true },
  { event: "PostToolUseFailure", matcher: edits, timeoutS: eventTimeoutS },
  { event: "PermissionDenied", matcher: edits, timeoutS: eventTimeoutS },
  { event: "PostToolBatch", timeoutS: eventTimeoutS, isAsync: true },
  { event: "Stop", timeoutS: eventTimeoutS },
  { event: "StopFailure", timeoutS: eventTimeoutS },
  { event: "SubagentStop", timeoutS: eventTimeoutS },
  { event: "SessionEnd", timeoutS: eventTimeoutS },
  { event: "DirectoryAdded", timeoutS: eventTimeoutS },
];

/** How truce is registered with Claude Code. */
export const claudeSettings: HostSettings = {
  title: "Claude Code",
  program: "claude",
  files: {
    user: "~/.claude/settings.json",
    project: ".claude/settings.json",
    local: ".claude/settings.local.json",
  },
  content: {
    kind: "hooks",
    hooks: (call) => hookGroups(claude, registrations, commandHook(call)),
    httpHooks: (call) => hookGroups(claude, registrations, httpHook(call)),
    httpNext: 'start claude with its token: export TRUCE_TOKEN="$(truce serve --token)"',
  },
  packaged: pluginOf,
};

/** The settings nearest to the project decide; what none of them names is on when it is installed for here. */
function pluginOf({ project, read }: SettingsLook): Packaged | undefined {
  const { local, project: shared, user } = claudeSettings.files;
  const said = [user, shared, local].map((path) => asObject(field(path && read(path), "enabledPlugins")) ?? {});
  const installed = asObject(field(read("~/.claude/plugins/installed_plugins.json"), "plugins")) ?? {};
  const isHere = (one: unknown) => (textField(one, "projectPath") ?? project) === project;
  const found = Object.keys(installed).filter((name) => [installed[name]].flat().some(isHere)).map((
    name,
  ) => [name, true]);
  const states = { ...Object.fromEntries(found), ...Object.assign({}, ...said) };
  const name = Object.keys(states).find((name) => name.startsWith("truce@") && states[name] === true);
  return name === undefined ? undefined : { title: `the plugin ${name}`, removal: `claude plugin uninstall ${name}` };
}

/** Returns the files of Claude Code, by their path in the repository. */
export function claudeFiles(version: string): Record<string, JsonObject | string> {
  return {
    ".claude-plugin/marketplace.json": {
      name: "truce",
      owner: author,
      plugins: [{ name: "truce", source: "./hooks/claude", description }],
    },
    "hooks/claude/.claude-plugin/plugin.json": { name: "truce", version, description, author },
    "hooks/claude/hooks/hooks.json": {
      description,
      hooks: hookGroups(claude, registrations, commandHook(truceOnPath)),
    },
    "hooks/claude/commands/sync.md": slashCommand("sync", {
      description: "Project this Claude Code configuration to the other agents",
      hint: "[--dry-run] [--scope user|project|all] [--target NAME,...] [--accept-loss]",
    }),
    "hooks/claude/commands/sync-status.md": slashCommand("sync status", {
      description: "Show what was projected to each agent, and whether it holds there",
    }),
    "hooks/claude-http/settings.json": { hooks: hookGroups(claude, registrations, httpHook(truceOnPath)) },
  };
}

function commandHook(call: HookCall): WriteHook {
  return ({ timeoutS, isAsync }, moment) => {
    const hook = { type: "command", command: hookCommand(claude, moment, call), timeout: timeoutS };
    return isAsync ? { ...hook, async: true } : hook;
  };
}

/** Claude Code asks no hook over HTTP at the start of a session, so that is where the daemon is started. */
function httpHook(call: HookCall): WriteHook {
  return ({ timeoutS }, moment) => {
    if (moment === "session-start") {
      const port = call.port === undefined || call.port === usualPort ? "" : ` --port ${call.port}`;
      const serve = `${shellWord(call.truce)} serve --http${port} --detach >/dev/null 2>&1`;
      const command = `${serve}; ${hookCommand(claude, moment, call)}`;
      return { type: "command", command, timeout: timeoutS };
    }
    return {
      type: "http",
      url: `http://127.0.0.1:${call.port ?? usualPort}/hooks/${claude.name}/${moment}`,
      headers: { Authorization: "Bearer $TRUCE_TOKEN" },
      allowedEnvVars: ["TRUCE_TOKEN"],
      timeout: timeoutS,
    };
  };
}

/** A command that runs truce and has the model say what came of it. Flags go by one word, which truce splits itself. */
function slashCommand(words: string, { description, hint }: { description: string; hint?: string }): string {
  const takes = hint === undefined ? {} : { "argument-hint": hint };
  const head = { description, ...takes, "allowed-tools": `Bash(truce ${words}:*)` };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  // The user types it; the model need not read of it in every session.
  lines.push("disable-model-invocation: true");
  const run = `!\`truce ${words}${hint === undefined ? "" : ' -- "$ARGUMENTS"'} 2>&1 || true\``;
  return ["---", ...lines, "---", "", run, "", "Tell the user what came of it, losses and conflicts first.", ""].join(
    "\n",
  );
}
