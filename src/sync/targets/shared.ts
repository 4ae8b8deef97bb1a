// What several targets read from the same place: AGENTS.md and `.agents/skills`. Each of them wants it in the very same
// words, from here, so that it does not matter which one is written first or alone.
//
// AGENTS.md holds what Claude Code is always told in that folder, and in the root also the rules, each with the files it
// is for. Nothing private goes there. `.agents/skills` links to Claude's skills, and holds a skill for each command.

import { folderOf, isWithin, resolvePath } from "../../base/path.ts";
import type {
  Fate,
  Instructions,
  Item,
  Projection,
  Rule,
  Skill,
  SlashCommand,
  Source,
  TargetContext,
  WantedFile,
} from "../model.ts";

/** Who asks, and what is its own in a shared place. */
export interface Asker {
  readonly target: string;
  /** What people call the target: `Codex`. */
  readonly title: string;
  /** Absolute: the target's AGENTS.md for all projects of a user. Unused in a project. */
  readonly userFile?: string;
}

/** What becomes of an item, whoever asks. */
export type Outcome = Pick<Fate, "outcome" | "reason">;

/** The outcome of an item that loses nothing. */
export const exact: Outcome = { outcome: "exact" };

const descriptionMax = 1000;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const manualPolicy = "policy:\n  allow_implicit_invocation: false\n";

/** Returns the outcome of an item that is not written. */
export function refused(reason: string): Outcome {
  return { outcome: "refused", reason };
}

/** Returns the outcome of an item that the target reads where it is. */
export function native(reason: string): Outcome {
  return { outcome: "native", reason };
}

/** Returns the outcome of an item that loses something, or becomes stricter. */
export function approximated(reason: string): Outcome {
  return { outcome: "approximated", reason };
}

/** Returns the refusal of what belongs to one user alone, in a project. `place` is what it would be written to. */
export function privately({ origin }: Item, place = "what is written there"): Outcome | undefined {
  return origin.scope === "private" ? refused(`it is private, and ${place} is for everybody`) : undefined;
}

/** Says whether an item with this outcome is in a file of the target. */
export function isWritten({ outcome }: Outcome): boolean {
  return outcome === "exact" || outcome === "approximated";
}

/** Says whether `item` is for the scope that is projected. What is private belongs to its project. */
export function isOfScope(item: Item, { scope }: TargetContext): boolean {
  return (item.origin.scope === "user") === (scope === "user");
}

/** Returns the folder that the scope begins at: the project or the home. */
export function rootOf(context: TargetContext): string {
  const root = context.scope === "user" ? context.home : context.project;
  if (root === undefined) throw new Error(`a projection to the ${context.scope} scope needs its folder`);
  return root;
}

/** Returns the items of one kind in the scope that is projected, in the order of the source. */
export function itemsOf<Kind extends Item["kind"]>(
  source: Source,
  context: TargetContext,
  kind: Kind,
): Extract<Item, { kind: Kind }>[] {
  return source.items.filter((item): item is Extract<Item, { kind: Kind }> =>
    item.kind === kind && isOfScope(item, context)
  );
}

/** Returns AGENTS.md, one a folder, with all instructions and rules of the scope. */
export function instructionsInAgentsMd(source: Source, context: TargetContext, asker: Asker): Projection {
  const fates: Fate[] = [];
  const texts = new Map<string, string[]>();
  const add = (path: string, text: string) => {
    if (text.trim() !== "") texts.set(path, [...(texts.get(path) ?? []), text.trim()]);
  };
  const root = agentsFile(context, asker, "");
  const instructions = itemsOf(source, context, "instructions");
  for (const item of instructions) {
    const path = agentsFile(context, asker, item.name);
    const outcome = fateOfInstructions(item, path, context);
    fates.push({ item, target: asker.target, ...outcome });
    if (!importsFile(item, path) && isWritten(outcome)) add(path, item.expanded);
  }
  const isSource = instructions.some((item) => isSameFile(item, root, context));
  for (const item of itemsOf(source, context, "rule")) {
    const outcome = isSource ? refused(`${root} is what Claude Code itself reads`) : fateOfRule(item, asker);
    fates.push({ item, target: asker.target, ...outcome });
    if (isWritten(outcome)) add(root, sayRule(item));
  }
  const files = [...texts].map(([path, parts]): WantedFile => ({ kind: "block", path, text: parts.join("\n\n") }));
  return { files, fates };
}

/** Returns a link in `.agents/skills` for each skill of the scope. */
export function skillsInAgents(source: Source, context: TargetContext, asker: Asker): Projection {
  const files: WantedFile[] = [];
  const fates: Fate[] = [];
  const root = rootOf(context);
  for (const item of itemsOf(source, context, "skill")) {
    const problem = problemOfSkill(item, root);
    const isGiven = problem === undefined && !isDenied(item, source);
    const outcome = problem ?? (isGiven ? fateOfSkill(item, asker) : approximated("a permission denies it"));
    fates.push({ item, target: asker.target, ...outcome });
    if (!isGiven) continue;
    const to = `../../${item.folder.slice(root.length + 1)}`;
    files.push({ kind: "link", path: `${root}/.agents/skills/${item.name}`, to });
  }
  return { files, fates };
}

/** Returns a skill in `.agents/skills` for each command of the scope. Where that can be said, only the user starts it. */
export function commandsInAgents(source: Source, context: TargetContext, asker: Asker): Projection {
  const files: WantedFile[] = [];
  const fates: Fate[] = [];
  const taken = new Set(itemsOf(source, context, "skill").map(({ name }) => name));
  for (const item of itemsOf(source, context, "command")) {
    const name = item.name.replaceAll("/", "-");
    const outcome = problemOfCommand(item, name, taken) ?? fateOfCommand(item, asker);
    fates.push({ item, target: asker.target, ...outcome });
    if (outcome.outcome === "refused") continue;
    taken.add(name);
    const folder = `${rootOf(context)}/.agents/skills/${name}`;
    files.push({ kind: "whole", path: `${folder}/SKILL.md`, text: skillText(item, name) });
    files.push({ kind: "whole", path: `${folder}/agents/openai.yaml`, text: manualPolicy });
  }
  return { files, fates };
}

function agentsFile(context: TargetContext, { userFile }: Asker, folder: string): string {
  if (context.scope === "user" && userFile !== undefined) return userFile;
  return folder === "" ? `${rootOf(context)}/AGENTS.md` : `${rootOf(context)}/${folder}/AGENTS.md`;
}

function fateOfInstructions(item: Instructions, path: string, context: TargetContext): Outcome {
  const secluded = privately(item, "AGENTS.md");
  if (secluded !== undefined) return secluded;
  if (isSameFile(item, path, context)) return native(`it is the same text as ${path}`);
  if (!importsFile(item, path)) return fateOfImports(item) ?? exact;
  // The text that is imported already stands in AGENTS.md; to write it there again would double it at each sync.
  const rest = (item.imports ?? []).reduce((text, one) => text.replace(one.text, ""), item.expanded);
  return rest.trim() === ""
    ? native(`it imports ${path}`)
    : approximated(`it imports ${path}, which stays as it is; what else it says is told to Claude Code alone`);
}

/** One file may have both names, or one is a link to the other: then there is nothing to write. */
function isSameFile(item: Instructions, path: string, context: TargetContext): boolean {
  return item.origin.scope !== "private" && (item.origin.realPath === path || context.read(path) === item.text);
}

function importsFile({ text, origin, imports = [] }: Instructions, path: string): boolean {
  const tokens = text.match(/(?<=^|\s)@[^\s]+/g) ?? [];
  return imports.some((one) => one.path === path) ||
    tokens.some((token) => resolvePath(folderOf(origin.path), token.slice(1)) === path);
}

function fateOfImports({ privateImports = [] }: Instructions | Rule): Outcome | undefined {
  if (privateImports.length === 0) return undefined;
  return approximated(`it imports ${privateImports.join(", ")}, which is private and only named`);
}

function fateOfRule(rule: Rule, { title }: Asker): Outcome {
  const secluded = privately(rule, "AGENTS.md");
  if (secluded !== undefined) return secluded;
  if (rule.globs.length === 0) return fateOfImports(rule) ?? exact;
  return approximated(`${title} is always told it, with the files it is for`);
}

function sayRule({ text, globs }: Rule): string {
  if (globs.length === 0) return text;
  return `For files that match ${globs.map((glob) => `\`${glob}\``).join(" or ")}:\n\n${text.trim()}`;
}

function problemOfSkill(item: Skill, root: string): Outcome | undefined {
  const secluded = privately(item, ".agents/skills");
  if (secluded !== undefined) return secluded;
  if (!namePattern.test(item.name)) return refused(`"${item.name}" is no name for a skill`);
  return isWithin(item.folder, root) ? undefined : refused(`its folder is outside of ${root}`);
}

function fateOfSkill({ isManual }: Skill, { title }: Asker): Outcome {
  return isManual ? approximated(`${title} may start it by itself: its SKILL.md is Claude's own`) : exact;
}

/** A private permission leaves no trace in what everybody reads. */
function isDenied({ name, origin }: Skill, { items }: Source): boolean {
  return items.some((item) =>
    item.kind === "permission" && item.action === "deny" && item.origin.scope === origin.scope &&
    item.match.tool === "other" && item.match.name === "Skill" && [undefined, name].includes(item.match.specifier)
  );
}

function problemOfCommand(item: SlashCommand, name: string, taken: ReadonlySet<string>): Outcome | undefined {
  const secluded = privately(item, ".agents/skills");
  if (secluded !== undefined) return secluded;
  if (!namePattern.test(name)) return refused(`"${name}" is no name for a skill`);
  return taken.has(name) ? refused(`"${name}" is the name of a skill, or of a command before it`) : undefined;
}

function fateOfCommand(item: SlashCommand, { title }: Asker): Outcome {
  const losses = [
    `it is a skill of ${title}`,
    ...(hasArguments(item) ? ["its arguments are told, not put in"] : []),
    ...(hasCommands(item) ? ["its commands are run by the model"] : []),
    ...(item.allowedTools.length > 0 ? ["its tools are not allowed in advance"] : []),
    ...(item.model === undefined ? [] : ["its model is left out"]),
  ];
  return approximated(losses.join("; "));
}

function skillText(item: SlashCommand, name: string): string {
  const description = (item.description ?? `The command ${name}`).replaceAll(/\s+/g, " ").slice(0, descriptionMax);
  const hint = item.argumentHint === undefined ? "" : ` (${item.argumentHint})`;
  const notes = [
    ...(hasArguments(item)
      ? [
        `\`$ARGUMENTS\` is what the user wrote behind the name of this skill${hint}; \`$1\` and \`$2\` are words of it.`,
      ]
      : []),
    ...(hasCommands(item) ? ["Where a command stands as !`command`, run it and go on with what it prints."] : []),
    ...(/(^|\s)@\S/.test(item.body) ? ["Where a file stands as @file, read it."] : []),
  ];
  const head = `---\nname: ${JSON.stringify(name)}\ndescription: ${JSON.stringify(description)}\n---\n`;
  return `${[head, ...notes, ...(notes.length > 0 ? [""] : []), item.body.trim()].join("\n")}\n`;
}

function hasArguments({ body }: SlashCommand): boolean {
  return /\$(?:ARGUMENTS|\d)/.test(body);
}

function hasCommands({ body }: SlashCommand): boolean {
  return body.includes("!`");
}
