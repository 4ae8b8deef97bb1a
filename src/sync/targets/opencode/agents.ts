// Sub-agents for OpenCode 1.18.33. What an agent's own file allows would come behind every denial, so it only denies: each
// tool that the agent does not have.

import type { Agent, Server } from "../../model.ts";
import { serverInTools } from "../../permission.ts";
import { headLosses, isPartOfTool, toolIn, turnsOf } from "../agent_parts.ts";
import { withLosses } from "../losses.ts";
import type { MadeText } from "../parts.ts";
import { privately, refused } from "../shared.ts";
import { toolPrefixOf } from "./servers.ts";
import { isKnown, openCodeTools } from "./tools.ts";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** The agents that OpenCode has by itself. */
export const ownAgents: readonly string[] = ["build", "plan", "general", "explore"];
const hiddenAgents = ["compaction", "title", "summary"];
const mcpTool = /^mcp__(.+?)(?:__(.+))?$/;
const carried = new Set(["maxTurns", "permissionMode"]);
/** What no agent is kept from: it asks its user, and reads about its own tools. */
const deniable = [
  "bash",
  "edit",
  "glob",
  "grep",
  "list",
  "read",
  "skill",
  "task",
  "todowrite",
  "webfetch",
  "websearch",
];

/** Returns the file of a sub-agent. */
export function agentFile(agent: Agent, servers: readonly Server[]): MadeText {
  const { name, description, body } = agent;
  const secluded = privately(agent, ".opencode");
  if (secluded !== undefined) return { outcome: secluded };
  if (!namePattern.test(name)) return { outcome: refused(`"${name}" is no name for a file of OpenCode's agents`) };
  if ([...ownAgents, ...hiddenAgents].includes(name)) {
    return { outcome: refused(`OpenCode has an agent of its own called "${name}"`) };
  }
  const denied = deniedTools(agent, servers);
  if ("refusal" in denied) return { outcome: refused(denied.refusal) };
  const steps = turnsOf(agent);
  const lines = [
    "---",
    `description: ${JSON.stringify(description)}`,
    "mode: subagent",
    ...(steps === undefined ? [] : [`steps: ${steps}`]),
    ...(denied.tools.length === 0
      ? []
      : ["permission:", ...denied.tools.map((tool) => `  ${JSON.stringify(tool)}: deny`)]),
    "---",
    "",
    body.trim(),
    "",
  ];
  const losses = [
    ...denied.losses,
    ...headLosses(agent, carried),
  ];
  return { text: lines.join("\n"), outcome: withLosses(losses) };
}

type Denied = { readonly tools: readonly string[]; readonly losses: readonly string[] } | { readonly refusal: string };

function deniedTools({ tools, disallowedTools, rest }: Agent, servers: readonly Server[]): Denied {
  const isPlanning = rest.permissionMode === "plan";
  const all = [...tools ?? [], ...disallowedTools];
  const unknown = all.filter((tool) => tool !== "*" && !mcpTool.test(tool) && !isKnown(toolIn(tool)));
  if (unknown.length > 0) return { refusal: `OpenCode has no tool like ${unknown.join(" or ")}, as far as is known` };
  const denied = new Set(disallowedTools.flatMap((tool) => namesOf(toolIn(tool), servers)));
  if (isPlanning) denied.add("edit");
  const partly = (tools ?? []).filter((tool) => isPartOfTool(tool));
  if (tools !== undefined && !tools.includes("*")) {
    const given = new Set(tools.filter((tool) => !isPartOfTool(tool)).flatMap((tool) => namesOf(tool, servers)));
    for (const tool of deniable) if (!given.has(tool)) denied.add(tool);
    for (const prefix of new Set(servers.map(({ name }) => `${toolPrefixOf(name)}_`))) {
      if (![...given].some((tool) => tool.startsWith(prefix))) denied.add(`${prefix}*`);
    }
  }
  const isPartOfServer = (tools ?? []).some((tool) => mcpTool.exec(tool)?.[2] !== undefined);
  const losses = [
    ...(partly.length > 0 ? [`it does not get ${partly.join(", ")}, of which it could only be given all`] : []),
    ...(isPartOfServer ? ["it has all tools of a server of which it has one"] : []),
    ...(onlyOneWrites(tools ?? []) ? ["it can both write and edit, of which it has one"] : []),
  ];
  return { tools: [...denied].sort(), losses };
}

function onlyOneWrites(tools: readonly string[]): boolean {
  return tools.includes("Write") !== (tools.includes("Edit") || tools.includes("MultiEdit"));
}

function namesOf(tool: string, servers: readonly Server[]): string[] {
  const [, server, name] = mcpTool.exec(tool) ?? [];
  if (server === undefined) return Object.hasOwn(openCodeTools, tool) ? [openCodeTools[tool] ?? []].flat() : [];
  const called = servers.filter((one) => serverInTools(one.name) === server).map((one) => toolPrefixOf(one.name));
  return [...new Set([...called, server])].map((prefix) => `${prefix}_${name ?? "*"}`);
}
