import type { Command } from "./command.ts";

/** A row: what the command is for, and where it is. The words are the key. */
export interface Row {
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command. This table is the only registration. */
export const commands: Readonly<Record<string, Row>> = {
  "lock acquire": {
    summary: "Take a lock on the files about to be edited",
    load: () => import("./lock_acquire.ts"),
  },
  "lock release": {
    summary: "Give a lock back, or end a tool call's use of it",
    load: () => import("./lock_release.ts"),
  },
  "lock track-read": {
    summary: "Remember what a session was shown of a file",
    load: () => import("./lock_track_read.ts"),
  },
  "lock list": {
    summary: "Show who has which lock, and who waits",
    load: () => import("./lock_list.ts"),
  },
  "lock status": {
    summary: "Show the lock on one path",
    load: () => import("./lock_status.ts"),
  },
  "lock break": {
    summary: "Take somebody's lock away",
    load: () => import("./lock_break.ts"),
  },
  "trust": {
    summary: "Let the truce.jsonc of a project name commands",
    load: () => import("./trust.ts"),
  },
  "hook": {
    summary: "Do all that truce has to do at one event of a host",
    load: () => import("./hook.ts"),
  },
  "hook-shim": {
    summary: "Run a projected hook in another host, and translate what it is told and answers",
    load: () => import("./hook_shim.ts"),
  },
  "notify": {
    summary: "Show what the language servers find in files as they are now",
    load: () => import("./notify.ts"),
  },
  "sync-roots": {
    summary: "Tell the daemon which folders a session works in",
    load: () => import("./sync_roots.ts"),
  },
  "sync": {
    summary: "Project the configuration of one agent to the others",
    load: () => import("./sync.ts"),
  },
  "sync status": {
    summary: "Show what was projected to each target, and whether it holds",
    load: () => import("./sync_status.ts"),
  },
  "sync restore": {
    summary: "Undo the last sync, byte for byte",
    load: () => import("./sync_restore.ts"),
  },
  "sync import": {
    summary: "Carry what only a target has into the configuration that is projected",
    load: () => import("./sync_import.ts"),
  },
  "sync matrix": {
    summary: "Show how each kind of item is carried to each target",
    load: () => import("./sync_matrix.ts"),
  },
  "install": {
    summary: "Have agents call truce: put its hooks into their settings",
    load: () => import("./install.ts"),
  },
  "uninstall": {
    summary: "Take the hooks of truce out of the settings of agents",
    load: () => import("./uninstall.ts"),
  },
  "doctor": {
    summary: "Say whether truce protects here, and if not, why",
    load: () => import("./doctor.ts"),
  },
  "serve": {
    summary: "Run the daemon, which has the language servers and answers over HTTP",
    load: () => import("./serve.ts"),
  },
};
