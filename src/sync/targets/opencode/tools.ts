/** What each tool of Claude Code is in OpenCode 1.18.33. Those that it does not have are nothing there. */
export const openCodeTools: Readonly<Record<string, string | undefined>> = {
  Agent: "task",
  AskUserQuestion: "question",
  Bash: "bash",
  BashOutput: undefined,
  Edit: "edit",
  EnterPlanMode: "plan_enter",
  ExitPlanMode: "plan_exit",
  Glob: "glob",
  Grep: "grep",
  KillBash: undefined,
  KillShell: undefined,
  LS: "list",
  LSP: "lsp",
  MultiEdit: "edit",
  NotebookEdit: undefined,
  NotebookRead: undefined,
  Read: "read",
  Skill: "skill",
  SlashCommand: undefined,
  Task: "task",
  TaskOutput: undefined,
  TodoRead: undefined,
  TodoWrite: "todowrite",
  WebFetch: "webfetch",
  WebSearch: "websearch",
  Write: "edit",
};

/** Says whether a tool of Claude Code is known, in OpenCode or not. */
export function isKnown(tool: string): boolean {
  return Object.hasOwn(openCodeTools, tool);
}
