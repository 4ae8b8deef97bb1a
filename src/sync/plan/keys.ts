// Plans the single values of one JSON or TOML file.

import { digest } from "../../base/digest.ts";
import type { Edit, Editor } from "../../edit/edit.ts";
import { misplaced, type Order } from "../../edit/order.ts";
import { partsOf, pointerOf } from "../../edit/pointer.ts";
import { asTable, canonical, isEmptyTable, isSame, plain, valueAt, withoutValue, withValue } from "../../edit/value.ts";
import type { Change } from "./change.ts";
import { decide, type Decision } from "./decide.ts";
import type { Entry } from "../record.ts";
import type { Planning } from "./spot.ts";

/** A value that is wanted. A pointer that ends in `/-` wants an element in a list, which goes by its value. */
export interface WantedKey {
  readonly pointer: string;
  readonly value: unknown;
  readonly order?: Order;
  readonly targets: readonly string[];
}

/** A value that is set, or moved, or only must be in the right place. */
interface SetValue {
  readonly pointer: string;
  readonly value: unknown;
  readonly order?: Order;
  readonly isOurs: boolean;
}

/** All that is known of the values of one file. */
export interface KeysInput {
  readonly path: string;
  readonly editor: Editor;
  readonly text: string;
  readonly wanted: readonly WantedKey[];
  readonly last: readonly Entry[];
  readonly containers: readonly string[];
}

/** What becomes of the values of one file. */
export interface KeysPlan {
  readonly text: string;
  readonly changes: readonly Change[];
  readonly entries: readonly Entry[];
  readonly containers: readonly string[];
}

/** Plans the values of one file. Throws a TruceError for a text that is not of its format. */
export async function planKeys(planning: Planning, input: KeysInput): Promise<KeysPlan> {
  const draft = new Draft(planning, input);
  const values = input.wanted.map((wanted) => ({ ...wanted, value: plain(wanted.value) }));
  const hashes = await Promise.all(values.map(({ value, order }) => hashOfValue(value, order !== undefined)));
  await draft.removeUnwanted(hashes);
  for (const [i, wanted] of values.entries()) await draft.put(wanted, hashes[i]);
  return draft.finish();
}

/** The values of one file on their way to what is wanted. */
class Draft {
  readonly #planning: Planning;
  readonly #input: KeysInput;
  readonly #before: unknown;
  #value: unknown;
  readonly #changes: Change[] = [];
  readonly #entries: Entry[] = [];
  readonly #removals: Edit[] = [];
  readonly #sets: SetValue[] = [];
  readonly #containers: Set<string>;
  #unmatched: Entry[];

  constructor(planning: Planning, input: KeysInput) {
    this.#planning = planning;
    this.#input = input;
    this.#before = input.editor.read(input.text, input.path);
    this.#value = this.#before;
    this.#containers = new Set(input.containers);
    this.#unmatched = [...input.last];
  }

  /** Takes out what no source wants any more. */
  async removeUnwanted(hashes: readonly string[]): Promise<void> {
    const ids = new Set(
      this.#input.wanted.map(({ pointer }, i) => isElement(pointer) ? `${pointer} ${hashes[i]}` : pointer),
    );
    for (const entry of this.#input.last) {
      const { pointer = "", hash } = entry;
      if (ids.has(isElement(pointer) ? `${pointer} ${hash}` : pointer)) continue;
      this.#unmatched = this.#unmatched.filter((one) => one !== entry);
      const targets = this.#planning.stillWanting(entry.targets);
      if (targets.length > 0) this.#entries.push({ ...entry, targets });
      else await this.#removeOne(entry);
    }
  }

  /** Sees to one value that is wanted. */
  async put({ pointer, value, order, targets: wanting }: WantedKey, hash: string): Promise<void> {
    const isOrdered = order !== undefined || undefined;
    const last = this.#lastOf(pointer, hash);
    const targets = unionOf(wanting, this.#planning.stillWanting(last?.targets ?? []));
    const entry: Entry = { kind: "key", pointer, hash, targets, isOrdered };
    const obstacle = obstacleOf(this.#value, pointer);
    const actual = obstacle === undefined ? await this.#actualHash(pointer, value, { hash, isOrdered }) : "obstacle";
    const decision = decide({ wanted: hash, actual, last, force: this.#planning.force });
    const why = obstacle === undefined || decision.act === "write"
      ? decision.why
      : `there is a value at "${pointerOf(obstacle)}", where an object is needed`;
    const before = isElement(pointer) ? undefined : valueAt(this.#before, partsOf(pointer));
    this.#report(pointer, { ...decision, why }, { targets, before, after: value });
    this.#remember(entry, decision, last);
    if (decision.act === "write") this.#set(pointer, value, { order, obstacle });
    else if (
      order !== undefined && decision.kind === "unchanged" && decision.memory !== "theirs" && !isElement(pointer)
    ) {
      this.#sets.push({ pointer, value, order, isOurs: decision.memory === "ours" });
    }
  }

  /** Returns the plan: the text is edited here. */
  finish(): KeysPlan {
    const { editor, path, text, containers, wanted } = this.#input;
    let edited = this.#removals.length === 0 ? text : editor.edit(text, this.#removals, { path });
    for (const order of [undefined, "first", "last"] as const) {
      const sets = this.#sets.filter((one) => one.order === order);
      if (sets.length === 0) continue;
      if (order !== undefined) this.#reportMoves(edited, sets, order);
      const edits = sets.filter(({ isOurs }) => isOurs).map(({ pointer, value }): Edit => ({
        kind: "set",
        pointer,
        value,
      }));
      edited = editor.edit(edited, edits, { path, order });
    }
    const isContainer = (container: string) => !wanted.some(({ pointer }) => pointer === container);
    const made = containers.filter(isContainer);
    let value = edited === text ? this.#before : editor.read(edited, path);
    for (const pointer of made.toSorted((a, b) => b.length - a.length)) {
      if (!isEmpty(valueAt(value, partsOf(pointer)))) continue;
      edited = editor.edit(edited, [{ kind: "remove", pointer }], { path });
      value = editor.read(edited, path);
    }
    const left = [...this.#containers].filter(isContainer)
      .filter((pointer) => valueAt(value, partsOf(pointer)) !== undefined);
    return { text: edited, changes: this.#changes, entries: this.#entries, containers: left };
  }

  async #removeOne(entry: Entry): Promise<void> {
    const { pointer = "", isOrdered, hash, targets } = entry;
    const at = isElement(pointer) ? await this.#elementAt(pointer, hash) : pointer;
    const before = at === undefined ? undefined : valueAt(this.#value, partsOf(at));
    const actual = before === undefined ? undefined : await hashOfValue(before, isOrdered);
    const decision = decide({ actual, last: entry, force: this.#planning.force });
    if (decision.kind !== "unchanged") this.#report(pointer, decision, { targets, before });
    if (decision.memory === "last") this.#entries.push(entry);
    if (decision.act !== "remove" || at === undefined) return;
    this.#removals.push({ kind: "remove", pointer: at });
    this.#value = withoutValue(this.#value, partsOf(at));
  }

  #lastOf(pointer: string, hash: string): Entry | undefined {
    const last = this.#unmatched.find((one) => one.pointer === pointer && (!isElement(pointer) || one.hash === hash));
    this.#unmatched = this.#unmatched.filter((one) => one !== last);
    return last;
  }

  #remember(entry: Entry, { memory }: Decision, last: Entry | undefined): void {
    if (memory === "ours") this.#entries.push(entry);
    if (memory === "theirs") this.#entries.push({ ...entry, isTheirs: true });
    if (memory === "last" && last !== undefined) this.#entries.push({ ...last, targets: entry.targets });
  }

  #report(
    pointer: string,
    { kind, why }: Pick<Decision, "kind" | "why">,
    { targets, before, after }: Pick<Change, "targets" | "before" | "after">,
  ): void {
    this.#changes.push({ kind, path: this.#input.path, part: { of: "key", pointer }, targets, why, before, after });
  }

  #set(pointer: string, value: unknown, { order, obstacle }: { order?: Order; obstacle?: readonly string[] }): void {
    if (obstacle !== undefined) {
      this.#removals.push({ kind: "remove", pointer: pointerOf(obstacle) });
      this.#value = withoutValue(this.#value, obstacle);
    }
    const parts = partsOf(pointer);
    for (let depth = 1; depth < parts.length; depth++) {
      const holder = parts.slice(0, depth);
      if (valueAt(this.#value, holder) === undefined) this.#containers.add(pointerOf(holder));
    }
    this.#value = withValue(this.#value, parts, value, order === "first");
    this.#sets.push({ pointer, value, order, isOurs: true });
  }

  /** Says which values that are as they should be are not where they should be. */
  #reportMoves(text: string, sets: readonly SetValue[], order: Order): void {
    const { editor, path } = this.#input;
    const keys = sets.filter(({ pointer }) => !isElement(pointer));
    for (const [holder, group] of Map.groupBy(keys, ({ pointer }) => pointerOf(partsOf(pointer).slice(0, -1)))) {
      const names = editor.namesAt(text, path, holder === "" ? [] : partsOf(holder));
      const wanted = group.map(({ pointer }) => partsOf(pointer).at(-1) ?? "");
      const all = [...names, ...wanted.filter((name) => !names.includes(name))];
      const moved = misplaced(all, wanted, order);
      for (const [i, { pointer, isOurs }] of group.entries()) {
        if (moved.includes(wanted[i])) this.#reportMove(pointer, isOurs);
      }
    }
  }

  #reportMove(pointer: string, isOurs: boolean): void {
    const index = this.#changes.findIndex(({ part }) => part.of === "key" && part.pointer === pointer);
    const change = this.#changes[index];
    if (change?.kind !== "unchanged") return;
    this.#changes[index] = isOurs
      ? { ...change, kind: "change", why: "its place decides, and it was another" }
      : { ...change, kind: "conflict", why: "it was there before, in a place where it does not decide" };
  }

  /** Returns the hash of what is there; most often that is what is wanted. */
  async #actualHash(
    pointer: string,
    wanted: unknown,
    { hash, isOrdered }: Pick<Entry, "hash" | "isOrdered">,
  ): Promise<string | undefined> {
    const parts = partsOf(pointer);
    if (isElement(pointer)) {
      const items = valueAt(this.#value, parts.slice(0, -1));
      return Array.isArray(items) && items.some((item) => isSame(item, wanted)) ? hash : undefined;
    }
    const value = valueAt(this.#value, parts);
    if (value === undefined || isEmpty(value) && this.#input.containers.includes(pointer)) return undefined;
    return isSame(value, wanted, isOrdered) ? hash : await hashOfValue(value, isOrdered);
  }

  /** Returns the pointer of the element of a list with that hash. */
  async #elementAt(pointer: string, hash: string): Promise<string | undefined> {
    const holder = partsOf(pointer).slice(0, -1);
    const items = valueAt(this.#value, holder);
    if (!Array.isArray(items)) return undefined;
    for (const [i, item] of items.entries()) {
      if (await hashOfValue(item) === hash) return pointerOf([...holder, String(i)]);
    }
    return undefined;
  }
}

/** Returns the way to the value that stands where an object or a list is needed, if any. */
function obstacleOf(value: unknown, pointer: string): string[] | undefined {
  const parts = partsOf(pointer);
  for (let depth = 1; depth < parts.length; depth++) {
    const at = valueAt(value, parts.slice(0, depth));
    if (at === undefined) return undefined;
    const isFitting = parts[depth] === "-"
      ? Array.isArray(at)
      : asTable(at) !== undefined || isIndexed(at, parts[depth]);
    if (!isFitting) return parts.slice(0, depth);
  }
  return undefined;
}

function isIndexed(value: unknown, part: string): boolean {
  return Array.isArray(value) && /^\d+$/.test(part) && Number(part) < value.length;
}

function isEmpty(value: unknown): boolean {
  return isEmptyTable(value) || Array.isArray(value) && value.length === 0;
}

function isElement(pointer: string): boolean {
  return pointer.endsWith("/-");
}

function hashOfValue(value: unknown, isOrdered?: boolean): Promise<string> {
  return digest(canonical(value, isOrdered));
}

function unionOf(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}
