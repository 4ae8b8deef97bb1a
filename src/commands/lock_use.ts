// What the lock commands share in the service of a host: who asks, for what, through which state.

import type { Args } from "../base/args.ts";
import { isAbsolute } from "../base/path.ts";
import type { HookEvent, Verdict } from "../hosts/host.ts";
import type { LockContext } from "../locks/context.ts";
import { type Holder, sessionHolder } from "../sessions/holder.ts";
import { type PathFacts, pathTarget, type Target } from "../locks/target.ts";
import { linkTarget, lookThrough, realPath } from "../platform/files.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";

/** What path identity asks the file system of this machine. */
export const pathFacts: PathFacts = {
  realPath,
  linkTarget,
  identity(path) {
    const facts = lookThrough(path);
    return facts && { id: facts.identity, isFolder: facts.kind === "directory" };
  },
};

/** Opens the state that locks are kept in. */
export function openLocks(context: Context): LockContext {
  const { clock, processes } = context;
  const store = openStore(context.stateFolder(), (fact, details) => {
    context.log(fact, details);
    context.damage.push(`${fact}: ${details?.path}`);
  });
  return { clock, processes, store };
}

/** Says whether a host speaks: a person names what to lock. */
export function isHookUse(args: Args): boolean {
  return args.rest.length === 0 && args.values.resource === undefined;
}

/** Returns the holder that a host's event is about. */
export function eventHolder(context: Context, event: HookEvent): Promise<Holder> {
  return sessionHolder(event, context.hostProcess(context.host));
}

/** Returns the targets that an event names, each once, in one order for all. A path that no file can have is none. */
export function eventTargets(context: Context, event: HookEvent): Promise<Target[]> {
  return targetsOf(workingFolder(context, event), event.tool?.paths ?? []);
}

/** Returns the folder that an event's relative paths start from. */
export function workingFolder(context: Context, event: HookEvent): string {
  return event.cwd !== undefined && isAbsolute(event.cwd) ? event.cwd : context.cwd;
}

async function targetsOf(from: string, paths: readonly string[]): Promise<Target[]> {
  const targets = await Promise.allSettled(paths.map((path) => pathTarget(pathFacts, from, path)));
  return unique(targets.filter((one) => one.status === "fulfilled").map(({ value }) => value));
}

/** Returns each target once, in one order for all. */
export function unique(targets: readonly Target[]): Target[] {
  const byKey = new Map(targets.map((target) => [target.key, target]));
  return [...byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}

/** Returns the verdict that tells `notices`, or lets pass when there are none. */
export function told(notices: readonly string[]): Verdict {
  return notices.length === 0 ? { kind: "pass" } : { kind: "tell", text: notices.join("\n") };
}
