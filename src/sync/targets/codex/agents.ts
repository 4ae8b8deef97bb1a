// Sub-agents as files of TOML. In Codex a sub-agent works with the tools, the sandbox and the approvals of the session:
// what its file says about a sandbox or a profile has no effect. So one that is to have no shell cannot be had.

import { tomlText } from "../../../edit/toml_text.ts";
import type { Agent, Source, TargetContext } from "../../model.ts";
import { withLosses } from "../losses.ts";
import { inFile, made, type Part } from "../parts.ts";
import { approximated, itemsOf, type Outcome, refused } from "../shared.ts";
import { isClosedAgent } from "./tools.ts";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;
/** What changes nothing about what a sub-agent does. */
const looks = new Set(["color"]);

/** Returns the sub-agents as files in `folder`. */
export function agentsPart(source: Source, context: TargetContext, folder: string): Part {
  const taken = new Set<string>();
  return made("codex", itemsOf(source, context, "agent"), (item) => {
    if (isClosedAgent(item.name, source, context)) return { outcome: approximated("a permission denies it") };
    const problem = problemOf(item, taken);
    if (problem !== undefined) return { outcome: problem };
    taken.add(item.name);
    return inFile(`${folder}/${item.name}.toml`, { text: agentText(item), outcome: fateOfAgent(item) });
  });
}

function problemOf({ name, tools, disallowedTools }: Agent, taken: ReadonlySet<string>): Outcome | undefined {
  if (!namePattern.test(name)) return refused(`"${name}" is no name for a file`);
  if (taken.has(name)) return refused("a sub-agent before it has the same name");
  const hasShell = tools === undefined || tools.some((tool) => /^(?:\*|Bash(?:\(|$))/.test(tool));
  return hasShell && !disallowedTools.includes("Bash")
    ? undefined
    : refused("it is to have no Bash, and a sub-agent of Codex always has a shell");
}

function fateOfAgent({ tools, disallowedTools, model, rest }: Agent): Outcome {
  const left = Object.keys(rest).filter((field) => !looks.has(field));
  const losses = [
    ...(tools === undefined && disallowedTools.length === 0 ? [] : ["it is told which tools to use, not held to them"]),
    ...(model === undefined || model === "inherit" ? [] : [`its model ${model} is left out`]),
    ...(left.length === 0 ? [] : [`its ${left.join(", ")} is left out`]),
  ];
  return withLosses(losses);
}

function agentText({ name, description, tools, disallowedTools, body }: Agent): string {
  const told = [
    ...(tools === undefined ? [] : [`Use only what these tools of Claude Code do: ${tools.join(", ")}.`]),
    ...(disallowedTools.length === 0 ? [] : [`Do nothing that these tools do: ${disallowedTools.join(", ")}.`]),
  ];
  const instructions = [body.trim(), ...told].filter((text) => text !== "").join("\n\n");
  return tomlText({ name, description, developer_instructions: instructions });
}
