// Where a scope is projected to.

import { TruceError } from "../base/error.ts";
import { resolvePath, shownFrom } from "../base/path.ts";
import { repositoryAround } from "../lsp/roots.ts";
import { variable } from "../platform/dirs.ts";
import { lookAt, realPath } from "../platform/files.ts";
import type { SyncPlace } from "../sync/record.ts";
import type { Context } from "./command.ts";

/** Returns the scope that was typed, the project's when none was. */
export function scopeNamed(word = "project"): "user" | "project" {
  if (word === "user" || word === "project") return word;
  throw new TruceError("usage", `Cannot use --scope "${word}": it is one of user, project`);
}

/** Returns where a scope is projected to: the home, or the project around the working folder. */
export function placeOf(context: Context, scope: "user" | "project"): SyncPlace {
  const state = resolvePath(context.cwd, context.stateFolder());
  const home = homeFolder();
  if (scope === "user") {
    if (home !== undefined) return { scope, root: home, state };
    throw new TruceError("unavailable", "Cannot sync the user's configuration: no home folder is set", {
      hint: "Set HOME, or type: truce sync --scope project",
    });
  }
  const cwd = realPath(context.cwd) ?? context.cwd;
  const root = repositoryAround(cwd, (path) => lookAt(path) !== undefined) ?? cwd;
  if (root !== home) return { scope, root, state };
  throw new TruceError("usage", `Cannot sync a project in "${root}": it is your home folder`, {
    hint: "Go to a project, or type: truce sync --scope user",
  });
}

/** Returns the home without links, if one is set. */
export function homeFolder(): string | undefined {
  const home = variable("HOME") ?? variable("USERPROFILE");
  return home === undefined ? undefined : realPath(home) ?? home;
}

/** Returns what people call a place. */
export function sayPlace({ cwd }: Context, { scope, root }: Pick<SyncPlace, "scope" | "root">): string {
  return scope === "user" ? "Your configuration" : `The project ${shownFrom(cwd, root)}`;
}
