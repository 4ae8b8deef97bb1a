/** The files of a project that servers and settings are read from, relative to it. */
export const projectFiles = { servers: ".mcp.json", settings: ".claude/settings.json" } as const;
