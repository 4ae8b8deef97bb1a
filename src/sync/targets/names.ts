/** What people call the targets, in the order of the table. Who only names them need not load them. */
export const targetNames = ["codex", "gemini", "opencode", "copilot", "cursor", "qwen", "agents-md"] as const;

/** One of them. */
export type TargetName = typeof targetNames[number];

/** Those that are meant when nobody says which. */
export const usualTargetNames: readonly TargetName[] = ["codex", "gemini", "opencode"];
