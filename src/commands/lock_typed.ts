// What the lock commands share in the service of whoever types them: who it is, and which paths.

import { TruceError } from "../base/error.ts";
import { hosts } from "../hosts/table.ts";
import { type Holder, namedHolder, sessionHolder } from "../sessions/holder.ts";
import { asSession, type Session } from "../sessions/session.ts";
import { pathTarget, resourceTarget, type Target } from "../locks/target.ts";
import { variable } from "../platform/dirs.ts";
import { ancestors, namedProcess, terminalName } from "../platform/process.ts";
import type { Store } from "../store/store.ts";
import type { Context } from "./command.ts";
import { openLocks, pathFacts, unique } from "./lock_use.ts";

/** Returns who types: `--as NAME`, else TRUCE_SESSION, else the session whose shell this is, else `user@terminal`. */
export function typingHolder(context: Context): Promise<Holder> {
  const name = context.args.values.as ?? variable("TRUCE_SESSION");
  if (name !== undefined) return namedHolder(name);
  for (const { name: host, sessionVariable, processVariable } of hosts) {
    const sessionId = sessionVariable && variable(sessionVariable);
    if (sessionId) {
      return sessionHolder({ host, sessionId }, namedProcess(processVariable && variable(processVariable)));
    }
  }
  const session = shellSession(openLocks(context).store);
  if (session !== undefined) return Promise.resolve(session.holder);
  return namedHolder(`${variable("USER") ?? variable("USERNAME") ?? "somebody"}@${terminalName()}`);
}

/** Returns the session whose host's process is above this one: not every host tells its shell which session it is. */
function shellSession(store: Store): Session | undefined {
  const folders = store.list("sessions").map((start) => `sessions/${start}`);
  const sessions = folders.flatMap((folder) =>
    store.list(folder).map((rest) => store.peek(`${folder}/${rest}`, asSession))
  )
    .filter((session) => session !== undefined && session.holder.parent === undefined) as Session[];
  for (const { id } of ancestors()) {
    const hosted = sessions.filter(({ holder: { process } }) =>
      process?.pid === id.pid && process.started === id.started
    );
    if (hosted.length > 0) return hosted.reduce((last, session) => session.seenMs > last.seenMs ? session : last);
  }
  return undefined;
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
