// The tools of Claude Code in the words of Gemini CLI 0.61.0.

/** It stands before the names of all tools of servers, but never twice. */
export const mcpStart = "mcp_";
const toolNameMax = 63;
const mcpName = /^mcp__(.+?)__(.+)$/;

/** What each tool of Claude Code is in Gemini CLI. Those that it does not have are nothing there. */
export const geminiTools: Readonly<Record<string, readonly string[]>> = {
  Agent: ["invoke_agent"],
  AskUserQuestion: ["ask_user"],
  Bash: ["run_shell_command"],
  BashOutput: [],
  Edit: ["replace"],
  EnterPlanMode: ["enter_plan_mode"],
  ExitPlanMode: ["exit_plan_mode"],
  Glob: ["glob"],
  Grep: ["grep_search"],
  KillBash: [],
  KillShell: [],
  LS: ["list_directory"],
  ListMcpResourcesTool: ["list_mcp_resources"],
  MultiEdit: ["replace"],
  NotebookEdit: [],
  NotebookRead: [],
  Read: ["read_file", "read_many_files"],
  ReadMcpResourceTool: ["read_mcp_resource"],
  Skill: ["activate_skill"],
  SlashCommand: [],
  Task: ["invoke_agent"],
  TaskOutput: [],
  TodoRead: [],
  TodoWrite: ["write_todos"],
  WebFetch: ["web_fetch"],
  WebSearch: ["google_web_search"],
  Write: ["write_file"],
};

/** The tools of Gemini CLI that change nothing. */
export const readingTools: ReadonlySet<string> = new Set([
  "ask_user",
  "glob",
  "google_web_search",
  "grep_search",
  "list_directory",
  "list_mcp_resources",
  "read_file",
  "read_many_files",
  "read_mcp_resource",
  "web_fetch",
  "write_todos",
]);

/** Returns the names of a tool in Gemini CLI, or `undefined` for a tool that is not known. */
export function geminiNames(tool: string): readonly string[] | undefined {
  const mcp = mcpName.exec(tool);
  if (mcp !== null) return [`mcp_${mcp[1]}_${mcp[2]}`];
  return Object.hasOwn(geminiTools, tool) ? geminiTools[tool] : undefined;
}

/** Returns what a tool of a server is called for the model, which is what a rule without a server has to say. */
export function toolNameOf(server: string, tool: string): string {
  const name = `${server.startsWith(mcpStart) ? "" : mcpStart}${server}_${tool}`.replaceAll(/[^A-Za-z0-9_.:-]/g, "_");
  return name.length > toolNameMax ? `${name.slice(0, 30)}...${name.slice(-30)}` : name;
}
