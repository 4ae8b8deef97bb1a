// Sub-agents for Qwen Code 0.24. Without a mode of its own a sub-agent edits unasked, so each is given one that asks.

import type { Agent } from "../../model.ts";
import { headLosses, isPartOfTool, toolIn, turnsOf } from "../agent_parts.ts";
import { withLosses } from "../losses.ts";
import type { MadeText } from "../parts.ts";
import { refused } from "../shared.ts";
import { isKnown, qwenTools } from "./tools.ts";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,48}[A-Za-z0-9]$/;
const ownNames = new Set(["config", "default", "main", "model", "self", "system", "tool", "user"]);
/** A sub-agent with less to do is not read. */
const bodyMin = 10;
const mcpTool = /^mcp__.+?__.+$/;
const carried = new Set(["maxTurns", "permissionMode", "color"]);

/** Returns the file of a sub-agent. */
export function agentFile(agent: Agent): MadeText {
  const { name, description, body, rest, tools, disallowedTools } = agent;
  if (!namePattern.test(name) || ownNames.has(name.toLowerCase())) {
    return { outcome: refused(`"${name}" is no name for a sub-agent of Qwen Code`) };
  }
  if (description.trim() === "") return { outcome: refused("it has no description, without which it is not read") };
  if (body.trim().length < bodyMin) {
    return { outcome: refused(`its text has fewer than ${bodyMin} characters, and so it is not read`) };
  }
  const named = [...tools ?? [], ...disallowedTools].filter((tool) => tool !== "*" && !tool.startsWith("mcp__"));
  const unknown = named.filter((tool) => !isKnown(toolIn(tool)));
  if (unknown.length > 0) return { outcome: refused(`Qwen Code has no tool like ${unknown.join(" or ")}`) };
  const isAll = tools === undefined || tools.includes("*");
  const given = isAll ? undefined : namesOf(tools.filter((tool) => !isPartOfTool(tool) && !isServer(tool)));
  if (given?.length === 0) return { outcome: refused("none of its tools is in Qwen Code, which would give it all") };
  const denied = namesOf(disallowedTools.map(toolIn));
  const turns = turnsOf(agent);
  const head = [
    `name: ${name}`,
    `description: ${JSON.stringify(description)}`,
    `approvalMode: ${rest.permissionMode === "plan" ? "plan" : "default"}`,
    ...(turns === undefined ? [] : [`maxTurns: ${turns}`]),
    ...listOf("tools", given ?? []),
    ...listOf("disallowedTools", denied),
  ];
  const left = isAll ? [] : tools.filter((tool) => isPartOfTool(tool) || isServer(tool));
  const losses = [
    ...(left.length > 0 ? [`it does not get ${left.join(", ")}: Qwen Code gives single tools as a whole`] : []),
    ...headLosses(agent, carried),
  ];
  return { text: ["---", ...head, "---", "", body.trim(), ""].join("\n"), outcome: withLosses(losses) };
}

function listOf(field: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${field}:`, ...names.map((one) => `  - ${JSON.stringify(one)}`)];
}

function namesOf(tools: readonly string[]): string[] {
  const names = tools.flatMap((tool) =>
    tool.startsWith("mcp__") ? [tool] : isKnown(tool) ? [qwenTools[tool] ?? []].flat() : []
  );
  return [...new Set(names)];
}

/** All tools of a server can be taken from a sub-agent, but not given to it. */
function isServer(tool: string): boolean {
  return tool.startsWith("mcp__") && (!mcpTool.test(tool) || tool.includes("*"));
}
