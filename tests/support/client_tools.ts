import type { ClientName } from "./clients.ts";
import type { Block } from "./mock_dialect.ts";

/** The tools that both clients have, by names relative to the project. */
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
};
