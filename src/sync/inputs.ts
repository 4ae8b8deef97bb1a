// What the last sync of a place was read from, and what those files were then: who finds them different knows that a sync
// is due, and that there was one before: nobody's files are projected who has not asked for it once.

import { asObject, type JsonObject, textField } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { lookThrough } from "../platform/files.ts";
import type { Store, StoredRecord } from "../store/store.ts";

const inputsMax = 4_000;

/** A place that is projected to. */
export interface SyncedPlace {
  readonly scope: "user" | "project";
  readonly root: string;
}

interface Inputs extends StoredRecord {
  readonly stamps: Stamps;
}

/** What files were when they were read, by their paths. */
export type Stamps = Readonly<Record<string, string>>;

/** Returns what the files at `paths` are now. */
export function stampsOf(paths: readonly string[]): Stamps {
  return Object.fromEntries(paths.slice(0, inputsMax).map((path) => [path, stampOf(path)]));
}

/** Remembers what the source of `place` was when it was read. */
export async function noteInputs(store: Store, place: SyncedPlace, stamps: Stamps): Promise<void> {
  const key = await keyOf(place);
  if (JSON.stringify(store.peek(key, asInputs)?.stamps) === JSON.stringify(stamps)) return;
  await store.change((tx) => tx.put<Inputs>(key, { v: 1, stamps }));
}

/** Says whether `place` was projected before and its source is not what it was then. */
export async function isDue(store: Store, place: SyncedPlace): Promise<boolean> {
  const inputs = store.peek(await keyOf(place), asInputs);
  return inputs !== undefined && Object.entries(inputs.stamps).some(([path, stamp]) => stampOf(path) !== stamp);
}

async function keyOf({ scope, root }: SyncedPlace): Promise<string> {
  const id = await digest(`${scope}\0${root}`);
  return `inputs/${id.slice(0, 2)}/${id.slice(2)}`;
}

function stampOf(path: string): string {
  try {
    const facts = lookThrough(path);
    return facts === undefined ? "absent" : `${facts.size} ${facts.modifiedMs} ${facts.identity}`;
  } catch {
    return "unreadable";
  }
}

function asInputs(record: JsonObject): Inputs | undefined {
  const stamps = asObject(record.stamps);
  if (stamps === undefined) return undefined;
  return { v: 1, stamps: Object.fromEntries(Object.keys(stamps).map((path) => [path, textField(stamps, path) ?? ""])) };
}
