// What the lock commands share in the service of whoever types them: who it is, and which paths.

import type { Args } from "../base/args.ts";
import { TruceError } from "../base/error.ts";
import { hosts } from "../hosts/table.ts";
import { type Holder, namedHolder, sessionHolder } from "../locks/holder.ts";
import { pathTarget, resourceTarget, type Target } from "../locks/target.ts";
import { variable } from "../platform/dirs.ts";
import { namedProcess, terminalName } from "../platform/process.ts";
import type { Context } from "./command.ts";
import { pathFacts, unique } from "./lock_use.ts";

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
