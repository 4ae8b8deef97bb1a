// Permissions for the tools of servers. Gemini CLI warns of a rule whose `toolName` is not far from one of its own tools,
// also where `mcpName` says that it is a server's, and wherever a name has two underscores in a row. So tools are named
// as the model knows them: `mcp_fs_drop`.

import type { Permission } from "../../model.ts";
import { withLosses } from "../losses.ts";
import { type MatchOf, serversLike } from "../permission_parts.ts";
import { approximated, exact, type Outcome, refused } from "../shared.ts";
import type { PolicyOptions } from "./policies.ts";
import type { Made, RuleStart } from "./policy_rules.ts";
import { isHeldAsWhole, serverNameOf } from "./servers.ts";
import { mcpStart, toolNameOf } from "./tools.ts";

const allTools = "*";

/** Returns the rules for tools of servers. */
export function serverRules(
  { action }: Permission,
  { server, name }: MatchOf<"mcp">,
  { servers }: PolicyOptions,
): Made {
  const tool = name?.includes("*") ? undefined : name;
  if (server === "*" && tool === undefined && (action !== "allow" || name === undefined)) {
    return { rules: [{ mcpName: "*", toolName: allTools }], outcome: exact };
  }
  if (action === "allow" && name !== tool) {
    return none(approximated("Gemini CLI asks, because it knows no `*` in the name of a tool"));
  }
  const known = serversLike(server, servers).map((one) => serverNameOf({ name: one }));
  const isOpen = server.includes("*");
  const names = [...new Set([...known, ...(isOpen ? [] : [server])])];
  const rules = names.flatMap((one) => action === "allow" ? allowing(one, tool) : holding(one, tool));
  if (rules.length === 0 && !isOpen) return none(unsaid(action));
  const isWider = rules.some(({ toolName }) => toolName === allTools) && name !== undefined;
  return {
    rules,
    outcome: withLosses([
      ...(isOpen ? ["it holds for the servers that are known here"] : []),
      ...(isWider ? ["it holds for all tools of the server"] : []),
    ]),
  };
}

/** A tool without a name of its own there is held with all of the server. */
function holding(mcpName: string, tool: string | undefined): RuleStart[] {
  const toolName = tool === undefined ? undefined : toolNameOf(mcpName, tool);
  if (toolName !== undefined && isTaken(toolName)) return [{ toolName }];
  return isHeldAsWhole(mcpName) ? [{ mcpName, toolName: allTools }] : [];
}

/**
 * A tool is allowed on its server alone: those of others may get the same name. A rule that names both also allows a tool
 * that the server itself calls `mcp_fs_drop`, so that one is asked for.
 */
function allowing(mcpName: string, tool: string | undefined): RuleStart[] {
  if (tool === undefined) return isHeldAsWhole(mcpName) ? [{ mcpName, toolName: allTools }] : [];
  const toolName = toolNameOf(mcpName, tool);
  const start = `${mcpStart}${mcpName}_`;
  if (!isTaken(toolName) || toolName !== `${start}${tool}`) return [];
  return [{ mcpName, toolName: `${start}${toolName}`, decision: "ask_user" }, { mcpName, toolName }];
}

function isTaken(toolName: string): boolean {
  return !toolName.includes("__");
}

function unsaid(action: Permission["action"]): Outcome {
  return action === "allow"
    ? approximated("Gemini CLI asks, because it has no rule for a name like this")
    : refused("Gemini CLI has no rule for a server with a name like this");
}

function none(outcome: Outcome): Made {
  return { rules: [], outcome };
}
