// What the daemon does when the source of a place has changed: what a person typed last there, again, and nothing more.

import { describeError } from "../base/error.ts";
import { resolvePath, shownFrom } from "../base/path.ts";
import { safeLine } from "../base/safe_text.ts";
import type { SyncRequest } from "../daemon/protocol.ts";
import { openStore } from "../store/open.ts";
import { type OpenSync, openSync } from "../sync/apply.ts";
import { type Choices, inputsOf, isDue, mayHaveMore, noteBehind, sourceNow } from "../sync/inputs.ts";
import { nameOfItem } from "../sync/sync.ts";
import { targetNames } from "../sync/targets/names.ts";
import type { Context } from "./command.ts";
import type { SyncOptions } from "./sync.ts";
import { type ScopeResult, work } from "./sync_work.ts";

/** A person may have their clients check what they sync, which takes its time. */
const waitMs = 600_000;
const namesMax = 3;

/** Projects a place that was projected before, as it was then. What cannot be done is left to the log and to `behind`. */
export async function flush(context: Context, request: SyncRequest): Promise<void> {
  const { scope, root } = request;
  try {
    const sync = await openSync({ scope, root, state: resolvePath(context.cwd, context.stateFolder()) }, { waitMs });
    if (sync === undefined) return context.log("a sync in the background gave up: another one goes on", { root });
    try {
      await flushOpen(context, request, sync);
    } finally {
      sync.close();
    }
  } catch (error) {
    context.log("a sync in the background failed", { root, why: describeError(error) });
  }
}

async function flushOpen(context: Context, { scope, root, home }: SyncRequest, sync: OpenSync): Promise<void> {
  const place = { scope, root };
  const store = openStore(context.stateFolder(), context.log);
  const before = await inputsOf(store, place);
  // A person may have synced since it was asked for, or have undone it.
  if (before === undefined || !await isDue(store, place) && !await mayHaveMore(store, place)) return;
  const { stamps, walked } = sourceNow(before);
  try {
    const result = { scope, root, ...await work(context, optionsFor(before.choices, home), sync, sync) };
    const why = whyBehind(result);
    if (why !== undefined) {
      const found = { stamps: { ...stamps, ...result.inputs }, walked: result.walked };
      await noteBehind(store, place, { ...found, why, before });
    }
    note(context, result);
  } catch (error) {
    await noteBehind(store, place, { stamps, walked, why: describeError(error), before });
    throw error;
  }
}

function optionsFor({ targets, allowsRules }: Choices, home: string | undefined): SyncOptions {
  return {
    scopes: [],
    targets: targetNames.filter((name) => targets.includes(name)),
    mode: "write",
    acceptsLosses: false,
    allowsRules,
    isVerified: false,
    isQuiet: true,
    isForGitHub: false,
    waitMs,
    home,
  };
}

/** Says what a person has to do something about; `undefined` when all was done. */
function whyBehind(result: ScopeResult): string | undefined {
  if (result.kind === "busy") return undefined;
  const shown = (path: string) => shownFrom(result.root, path);
  if (result.kind === "broken") {
    return `a source cannot be read: ${listed(result.problems.map(({ path, why }) => `${shown(path)}: ${why}`))}`;
  }
  const { unaccepted, disputes } = result;
  if (unaccepted.length > 0) {
    const names = unaccepted.map(({ item, target }) => `${nameOfItem(item)} in ${target}`);
    return `a loss has to be accepted first: ${listed(names)}`;
  }
  if (disputes.length === 0) return undefined;
  return `somebody has changed what it wrote: ${listed(disputes.map(({ path }) => shown(path)))}`;
}

function listed(all: readonly string[]): string {
  const names = [...new Set(all)].map((name) => safeLine(name, 100));
  const more = names.length > namesMax ? `, and ${names.length - namesMax} more` : "";
  return names.slice(0, namesMax).join(", ") + more;
}

function note({ log }: Context, result: ScopeResult): void {
  const { root } = result;
  if (result.kind === "broken") log("a sync in the background had to wait", { problems: result.problems });
  if (result.kind !== "done") return;
  const { written, unaccepted, disputes } = result;
  log("a sync in the background", { root, written, losses: unaccepted.length, disputes: disputes.length });
}
