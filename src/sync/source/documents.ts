// Skills, sub-agents and slash commands: Markdown files with front matter, in folders below `.claude`.

import { field, type JsonObject } from "../../base/decode.ts";
import { frontMatter, lineOf, toolsIn } from "../front_matter.ts";
import type { Agent, Scope, Skill, SlashCommand } from "../model.ts";
import type { Reader } from "./reader.ts";
import { withoutUndefined } from "./settings.ts";

interface Document {
  readonly path: string;
  readonly fields: JsonObject;
  readonly body: string;
}

const agentFields = new Set(["name", "description", "tools", "disallowedTools", "model"]);

/** Returns the skills, sub-agents and commands below `folder`, a `.claude`. */
export function readDocuments(scope: Scope, folder: string, reader: Reader): (Skill | Agent | SlashCommand)[] {
  return [
    ...skillsIn(scope, `${folder}/skills`, reader),
    ...agentsIn(scope, `${folder}/agents`, reader),
    ...commandsIn(scope, `${folder}/commands`, reader),
  ];
}

/** A skill is called as its folder, whatever its front matter says, and described by its text where that is silent. */
function skillsIn(scope: Scope, folder: string, reader: Reader): Skill[] {
  return reader.foldersIn(folder).flatMap((name): Skill[] => {
    const document = readDocument(`${folder}/${name}/SKILL.md`, reader);
    if (document === undefined) return [];
    const { path, fields, body } = document;
    const isManual = [true, "true"].includes(fields["disable-model-invocation"] as boolean | string);
    const description = lineOf(fields, "description") ?? firstParagraph(body);
    return [{
      kind: "skill",
      name,
      description,
      folder: `${folder}/${name}`,
      isManual,
      origin: reader.origin(scope, path),
    }];
  });
}

/** Without a name and a description a file is no sub-agent, and of two with one name the first is. */
function agentsIn(scope: Scope, folder: string, reader: Reader): Agent[] {
  const agents = reader.markdownBelow(folder).flatMap((file): Agent[] => {
    const document = readDocument(`${folder}/${file}`, reader);
    if (document === undefined) return [];
    const { path, fields, body } = document;
    const name = lineOf(fields, "name"), description = lineOf(fields, "description");
    if (name !== undefined && description !== undefined) {
      return [agentOf({ name, description, fields, body }, scope, path)];
    }
    reader.note(path, `it is no sub-agent: it has no ${name === undefined ? "name" : "description"}`);
    return [];
  });
  return agents.filter((agent, i) => {
    const isFirst = agents.findIndex(({ name }) => name === agent.name) === i;
    if (!isFirst) reader.note(agent.origin.path, `another sub-agent is called "${agent.name}", too`);
    return isFirst;
  });

  function agentOf(said: Omit<Document, "path"> & { name: string; description: string }, scope: Scope, path: string) {
    const { fields, ...named } = said;
    const tools = field(fields, "tools") === undefined ? undefined : toolsIn(fields.tools);
    const rest = Object.entries(fields).filter(([name]) => !agentFields.has(name));
    return withoutUndefined<Agent>({
      kind: "agent",
      name: named.name,
      description: named.description,
      tools: tools?.includes("*") ? undefined : tools,
      disallowedTools: toolsIn(fields.disallowedTools),
      model: lineOf(fields, "model"),
      body: named.body,
      rest: Object.fromEntries(rest),
      origin: reader.origin(scope, path),
    });
  }
}

function commandsIn(scope: Scope, folder: string, reader: Reader): SlashCommand[] {
  return reader.markdownBelow(folder).flatMap((file): SlashCommand[] => {
    const document = readDocument(`${folder}/${file}`, reader);
    if (document === undefined) return [];
    const { path, fields, body } = document;
    return [withoutUndefined<SlashCommand>({
      kind: "command",
      name: file.replace(/\.md$/, ""),
      description: lineOf(fields, "description"),
      argumentHint: hintOf(fields),
      allowedTools: toolsIn(fields["allowed-tools"]),
      model: lineOf(fields, "model"),
      body,
      origin: reader.origin(scope, path),
    })];
  });
}

/** `argument-hint: [issue]` is a list to YAML, and a text to everybody else. */
function hintOf(fields: JsonObject): string | undefined {
  const hint = field(fields, "argument-hint");
  return Array.isArray(hint) ? `[${hint.join(", ")}]` : lineOf(fields, "argument-hint");
}

function readDocument(path: string, reader: Reader): Document | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  const front = frontMatter(text);
  if (front.kind === "broken") {
    reader.problem(path, front.why);
    return undefined;
  }
  return { path, fields: front.fields, body: front.body };
}

function firstParagraph(body: string): string {
  const text = body.split(/\r?\n/).filter((line) => !line.startsWith("#")).join("\n").trim();
  return text.split(/\n\s*\n/)[0].replaceAll(/\s+/g, " ");
}
