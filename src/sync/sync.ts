// One projection of a scope: the source is read, every target says what it wants, and a plan is made of it. Nothing is
// written here.

import { digest } from "../base/digest.ts";
import { nameOf } from "../base/path.ts";
import type { Change } from "./plan/change.ts";
import type { PeekedSync } from "./apply.ts";
import type { Force } from "./plan/decide.ts";
import type { Fate, Item, Scope, Source, Target, TargetContext } from "./model.ts";
import { type Plan, planFor, type WantedBy } from "./plan.ts";
import { readSource, type SourceRead } from "./source.ts";
import type { SourceFiles } from "./source/files.ts";
import { Stamper, type Stamps, type Walked } from "./stamps.ts";

/** What is to be projected. */
export interface SyncRequest {
  readonly scope: "user" | "project";
  /** The home, or the project. Absolute. */
  readonly root: string;
  readonly home?: string;
  readonly targets: readonly Target[];
  readonly allowsRules: boolean;
  readonly force?: Force;
}

/** What a source was when it was read. */
export interface SourceStamps {
  /** The files of the source, there or not. */
  readonly inputs: Stamps;
  /** The folders in which more of it may appear. */
  readonly walked: Walked;
}

/** A plan, and what is to be known about it. */
export interface Prepared extends SourceStamps {
  readonly plan: Plan;
  readonly fates: readonly Fate[];
  /** What a person should know of the source. */
  readonly notes: readonly { readonly path: string; readonly why: string }[];
  /** What will be done. */
  readonly pending: readonly Change[];
  /** What a person has to decide: drift and conflicts. */
  readonly disputes: readonly Change[];
}

/** What came of the preparation; nothing at all is projected from a source of which a part cannot be read. */
export type Preparation =
  | ({ readonly kind: "prepared" } & Prepared)
  | (
    & { readonly kind: "broken"; readonly problems: readonly { readonly path: string; readonly why: string }[] }
    & SourceStamps
  );

/** Plans what `request` needs in the place of `sync`. Throws a TruceError when a file of a target cannot be understood. */
export async function prepare(request: SyncRequest, sync: PeekedSync, files: SourceFiles): Promise<Preparation> {
  const stamper = new Stamper();
  const read = readScope(request, stamper.files(files));
  const stamps = { inputs: stamper.stamps(read.inputs), walked: stamper.walked(read.walked) };
  if (read.kind === "broken") return { kind: "broken", problems: read.problems, ...stamps };
  const context = contextOf(request, files);
  const projections = request.targets.map((target) => ({ target, ...target.project(read.source, context) }));
  const wanted = projections.map(({ target, files }) => ({ target: target.name, files }));
  const sources = [...new Set(read.inputs.map((path) => files.realPath(path) ?? path))];
  const plan = await adopted(wanted, sync, sources) ??
    await planFor(wanted, sync.look, sync.record, { force: request.force, sources });
  const changes = plan.files.flatMap((file) => file.changes);
  return {
    kind: "prepared",
    plan,
    fates: projections.flatMap(({ fates }) => fates),
    ...stamps,
    notes: read.notes,
    pending: changes.filter(({ kind }) => kind === "add" || kind === "change" || kind === "remove"),
    disputes: changes.filter(({ kind }) => kind === "drift" || kind === "conflict"),
  };
}

/**
 * Returns the plan of a place that nothing is known of and that has all that is wanted: a clone of a project in which
 * somebody else has synced. What is there is ours from now on, or the next change of the source would be a conflict.
 */
async function adopted(
  wanted: readonly WantedBy[],
  { look, record }: PeekedSync,
  sources: readonly string[],
): Promise<Plan | undefined> {
  if (Object.keys(record.files).length > 0 || wanted.every((one) => one.files.length === 0)) return undefined;
  const plan = await planFor(wanted, look, record, { force: "ours", sources });
  return plan.files.every(({ before, after }) => before === after) ? plan : undefined;
}

/**
 * Reads the source of a scope. What everybody in a project gets is a function of the project alone; what is private to
 * the user there is read besides, so that it can be said that it goes nowhere.
 */
function readScope(
  { scope, root, home }: Pick<SyncRequest, "scope" | "root" | "home">,
  files: SourceFiles,
): SourceRead {
  if (scope === "user") return readSource({ home: root, scopes: ["user"] }, files);
  const shared = readSource({ project: root, scopes: ["project"] }, files);
  if (shared.kind === "broken") return shared;
  const all = readSource({ home, project: root, scopes: ["private"] satisfies Scope[] }, files);
  if (all.kind === "broken") return all;
  const source: Source = { items: [...shared.source.items, ...all.source.items] };
  return { ...shared, source, inputs: [...shared.inputs, ...all.inputs] };
}

/** Returns what targets may know. A project scope is a function of the project alone. */
export function contextOf(
  { scope, root, allowsRules }: Pick<SyncRequest, "scope" | "root" | "allowsRules">,
  files: SourceFiles,
): TargetContext {
  const read = (path: string) => files.look(path)?.kind === "file" ? files.read(path) : undefined;
  return { scope, allowsRules, read, ...scope === "user" ? { home: root } : { project: root } };
}

/** Returns the fates that a person has to accept: something of the source does not reach a target. */
export function lossesIn(fates: readonly Fate[]): Fate[] {
  return fates.filter(({ outcome }) => outcome === "refused");
}

/** Returns what tells a loss from others, so that one that was accepted need not be accepted again. */
export function lossKey({ item, target, reason }: Fate): Promise<string> {
  return digest(JSON.stringify([target, item.kind, nameOfItem(item), reason]));
}

/** Returns what people call an item. */
export function nameOfItem(item: Item): string {
  if (item.kind === "permission") return `${item.action} ${item.text}`;
  if (item.kind === "hook") return `${item.event}${item.matcher === undefined ? "" : ` ${item.matcher}`}`;
  if (item.kind === "instructions") return `${item.name}/${nameOf(item.origin.path)}`.replace(/^\//, "");
  return item.name;
}
