// Settings of hosts, and whether the host runs the hook in them. Each was tried with the real client; those that tell the
// most are tried again by tests/clients/health_test.ts.

import type { JsonObject } from "../../src/base/decode.ts";

/** One state of a host's settings. */
export interface HealthCase {
  readonly host: string;
  readonly title: string;
  /** Where the hook stands: below the project, or below home when it begins with `~/`. */
  readonly file: string;
  /** What the file holds, with a hook that runs `command`. */
  readonly text: (command: string) => string;
  /** Other files that the host looks at, by their path as above. */
  readonly others: (project: string) => Readonly<Record<string, JsonObject>>;
  /** Whether it runs; is in a file or a part of it that is dropped; is taken and skipped. */
  readonly outcome: "runs" | "dropped" | "skipped";
  /** Whether it is tried with the real client in each run of the tests. */
  readonly isTried: boolean;
}

type Make = (command: string) => unknown;

/** How cases of one host are written: the file, the hook in it, and what else the host needs to run it. */
interface Writer {
  readonly host: string;
  readonly file: string;
  readonly event: string;
  readonly others: (project: string) => Readonly<Record<string, JsonObject>>;
}

const claude: Writer = {
  host: "claude",
  file: ".claude/settings.json",
  event: "UserPromptSubmit",
  others: () => ({}),
};
/** Returns settings of a user of Gemini CLI who has a key. */
function geminiUser(asksForTrust: boolean, more: JsonObject = {}): Readonly<Record<string, JsonObject>> {
  const security = { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: asksForTrust } };
  return { "~/.gemini/settings.json": { security, ...more } };
}

const gemini: Writer = {
  host: "gemini",
  file: ".gemini/settings.json",
  event: "BeforeAgent",
  others: () => geminiUser(false),
};
const codex: Writer = {
  host: "codex",
  file: ".codex/hooks.json",
  event: "UserPromptSubmit",
  others: () => ({}),
};
const copilot: Writer = {
  host: "copilot",
  file: ".github/hooks/truce.json",
  event: "userPromptSubmitted",
  others: (project) => ({ "~/.copilot/config.json": { trustedFolders: [project] } }),
};

/** Returns settings with one hook in one group; fields of the hook, of the group and of the file are `given`. */
function grouped(
  { event }: Writer,
  given: { hook?: JsonObject; group?: JsonObject; file?: JsonObject; events?: JsonObject } = {},
): Make {
  return (command) => ({
    hooks: {
      [event]: [{ hooks: [{ type: "command", command, ...given.hook }], ...given.group }],
      ...given.events,
    },
    ...given.file,
  });
}

/** Returns the same for Copilot CLI, which has no groups. */
function flat(given: { hook?: JsonObject; file?: JsonObject; events?: JsonObject } = {}): Make {
  return (bash) => ({
    version: 1,
    hooks: { [copilot.event]: [{ type: "command", bash, ...given.hook }], ...given.events },
    ...given.file,
  });
}

type Row = readonly [title: string, make: Make, more?: { tried?: true; others?: HealthCase["others"]; file?: string }];

function rows(writer: Writer, outcome: HealthCase["outcome"], list: readonly Row[]): HealthCase[] {
  return list.map(([title, make, { tried, others, file } = {}]) => ({
    host: writer.host,
    title,
    file: file ?? writer.file,
    text: (command) => {
      const made = make(command);
      return typeof made === "string" ? made : JSON.stringify(made);
    },
    others: others ?? writer.others,
    outcome,
    isTried: tried === true,
  }));
}

/** Returns what writes the settings of `make` in another way. */
function spelled(make: Make, spell: (text: string) => string): Make {
  return (command) => spell(JSON.stringify(make(command)));
}

const tried = { tried: true } as const;
const comment = (text: string) => `// a comment\n${text}`;
const comma = (text: string) => text.replace(/\}$/, ",}");
const mark = (text: string) => `\uFEFF${text}`;

/** Other people's hooks, of which each would cost truce's own with another host. */
const strangers = { Stop: [{ hooks: [{ type: "nope" }, { type: "command", command: "true", timeout: "5" }] }] };

/** Fields of the whole file with a value that each costs it. */
const claudeWrong: JsonObject = {
  $schema: 5,
  agent: 5,
  allowManagedHooksOnly: "x",
  allowedHttpHookUrls: [5],
  alwaysThinkingEnabled: "x",
  apiKeyHelper: 5,
  availableModels: "x",
  awsAuthRefresh: 5,
  companyAnnouncements: "x",
  disableAllHooks: "true",
  enableAllProjectMcpServers: "x",
  enabledPlugins: [],
  env: [],
  fastMode: "x",
  httpHookAllowedEnvVars: "x",
  includeCoAuthoredBy: "x",
  includeGitInstructions: "x",
  language: 5,
  otelHeadersHelper: 5,
  outputStyle: 5,
  permissions: 5,
  plansDirectory: 5,
  respectGitignore: "x",
  sandbox: "x",
  skipWebFetchPreflight: "x",
  spinnerTipsEnabled: "x",
  statusLine: "x",
  worktree: "x",
};

/** Returns settings of Claude Code with one hook over HTTP that has something wrong. */
function overHttp(hook: JsonObject): Make {
  const url = "http://127.0.0.1:9876/hooks/claude/prompt";
  const headers = { Authorization: "Bearer $TRUCE_TOKEN" };
  return () => ({ hooks: { UserPromptSubmit: [{ hooks: [{ type: "http", url, headers, ...hook }] }] } });
}

const claudeCases = [
  ...rows(claude, "runs", [
    ["one hook", grouped(claude), tried],
    ["hooks of others that are wrong", grouped(claude, { events: strangers }), tried],
    ["events of others that are wrong", grouped(claude, { events: { Nope: [], Stop: "x", PreToolUse: null } })],
    ["a field that nobody knows", grouped(claude, { hook: { what: 1 }, group: { what: 1 }, file: { what: 1 } })],
    ["half a second", grouped(claude, { hook: { timeout: 0.5 } })],
    ["a mark at the start", spelled(grouped(claude), mark)],
    ["a mode that there is", grouped(claude, { file: { permissions: { defaultMode: "plan" } } })],
    ["the project says false", grouped(claude, { file: { disableAllHooks: false } }), {
      tried: true,
      others: () => ({ "~/.claude/settings.json": { disableAllHooks: true } }),
    }],
  ]),
  ...rows(claude, "dropped", [
    ["a comment", spelled(grouped(claude), comment), tried],
    ["a comma too many", spelled(grouped(claude), comma)],
    ["a list", () => []],
    ["model is a number", grouped(claude, { file: { model: 5 } }), tried],
    ["model is null", grouped(claude, { file: { model: null } })],
    ...Object.entries(claudeWrong).map(([name, value]): Row => [name, grouped(claude, { file: { [name]: value } })]),
    ...["allow", "ask", "deny", "additionalDirectories"].map((name): Row => [
      `permissions.${name}`,
      grouped(claude, { file: { permissions: { [name]: "x" } } }),
    ]),
    ["sandbox is neither on nor off", grouped(claude, { file: { sandbox: { enabled: "x" } } })],
    ["the headers are a text", overHttp({ headers: "x" })],
    ["the variables are a text", overHttp({ allowedEnvVars: "x" })],
    ["the address is none", overHttp({ url: "truce" })],
    ["a mode that there is not", grouped(claude, { file: { permissions: { defaultMode: "nope" } } }), tried],
    ["no days", grouped(claude, { file: { cleanupPeriodDays: 0 } })],
    ["hooks is a list", () => ({ hooks: [] })],
    ["the event is no list", (command) => ({ hooks: { Stop: { hooks: [{ type: "command", command }] } } })],
    ["no group", (command) => ({ hooks: { UserPromptSubmit: [{ type: "command", command }] } }), tried],
    ["hooks of the group is no list", (command) => ({ hooks: { Stop: [{ hooks: { type: "command", command } }] } })],
    ["matcher is a number", grouped(claude, { group: { matcher: 5 } })],
    ["matcher is null", grouped(claude, { group: { matcher: null } })],
    ["type is unknown", grouped(claude, { hook: { type: "Command" } })],
    ["timeout is a text", grouped(claude, { hook: { timeout: "5" } }), tried],
    ["timeout is 0", grouped(claude, { hook: { timeout: 0 } })],
    ["timeout is null", grouped(claude, { hook: { timeout: null } })],
    ["async is a text", grouped(claude, { hook: { async: "yes" } })],
    ["shell is unknown", grouped(claude, { hook: { shell: "fish" } })],
    ["args is a text", grouped(claude, { hook: { args: "x" } })],
    ["onFailure is unknown", grouped(claude, { hook: { onFailure: "x" } })],
    ["statusMessage is a number", grouped(claude, { hook: { statusMessage: 5 } })],
  ]),
  ...rows(claude, "skipped", [
    ["this file says so", grouped(claude, { file: { disableAllHooks: true } }), tried],
    ["the user says so", grouped(claude), {
      tried: true,
      others: () => ({ "~/.claude/settings.json": { disableAllHooks: true } }),
    }],
    ["the local file says so", grouped(claude, { file: { disableAllHooks: false } }), {
      others: () => ({ ".claude/settings.local.json": { disableAllHooks: true } }),
    }],
  ]),
];

const untrusting = geminiUser(true);

const geminiCases = [
  ...rows(gemini, "runs", [
    ["a comment", spelled(grouped(gemini), comment), tried],
    ["what others have wrong", grouped(gemini, { events: { Nope: [], AfterAgent: "x", BeforeTool: [null] } })],
    ["the timeout is a text", grouped(gemini, { hook: { timeout: "60000" } })],
    ["the matcher is a number", grouped(gemini, { group: { matcher: 5 } })],
    ["the switch of another time", grouped(gemini, { events: { enabled: false } })],
    ["the folder is trusted by its neighbour", grouped(gemini), {
      tried: true,
      others: (project) => ({ ...untrusting, "~/.gemini/trustedFolders.json": { [`${project}-2`]: "TRUST_PARENT" } }),
    }],
  ]),
  ...rows(gemini, "dropped", [
    ["a comma too many", spelled(grouped(gemini), comma), tried],
    ["a mark at the start", spelled(grouped(gemini), mark)],
    ["a list", () => []],
    ["hooks is a list", () => ({ hooks: [] })],
    ["the event is no list", (command) => ({ hooks: { BeforeAgent: { hooks: [{ type: "command", command }] } } })],
    ["no group", (command) => ({ hooks: { BeforeAgent: [{ type: "command", command }] } })],
    ["type is http", grouped(gemini, { hook: { type: "http" } }), tried],
    ["command is a number", grouped(gemini, { hook: { command: 5, name: "truce" } })],
    ["5 ms", grouped(gemini, { hook: { timeout: 5 } })],
    ["a timeout below 0", grouped(gemini, { hook: { timeout: -5 } })],
  ]),
  ...rows(gemini, "skipped", [
    ["all are off", grouped(gemini, { file: { hooksConfig: { enabled: false } } })],
    ["the user has them off", grouped(gemini), {
      others: () => geminiUser(false, { hooksConfig: { enabled: false } }),
    }],
    [
      "one is off",
      grouped(gemini, { hook: { name: "truce-prompt" }, file: { hooksConfig: { disabled: ["truce-prompt"] } } }),
      tried,
    ],
    ["nobody trusts the folder", grouped(gemini), { tried: true, others: () => untrusting }],
    ["somebody does not trust the folder", grouped(gemini), {
      others: (project) => ({ ...untrusting, "~/.gemini/trustedFolders.json": { [project]: "DO_NOT_TRUST" } }),
    }],
  ]),
];

const codexCases = [
  ...rows(codex, "runs", [
    ["a field of a hook that nobody knows", grouped(codex, { hook: { what: 1 }, group: { what: 1 } }), tried],
    ["an event that nobody knows", grouped(codex, { events: { Nope: [] } })],
    ["nulls", grouped(codex, { hook: { timeout: null }, group: { matcher: null } })],
    ["all that is hashed", grouped(codex, { hook: { timeout: 0, statusMessage: "é<", async: true } }), tried],
    ["Windows has its own", grouped(codex, { hook: { commandWindows: "true" }, group: { matcher: "x" } }), tried],
    ["the end of a session", (command) => ({
      hooks: { SessionEnd: [{ hooks: [{ type: "command", command, timeout: 20 }] }] },
    }), tried],
    ["a matcher counts", (command) => ({
      hooks: { PreToolUse: [{ hooks: [] }, { matcher: "^Bash$", hooks: [{ type: "command", command }] }] },
    }), tried],
  ]),
  ...rows(codex, "dropped", [
    ["a comment", spelled(grouped(codex), comment)],
    ["a mark at the start", spelled(grouped(codex), mark), tried],
    ["a comma too many", spelled(grouped(codex), comma)],
    ["a field of the file that nobody knows", grouped(codex, { file: { version: 1 } }), tried],
    ["a http hook of others", grouped(codex, { events: { Stop: [{ hooks: [{ type: "http", url: "x" }] }] } }), tried],
    ["a timeout of others", grouped(codex, { events: strangers }), tried],
    ["half a second", grouped(codex, { hook: { timeout: 0.5 } })],
    ["a timeout below 0", grouped(codex, { hook: { timeout: -1 } })],
    ["the matcher is a number", grouped(codex, { group: { matcher: 5 } })],
    ["the matcher does not end", grouped(codex, { group: { matcher: "(" } })],
    ["async is a text", grouped(codex, { hook: { async: "x" } })],
    ["the status is a number", grouped(codex, { hook: { statusMessage: 5 } })],
    ["no command", grouped(codex, { events: { Stop: [{ hooks: [{ type: "command" }] }] } })],
    ["no group", (command) => ({ hooks: { Stop: [{ type: "command", command }] } }), tried],
    ["the event is no list", grouped(codex, { events: { Stop: {} } })],
    ["the description is a number", grouped(codex, { file: { description: 5 } })],
    ["hooks is a list", () => ({ hooks: [] })],
  ]),
];

const copilotUserFile = "~/.copilot/hooks/truce.json";

const copilotCases = [
  ...rows(copilot, "runs", [
    ["one hook", flat(), tried],
    ["no version", flat({ file: { version: undefined } })],
    ["a field that nobody knows", flat({ hook: { what: 1, matcher: 5 }, file: { what: 1 } })],
    ["half a second", flat({ hook: { timeoutSec: 0.5 } })],
    ["no type", flat({ hook: { type: undefined } })],
    ["an event that nobody knows", flat({ events: { nope: [] } })],
    ["the folder above is trusted", flat(), {
      tried: true,
      others: (project) => ({ "~/.copilot/config.json": { trustedFolders: [project.replace(/\/[^/]+$/, "")] } }),
    }],
    ["of the user, who trusts nothing", flat(), { tried: true, file: copilotUserFile, others: () => ({}) }],
    ["of the user, and a project that nobody trusts says no", flat(), {
      tried: true,
      file: copilotUserFile,
      others: () => ({ ".claude/settings.local.json": { disableAllHooks: true } }),
    }],
    ["the user would have none", flat(), {
      others: (project) => ({
        "~/.copilot/config.json": { trustedFolders: [project], disableAllHooks: true },
        "~/.copilot/settings.json": { disableAllHooks: true },
      }),
    }],
  ]),
  ...rows(copilot, "dropped", [
    ["a comment", spelled(flat(), comment), tried],
    ["a comma too many", spelled(flat(), comma)],
    ["a mark at the start", spelled(flat(), mark)],
    ["version 2", flat({ file: { version: 2 } }), tried],
    ["the version is a text", flat({ file: { version: "1" } })],
    ["an event is no list", flat({ events: { sessionEnd: {} } }), tried],
    ["an event is null", flat({ events: { sessionEnd: null } })],
    ["a list", () => []],
    ["hooks is a list", () => ({ version: 1, hooks: [] })],
    ["the file says so", flat({ file: { disableAllHooks: true } })],
    ["type is unknown", flat({ hook: { type: "truce" } })],
    ["a timeout is a text", flat({ hook: { timeoutSec: "5" } }), tried],
    ["a timeout is 0", flat({ hook: { timeoutSec: 0 } })],
    ["a timeout is null", flat({ hook: { timeoutSec: null } })],
    ["cwd is a number", flat({ hook: { cwd: 5 } })],
    ["env is a text", flat({ hook: { env: "x" } })],
    ["no command", flat({ hook: { bash: undefined, powershell: "truce" } })],
  ]),
  ...rows(copilot, "skipped", [
    ["nobody trusts the folder", flat(), { tried: true, others: () => ({}) }],
    ["trusted in the wrong file", flat(), {
      others: (project) => ({ "~/.copilot/settings.json": { trustedFolders: [project] } }),
    }],
    ...[".claude/settings.json", ".github/copilot/settings.json"].map((name): Row => [
      `${name} says so`,
      flat(),
      { others: (project) => ({ ...copilot.others(project), [name]: { disableAllHooks: true } }) },
    ]),
    ["of the user, but a project that is trusted says no", flat(), {
      tried: true,
      file: copilotUserFile,
      others: (project) => ({ ...copilot.others(project), ".claude/settings.local.json": { disableAllHooks: true } }),
    }],
  ]),
];

const opencode: Writer = {
  host: "opencode",
  file: ".opencode/plugins/truce.js",
  event: "",
  others: () => ({}),
};

/** A plugin that runs a command as soon as it is loaded. */
function plugin(more = ""): Make {
  return (command) =>
    `import { execSync } from "node:child_process";\n\n${more}\nexport function Truce() {\n` +
    `  execSync(${JSON.stringify(command)}, { input: "" });\n  return {};\n}\n`;
}

const opencodeCases = [
  ...rows(opencode, "runs", [
    ["one function", plugin(), tried],
    ["of the user", plugin(), { tried: true, file: "~/.config/opencode/plugins/truce.js" }],
  ]),
  ...rows(opencode, "dropped", [["it exports a number, too", plugin("export const n = 5;"), tried]]),
];

/** All cases. */
export const healthCases: readonly HealthCase[] = [
  ...claudeCases,
  ...geminiCases,
  ...codexCases,
  ...copilotCases,
  ...opencodeCases,
];
