// A policy file of Gemini CLI 0.61.0, see docs/reference/policy-engine.md of that version. One field that it does not
// take makes it drop the whole file, and so does one that it misses.

import { tomlComment, tomlText } from "./toml.ts";

/** One rule. The first with the highest priority decides. */
export interface PolicyRule {
  /** What it was made from, for people: `deny Bash(rm -rf:*)`. */
  readonly from: string;
  readonly toolName: string | readonly string[];
  readonly mcpName?: string;
  readonly argsPattern?: string;
  readonly commandRegex?: string;
  readonly decision: "deny" | "ask_user" | "allow";
  readonly priority: number;
  readonly denyMessage?: string;
  readonly modes?: readonly string[];
}

const head = `# Written by truce from Claude Code's permissions. Edit those and run truce sync.
`;

/** Returns the file with `rules`. */
export function policyFile(rules: readonly PolicyRule[]): string {
  return head + rules.map(ruleText).join("");
}

/** Returns one rule as it stands in the file. */
export function ruleText({ from, ...fields }: PolicyRule): string {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${valueText(value)}`]
  );
  return `\n${tomlComment(from)}\n[[rule]]\n${lines.join("\n")}\n`;
}

function valueText(value: string | number | readonly string[]): string {
  if (typeof value === "number") return `${value}`;
  return typeof value === "string" ? tomlText(value) : `[${value.map(tomlText).join(", ")}]`;
}
