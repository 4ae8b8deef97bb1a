// What the last sync of a place was read from, what those files were then, and what a person chose for it: who finds the
// files different knows that a sync is due, and how it is to be done; nobody's files are projected who has not asked for
// it once. A sync that could not do all is remembered in the same way, so that it is tried once after each change.

import { asObject, field, type JsonObject, textField, textList } from "../base/decode.ts";
import { digest } from "../base/digest.ts";
import type { Store, StoredRecord } from "../store/store.ts";
import { isChanged, isOtherWalk, type Stamps, stampsOf, type Walked, walkedOf } from "./stamps.ts";

const editedMax = 100;

/** The stamp of a file that nobody has read yet: no file has it. */
const unread = "unread";

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
  readonly walked: Walked;
  readonly choices: Choices;
  /** Why the last attempt did not do all, and whether somebody was told. */
  readonly behind?: { readonly why: string; readonly isTold: boolean };
}

/** What the last attempt found, and how it was to be done. */
export interface NewInputs {
  readonly stamps: Stamps;
  readonly walked: Walked;
  readonly choices: Choices;
  /** What was known of the place before anything was read. */
  readonly before: Inputs | undefined;
}

/** Returns what the source of a place is now: whatever changes from now on has another stamp. */
export function sourceNow({ stamps, walked }: Inputs): Pick<Inputs, "stamps" | "walked"> {
  return { stamps: stampsOf(Object.keys(stamps)), walked: walkedOf(Object.keys(walked)) };
}

/** Returns what is known of `place`, if it was projected and that was not undone. */
export async function inputsOf(store: Store, place: SyncedPlace): Promise<Inputs | undefined> {
  return store.peek(await keyOf(place), asInputs);
}

/** Remembers that all of the source was projected: what it was when it was read, and how it was done. */
export async function noteInputs(store: Store, place: SyncedPlace, found: NewInputs): Promise<void> {
  await note(store, place, found);
}

/** Remembers that not all of the source could be projected as a person had chosen, for the agent to be told. */
export async function noteBehind(
  store: Store,
  place: SyncedPlace,
  { why, before, ...found }: Omit<NewInputs, "choices" | "before"> & { readonly why: string; readonly before: Inputs },
): Promise<void> {
  const isTold = before.behind?.why === why && before.behind.isTold;
  await note(store, place, { ...found, choices: before.choices, before, behind: { why, isTold } });
}

/** Has a sync due for files that were edited, at `paths`, of which the last one knew nothing: they may be new. */
export async function noteEdited(store: Store, place: SyncedPlace, paths: readonly string[]): Promise<void> {
  const key = await keyOf(place);
  const withEdited = (inputs: Inputs | undefined): Inputs | undefined => {
    const unknown = paths.filter((path) => inputs !== undefined && !Object.hasOwn(inputs.stamps, path));
    if (inputs === undefined || unknown.length === 0 || editedIn(inputs).length >= editedMax) return undefined;
    return { ...inputs, stamps: { ...inputs.stamps, ...Object.fromEntries(unknown.map((path) => [path, unread])) } };
  };
  if (withEdited(store.peek(key, asInputs)) === undefined) return;
  await store.change((tx) => {
    const inputs = withEdited(tx.get(key, asInputs));
    if (inputs !== undefined) tx.put(key, inputs);
  });
}

async function note(
  store: Store,
  place: SyncedPlace,
  { before, stamps, ...rest }: NewInputs & Pick<Inputs, "behind">,
): Promise<void> {
  const key = await keyOf(place);
  const known = before === undefined ? [] : editedIn(before);
  // What was edited after `before` may not have been read.
  const inputs = (now: Inputs | undefined): Inputs => {
    const edited = now === undefined ? [] : editedIn(now).filter((path) => !known.includes(path));
    return { v: 1, stamps: { ...Object.fromEntries(edited.map((path) => [path, unread])), ...stamps }, ...rest };
  };
  const now = store.peek(key, asInputs);
  if (JSON.stringify(now) === JSON.stringify(inputs(now))) return;
  await store.change((tx) => tx.put(key, inputs(tx.get(key, asInputs))));
}

function editedIn({ stamps }: Inputs): string[] {
  return Object.keys(stamps).filter((path) => stamps[path] === unread);
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
  return inputs !== undefined && isChanged(inputs.stamps);
}

/** Says whether `place` was projected before and there may be more of its source now. Asks for every folder of a project. */
export async function mayHaveMore(store: Store, place: SyncedPlace): Promise<boolean> {
  const inputs = await inputsOf(store, place);
  return inputs !== undefined && isOtherWalk(inputs.walked);
}

async function keyOf({ scope, root }: SyncedPlace): Promise<string> {
  const id = await digest(`${scope}\0${root}`);
  return `inputs/${id.slice(0, 2)}/${id.slice(2)}`;
}

function asInputs(record: JsonObject): Inputs | undefined {
  const stamps = asObject(record.stamps);
  const choices = asObject(record.choices);
  if (stamps === undefined || choices === undefined) return undefined;
  const why = textField(record.behind, "why");
  return {
    v: 1,
    stamps: Object.fromEntries(Object.keys(stamps).map((path) => [path, textField(stamps, path) ?? ""])),
    walked: walkedIn(asObject(record.walked) ?? {}),
    choices: { targets: textList(choices, "targets"), allowsRules: choices.allowsRules === true },
    behind: why === undefined ? undefined : { why, isTold: field(record.behind, "isTold") === true },
  };
}

function walkedIn(walked: JsonObject): Walked {
  const folder = (path: string) => ({
    stamp: textField(walked[path], "stamp") ?? "",
    names: textField(walked[path], "names") ?? "",
  });
  return Object.fromEntries(Object.keys(walked).map((path) => [path, folder(path)]));
}
