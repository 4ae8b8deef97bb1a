import type { ClientName } from "./clients.ts";
import type { Block } from "./mock_dialect.ts";

/** The tools that all clients have, by names relative to the project. */
export interface ClientTools {
  read(name: string): Block;
  edit(name: string, from: string, to: string): Block;
  write(name: string, content: string): Block;
  shell(command: string): Block;
}

/** How the model of each client calls its tools. */
export const clientTools: Readonly<Record<ClientName, ClientTools>> = {
  claude: {
    read: (name) => ({ tool: "Read", input: { file_path: name } }),
    edit: (name, from, to) => ({ tool: "Edit", input: { file_path: name, old_string: from, new_string: to } }),
    write: (name, content) => ({ tool: "Write", input: { file_path: name, content } }),
    shell: (command) => ({ tool: "Bash", input: { command, description: "run a command" } }),
  },
  gemini: {
    read: (name) => ({ tool: "read_file", input: { file_path: name } }),
    edit: (name, from, to) => ({
      tool: "replace",
      input: { file_path: name, instruction: "change it", old_string: from, new_string: to },
    }),
    write: (name, content) => ({ tool: "write_file", input: { file_path: name, content } }),
    shell: (command) => ({ tool: "run_shell_command", input: { command, description: "run a command" } }),
  },
  codex: {
    read: (name) => ({ tool: "exec_command", input: { cmd: `cat ${name}` } }),
    edit: (name, from, to) => patch([`*** Update File: ${name}`, "@@", `-${from}`, `+${to}`]),
    write: (name, content) =>
      patch([`*** Add File: ${name}`, ...content.trimEnd().split("\n").map((line) => `+${line}`)]),
    shell: (cmd) => ({ tool: "exec_command", input: { cmd, yield_time_ms: 30_000 } }),
  },
  copilot: {
    read: (name) => ({ tool: "view", input: { path: name } }),
    edit: (name, from, to) => ({ tool: "edit", input: { path: name, old_str: from, new_str: to } }),
    write: (name, content) => ({ tool: "create", input: { path: name, file_text: content } }),
    shell: (command) => ({
      tool: "bash",
      input: { command, description: "run a command", mode: "sync", initial_wait: 30 },
    }),
  },
  opencode: {
    read: (name) => ({ tool: "read", input: { filePath: name } }),
    edit: (name, from, to) => ({ tool: "edit", input: { filePath: name, oldString: from, newString: to } }),
    write: (name, content) => ({ tool: "write", input: { filePath: name, content } }),
    shell: (command) => ({ tool: "bash", input: { command, description: "run a command" } }),
  },
};

function patch(lines: readonly string[]): Block {
  return { tool: "apply_patch", input: { patch: ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n") } };
}
