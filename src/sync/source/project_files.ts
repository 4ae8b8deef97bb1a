/** The files of a project that servers, settings and instructions are read from, relative to it. */
export const projectFiles = {
  servers: ".mcp.json",
  settings: ".claude/settings.json",
  instructions: "CLAUDE.md",
} as const;
