import type { Fate, Item, Projection, Source, WantedFile } from "../model.ts";
import type { Outcome } from "./shared.ts";

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

/** What an item becomes: the text of a file, unless it is refused. */
export interface MadeText {
  readonly text?: string;
  readonly outcome: Outcome;
}

/** One value of a file of settings. */
export interface Entry {
  readonly pointer: string;
  readonly value: unknown;
}

/** Values for one file of settings, in their order. */
export type Entries = readonly Entry[];

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

/** Returns an item as a file of its own, unless it is refused. */
export function inFile(path: string, { text, outcome }: MadeText): ItemPart {
  return { outcome, files: text === undefined ? [] : [{ kind: "whole", path, text }] };
}
