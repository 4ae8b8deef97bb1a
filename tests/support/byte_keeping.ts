// What must hold of every edit of every file, whatever the format.

import type { Editor } from "../../src/edit/edit.ts";
import { partsOf } from "../../src/edit/pointer.ts";
import { canonical, isEmptyTable, valueAt, withoutValue, withValue } from "../../src/edit/value.ts";
import { assert, assertEquals } from "./assert.ts";
import { below, type Dice, oneOf, type RandomFile, randomValue } from "./random_file.ts";

/** What is checked: a format, and another reader of it that judges. */
export interface Judged {
  readonly editor: Editor;
  readonly read: (text: string) => unknown;
}

const options = { path: "file" };

/** Adds, replaces and removes one value each in `file`, and checks every byte. */
export function checkEdits(judged: Judged, file: RandomFile, dice: Dice): void {
  assertEquals(judged.editor.edit(file.text, [], options), file.text);
  checkAdd(judged, file, dice);
  if (file.leaves.length > 0) checkReplace(judged, file, dice);
  if (file.objects.length > 0) checkRemove(judged, file, dice);
}

function checkAdd({ editor, read }: Judged, { text, objects, comments }: RandomFile, dice: Dice): void {
  const holder = objects.length > 0 ? oneOf(dice, objects).pointer : "";
  const top = below(holder, "new key");
  const pointer = top + oneOf(dice, ["", "", "/deep/er"]);
  const value = randomValue(dice);
  const added = editor.edit(text, [{ kind: "set", pointer, value }], options);
  assertSame(read(added), withValue(read(text), partsOf(pointer), value), added);
  assert(isWithin(text, added), `something was lost from\n${text}\nin\n${added}`);
  assertEquals(comments.filter((one) => !added.includes(one)), []);
  assertEquals(editor.edit(added, [{ kind: "set", pointer, value }], options), added, "twice is not once");

  const removed = editor.edit(added, [{ kind: "remove", pointer: top }], options);
  assertSame(editor.read(removed, "file"), editor.read(text, "file"), removed);
  if (objects.length > 0) assertEquals(removed, text, "more than nothing is left");
}

function checkReplace({ editor, read }: Judged, { text, leaves, comments }: RandomFile, dice: Dice): void {
  const { pointer, raw } = oneOf(dice, leaves);
  const value = oneOf(dice, ["replaced", 12345, ["a", "b"], { k: { l: 1 } }]);
  const replaced = editor.edit(text, [{ kind: "set", pointer, value }], options);
  assertSame(read(replaced), withValue(read(text), partsOf(pointer), value), replaced);
  const { gone } = middle(text, replaced);
  assert(raw.includes(gone), `${JSON.stringify(gone)} was lost, which is not of ${raw}`);
  assertEquals(comments.filter((one) => !replaced.includes(one)), []);
}

function checkRemove({ editor, read }: Judged, { text, objects, comments }: RandomFile, dice: Dice): void {
  const { pointer: holder, names } = oneOf(dice, objects);
  const pointer = below(holder, oneOf(dice, names));
  const removed = editor.edit(text, [{ kind: "remove", pointer }], options);
  const [is, should] = [read(removed), withoutValue(read(text), partsOf(pointer))];
  assertSame(withoutHollows(is, pointer), withoutHollows(should, pointer), removed);
  assert(isWithin(removed, text), `more than "${pointer}" was changed in\n${text}\nto\n${removed}`);
  const lost = comments.filter((one) => !removed.includes(one));
  const inside = text.length - removed.length;
  assert(lost.join("").length <= inside, `comments were broken in ${removed}`);
}

function assertSame(is: unknown, should: unknown, text: string): void {
  assertEquals(canonical(is), canonical(should), `in\n${text}`);
}

/** Leaves out the empty objects on the way to what was removed. */
function withoutHollows(value: unknown, pointer: string): unknown {
  const parts = partsOf(pointer);
  let left = value;
  while (parts.pop() !== undefined && parts.length > 0) {
    if (isEmptyTable(valueAt(left, parts))) left = withoutValue(left, parts);
  }
  return left;
}

/** Says whether `text` is what is left of `whole` when some of its characters are taken away. */
function isWithin(text: string, whole: string): boolean {
  let at = 0;
  for (let i = 0; i < whole.length && at < text.length; i++) if (whole[i] === text[at]) at++;
  return at === text.length;
}

/** Says where two texts differ: what is between their common start and their common end. */
function middle(before: string, after: string): { readonly gone: string; readonly come: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { gone: before.slice(start, before.length - end), come: after.slice(start, after.length - end) };
}
