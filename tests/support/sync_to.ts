import type { Fate, Projection, Scope, Target } from "../../src/sync/model.ts";
import { lookIn } from "../../src/sync/look.ts";
import { planFor } from "../../src/sync/plan.ts";
import { emptyRecord } from "../../src/sync/record.ts";
import { readSource } from "../../src/sync/source.ts";
import { sourceFiles } from "../../src/sync/source/files.ts";

/** Where a projection is made. A project's depends on no home. */
export type SyncedPlace =
  | { readonly scope: "project"; readonly project: string }
  | { readonly scope: "user"; readonly home: string };

/** Projects Claude Code's configuration in a place to one target there, as the first sync does, and writes it. */
export async function syncTo(target: Target, place: SyncedPlace): Promise<Projection> {
  const scopes: readonly Scope[] = [place.scope];
  const read = readSource({ ...place, scopes }, sourceFiles);
  if (read.kind === "broken") throw new Error(read.problems.map(({ path, why }) => `${path}: ${why}`).join("\n"));
  const projection = target.project(read.source, { ...place, read: sourceFiles.read, allowsRules: false });
  const root = place.scope === "project" ? place.project : place.home;
  const syncPlace = { scope: place.scope, root, state: `${root}/.state` };
  const wanted = [{ target: target.name, files: projection.files }];
  const plan = await planFor(wanted, lookIn(syncPlace), emptyRecord(syncPlace));
  for (const { path, after } of plan.files) {
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (after.kind === "file") Deno.writeFileSync(path, after.bytes);
    if (after.kind === "link") Deno.symlinkSync(after.to, path);
  }
  return projection;
}

/** Returns what became of each item, as `kind name: outcome`. */
export function fatesOf({ fates }: Projection): string[] {
  return fates.map(({ item, outcome }) => `${item.kind} ${nameOf(item)}: ${outcome}`);
}

function nameOf(item: Fate["item"]): string {
  if (item.kind === "permission") return `${item.action} ${item.text}`;
  return item.kind === "hook" ? item.event : item.name;
}
