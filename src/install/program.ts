// How the program is written into settings: by its name, which PATH finds, or by its path.

import { resolvePath } from "../base/path.ts";

/** What is known of the program that is to be registered. */
export interface ProgramChoice {
  /** As it was typed after --command. */
  readonly typed: string | undefined;
  readonly cwd: string;
  /** The executable that runs; `undefined` when it runs from source. */
  readonly running: string | undefined;
  /** What PATH has by the name of truce, without links, and the same of the one that runs. */
  readonly onPath: string | undefined;
}

/**
 * Returns the program to register.
 *
 * ```ts
 * import { programToCall } from "./program.ts";
 * const choice = { typed: "bin/truce", cwd: "/repo", running: undefined, onPath: undefined };
 * if (programToCall(choice) !== "/repo/bin/truce") throw new Error();
 * ```
 */
export function programToCall({ typed, cwd, running, onPath }: ProgramChoice): string {
  if (typed !== undefined) return /[/\\]/.test(typed) ? resolvePath(cwd, typed) : typed;
  return running === undefined || running === onPath ? "truce" : running;
}

/** What decides whether somebody is asked before anything is written. */
export interface AskFacts {
  readonly isAssumed: boolean;
  readonly isJson: boolean;
  readonly isInputTerminal: boolean;
  readonly isOutputTerminal: boolean;
  /** The variable CI, which services set that build and test. */
  readonly ci: string | undefined;
}

/** Says whether somebody is there to be asked, and wants to be. */
export function isAsking({ isAssumed, isJson, isInputTerminal, isOutputTerminal, ci }: AskFacts): boolean {
  return !isAssumed && !isJson && isInputTerminal && isOutputTerminal && (ci === undefined || ci === "false");
}
