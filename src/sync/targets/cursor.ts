// Cursor, by its documentation alone: https://cursor.com/docs. Where third-party configuration is switched on, as it is
// unless somebody changes it, Cursor reads Claude Code's skills, sub-agents and hooks itself, and nothing is written.
//
// Rules are in AGENTS.md with all else that is told, which several targets share, and so not in `.cursor/rules`, too.

import { pointerOf } from "../../edit/pointer.ts";
import type { Agent, ItemKind, Projection, Server, Source, Target, TargetContext } from "../model.ts";
import { partsOf } from "../reference.ts";
import { permissionsPart } from "./cursor/permissions.ts";
import { notCarried, withLosses } from "./losses.ts";
import { joined, made, type Part, told } from "./parts.ts";
import { refusedDefault, refusedSecret, refusedTransport } from "./server_problems.ts";
import {
  approximated,
  type Asker,
  commandsInAgents,
  instructionsInAgentsMd,
  isWritten,
  itemsOf,
  native,
  type Outcome,
  privately,
  refused,
  rootOf,
} from "./shared.ts";

const name = "cursor";
const asker: Asker = { target: name, title: "Cursor" };
/** The events of Claude Code at which Cursor runs its hooks. */
const events = new Set(
  ("PreToolUse PostToolUse UserPromptSubmit Stop SubagentStop SessionStart SessionEnd PreCompact").split(" "),
);

const matrix: Readonly<Record<ItemKind, string>> = {
  instructions: "AGENTS.md of the project, imports put in; a user's own are in Cursor's settings",
  rule: "in AGENTS.md, with the files it is for",
  server: "mcpServers in .cursor/mcp.json; stdio, http and sse, with references; no defaults; disabled ones left out",
  skill: "native: .claude/skills",
  agent: "native: .claude/agents; one with tools of its own is not held to them",
  command: "a skill in .agents/skills",
  permission: "denials for its command line alone, in a project's .cursor/cli.json only where that has permissions; " +
    "what is asked is denied",
  hook: "native: .claude/settings.json; only commands, at events that Cursor has",
  env: "refused: Cursor has no variables for its tools",
  setting: "refused: how much is approved stays with each user",
};

/** Cursor. */
export const cursor: Target = { name, verifiedWith: "documentation alone", matrix, project };

function project(source: Source, context: TargetContext): Projection {
  const folder = `${rootOf(context)}/.cursor`;
  const parts: Part[] = [
    instructionsPart(source, context),
    serversPart(source, context, `${folder}/mcp.json`),
    told(
      name,
      itemsOf(source, context, "skill"),
      (item) => privately(item) ?? native("Cursor reads .claude/skills itself"),
    ),
    told(name, itemsOf(source, context, "agent"), (item) => privately(item) ?? outcomeOfAgent(item)),
    commandsInAgents(source, context, asker),
    permissionsPart(source, context),
    told(name, itemsOf(source, context, "hook"), ({ type, event }) => {
      if (type !== "command") return refused(`Cursor runs no hooks of the type "${type}", as far as is documented`);
      return events.has(event)
        ? native("Cursor runs the hooks of .claude/settings.json itself")
        : refused(`Cursor has no event like ${event}`);
    }),
    told(name, itemsOf(source, context, "env"), () => refused("Cursor has no variables for its tools")),
    told(
      name,
      itemsOf(source, context, "setting"),
      () => refused("how much is approved stays with each user of Cursor"),
    ),
  ];
  return joined(source, parts, `${folder}/${context.scope === "user" ? "cli-config.json" : "cli.json"}`);
}

function instructionsPart(source: Source, context: TargetContext): Part {
  if (context.scope === "project") return instructionsInAgentsMd(source, context, asker);
  const items = [...itemsOf(source, context, "instructions"), ...itemsOf(source, context, "rule")];
  return told(name, items, () => refused("Cursor keeps what a user wants everywhere in its own settings"));
}

function outcomeOfAgent({ tools, disallowedTools }: Agent): Outcome {
  const isLimited = disallowedTools.length > 0 || tools !== undefined && !tools.includes("*");
  return isLimited
    ? refused("Cursor reads it itself, and does not hold it to the tools that it should have")
    : native("Cursor reads .claude/agents itself");
}

function serversPart(source: Source, context: TargetContext, path: string): Part {
  const { entries, fates } = made(name, itemsOf(source, context, "server"), (server) => {
    const outcome = outcomeOfServer(server);
    const entry = { pointer: pointerOf(["mcpServers", server.name]), value: valueOf(server) };
    return { outcome, entries: server.isEnabled && isWritten(outcome) ? [entry] : [] };
  });
  return { fates, files: entries.length === 0 ? [] : [{ kind: "keys", path, format: "json", entries }] };
}

function outcomeOfServer(server: Server): Outcome {
  const { transport, timeoutMs, isEnabled, unknown } = server;
  const secluded = privately(server);
  if (secluded !== undefined) return secluded;
  if (!isEnabled) return approximated("it is switched off, and left out");
  const texts = textsOf(server);
  const problem = refusedTransport(server, asker.title) ?? refusedSecret(server) ?? refusedDefault(texts, asker.title);
  if (problem !== undefined) return problem;
  if (texts.some((text) => /\$\{(?:env:|workspaceFolder|userHome|pathSeparator|\/\})/.test(text))) {
    return refused("Cursor would put something in for ${env:, ${workspaceFolder or ${userHome");
  }
  return withLosses([
    ...(transport.type === "stdio" && transport.cwd !== undefined ? ["it starts in a folder of Cursor's choice"] : []),
    ...(timeoutMs === undefined ? [] : ["its timeout is left out"]),
    ...notCarried(unknown),
  ]);
}

function valueOf({ transport }: Server) {
  if (transport.type !== "stdio") {
    return { type: transport.type, url: said(transport.url), ...named("headers", transport.headers) };
  }
  const { type, command, args, env } = transport;
  return { type, command: said(command), args: args.map(said), ...named("env", env) };
}

function named(field: string, texts: Readonly<Record<string, string>>) {
  const entries = Object.entries(texts).map(([key, text]): [string, string] => [key, said(text)]);
  return entries.length === 0 ? {} : { [field]: Object.fromEntries(entries) };
}

function said(text: string): string {
  return partsOf(text).map((part) => part.kind === "text" ? part.text : `\${env:${part.name}}`).join("");
}

/** A folder to start in is not written. */
function textsOf({ transport }: Server): string[] {
  if (transport.type !== "stdio") return [transport.url, ...Object.values(transport.headers)];
  return [transport.command, ...transport.args, ...Object.values(transport.env)];
}
