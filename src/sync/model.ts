// The words of projection: what the user's Claude Code configuration says, item by item, what a target is to have on disk
// for it, and what is lost on the way. All of it is data; reading, deciding and writing are elsewhere.

import type { JsonObject } from "../base/decode.ts";

/** Who an item is for: one user everywhere, everybody in a project, or one user in a project. */
export type Scope = "user" | "project" | "private";

/** Where an item was found. */
export interface Origin {
  readonly scope: Scope;
  /** Absolute. */
  readonly path: string;
  /** The place in a JSON file, see RFC 6901. */
  readonly pointer?: string;
  /** Where links on the way lead to, when there are any; below the folders of the scope as those are spelled. */
  readonly realPath?: string;
}

/** A file that instructions import. */
export interface Import {
  /** Absolute, without links. */
  readonly path: string;
  /** What stands for it in the expanded text, with its own imports. */
  readonly text: string;
}

/** What an agent is always told. */
export interface Instructions {
  readonly kind: "instructions";
  /** The folder it is for, relative to the root of its scope; empty for the root. */
  readonly name: string;
  /** The text as written, and with its `@imports` in their places. */
  readonly text: string;
  readonly expanded: string;
  /** The imports in `expanded`, each before those of its own. */
  readonly imports?: readonly Import[];
  /** Files that must not get into a file of the project. Their `@imports` stay as they are in `expanded`. */
  readonly privateImports?: readonly string[];
  readonly origin: Origin;
}

/** What an agent is told when it works on certain files. */
export interface Rule {
  readonly kind: "rule";
  /** The path below `rules/`, without its ending. */
  readonly name: string;
  /** With its `@imports` in their places. */
  readonly text: string;
  /** Empty: it is always told. Relative to the root of its scope. */
  readonly globs: readonly string[];
  readonly imports?: readonly Import[];
  readonly privateImports?: readonly string[];
  readonly origin: Origin;
}

/** An MCP server. Texts may hold references: `${NAME}`, `${NAME:-default}`. */
export interface Server {
  readonly kind: "server";
  readonly name: string;
  readonly transport:
    | {
      readonly type: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
    | {
      readonly type: "http" | "sse" | "ws";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly headersHelper?: string;
    };
  readonly timeoutMs?: number;
  readonly isEnabled: boolean;
  /** Fields that are not understood here; each is a loss. */
  readonly unknown: readonly string[];
  readonly origin: Origin;
}

/** A folder with a SKILL.md. */
export interface Skill {
  readonly kind: "skill";
  readonly name: string;
  readonly description: string;
  /** Absolute. */
  readonly folder: string;
  /** Whether only the user starts it. */
  readonly isManual: boolean;
  readonly origin: Origin;
}

/** A sub-agent. */
export interface Agent {
  readonly kind: "agent";
  readonly name: string;
  readonly description: string;
  /** Absent: all. */
  readonly tools?: readonly string[];
  readonly disallowedTools: readonly string[];
  readonly model?: string;
  readonly body: string;
  /** The rest of its front matter. */
  readonly rest: JsonObject;
  readonly origin: Origin;
}

/** A slash command. */
export interface SlashCommand {
  readonly kind: "command";
  /** The path below `commands/` without its ending: `db/migrate`. */
  readonly name: string;
  readonly description?: string;
  readonly argumentHint?: string;
  readonly allowedTools: readonly string[];
  readonly model?: string;
  readonly body: string;
  readonly origin: Origin;
}

/** One permission rule. Deny beats ask, ask beats allow, whatever is more specific. */
export interface Permission {
  readonly kind: "permission";
  readonly action: "deny" | "ask" | "allow";
  /** As written: `Bash(rm -rf:*)`. */
  readonly text: string;
  readonly match: PermissionMatch;
  readonly origin: Origin;
}

/** What a permission rule is about. */
export type PermissionMatch =
  | { readonly tool: "Bash"; readonly how: "all" | "exact" | "prefix" | "glob"; readonly pattern: string }
  | {
    readonly tool: "Read" | "Edit";
    readonly how: "all" | "glob";
    /** Where the pattern starts: `//`, `~/`, `/` (the folder of the settings), or `./` and bare (the working folder). */
    readonly anchor: "absolute" | "home" | "settings" | "cwd";
    /** A gitignore pattern without its anchor. */
    readonly pattern: string;
  }
  | { readonly tool: "WebFetch"; readonly how: "all" | "domain"; readonly pattern: string }
  /** The server as it is called in names of tools, see `serverInTools`; `*` in either is any text. */
  | { readonly tool: "mcp"; readonly server: string; readonly name?: string }
  /** Any other tool, as a whole or with a specifier: `Agent(x)`, `Skill(x)`. */
  | { readonly tool: "other"; readonly name: string; readonly specifier?: string }
  /** A rule that never matches in Claude Code: `Write(x)`. */
  | { readonly tool: "never" };

/** A hook that runs a command. Others have a `type` that no target runs. */
export interface Hook {
  readonly kind: "hook";
  readonly event: string;
  readonly matcher?: string;
  readonly type: string;
  readonly command?: string;
  readonly timeoutS?: number;
  /** The rest of its fields, such as `if` and `async`. */
  readonly rest?: JsonObject;
  readonly origin: Origin;
}

/** A variable for the tools of an agent. */
export interface Variable {
  readonly kind: "env";
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
}

/** A setting of the permission system, such as `defaultMode`. */
export interface Setting {
  readonly kind: "setting";
  readonly name: "defaultMode" | "additionalDirectories" | "disableBypassPermissionsMode";
  readonly value: unknown;
  readonly origin: Origin;
}

/** One thing that the configuration says. */
export type Item =
  | Instructions
  | Rule
  | Server
  | Skill
  | Agent
  | SlashCommand
  | Permission
  | Hook
  | Variable
  | Setting;

/** The kinds of items. */
export type ItemKind = Item["kind"];

/** All that the configuration says, in a stable order. */
export interface Source {
  readonly items: readonly Item[];
}

/** What a target is to have in one file. Paths are absolute. */
export type WantedFile =
  /** Single values in a file that may be a person's, too. Pointers are RFC 6901, also for TOML. */
  | {
    readonly kind: "keys";
    readonly path: string;
    readonly format: "json" | "toml";
    readonly entries: readonly { readonly pointer: string; readonly value: unknown }[];
    /** Values that stand at the start or the end of an object, where order decides. */
    readonly order?: "first" | "last";
  }
  /** A marked block in a text that may be a person's, too. */
  | { readonly kind: "block"; readonly path: string; readonly text: string }
  /** A file of ours alone. */
  | { readonly kind: "whole"; readonly path: string; readonly text: string }
  /** A link, relative to its folder; a copy where links cannot be made. */
  | { readonly kind: "link"; readonly path: string; readonly to: string };

/** What became of one item in one target. */
export interface Fate {
  readonly item: Item;
  readonly target: string;
  readonly outcome: "exact" | "approximated" | "native" | "refused";
  /** Why it is not exact, in a sentence for people. */
  readonly reason?: string;
}

/** What a target makes of the source. */
export interface Projection {
  readonly files: readonly WantedFile[];
  readonly fates: readonly Fate[];
}

/** What a target may know besides the source. Nothing here changes anything. */
export interface TargetContext {
  readonly scope: "user" | "project";
  /** Absolute; no home in a project scope that is a function of the project alone. */
  readonly project?: string;
  readonly home?: string;
  /** Returns the text of a file of the target itself, for the layers above what is written. */
  read(path: string): string | undefined;
  /** Whether allows are projected that are worth more in the target than in Claude Code. */
  readonly allowsRules: boolean;
}

/** What a target's own files say, as items of the source, and what of it has no words there. */
export interface Imported {
  readonly items: readonly Item[];
  /** What stands in a block of truce's: it came from a source, and is taken over only where there is none. */
  readonly projected?: readonly Item[];
  readonly skipped: readonly Skipped[];
}

/** Something that is not imported, and why, in a sentence for people. */
export interface Skipped {
  readonly what: string;
  readonly why: string;
}

/** How a client is asked what it makes of its files. It gets a copy of them, in a project and a home that are empty else. */
export interface Checks {
  /** The client, as it is typed. */
  readonly program: string;
  /** The files and folders it reads, relative to the root of a scope. Those that are absent are not there. */
  readonly reads: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Returns what has to be in its home besides, by the path in there: that the project is trusted. */
  homeFiles(context: TargetContext): Readonly<Record<string, string>>;
  /** Returns what is asked. Nothing that is asked may start what the files name. */
  list(context: TargetContext): readonly Check[];
}

/** One question to a client. */
export interface Check {
  /** What is true when all is well, for people: `Codex reads its configuration`. */
  readonly name: string;
  readonly args: readonly string[];
  judge(answer: { readonly code: number; readonly stdout: string; readonly stderr: string }): Judgement;
}

/** What an answer means. An answer that tells nothing is not ok: nothing passes that nobody has vouched for. */
export interface Judgement {
  readonly isOk: boolean;
  readonly detail: string;
}

/** A target: one file in `targets/` and one line in its table. */
export interface Target {
  readonly name: string;
  /** The client and version that its table was verified with. */
  readonly verifiedWith: string;
  /** How each kind of item is carried, for people. */
  readonly matrix: Readonly<Record<ItemKind, string>>;
  project(source: Source, context: TargetContext): Projection;
  /** Reads back what the target's own files say. Throws a TruceError for a file that cannot be understood. */
  importItems?(context: TargetContext): Imported;
  /** Says whether the client reads what is written, where its own files tell; a project is read when it is trusted. */
  trusted?(context: TargetContext): "yes" | "no" | "unknown";
  /** What the client itself can be asked about what is written. */
  readonly checks?: Checks;
}
