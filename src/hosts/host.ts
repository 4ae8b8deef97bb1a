// What a host is to truce: text in, text out. A dialect can be tested from a captured payload alone.

import { type JsonObject, textField } from "../base/decode.ts";
import type { FolderEvent } from "../base/folder_event.ts";
import type { HostHealth } from "./health.ts";
import type { HostSettings } from "./registration.ts";

/** The moments of a session that truce acts on, as they are typed after `truce hook`. */
export const moments = [
  "session-start",
  "prompt",
  "before-tool",
  "after-tool",
  "tool-failed",
  "tool-batch",
  "stop",
  "subagent-stop",
  "session-end",
  "directory-added",
] as const;

/** One of `moments`. */
export type Moment = typeof moments[number];

/** What a host told. Every field that it may leave out is optional. */
export interface HookEvent {
  readonly moment: Moment;
  /** The host's own name of the moment; replies repeat it. */
  readonly nativeName: string;
  readonly host: string;
  readonly sessionId?: string;
  readonly agentId?: string;
  readonly agentName?: string;
  readonly cwd?: string;
  readonly tool?: ToolUse;
  /** Ids of the tool calls of a batch that is over; absent when the host does not tell. */
  readonly batch?: readonly string[];
  /** A folder that was added to the session. */
  readonly folder?: string;
  /** The file in which the host records the session. */
  readonly transcriptPath?: string;
  /** Equal for one event that the host sends through several registrations of truce; absent where it sends it once. */
  readonly delivery?: string;
}

/** The id of a tool use that the host tells nothing of when it is over. */
export const untoldCall = "untold";

/** One use of a tool. */
export interface ToolUse {
  readonly action: "edit" | "read" | "other";
  /** Equal before and after for one use; hosts without ids have one use at a time. */
  readonly callId: string;
  /** The files it names, as the host spells them. */
  readonly paths: readonly string[];
  /** The files whose whole text it showed to the model. */
  readonly shown: readonly { readonly path: string; readonly text: string }[];
  readonly isFailed: boolean;
}

/** The answer to a hook: go on, go on and read this, or do not. */
export type Verdict =
  | { readonly kind: "pass" }
  | { readonly kind: "tell"; readonly text: string }
  | { readonly kind: "deny"; readonly reason: string };

/** A host's dialect. */
export interface Host {
  readonly name: string;
  /** Names of the variables in which the host tells its tools the session and its own process, if it does. */
  readonly sessionVariable?: string;
  readonly processVariable?: string;
  /** What tells that it speaks where no --format does: a variable of its hooks and a field of all its payloads. */
  readonly mark?: { readonly variable?: string; readonly field?: string };
  /** A host whose settings it reads, too, so that its events may come with that one's --format. */
  readonly alsoRuns?: string;
  /** Whether it starts no tool before an edit is over, so that one that it told no end of ends with the next. */
  readonly isSerial?: boolean;
  /** The host's names of the moments. */
  readonly events: Readonly<Record<string, Moment>>;
  /** The moments at which the model gets to read what a hook tells. */
  readonly tellsAt: readonly Moment[];
  /** A line above the findings of language servers, where the model expects one. */
  readonly findingsHeading?: string;
  /** Understands a payload; a field of an unexpected kind counts as absent. */
  decode(payload: JsonObject, moment: Moment): HookEvent;
  /** Returns the reply to print, or `undefined` for silence. */
  encode(event: HookEvent, verdict: Verdict): JsonObject | undefined;
  /** Loads what tells from whole lines of a transcript of the session's folders; absent where none is understood. */
  transcriptReader?(): Promise<(lines: string) => readonly FolderEvent[]>;
  /** Returns what is installed for this host, by path in the repository of truce: generated, never written by hand. */
  files(version: string): Promise<Readonly<Record<string, JsonObject | string>>>;
  /** Loads how truce is registered in the host's own settings. */
  settings(): Promise<HostSettings>;
  /** Loads what truce doctor knows of the host. */
  health(): Promise<HostHealth>;
}

/** Returns the moment that `word` names, in our words or in those of `host`. */
export function momentOf(host: Host, word: string | undefined): Moment | undefined {
  if (word === undefined) return undefined;
  return moments.find((moment) => moment === word) ??
    (Object.hasOwn(host.events, word) ? host.events[word] : undefined);
}

/** Returns the host's own name of a moment: as the payload says it, else the first that means it. */
export function nativeNameOf(host: Host, payload: JsonObject, moment: Moment): string {
  return textField(payload, "hook_event_name") ?? eventName(host, moment);
}

/** Returns the first of the host's own names of a moment. */
export function eventName(host: Host, moment: Moment): string {
  return Object.keys(host.events).find((name) => host.events[name] === moment) ?? "";
}

/** Says whether the model would get to read what is told in answer to `event`. */
export function isTelling(host: Host, event: HookEvent): boolean {
  return host.tellsAt.includes(event.moment);
}
