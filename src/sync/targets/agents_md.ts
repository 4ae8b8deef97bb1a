// For everybody who reads AGENTS.md and `.agents/skills`: Zed, Amp, Cline, Devin, Antigravity. That is all that they have
// in common, so this target writes nothing else; by their documentation alone.

import type { Item, ItemKind, Projection, Source, Target, TargetContext } from "../model.ts";
import { joined, type Part, told } from "./parts.ts";
import {
  approximated,
  type Asker,
  commandsInAgents,
  instructionsInAgentsMd,
  isOfScope,
  itemsOf,
  type Outcome,
  refused,
  rootOf,
  skillsInAgents,
} from "./shared.ts";

const name = "agents-md";
const asker: Asker = { target: name, title: "the agent" };

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "AGENTS.md of the project, imports put in; a user's own have no common place",
  rule: "in AGENTS.md, with the files it is for",
  server: "refused: each agent has a file of its own for them",
  skill: "linked in .agents/skills",
  agent: "refused: each agent has a format of its own for them",
  command: "a skill in .agents/skills",
  permission: "refused: each agent has a file of its own for them; allowances are not needed",
  hook: "refused: AGENTS.md holds none",
  env: "refused: AGENTS.md holds none",
  setting: "refused: AGENTS.md holds none",
};

/** What agents have in common. */
export const agentsMd: Target = { name, verifiedWith: "documentation alone", matrix, project };

function project(source: Source, context: TargetContext): Projection {
  const shared: Part[] = [
    instructionsPart(source, context),
    skillsInAgents(source, context, asker),
    commandsInAgents(source, context, asker),
  ];
  const handled = new Set(shared.flatMap(({ fates }) => fates).map(({ item }) => item));
  const others = source.items.filter((item) => isOfScope(item, context) && !handled.has(item));
  return joined(source, [...shared, told(name, others, outcomeOf)], `${rootOf(context)}/AGENTS.md`);
}

function instructionsPart(source: Source, context: TargetContext): Part {
  if (context.scope === "project") return instructionsInAgentsMd(source, context, asker);
  const items = [...itemsOf(source, context, "instructions"), ...itemsOf(source, context, "rule")];
  return told(name, items, () => refused("there is no AGENTS.md of a user that all these agents read"));
}

function outcomeOf(item: Item): Outcome {
  if (item.kind === "permission" && item.action === "allow") {
    return approximated("each agent goes by its own approvals");
  }
  return refused("AGENTS.md and .agents/skills have no place for it; each agent has files of its own");
}
