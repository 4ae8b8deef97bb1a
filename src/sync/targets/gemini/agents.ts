// Sub-agents for Gemini CLI 0.61.0. It refuses a file with a field or a tool that it does not know.

import type { Agent } from "../../model.ts";
import { isPartOfTool, toolIn, turnsOf } from "../agent_parts.ts";
import { notCarried, withLosses } from "../losses.ts";
import type { MadeText } from "../parts.ts";
import { privately, refused } from "../shared.ts";
import { geminiNames, geminiTools, readingTools } from "./tools.ts";

const namePattern = /^[a-z0-9_-]+$/;
const acknowledged = "Gemini CLI asks every user of the project to acknowledge it before it is used";

/** Returns the file of a sub-agent. */
export function agentFile(agent: Agent): MadeText {
  const { name, description, body, rest, origin, model } = agent;
  const secluded = privately(agent, ".gemini");
  if (secluded !== undefined) return { outcome: secluded };
  if (!namePattern.test(name)) return { outcome: refused(`Gemini CLI takes no agent called "${name}"`) };
  if (description.trim() === "") {
    return { outcome: refused("it has no description, without which Gemini CLI refuses it") };
  }
  const tools = toolsOf(agent);
  if ("refusal" in tools) return { outcome: refused(tools.refusal) };
  const turns = turnsOf(agent);
  const others = Object.keys(rest).filter((field) => field !== "maxTurns" && field !== "permissionMode");
  const prompt = body.trim().replaceAll(/\$\{(?=\w+\})/g, "$\\{");
  const lines = [
    "---",
    `name: ${name}`,
    `description: ${JSON.stringify(description)}`,
    ...(tools.names === undefined ? [] : ["tools:", ...tools.names.map((tool) => `  - ${JSON.stringify(tool)}`)]),
    ...(turns === undefined ? [] : [`max_turns: ${turns}`]),
    "---",
    "",
    prompt,
    "",
  ];
  const losses = [
    ...tools.losses,
    ...(origin.scope === "project" ? [acknowledged] : []),
    ...(model === undefined || model === "inherit" ? [] : ["it has the model of the session"]),
    ...(prompt === body.trim() ? [] : ["`${` in it is written as `$\\{`, or Gemini CLI would put in a value"]),
    ...notCarried(others),
  ];
  return { text: lines.join("\n"), outcome: withLosses(losses) };
}

type Tools = { readonly names?: readonly string[]; readonly losses: readonly string[] } | { readonly refusal: string };

/** Without a list an agent has all tools. A list that cannot be said would give it more than it should have. */
function toolsOf({ tools, disallowedTools, rest }: Agent): Tools {
  const isPlanning = rest.permissionMode === "plan";
  const unknown = [...tools ?? [], ...disallowedTools].filter((tool) =>
    tool !== "*" && geminiNames(toolIn(tool)) === undefined
  );
  if (unknown.length > 0) return { refusal: `Gemini CLI has no tool like ${unknown.join(" or ")}, as far as is known` };
  const isAll = tools === undefined || tools.includes("*");
  if (isAll && disallowedTools.length === 0 && !isPlanning) return { losses: [] };
  const denied = new Set(disallowedTools.flatMap((tool) => geminiNames(toolIn(tool)) ?? []));
  const partly = (tools ?? []).filter(isPartOfTool);
  const given = isAll
    ? [...Object.values(geminiTools).flat(), "mcp_*"]
    : tools.filter((tool) => !isPartOfTool(tool)).flatMap((tool) => geminiNames(tool) ?? []);
  const names = [...new Set(given)].filter((tool) =>
    !denied.has(tool) && (!isPlanning || readingTools.has(tool)) && !(tool === "mcp_*" && [...denied].some(isOfServer))
  );
  if (names.length === 0) return { refusal: "none of its tools is in Gemini CLI, which would give it all" };
  const losses = [
    ...(partly.length > 0 ? [`it does not get ${partly.join(", ")}, of which Gemini CLI knows no part`] : []),
    ...(isPlanning ? ["it gets only tools that read"] : []),
  ];
  return { names, losses };
}

function isOfServer(tool: string): boolean {
  return tool.startsWith("mcp_");
}
