// What `truce sync` does, scope by scope.

import { variable } from "../platform/dirs.ts";
import { openStore } from "../store/open.ts";
import { applyPlan, type OpenSync, openSync, type PeekedSync, peekSync, restoreLast } from "../sync/apply.ts";
import { type Verified, verifyTargets } from "../sync/verify.ts";
import { programFacts } from "../platform/programs.ts";
import { witnessOf } from "../sync/in_step.ts";
import { inputsOf, noteInputs } from "../sync/inputs.ts";
import type { Fate } from "../sync/model.ts";
import type { SyncPlace } from "../sync/record.ts";
import { sourceFiles } from "../sync/source/files.ts";
import { lossesIn, lossKey, type Preparation, prepare, type Prepared } from "../sync/sync.ts";
import { targetsOf } from "../sync/targets/table.ts";
import type { Context, Outcome } from "./command.ts";
import type { SyncOptions } from "./sync.ts";
import { acceptedLosses, acceptLosses } from "./sync_accepted.ts";
import { keepInStep } from "./sync_in_step.ts";
import { homeFolder, placeOf } from "./sync_place.ts";
import { sayScopes } from "./sync_report.ts";

/** What came of one scope. */
export type ScopeResult =
  & { readonly scope: "user" | "project"; readonly root: string }
  & (
    | { readonly kind: "busy" }
    | Extract<Preparation, { readonly kind: "broken" }>
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
export async function work(context: Context, options: SyncOptions, sync: PeekedSync, open?: OpenSync) {
  const { scope, root } = sync.place;
  const request = { ...options, targets: targetsOf(options.targets), scope, root, home: options.home ?? homeFolder() };
  const store = openStore(context.stateFolder(), context.log);
  const before = await inputsOf(store, { scope, root });
  const witness = open && await witnessOf(sync.place, () => context.clock.now().wallMs);
  const look = witness?.look(sync.look) ?? sync.look;
  const prepared = await prepare(request, { ...sync, look }, witness?.files(sourceFiles) ?? sourceFiles);
  if (prepared.kind === "broken") return prepared;
  const unaccepted = await newLosses(context, options, sync.place, prepared.fates);
  const isHeld = open === undefined || unaccepted.length > 0;
  const { written } = isHeld ? { written: [] } : await applyPlan(open, prepared.plan);
  const faults = isHeld || !options.isVerified ? [] : await faultsFound(options, sync.place);
  if (open !== undefined && faults.length > 0 && written.length > 0) await restoreLast(open);
  if (!isHeld && faults.length === 0) {
    const choices = { targets: options.targets, allowsRules: options.allowsRules };
    const { inputs: stamps, walked } = prepared;
    await noteInputs(store, { scope, root }, { stamps, walked, choices, before });
    const isInStep = prepared.pending.length + prepared.disputes.length + written.length === 0;
    if (witness !== undefined) await keepInStep(context, options, { place: sync.place, witness, isInStep });
  }
  return { ...prepared, kind: "done" as const, written, unaccepted, faults };
}

/** Returns what the clients that are installed refuse. */
async function faultsFound({ targets }: SyncOptions, { scope, root }: SyncPlace): Promise<Verified[]> {
  const facts = programFacts(variable("PATH") ?? "");
  const where = scope === "user" ? { home: root } : { project: root, home: homeFolder() };
  return (await verifyTargets({ ...where, targets: targetsOf(targets), facts })).filter(({ isOk }) => !isOk);
}

/** Returns the losses that nobody has accepted. With `--accept-loss` all of them are, from now on. */
async function newLosses(
  context: Context,
  { acceptsLosses, mode }: SyncOptions,
  place: SyncPlace,
  fates: readonly Fate[],
): Promise<Fate[]> {
  const store = openStore(context.stateFolder(), context.log);
  const losses = await Promise.all(lossesIn(fates).map(async (fate) => ({ fate, key: await lossKey(fate) })));
  const known = await acceptedLosses(store, place);
  const fresh = losses.filter((loss) => !known.includes(loss.key));
  if (!acceptsLosses) return fresh.map(({ fate }) => fate);
  if (mode === "write" && fresh.length > 0) await acceptLosses(store, place, fresh.map((loss) => loss.key));
  return [];
}
