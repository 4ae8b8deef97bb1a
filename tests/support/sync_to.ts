import type { Scope, Target } from "../../src/sync/model.ts";
import { lookIn } from "../../src/sync/look.ts";
import { planFor } from "../../src/sync/plan.ts";
import { emptyRecord, type SyncRecord } from "../../src/sync/record.ts";
import { readSource } from "../../src/sync/source.ts";
import { sourceFiles } from "../../src/sync/source/files.ts";

/** Where a projection is made. A project's depends on no home. */
export type SyncedPlace =
  | { readonly scope: "project"; readonly project: string }
  | { readonly scope: "user"; readonly home: string };

/** What a sync did. */
export interface Synced {
  readonly record: SyncRecord;
  /** What there is to say about each change; a file that stays as it is has none. */
  readonly changes: readonly string[];
}

/** Projects Claude Code's configuration in a place to one target there, and writes it: the first sync, or one after `last`. */
export async function syncTo(target: Target, place: SyncedPlace, last?: SyncRecord): Promise<Synced> {
  const scopes: readonly Scope[] = [place.scope];
  const read = readSource({ ...place, scopes }, sourceFiles);
  if (read.kind === "broken") throw new Error(read.problems.map(({ path, why }) => `${path}: ${why}`).join("\n"));
  const projection = target.project(read.source, { ...place, read: sourceFiles.read, allowsRules: false });
  const root = place.scope === "project" ? place.project : place.home;
  const syncPlace = { scope: place.scope, root, state: `${root}/.state` };
  const wanted = [{ target: target.name, files: projection.files }];
  const plan = await planFor(wanted, lookIn(syncPlace), last ?? emptyRecord(syncPlace));
  for (const { path, before, after } of plan.files) {
    if (after === before) continue;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (after.kind === "file") Deno.writeFileSync(path, after.bytes);
    if (after.kind === "link") Deno.symlinkSync(after.to, path);
    if (after.kind === "absent") Deno.removeSync(path);
  }
  const changes = plan.files.flatMap((file) => file.changes).filter(({ kind }) => kind !== "unchanged");
  return { record: plan.record, changes: changes.map(({ kind, path }) => `${kind} ${path.slice(root.length + 1)}`) };
}
