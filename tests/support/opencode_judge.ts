// How OpenCode 1.18.33 decides, as a small model of it: the last rule that matches the name and the pattern decides, and
// of the patterns of a call the strictest. A test holds it against the client itself.

import { asObject } from "../../src/base/decode.ts";
import type { Line } from "./deny_sets.ts";

/** One rule, as `opencode agent list` shows it. */
export interface OpencodeRule {
  readonly permission: string;
  readonly pattern: string;
  readonly action: string;
}

/** What a tool asks for before it does anything. */
export interface OpencodeRequest {
  readonly permission: string;
  readonly patterns: readonly string[];
}

const open: OpencodeRule = { permission: "*", pattern: "*", action: "allow" };

/** Returns the rules that a `permission` of the settings is, in their order. */
export function opencodeRules(permission: unknown, home: string): OpencodeRule[] {
  return Object.entries(asObject(permission) ?? {}).flatMap(([name, value]) => {
    if (typeof value === "string") return [{ permission: name, pattern: "*", action: value }];
    return Object.entries(asObject(value) ?? {}).map(([pattern, action]) => ({
      permission: name,
      pattern: pattern.startsWith("~/") ? home + pattern.slice(1) : pattern,
      action: String(action),
    }));
  });
}

/** Returns what is decided about a request where everything else is allowed. */
export function opencodeDecision(rules: readonly OpencodeRule[], { permission, patterns }: OpencodeRequest): string {
  const actions = patterns.map((pattern) =>
    [open, ...rules].findLast((rule) => isLike(permission, rule.permission) && isLike(pattern, rule.pattern))?.action
  );
  return ["deny", "ask"].find((action) => actions.includes(action)) ?? "allow";
}

/** Returns what the tool for the shell asks for. */
export function shellRequest({ commands }: Line): OpencodeRequest {
  return { permission: "bash", patterns: commands };
}

function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  const whole = escaped.endsWith(" .*") ? `${escaped.slice(0, -3)}( .*)?` : escaped;
  return new RegExp(`^${whole}$`, "s").test(text.replaceAll("\\", "/"));
}
