// What the scripted language server does, as data. Everything has a usual value: `{}` is a server without faults, which
// publishes the findings of each content at once, with its version.

import type { Message } from "./lsp_frames.ts";

/** The script of one server. */
export interface ServerScript {
  /** How it takes changes; `full` by default. */
  readonly sync?: "none" | "full" | "incremental";
  /** Whether it wants to hear of saves; `plain` by default. With `text` it believes the text of the save alone. */
  readonly save?: "none" | "plain" | "text";
  /** When it publishes; `change` (opened or changed) by default. */
  readonly publishOn?: "never" | "change" | "save";
  /** How it can be asked for findings: not at all (the usual), as `initialize` says, as it registers later, or registered
   * twice with the first taken back, as Pyright does. */
  readonly pull?: "advertised" | "registered" | "registered again";
  /** The version in what it publishes: the right one by default, none, or always this one. */
  readonly version?: "right" | "none" | number;
  /** Whether it keeps silent when there was nothing to find and still is not, as typescript-language-server does. */
  readonly isTerse?: boolean;
  /** Whether it publishes a second time for each content, with the findings that are marked LATER. */
  readonly hasSecondRound?: boolean;
  /** How it spells the URIs of what it publishes. */
  readonly uris?: "same" | "lower hex" | "decoded" | "all encoded" | "other drive case";
  /** Whether folders can change while it runs; `fixed` by default, `registered` says so later. */
  readonly folders?: "fixed" | "dynamic" | "registered";
  /** Whether it answers `initialize` with an error when there are no workspace folders. */
  readonly needsFolders?: boolean;
  /** Whether it asks for the section `toy` before it looks at a document, and finds nothing when that is null. */
  readonly needsConfiguration?: boolean;
  /** Whether it stays when its input ends and when it is asked to end by SIGTERM. */
  readonly isStubborn?: boolean;
  /** What it does besides, or instead. */
  readonly rules?: readonly Rule[];
}

/** Something to do at a moment, before what is usual then. */
export interface Rule {
  /** The method of a message that has come, `*` for any, or `publish` and `publish again`: findings are about to go out. */
  readonly at: string;
  /** Only at the nth such moment, counted from 1 in each life of the server; at all of them without. */
  readonly nth?: number;
  /** Only in the nth life of the server, counted from 1. */
  readonly life?: number;
  readonly do: readonly Action[];
}

/** One step of a rule. */
export type Action =
  /** Waits until the file exists. */
  | { readonly kind: "gate"; readonly path: string }
  /** Waits until so many messages of a method have come in this life, or so many times findings were `published`. */
  | { readonly kind: "after"; readonly what: string; readonly count: number }
  /** Waits. A gate is better where one can be used. */
  | { readonly kind: "sleep"; readonly ms: number }
  /** Never goes on from here, but with other messages it does. */
  | { readonly kind: "hang" }
  /** Stands still as a whole: reads nothing any more. */
  | { readonly kind: "freeze" }
  | { readonly kind: "exit"; readonly code: number }
  /** Ends itself by SIGKILL. */
  | { readonly kind: "die" }
  /** Answers the request with an error. */
  | { readonly kind: "fail"; readonly code: number; readonly message: string }
  /** Answers the request with this. */
  | { readonly kind: "answer"; readonly result: unknown }
  /** Sends a message that nobody asked for, such as an answer to no request. */
  | { readonly kind: "send"; readonly message: Message }
  /** Sends a request and waits for the answer, which the log then has. */
  | { readonly kind: "ask"; readonly method: string; readonly params?: unknown }
  /** Shows progress of so many percent, and is done with it once the file at `gate` exists. */
  | { readonly kind: "progress"; readonly title: string; readonly percents: readonly number[]; readonly gate?: string }
  /** Writes to standard output, each character as one byte. */
  | { readonly kind: "raw"; readonly text: string }
  /** Sends a message of so many MiB. */
  | { readonly kind: "flood"; readonly mebibytes: number }
  /** Writes a line to standard error, so many times (default 1). */
  | { readonly kind: "complain"; readonly text: string; readonly times?: number }
  /** Keeps so many MiB of memory. */
  | { readonly kind: "eat"; readonly mebibytes: number };

/** A line of the log of a scripted server. */
export type LogLine =
  | { readonly kind: "start"; readonly pid: number; readonly cwd: string }
  | { readonly kind: "received"; readonly pid: number; readonly method: string; readonly params: unknown }
  /** The client has answered a request of the server. */
  | {
    readonly kind: "answer";
    readonly pid: number;
    readonly method: string;
    readonly result?: unknown;
    error?: unknown;
  }
  /** The client has done what LSP forbids. */
  | { readonly kind: "violation"; readonly pid: number; readonly text: string }
  | { readonly kind: "published"; readonly pid: number; readonly uri: string; readonly version?: number; count: number }
  /** Not written by a server that was killed. */
  | { readonly kind: "end"; readonly pid: number; readonly code: number };

/** What the program is told as its only argument, in a file. */
export interface ScriptFile {
  readonly script: ServerScript;
  /** Where it appends what happens. */
  readonly log: string;
}
