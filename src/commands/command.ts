import type { Args, FlagNames } from "../base/args.ts";
import type { Clock } from "../base/clock.ts";
import type { JsonObject } from "../base/decode.ts";
import type { Processes, ProcessId } from "../base/process_id.ts";
import type { Host } from "../hosts/host.ts";
import type { Abortable } from "../locks/acquire.ts";
import type { Log } from "../platform/log.ts";
import type { Input } from "../platform/stdio.ts";

/** What a command acts through, and what was typed. */
export interface Context {
  readonly args: Args;
  /** As --format says, until a payload tells. */
  readonly host: Host;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly log: Log;
  /** What was found damaged on the way, to be told with the answer. */
  readonly damage: string[];
  readonly cwd: string;
  /** When this process was started, in milliseconds of wall time. */
  readonly startMs: number;
  /** Is aborted when the host waits for the answer no longer; absent where it asks by a process. */
  readonly signal?: AbortSignal;
  /** Is aborted once who started this process is gone, which then nobody listens to. */
  readonly parent: Abortable;
  /** Returns the host that has sent a payload. */
  speaker(payload: JsonObject): Host;
  /** Returns the process of `host`; `undefined` where it did not start this one. */
  hostProcess(host: Host): ProcessId | undefined;
  /** Where the state is; throws a TruceError when no place is known. */
  stateFolder(): string;
  readInput(): Promise<Input>;
}

/** What a command answers: a reply to a host, or a report to whoever typed it. */
export type Outcome =
  | { readonly kind: "reply"; readonly reply: JsonObject | undefined }
  | { readonly kind: "report"; readonly text: string; readonly json: unknown; readonly exitCode: 0 | 1 | 3 | 4 };

/** A command: one file, found by the words that are typed. */
export interface Command {
  /** What stands behind the words, and what each part means: the lines of --help. */
  readonly usage: string;
  readonly flags: FlagNames;
  /** Says whether a host speaks, by hook JSON on standard input, and not a person. */
  isHookUse(args: Args): boolean;
  run(context: Context): Promise<Outcome>;
}

/** Returns the reply of silence. */
export const silence: Outcome = { kind: "reply", reply: undefined };

/** The flags that every command takes. */
export const commonFlags = {
  values: ["format"],
  switches: ["json", "help"],
} as const satisfies FlagNames;
