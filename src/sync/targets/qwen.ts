// Qwen Code 0.24.4. It reads AGENTS.md and `.agents/skills`, which several targets share, and .mcp.json itself. Rules are
// in AGENTS.md with all else that is told, and so not in `.qwen/rules`, too.

import { textList } from "../../base/decode.ts";
import { pointerOf } from "../../edit/pointer.ts";
import type { Hook, ItemKind, Projection, Setting, Source, Target, TargetContext, Variable } from "../model.ts";
import { notCarried, withLosses } from "./losses.ts";
import { inFile, joined, made, type Part } from "./parts.ts";
import { agentFile } from "./qwen/agents.ts";
import { permissionsPart } from "./qwen/permissions.ts";
import { serversPart } from "./qwen/servers.ts";
import { isSecret } from "./secret.ts";
import {
  approximated,
  type Asker,
  commandsInAgents,
  exact,
  instructionsInAgentsMd,
  isWritten,
  itemsOf,
  type Outcome,
  privately,
  refused,
  rootOf,
  skillsInAgents,
} from "./shared.ts";

const name = "qwen";
/** The events of both at which a hook is told and answers the same. */
const events = new Set(
  ("Notification PostCompact PreCompact SessionEnd SessionStart Stop StopFailure SubagentStart SubagentStop " +
    "UserPromptSubmit").split(" "),
);
/** From here on Qwen Code takes a number of seconds for one of milliseconds. */
const secondsMax = 1000;

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "AGENTS.md, imports put in; a user's in ~/.qwen/QWEN.md",
  rule: "in AGENTS.md, with the files it is for",
  server: "native: .mcp.json; with references, and a user's, in settings.json; no defaults; disabled in mcp.excluded",
  skill: "linked in .agents/skills",
  agent: ".qwen/agents/*.md; tools translated; each asks before it edits",
  command: "a skill in .agents/skills",
  permission: "permissions in settings.json; denials and what is asked; allowances are not needed",
  hook: "hooks in settings.json; only commands, and none at events of tools, whose names are others",
  env: "env in settings.json, where the variable is not set already; no secrets",
  setting: "additionalDirectories in settings.json; modes stay with each user",
};

/** Qwen Code. */
export const qwen: Target = { name, verifiedWith: "Qwen Code 0.24.4", matrix, project };

function project(source: Source, context: TargetContext): Projection {
  const folder = `${rootOf(context)}/.qwen`;
  const asker: Asker = { target: name, title: "Qwen Code", userFile: `${folder}/QWEN.md` };
  const parts: Part[] = [
    instructionsInAgentsMd(source, context, asker),
    serversPart(source, context),
    skillsInAgents(source, context, asker),
    agentsPart(source, context, `${folder}/agents`),
    commandsInAgents(source, context, asker),
    permissionsPart(source, context),
    hooksPart(source, context),
    environmentPart(source, context),
    settingsPart(source, context),
  ];
  return joined(source, parts, `${folder}/settings.json`);
}

function agentsPart(source: Source, context: TargetContext, folder: string): Part {
  return made(name, itemsOf(source, context, "agent"), (item) => {
    const problem = privately(item);
    return inFile(`${folder}/${item.name}.md`, problem === undefined ? agentFile(item) : { outcome: problem });
  });
}

function hooksPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "hook"), (item) => {
    const problem = privately(item) ?? problemOfHook(item);
    if (problem !== undefined) return { outcome: problem };
    const entry = { pointer: pointerOf(["hooks", item.event, "-"]), value: hookValue(item) };
    return { outcome: withLosses(notCarried(Object.keys(item.rest ?? {}))), entries: [entry] };
  });
}

function problemOfHook({ type, event }: Hook): Outcome | undefined {
  if (type !== "command") return refused(`a hook of the type "${type}" is not carried over`);
  if (events.has(event)) return undefined;
  return refused(
    /Tool|Permission/.test(event)
      ? "tools have other names in Qwen Code, and a guard that does not know them would let everything pass"
      : `Qwen Code has no event like ${event}`,
  );
}

function hookValue({ matcher, type, command, timeoutS }: Hook) {
  const timeout = timeoutS === undefined ? {} : { timeout: timeoutS < secondsMax ? timeoutS : timeoutS * 1000 };
  return { ...(matcher === undefined ? {} : { matcher }), hooks: [{ type, command, ...timeout }] };
}

function environmentPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "env"), (item) => {
    const outcome = privately(item) ?? outcomeOfVariable(item);
    const entry = { pointer: pointerOf(["env", item.name]), value: item.value };
    return { outcome, entries: isWritten(outcome) ? [entry] : [] };
  });
}

function outcomeOfVariable(item: Variable): Outcome {
  if (isSecret(item.name, item.value)) return refused("a secret is written out in it");
  if (/\$[\w{]/.test(item.value)) return refused("Qwen Code would put in a variable for a word behind a dollar sign");
  return approximated("it counts where the variable is not set already");
}

function settingsPart(source: Source, context: TargetContext): Part {
  return made(name, itemsOf(source, context, "setting"), (item) => {
    const outcome = privately(item) ?? outcomeOfSetting(item);
    const folders = isWritten(outcome) ? textList(item, "value") : [];
    return { outcome, entries: folders.map((value) => ({ pointer: "/context/includeDirectories/-", value })) };
  });
}

function outcomeOfSetting(item: Setting): Outcome {
  if (item.name === "additionalDirectories" && Array.isArray(item.value)) return exact;
  return refused("how much is approved stays with each user of Qwen Code");
}
