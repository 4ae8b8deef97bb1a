import type { Fate, Item, Projection, Source, WantedFile } from "../model.ts";
import { type Outcome, refused } from "./shared.ts";

/** What a target makes of a part of the source. */
export interface Part {
  readonly files?: readonly WantedFile[];
  readonly entries?: Entries;
  readonly fates: readonly Fate[];
}

/** What a target makes of one item. */
export interface ItemPart extends Omit<Part, "fates"> {
  readonly outcome: Outcome;
}

/** Values for one file of settings, in their order. */
export type Entries = readonly { readonly pointer: string; readonly value: unknown }[];

/** Returns all parts as one, with the fates in the order of the source. `path` is the JSON file that entries go to. */
export function joined(source: Source, parts: readonly Part[], path: string): Projection {
  const all = parts.flatMap((part) => part.entries ?? []);
  const entries = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  const keys: WantedFile[] = entries.length === 0 ? [] : [{ kind: "keys", path, format: "json", entries }];
  return {
    files: [...keys, ...parts.flatMap((part) => part.files ?? [])],
    fates: fatesIn(source, parts),
  };
}

/** Returns the fates of all parts in the order of the source. */
export function fatesIn({ items }: Source, parts: readonly Part[]): Fate[] {
  const fates = new Map(parts.flatMap((part) => part.fates).map((fate) => [fate.item, fate]));
  return items.flatMap((item) => fates.get(item) ?? []);
}

/** Returns a part of items that are each made into something of their own. */
export function made<One extends Item>(
  target: string,
  items: readonly One[],
  make: (item: One) => ItemPart,
): Required<Part> {
  const all = items.map((item) => ({ item, ...make(item) }));
  return {
    files: all.flatMap(({ files = [] }) => files),
    entries: all.flatMap(({ entries = [] }) => entries),
    fates: all.map(({ item, outcome }) => ({ item, target, ...outcome })),
  };
}

/** Returns a part that writes nothing, of items that each have an outcome of their own. */
export function told<One extends Item>(
  target: string,
  items: readonly One[],
  outcomeOf: (item: One) => Outcome,
): Part {
  return { fates: items.map((item) => ({ item, target, ...outcomeOf(item) })) };
}

/** Returns the outcome of an item that the target reads where it is. */
export function native(reason: string): Outcome {
  return { outcome: "native", reason };
}

/** Returns the refusal of what belongs to one user alone, in a project. */
export function privately({ origin }: Item): Outcome | undefined {
  return origin.scope === "private" ? refused("it is private, and what is written there is for everybody") : undefined;
}
