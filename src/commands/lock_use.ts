// What the lock commands share: who asks, for what, through which state.

import type { Args } from "../base/args.ts";
import { isAbsolute } from "../base/path.ts";
import { parseSeconds } from "../base/duration.ts";
import { describeError, TruceError } from "../base/error.ts";
import type { HookEvent } from "../hosts/host.ts";
import { hosts } from "../hosts/table.ts";
import type { LockContext } from "../locks/context.ts";
import { type Holder, namedHolder, sessionHolder } from "../locks/holder.ts";
import { type PathFacts, pathTarget, resourceTarget, type Target } from "../locks/target.ts";
import { variable } from "../platform/dirs.ts";
import { linkTarget, lookThrough, realPath } from "../platform/files.ts";
import { hostProcess, namedProcess, terminalName } from "../platform/process.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";

const pathFacts: PathFacts = {
  realPath,
  linkTarget,
  identity(path) {
    const facts = lookThrough(path);
    return facts && { id: facts.identity, isFolder: facts.kind === "directory" };
  },
};

const dayS = 86_400;

/** What a flag of seconds takes. */
const bounds: Readonly<Record<string, { readonly minS: number; readonly maxS: number }>> = {
  timeout: { minS: 0, maxS: dayS },
  grace: { minS: 0, maxS: dayS },
  ttl: { minS: 1, maxS: 7 * dayS },
};

/** Returns the seconds of the flag `name`, `usualS` when it was not typed. Throws a usage error for a bad value. */
export function typedSeconds(context: Context, name: string, usualS: number): number {
  const text = context.args.values[name];
  return text === undefined ? usualS : parseSeconds(`--${name}`, text, bounds[name]);
}

/** Returns the same for a hook, where a bad value in somebody's settings must not stop an agent. */
export function hookSeconds(context: Context, name: string, usualS: number): number {
  try {
    return typedSeconds(context, name, usualS);
  } catch (error) {
    context.log("a flag was not used", { why: describeError(error) });
    return usualS;
  }
}

/** Opens the state that locks are kept in. */
export function openLocks(context: Context): LockContext {
  const { clock, processes, log } = context;
  return { clock, processes, store: openStore(context.stateFolder(), log) };
}

/** Says whether a host speaks: a person names what to lock. */
export function isHookUse(args: Args): boolean {
  return args.rest.length === 0 && args.values.resource === undefined;
}

/** Returns the holder that a host's event is about. */
export function eventHolder(context: Context, event: HookEvent): Promise<Holder> {
  const { processVariable } = context.host;
  return sessionHolder(event, hostProcess(processVariable && variable(processVariable)));
}

/** Returns who types: `--as NAME`, else TRUCE_SESSION, else the session whose shell this is, else `user@terminal`. */
export function typingHolder(args: Args): Promise<Holder> {
  const name = args.values.as ?? variable("TRUCE_SESSION");
  if (name !== undefined) return namedHolder(name);
  for (const { name: host, sessionVariable, processVariable } of hosts) {
    const sessionId = sessionVariable && variable(sessionVariable);
    if (sessionId) {
      return sessionHolder({ host, sessionId }, namedProcess(processVariable && variable(processVariable)));
    }
  }
  return namedHolder(`${variable("USER") ?? variable("USERNAME") ?? "somebody"}@${terminalName()}`);
}

/** Returns the targets that an event names, each once, in one order for all. A path that no file can have is none. */
export function eventTargets(context: Context, event: HookEvent): Promise<Target[]> {
  return targetsOf(workingFolder(context, event), event.tool?.paths ?? []);
}

/** Returns the folder that an event's relative paths start from. */
export function workingFolder(context: Context, event: HookEvent): string {
  return event.cwd !== undefined && isAbsolute(event.cwd) ? event.cwd : context.cwd;
}

/** Returns the targets of the paths and of the resource that were typed. */
export async function typedTargets(context: Context): Promise<Target[]> {
  const { rest, values: { resource } } = context.args;
  const paths = await Promise.all(rest.map((path) => pathTarget(pathFacts, context.cwd, path)));
  if (rest.includes("")) throw new TruceError("usage", 'Cannot lock "": a path is at least one character');
  return unique(resource === undefined ? paths : [...paths, await resourceTarget(resource)]);
}

/** Returns the target of the one path that was typed. */
export async function oneTypedTarget(context: Context): Promise<Target> {
  const targets = await typedTargets(context);
  if (targets.length === 1) return targets[0];
  throw new TruceError("usage", `Cannot tell what is meant by ${targets.length} paths: one is needed`);
}

async function targetsOf(from: string, paths: readonly string[]): Promise<Target[]> {
  const possible = paths.filter((path) => !path.includes("\0"));
  return unique(await Promise.all(possible.map((path) => pathTarget(pathFacts, from, path))));
}

function unique(targets: readonly Target[]): Target[] {
  const byKey = new Map(targets.map((target) => [target.key, target]));
  return [...byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}
