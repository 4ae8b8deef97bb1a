// Hooks for Gemini CLI 0.61.0. Its events and tools have other names, and so has what a hook is told and answers: a
// command of Claude Code runs behind `truce hook-shim`, which translates both ways, see hook_dialect.ts. A guard that
// misunderstood what it is asked would let everything pass.
//
// The settings of a project are for everybody in it, and not everybody has truce. Gemini CLI takes a hook that ends with
// more than 1 and says something for one that denies, which a shell does for a program that it does not find. Where a hook
// guards a tool, that is as it should be.

import type { Hook } from "../../model.ts";
import { notCarried, withLosses } from "../losses.ts";
import { type Outcome, privately, refused } from "../shared.ts";
import { geminiNames, geminiTools } from "./tools.ts";

/** What a hook becomes: elements of the lists in the settings, unless it is refused. */
export interface MadeHook {
  readonly elements: readonly { readonly event: string; readonly value: unknown }[];
  readonly outcome: Outcome;
}

/** The events of Claude Code in Gemini CLI. */
export const geminiEvents: Readonly<Record<string, string>> = {
  PreToolUse: "BeforeTool",
  PostToolUse: "AfterTool",
  UserPromptSubmit: "BeforeAgent",
  Stop: "AfterAgent",
  SessionStart: "SessionStart",
  SessionEnd: "SessionEnd",
  PreCompact: "PreCompress",
  Notification: "Notification",
};

/** What an event can be matched by in both: a word of its own, compared as a whole. */
const triggers: Readonly<Record<string, readonly string[]>> = {
  SessionStart: ["startup", "resume", "clear"],
  PreCompact: ["manual", "auto"],
};
const nameMax = 80;
const guards = "PreToolUse";
const onlyWithTruce = "command -v truce >/dev/null 2>&1 || exit 0; exec ";
const closed = "where truce is missing, Gemini CLI denies what it guards";
const translated = "it runs behind truce, which translates what it is told and answers";
const ofServer = /^mcp__([\w-]+?)(?:__([\w-]+|\.\*))?$/;

/** Returns the hooks of Gemini CLI for a hook. */
export function hookElements(item: Hook): MadeHook {
  const { event, matcher, type, command, timeoutS, rest } = item;
  const refuse = (reason: string): MadeHook => ({ elements: [], outcome: refused(reason) });
  const secluded = privately(item, ".gemini");
  if (secluded !== undefined) return { elements: [], outcome: secluded };
  if (type !== "command" || command === undefined) return refuse(`Gemini CLI runs no hooks of the type "${type}"`);
  const there = Object.hasOwn(geminiEvents, event) ? geminiEvents[event] : undefined;
  if (there === undefined) return refuse(`Gemini CLI has no event like ${event}`);
  const matched = matchersOf(event, matcher);
  if (matched.matchers.length === 0) return refuse(`Gemini CLI has nothing that ${matcher} would match`);
  const hook = {
    type: "command",
    name: command.split("\n")[0].slice(0, nameMax),
    command: `${event === guards ? "" : onlyWithTruce}truce hook-shim gemini ${shimWord(command)}`,
    ...(timeoutS === undefined ? {} : { timeout: Math.round(timeoutS * 1000) }),
  };
  const elements = matched.matchers.map((one) => ({
    event: there,
    value: { ...(one === "" ? {} : { matcher: one }), hooks: [hook] },
  }));
  const losses = [
    translated,
    ...(event === guards ? [closed] : []),
    ...matched.losses,
    ...notCarried(Object.keys(rest ?? {})),
  ];
  return { elements, outcome: withLosses(losses) };
}

interface Matchers {
  /** Several where one cannot say it; an empty one matches all. */
  readonly matchers: readonly string[];
  readonly losses: readonly string[];
}

function matchersOf(event: string, matcher = ""): Matchers {
  if (matcher === "" || matcher === "*") return { matchers: [""], losses: [] };
  if (event === "PreToolUse" || event === "PostToolUse") return toolMatcher(matcher);
  const known = Object.hasOwn(triggers, event) ? triggers[event] : undefined;
  if (known === undefined) return { matchers: [""], losses: [`it runs at every ${event}, not only for ${matcher}`] };
  return { matchers: known.filter((one) => matchesWhole(matcher, one)), losses: [] };
}

/** A matcher is an expression for names of tools. Gemini CLI would find it anywhere in a name. */
function toolMatcher(matcher: string): Matchers {
  const parts = matcher.split("|");
  const others = parts.filter((part) => !ofServer.test(part)).join("|");
  const names = new Set([
    ...Object.keys(geminiTools).filter((tool) => matchesWhole(others, tool)).flatMap((tool) => geminiNames(tool) ?? []),
    ...parts.flatMap((part) => {
      const [, server, tool = ".*"] = ofServer.exec(part) ?? [];
      return server === undefined ? [] : [`mcp_${server}_${tool}`];
    }),
    ...(matchesWhole(others, "mcp__any__tool") ? ["mcp_.*"] : []),
  ]);
  return { matchers: names.size === 0 ? [] : [`^(${[...names].sort().join("|")})$`], losses: [] };
}

function matchesWhole(expression: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(name);
  } catch {
    return expression === name;
  }
}

/**
 * Returns a command as one word for the shell. Gemini CLI puts in the values of variables before the shell sees it, in
 * quotes or not, so that no dollar sign may be in it, and no quote.
 */
export function shimWord(command: string): string {
  return `'${command.replaceAll(/[%$'"`\\\n\r!]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;
}
