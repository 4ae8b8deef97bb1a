// What the last sync of a place was read from, what those files were then, and what a person chose for it: who finds the
// files different knows that a sync is due, and how it is to be done; nobody's files are projected who has not asked for
// it once. A sync that could not do all is remembered in the same way, so that it is tried once after each change.

import { asObject, field, type JsonObject, textField, textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import { lookThrough } from "../platform/files.ts";
import type { Store, StoredRecord } from "../store/store.ts";

const inputsMax = 4_000;

/** A place that is projected to. */
export interface SyncedPlace {
  readonly scope: "user" | "project";
  readonly root: string;
}

/** What a person chose when they typed the last sync of a place. */
export interface Choices {
  /** The names of the targets. */
  readonly targets: readonly string[];
  readonly allowsRules: boolean;
}

/** What is known of a place that was projected. */
export interface Inputs extends StoredRecord {
  /** What the source was at the last attempt, whatever came of that. */
  readonly stamps: Stamps;
  readonly choices: Choices;
  /** Why the last attempt did not do all, and whether somebody was told. */
  readonly behind?: { readonly why: string; readonly isTold: boolean };
}

/** What files were when they were read, by their paths. */
export type Stamps = Readonly<Record<string, string>>;

/** Returns what the files at `paths` are now. */
export function stampsOf(paths: readonly string[]): Stamps {
  return Object.fromEntries(paths.slice(0, inputsMax).map((path) => [path, stampOf(path)]));
}

/** Returns `stamps`, but of files that were changed while they were read, what they were `before`: a sync is due then. */
export function asBefore(stamps: Stamps, before: Stamps): Stamps {
  return Object.fromEntries(Object.entries(stamps).map(([path, stamp]) => [path, before[path] ?? stamp]));
}

/** Returns what the files that `place` was read from are now: whatever changes from now on has another stamp. */
export async function stampsNow(store: Store, place: SyncedPlace): Promise<Stamps> {
  return stampsOf(Object.keys((await inputsOf(store, place))?.stamps ?? {}));
}

/** Returns what is known of `place`, if it was projected and that was not undone. */
export async function inputsOf(store: Store, place: SyncedPlace): Promise<Inputs | undefined> {
  return store.peek(await keyOf(place), asInputs);
}

/** Remembers that all of the source was projected: what it was when it was read, and how it was done. */
export async function noteInputs(store: Store, place: SyncedPlace, stamps: Stamps, choices: Choices): Promise<void> {
  await note(store, place, { v: 1, stamps, choices });
}

/** Remembers that not all of the source could be projected as a person had chosen, for the agent to be told. */
export async function noteBehind(
  store: Store,
  place: SyncedPlace,
  { stamps, why, before }: { readonly stamps: Stamps; readonly why: string; readonly before: Inputs },
): Promise<void> {
  const isTold = before.behind?.why === why && before.behind.isTold;
  await note(store, place, { v: 1, stamps, choices: before.choices, behind: { why, isTold } });
}

async function note(store: Store, place: SyncedPlace, inputs: Inputs): Promise<void> {
  const key = await keyOf(place);
  if (JSON.stringify(store.peek(key, asInputs)) === JSON.stringify(inputs)) return;
  await store.change((tx) => tx.put(key, inputs));
}

/** Returns what is known of `place` when it is behind and nobody was told of it yet; from now on, somebody was. */
export async function takeBehind(store: Store, place: SyncedPlace): Promise<(Inputs & { why: string }) | undefined> {
  const key = await keyOf(place);
  const isUntold = (inputs: Inputs | undefined) => inputs?.behind?.isTold === false;
  if (!isUntold(store.peek(key, asInputs))) return undefined;
  return await store.change((tx) => {
    const inputs = tx.get(key, asInputs);
    if (inputs?.behind === undefined || inputs.behind.isTold) return undefined;
    tx.put<Inputs>(key, { ...inputs, behind: { ...inputs.behind, isTold: true } });
    return { ...inputs, why: inputs.behind.why };
  });
}

/** Forgets that `place` was ever projected: nothing is due until a person asks for it again. */
export async function forgetInputs(store: Store, place: SyncedPlace): Promise<void> {
  const key = await keyOf(place);
  await store.change((tx) => tx.delete(key));
}

/** Says whether `place` was projected before and its source is not what it was then. */
export async function isDue(store: Store, place: SyncedPlace): Promise<boolean> {
  const inputs = await inputsOf(store, place);
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
  const choices = asObject(record.choices);
  if (stamps === undefined || choices === undefined) return undefined;
  const why = textField(record.behind, "why");
  return {
    v: 1,
    stamps: Object.fromEntries(Object.keys(stamps).map((path) => [path, textField(stamps, path) ?? ""])),
    choices: { targets: textList(choices, "targets"), allowsRules: choices.allowsRules === true },
    behind: why === undefined ? undefined : { why, isTold: field(record.behind, "isTold") === true },
  };
}
