// What several targets make of a sub-agent in the same way.

import type { Agent } from "../model.ts";
import { notCarried } from "./losses.ts";

const part = /^([^()]+)\(.*\)$/s;

/** Says whether a word of a sub-agent's tools is for a part of a tool, such as `Bash(git *)`. */
export function isPartOfTool(word: string): boolean {
  return part.test(word);
}

/** Returns the tool that a word of a sub-agent's tools is for, in whole or in part. */
export function toolIn(word: string): string {
  return part.exec(word)?.[1] ?? word;
}

/** Returns how many turns a sub-agent may take at most, where that is said and makes sense. */
export function turnsOf({ rest: { maxTurns } }: Agent): number | undefined {
  return typeof maxTurns === "number" && Number.isInteger(maxTurns) && maxTurns > 0 ? maxTurns : undefined;
}

/** Returns what is lost of the model and of all fields but those that are `carried`. */
export function headLosses({ model, rest }: Agent, carried: ReadonlySet<string>): string[] {
  return [
    ...(model === undefined || model === "inherit" ? [] : ["it has the model of the session"]),
    ...notCarried(Object.keys(rest).filter((field) => !carried.has(field))),
  ];
}
