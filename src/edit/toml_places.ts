// Where new lines and sections of a TOML text go.

import { indentOf, lineEnd, nextLine, replaced, type Span } from "./lines.ts";
import { startsWith } from "./pointer.ts";
import type { TomlDocument, TomlMember, TomlTable, TomlTree } from "./toml_tree.ts";

/** Returns the last section that is about what `holder` is about, or about as much of it as any. */
export function nearest(tree: TomlTree, holder: readonly string[]): TomlTable | undefined {
  for (let depth = holder.length; depth > 0; depth--) {
    const found = tree.tables.findLast(({ path }) => startsWith(path, holder.slice(0, depth)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the last member by whose dotted key `holder` is a table, and the section it stands in. */
export function dottedIn(
  tree: TomlTree,
  holder: readonly string[],
): { table: TomlTable; member: TomlMember } | undefined {
  for (const table of [tree.top, ...tree.tables]) {
    if (table.path.length >= holder.length) continue;
    const member = table.members.findLast(({ path }) => path.length > holder.length && startsWith(path, holder));
    if (member !== undefined) return { table, member };
  }
  return undefined;
}

/** Adds a line to a section. At the top, it comes before all sections. */
export function insertLine(document: TomlDocument, table: TomlTable, line: string): string {
  const { text, tree, newline } = document;
  const last = table.members.at(-1) ?? table.header;
  if (last !== undefined) return putBehindLine(document, last, line);
  if (tree.tables.length === 0) {
    const end = text.trimEnd().length;
    return text === "" ? line + newline : putBehindLine(document, { start: end, end }, line);
  }
  const place = behindFirstComments(text, tree.tables[0]);
  return replaced(text, [{ start: place, end: place, text: `${line}${newline}${newline}` }]);
}

/** Adds a section behind another, or at the end, after a blank line. */
export function insertSection(document: TomlDocument, behind: TomlTable | undefined, section: string): string {
  const { text, newline } = document;
  if (text === "") return section;
  const place = behind === undefined ? text.length : endOfSection(document, behind);
  if (place > 0 && text[place - 1] !== "\n") {
    return replaced(text, [{ start: place, end: place, text: newline + newline + section.slice(0, -newline.length) }]);
  }
  return replaced(text, [{ start: place, end: place, text: newline + section }]);
}

/** Adds a line behind that on which `span` ends, indented as that on which it starts. */
export function putBehindLine({ text, newline }: TomlDocument, { start, end }: Span, line: string): string {
  const place = nextLine(text, end);
  const indent = indentOf(text, start);
  const isOpen = place === text.length && !text.endsWith("\n");
  const added = isOpen ? newline + indent + line : indent + line + newline;
  return replaced(text, [{ start: place, end: place, text: added }]);
}

/** Returns the place behind the comment that a text begins with, when a blank line parts it from the first section. */
function behindFirstComments(text: string, { start }: TomlTable): number {
  const blank = /(?:^|\n)[ \t]*\r?\n/.exec(text.slice(0, start));
  return blank === null ? 0 : blank.index + blank[0].length;
}

/** Returns where the lines of a section end, with the comments right behind them unless these belong to the next one. */
function endOfSection({ text }: TomlDocument, { members, header, start }: TomlTable): number {
  const end = nextLine(text, members.at(-1)?.end ?? header?.end ?? start);
  let place = end;
  while (/^[ \t]*#/.test(text.slice(place, lineEnd(text, place)))) place = nextLine(text, place);
  return place === text.length || text.slice(place, lineEnd(text, place)).trim() === "" ? place : end;
}
