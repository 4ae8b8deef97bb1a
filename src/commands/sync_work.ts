// What `truce sync` does, scope by scope.

import type { JsonObject } from "../base/decode.ts";
import { textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { describeError, TruceError } from "../base/error.ts";
import { resolvePath } from "../base/path.ts";
import { repositoryAround } from "../lsp/roots.ts";
import { variable } from "../platform/dirs.ts";
import { lookAt, realPath } from "../platform/files.ts";
import type { Store, StoredRecord } from "../store/store.ts";
import { openStore } from "../store/open.ts";
import { applyPlan, type OpenSync, openSync, type PeekedSync, peekSync, restoreLast } from "../sync/apply.ts";
import { type Verified, verifyTargets } from "../sync/verify.ts";
import { programFacts } from "../platform/programs.ts";
import { noteInputs, type SyncedPlace } from "../sync/inputs.ts";
import type { Fate, Target } from "../sync/model.ts";
import type { SyncPlace } from "../sync/record.ts";
import { sourceFiles } from "../sync/source/files.ts";
import { lossesIn, lossKey, prepare, type Prepared } from "../sync/sync.ts";
import { targets } from "../sync/targets/table.ts";
import type { Context, Outcome } from "./command.ts";
import type { SyncOptions } from "./sync.ts";
import { sayScopes } from "./sync_report.ts";

/** What came of one scope. */
export type ScopeResult =
  & { readonly scope: "user" | "project"; readonly root: string }
  & (
    | { readonly kind: "busy" }
    | { readonly kind: "broken"; readonly problems: readonly { readonly path: string; readonly why: string }[] }
    | (
      & { readonly kind: "done"; readonly written: readonly string[]; readonly unaccepted: readonly Fate[] }
      & { readonly faults: readonly Verified[] }
      & Omit<Prepared, "kind">
    )
  );

/** Projects every scope of `options`. One that fails keeps no other from being projected. */
export async function syncAll(context: Context, options: SyncOptions): Promise<Outcome> {
  const results: ScopeResult[] = [];
  for (const scope of options.scopes) results.push(await syncScope(context, options, placeOf(context, scope)));
  return sayScopes(context, options, results);
}

/** Projects a scope that was projected before, as it was then. What cannot be done is said by the log alone. */
export async function flush(context: Context, { scope, root }: SyncedPlace): Promise<void> {
  try {
    const place = { scope, root, state: resolvePath(context.cwd, context.stateFolder()) };
    const result = await syncScope(context, { ...flushOptions, targets: await syncedTargets(place) }, place);
    if (result.kind === "broken") context.log("a sync in the background had to wait", { problems: result.problems });
    if (result.kind !== "done") return;
    const { written, unaccepted, disputes } = result;
    context.log("a sync in the background", { root, written, losses: unaccepted.length, disputes: disputes.length });
  } catch (error) {
    context.log("a sync in the background failed", { root, why: describeError(error) });
  }
}

/** Returns the targets that have something of ours in `place`. */
async function syncedTargets(place: SyncPlace): Promise<readonly Target[]> {
  const { record } = await peekSync(place);
  const names = Object.values(record.files).flatMap(({ entries }) => entries.flatMap((entry) => entry.targets));
  return targets.filter(({ name }) => names.includes(name));
}

const flushOptions: SyncOptions = {
  scopes: [],
  targets: [],
  mode: "write",
  acceptsLosses: false,
  allowsRules: false,
  isVerified: false,
  isQuiet: true,
  isForGitHub: false,
  waitMs: 30_000,
};

async function syncScope(context: Context, options: SyncOptions, place: SyncPlace): Promise<ScopeResult> {
  const { scope } = place;
  const about = { scope, root: place.root };
  if (options.mode !== "write") return { ...about, ...await work(context, options, await peekSync(place)) };
  const sync = await openSync(place, { waitMs: options.waitMs });
  if (sync === undefined) return { ...about, kind: "busy" };
  try {
    return { ...about, ...await work(context, options, sync, sync) };
  } finally {
    sync.close();
  }
}

/** Prepares, and writes where `open` is given. */
async function work(context: Context, options: SyncOptions, sync: PeekedSync, open?: OpenSync) {
  const { scope, root } = sync.place;
  const request = { ...options, scope, root, home: homeFolder() };
  const prepared = await prepare(request, sync, sourceFiles);
  if (prepared.kind === "broken") return prepared;
  const unaccepted = await newLosses(context, options, sync.place, prepared.fates);
  const isHeld = open === undefined || unaccepted.length > 0;
  const { written } = isHeld ? { written: [] } : await applyPlan(open, prepared.plan);
  const faults = isHeld || !options.isVerified ? [] : await faultsFound(options, sync.place);
  if (open !== undefined && faults.length > 0 && written.length > 0) await restoreLast(open);
  if (!isHeld && faults.length === 0) {
    await noteInputs(openStore(context.stateFolder(), context.log), { scope, root }, prepared.inputs);
  }
  return { ...prepared, kind: "done" as const, written, unaccepted, faults };
}

/** Returns what the clients that are installed refuse. */
async function faultsFound({ targets }: SyncOptions, { scope, root }: SyncPlace): Promise<Verified[]> {
  const facts = programFacts(variable("PATH") ?? "");
  const where = scope === "user" ? { home: root } : { project: root, home: homeFolder() };
  return (await verifyTargets({ ...where, targets, facts })).filter(({ isOk }) => !isOk);
}

/** Returns the losses that nobody has accepted. With `--accept-loss` all of them are, from now on. */
async function newLosses(
  context: Context,
  { acceptsLosses, mode }: SyncOptions,
  place: SyncPlace,
  fates: readonly Fate[],
): Promise<Fate[]> {
  const store = openStore(context.stateFolder(), context.log);
  const key = await acceptedKey(place);
  const losses = await Promise.all(lossesIn(fates).map(async (fate) => ({ fate, key: await lossKey(fate) })));
  if (acceptsLosses && mode === "write") await accept(store, key, losses.map((loss) => loss.key));
  const known = new Set(acceptsLosses ? losses.map((loss) => loss.key) : store.peek(key, asAccepted)?.losses);
  return losses.filter((loss) => !known.has(loss.key)).map(({ fate }) => fate);
}

const acceptedMax = 2_000;

interface Accepted extends StoredRecord {
  readonly losses: readonly string[];
}

function accept(store: Store, key: string, losses: readonly string[]): Promise<void> {
  return store.change((tx) => {
    const known = tx.get(key, asAccepted)?.losses ?? [];
    tx.put<Accepted>(key, { v: 1, losses: [...new Set([...known, ...losses])].slice(-acceptedMax) });
  });
}

function asAccepted(record: JsonObject): Accepted | undefined {
  return { v: 1, losses: textList(record, "losses") };
}

async function acceptedKey({ scope, root }: SyncPlace): Promise<string> {
  const id = await digest(`${scope}\0${root}`);
  return `losses/${id.slice(0, 2)}/${id.slice(2)}`;
}

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
