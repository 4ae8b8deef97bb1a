// What a hook of Claude Code is told and answers, from and into the words of Gemini CLI 0.61.0.
//
// The answer is stricter where the two differ: what Claude Code asks a person is asked there, too, and a hook that blocks
// a tool blocks it. After a tool, Claude Code adds what a hook says, and Gemini CLI would put it in place of the result.

import { asObject, type JsonObject, textField } from "../../../base/decode.ts";
import { resolvePath } from "../../../base/path.ts";
import { geminiEvents } from "./hooks.ts";

/** How a command of a hook ended. */
export interface HookEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const claudeEvents: ReadonlyMap<string, string> = new Map(
  Object.entries(geminiEvents).map(([ours, theirs]) => [theirs, ours]),
);
const blocked = 2;

/** The tools of Gemini CLI in Claude Code: the name, and what each argument is called there. */
const tools: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  activate_skill: ["Skill", { name: "skill" }],
  glob: ["Glob", { dir_path: "path" }],
  google_web_search: ["WebSearch", {}],
  grep_search: ["Grep", { dir_path: "path", include_pattern: "glob" }],
  invoke_agent: ["Agent", { agent_name: "subagent_type" }],
  list_directory: ["LS", { dir_path: "path" }],
  read_file: ["Read", { start_line: "offset" }],
  replace: ["Edit", { allow_multiple: "replace_all" }],
  run_shell_command: ["Bash", {}],
  web_fetch: ["WebFetch", {}],
  write_file: ["Write", {}],
  write_todos: ["TodoWrite", {}],
};
const paths = ["file_path", "path"];

/** Returns what Claude Code would tell a hook for what Gemini CLI tells it. */
export function claudePayload(payload: JsonObject): JsonObject {
  const event = textField(payload, "hook_event_name") ?? "";
  const told = { ...payload, hook_event_name: claudeEvents.get(event) ?? event };
  const name = textField(payload, "tool_name");
  return name === undefined ? told : { ...told, ...claudeCall(payload, name) };
}

/** Returns what Gemini CLI is answered when the command of a hook of Claude Code, told of `payload`, ended like this. */
export function geminiReply(payload: JsonObject, { code, stdout, stderr }: HookEnd): JsonObject | undefined {
  const event = textField(payload, "hook_event_name") ?? "";
  if (code === blocked) return event === "AfterTool" ? context(event, stderr) : { decision: "deny", reason: stderr };
  if (code !== 0) return { systemMessage: `A hook of Claude Code ended with ${code}: ${stderr.trim()}` };
  if (stdout.trim() === "") return undefined;
  const reply = objectIn(stdout);
  if (reply !== undefined) return translated(event, reply, textField(payload, "tool_name") ?? "");
  return event === "BeforeAgent" || event === "SessionStart" ? context(event, stdout.trim()) : undefined;
}

function claudeCall(payload: JsonObject, name: string): JsonObject {
  const server = textField(payload.mcp_context, "server_name");
  const tool = textField(payload.mcp_context, "tool_name");
  if (server !== undefined && tool !== undefined) return { tool_name: `mcp__${server}__${tool}` };
  const known = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (known === undefined) return {};
  const [tool_name, names] = known;
  const input = Object.entries(asObject(payload.tool_input) ?? {}).map(([key, value]): [string, unknown] => [
    Object.hasOwn(names, key) ? names[key] : key,
    value,
  ]);
  const cwd = textField(payload, "cwd");
  const tool_input = Object.fromEntries(
    input.map(([key, value]) => [key, isPath(key, value) && cwd !== undefined ? resolvePath(cwd, value) : value]),
  );
  return { tool_name, tool_input };
}

/** Claude Code always tells whole paths, and hooks compare them. */
function isPath(key: string, value: unknown): value is string {
  return paths.includes(key) && typeof value === "string" && value !== "";
}

function translated(event: string, reply: JsonObject, tool: string): JsonObject {
  const specific = asObject(reply.hookSpecificOutput) ?? {};
  const { continue: goesOn, stopReason, suppressOutput, systemMessage } = reply;
  const common = { continue: goesOn, stopReason, suppressOutput, systemMessage };
  const decision = textField(specific, "permissionDecision") ?? textField(reply, "decision");
  const reason = textField(specific, "permissionDecisionReason") ?? textField(reply, "reason");
  const told = textField(specific, "additionalContext");
  if (event === "AfterTool") {
    const added = [decision === "block" ? reason : undefined, told].filter((text) => text !== undefined).join("\n");
    return { ...common, ...(added === "" ? {} : context(event, added)) };
  }
  const updated = asObject(specific.updatedInput);
  const output = {
    ...(told === undefined ? {} : { additionalContext: told }),
    ...(updated === undefined ? {} : { tool_input: geminiInput(tool, updated) }),
  };
  return {
    ...common,
    ...(decision === undefined ? {} : { decision: decisionOf(decision) }),
    ...(reason === undefined ? {} : { reason }),
    ...(Object.keys(output).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...output } }),
  };
}

function geminiInput(tool: string, input: JsonObject): JsonObject {
  const names = new Map(
    Object.entries(Object.hasOwn(tools, tool) ? tools[tool][1] : {}).map(([theirs, ours]) => [ours, theirs]),
  );
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [names.get(key) ?? key, value]));
}

function decisionOf(decision: string): string {
  if (decision === "approve" || decision === "allow") return "allow";
  return decision === "ask" ? "ask" : "deny";
}

function context(hookEventName: string, additionalContext: string): JsonObject {
  return { hookSpecificOutput: { hookEventName, additionalContext } };
}

function objectIn(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
