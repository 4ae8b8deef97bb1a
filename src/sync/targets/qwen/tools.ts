/** What each tool of Claude Code is in Qwen Code 0.24. Those that it does not have are nothing there. */
export const qwenTools: Readonly<Record<string, string | undefined>> = {
  Agent: "agent",
  AskUserQuestion: "ask_user_question",
  Bash: "run_shell_command",
  BashOutput: undefined,
  Edit: "edit",
  EnterPlanMode: "enter_plan_mode",
  ExitPlanMode: "exit_plan_mode",
  Glob: "glob",
  Grep: "grep_search",
  KillBash: undefined,
  KillShell: undefined,
  LS: "list_directory",
  LSP: "lsp",
  MultiEdit: "edit",
  NotebookEdit: "notebook_edit",
  NotebookRead: undefined,
  Read: "read_file",
  ReadMcpResourceTool: "read_mcp_resource",
  Skill: "skill",
  SlashCommand: undefined,
  Task: "agent",
  TaskOutput: undefined,
  TodoRead: undefined,
  TodoWrite: "todo_write",
  WebFetch: "web_fetch",
  WebSearch: "web_search",
  Write: "write_file",
};

/** Says whether a tool of Claude Code is known, in Qwen Code or not. */
export function isKnown(tool: string): boolean {
  return Object.hasOwn(qwenTools, tool);
}
