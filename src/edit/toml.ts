// Edits TOML so that all bytes but those of the edited values stay.
//
// A library says where everything is, and the edits are made on the text itself. New objects become sections with a
// header, behind the section they are nearest to; new values become lines of the section they belong to, or items of the
// inline table they belong to. What is put in and taken out again leaves the text as it was. At the end the text is read
// again: what it says must be what was said before, with the edits, or nothing is returned.

import { cannotEdit, type Edit, type EditOptions, type Editor } from "./edit.ts";
import { replaced, splitMark } from "./lines.ts";
import { insertItem, type List, type ListStyle, removeItem } from "./list.ts";
import { partsOf, startsWith } from "./pointer.ts";
import { lineCut, merged, sectionCuts } from "./toml_cuts.ts";
import { dottedIn, insertLine, insertSection, nearest, putBehindLine } from "./toml_places.ts";
import { isSection, sectionText, tomlKey, tomlValue } from "./toml_text.ts";
import {
  documentOf,
  parseToml,
  type TomlDocument,
  type TomlTable,
  type TomlTree,
  type TomlValue,
} from "./toml_tree.ts";
import { asTable, canonical, isEmptyTable, isSame, plain, valueAt, withoutValue, withValue } from "./value.ts";

/** TOML 1.1 or earlier; what is written is TOML 1.0. */
export const tomlEditor: Editor = {
  read: readToml,
  namesAt: (text, path, parts) => Object.keys(asTable(valueAt(readToml(text, path), parts)) ?? {}),
  edit: editToml,
  isBlank: (text) => text.trim() === "",
};

/** Returns the value of a TOML text. A date, and a number that JSON cannot hold, is a `Literal`. */
export function readToml(text: string, path: string): unknown {
  return parseToml(splitMark(text).body, path).value;
}

/** Returns `text` after `edits`. Order decides nothing in TOML, but for the new elements of a list. */
function editToml(text: string, edits: readonly Edit[], { path, order }: EditOptions): string {
  const { mark, body } = splitMark(text);
  const isFirst = order === "first";
  let document = documentOf(body, path);
  let expected: unknown = document.tree.value;
  for (const edit of edits) {
    const parts = partsOf(edit.pointer);
    const value = edit.kind === "set" ? plain(edit.value) : undefined;
    if (isSame(valueAt(document.tree.value, parts), value)) continue;
    const edited = edit.kind === "set" ? set(document, parts, { value, isFirst }) : remove(document, parts);
    expected = edit.kind === "set" ? withValue(expected, parts, value, isFirst) : withoutValue(expected, parts);
    if (edited !== document.text) document = documentOf(edited, path);
  }
  if (canonical(withoutHollows(document.tree.value, edits)) !== canonical(withoutHollows(expected, edits))) {
    throw cannotEdit(path, "the edited text would not say what it should");
  }
  return mark + document.text;
}

/** Leaves out the empty tables on the way to what was removed: without a header of its own, such a table is gone. */
function withoutHollows(value: unknown, edits: readonly Edit[]): unknown {
  let left = value;
  for (const { kind, pointer } of edits) {
    const parts = partsOf(pointer);
    while (kind === "remove" && parts.pop() !== undefined && parts.length > 0) {
      if (isEmptyTable(valueAt(left, parts))) left = withoutValue(left, parts);
    }
  }
  return left;
}

function set(
  document: TomlDocument,
  parts: readonly string[],
  wanted: { readonly value: unknown; readonly isFirst: boolean },
): string {
  const { text, tree, path } = document;
  const { value } = wanted;
  const before = valueAt(tree.value, parts);
  if (before === undefined) return insert(document, parts, wanted);
  if (isSame(before, value)) return text;
  const [old, table] = [asTable(before), asTable(value)];
  if (old !== undefined && table !== undefined) return setFields(document, parts, { old, table });
  const place = valuesOf(tree).find((one) => samePath(one.path, parts));
  if (place !== undefined) return replaced(text, [{ ...place, text: tomlValue(value) }]);
  return set(documentOf(remove(document, parts), path), parts, wanted);
}

/** Edits an object field by field, so that what is in it stays. */
function setFields(
  { text, path }: TomlDocument,
  parts: readonly string[],
  { old, table }: { readonly old: object; readonly table: Readonly<Record<string, unknown>> },
): string {
  let edited = text;
  for (const [name, value] of Object.entries(table)) {
    edited = set(documentOf(edited, path), [...parts, name], { value, isFirst: false });
  }
  for (const name of Object.keys(old).filter((name) => !Object.hasOwn(table, name))) {
    edited = remove(documentOf(edited, path), [...parts, name]);
  }
  const isGone = Object.keys(table).length === 0 && valueAt(readToml(edited, path), parts) === undefined;
  return isGone ? insert(documentOf(edited, path), parts, { value: {}, isFirst: false }) : edited;
}

function insert(
  document: TomlDocument,
  parts: readonly string[],
  { value, isFirst }: { readonly value: unknown; readonly isFirst: boolean },
): string {
  const { tree, path } = document;
  let depth = parts.length - 1;
  while (valueAt(tree.value, parts.slice(0, depth)) === undefined) depth--;
  const [holder, name, missing] = [parts.slice(0, depth), parts[depth], parts.slice(depth + 1)];
  const wanted = missing.length === 0 ? value : withValue(undefined, missing, value);
  const old = valueAt(tree.value, holder);
  if (Array.isArray(old) && (name === "-" || name === String(old.length))) {
    return insertElement(document, holder, { value: wanted, isFirst });
  }
  if (asTable(old) === undefined) {
    throw cannotEdit(
      path,
      `there is ${Array.isArray(old) ? "a list" : "a value"} at "${holder.join(".")}", not a table`,
    );
  }
  return insertField(document, holder, { name, value: wanted });
}

function insertElement(
  document: TomlDocument,
  array: readonly string[],
  { value, isFirst }: { readonly value: unknown; readonly isFirst: boolean },
): string {
  const { tree, path } = document;
  const place = valuesOf(tree).find((one) => samePath(one.path, array));
  if (place !== undefined) {
    return insertInto(document, place, { index: isFirst ? 0 : place.items.length, item: tomlValue(value) });
  }
  if (asTable(value) === undefined) throw cannotEdit(path, `"${array.join(".")}" is a list of tables`);
  const sections = tree.tables.filter((table) => startsWith(table.path, array));
  return insertSection(
    document,
    sections[sections.length - 1],
    sectionText(namesOf(tree, array), [value], document.newline),
  );
}

function insertField(
  document: TomlDocument,
  holder: readonly string[],
  { name, value }: { readonly name: string; readonly value: unknown },
): string {
  const { tree, newline } = document;
  const inline = valuesOf(tree).find((one) => samePath(one.path, holder));
  if (inline !== undefined) {
    return insertInto(document, inline, {
      index: inline.members.length,
      item: `${tomlKey(name)} = ${tomlValue(value)}`,
    });
  }
  const names = namesOf(tree, [...holder, name]);
  if (isSection(value)) return insertSection(document, nearest(tree, holder), sectionText(names, value, newline));
  const own = holder.length === 0 ? tree.top : tree.tables.find((table) => samePath(table.path, holder));
  if (own !== undefined) return insertLine(document, own, `${tomlKey(name)} = ${tomlValue(value)}`);
  const dotted = dottedIn(tree, holder);
  if (dotted !== undefined) {
    const key = tomlKey(...holder.slice(dotted.table.path.length), name);
    return putBehindLine(document, dotted.member, `${key} = ${tomlValue(value)}`);
  }
  return insertSection(document, nearest(tree, holder), sectionText(names.slice(0, -1), { [name]: value }, newline));
}

function insertInto(
  { text, tree, newline }: TomlDocument,
  place: TomlValue,
  { index, item }: { readonly index: number; readonly item: string },
): string {
  const padding = place.kind === "table" ? " " : "";
  const style: ListStyle = { newline, unit: "  ", empty: { isInline: true, padding } };
  return insertItem(text, listOf(tree, place), { index, style, write: () => item });
}

function listOf(tree: TomlTree, place: TomlValue): List {
  const items = place.kind === "array" ? place.items : place.members;
  const comments = tree.comments.filter(({ start, end }) => start >= place.start && end <= place.end);
  return { open: place.start + 1, close: place.end - 1, items, comments };
}

function remove(document: TomlDocument, parts: readonly string[]): string {
  const { text, tree } = document;
  for (const holder of valuesOf(tree)) {
    const items: readonly { readonly path: readonly string[] }[] = holder.kind === "array"
      ? holder.items
      : holder.members;
    const index = items.findLastIndex(({ path }) => startsWith(path, parts));
    if (index < 0 || startsWith(holder.path, parts)) continue;
    const edited = removeItem(text, listOf(tree, holder), index);
    // Dotted keys in an inline table may say more of the same; behind an element comes the next one.
    return holder.kind === "array" ? edited : remove(documentOf(edited, document.path), parts);
  }
  const cuts = [tree.top, ...tree.tables].flatMap((table) => {
    if (startsWith(table.path, parts)) return sectionCuts(document, table);
    const gone = table.members.filter(({ path }) => startsWith(path, parts));
    const isHollow = gone.length > 0 && gone.length === table.members.length && isAfterthought(tree, table);
    return isHollow ? sectionCuts(document, table) : gone.map((member) => lineCut(text, member));
  });
  return replaced(text, merged(text, cuts));
}

/** Says whether a section stands behind those within it, where nobody but us puts one: it is for values alone. */
function isAfterthought(tree: TomlTree, table: TomlTable): boolean {
  const before = tree.tables.slice(0, Math.max(0, tree.tables.indexOf(table)));
  return before.some(({ path }) => path.length > table.path.length && startsWith(path, table.path));
}

/** Returns the names of a header: those of the path, without the numbers of elements. */
function namesOf(tree: TomlTree, path: readonly string[]): string[] {
  return path.filter((_, i) => !Array.isArray(valueAt(tree.value, path.slice(0, i))));
}

/** Returns all values of a text, those within others behind them. */
function valuesOf(tree: TomlTree): TomlValue[] {
  const all: TomlValue[] = [tree.top, ...tree.tables].flatMap(({ members }) => members.map(({ value }) => value));
  for (const value of all) all.push(...value.items, ...value.members.map((member) => member.value));
  return all;
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}
