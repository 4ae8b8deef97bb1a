// Files as people write them: random, with comments, odd white space and every way to say a thing. A seed gives the same
// file each time.

import type { JsonObject } from "../../src/base/decode.ts";

/** Gives numbers below `limit`. */
export type Dice = (limit: number) => number;

/** A file, and what its writer knows of it. */
export interface RandomFile {
  readonly text: string;
  readonly comments: readonly string[];
  /** The values in it that hold no others, as they are written. */
  readonly leaves: readonly { readonly pointer: string; readonly raw: string }[];
  /** The objects in it that have fields, with these. */
  readonly objects: readonly { readonly pointer: string; readonly names: readonly string[] }[];
}

/** Returns dice that fall alike for one seed. */
export function diceOf(seed: number): Dice {
  let state = seed * 0x9e3779b9 | 0;
  return (limit) => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) % limit;
  };
}

/** Returns one of `all`. */
export function oneOf<T>(dice: Dice, all: readonly T[]): T {
  return all[dice(all.length)];
}

const names = ["a", "b", "mcpServers", "x y", "ключ", "with/slash", "til~de", "length", "0", "\u{1f600}"];
/** The reader that judges TOML does not know these. */
const jsonNames = [...names, "", "__proto__"];
const words = [
  "",
  "x",
  "https://a.b/c?d#e",
  "// no comment",
  "# no comment",
  "{",
  "]]",
  "a, b",
  "ü",
  "\\",
  '"',
  "tab\there",
];

/** Writes a JSON file with comments and trailing commas. */
export function randomJson(dice: Dice): RandomFile {
  const newline = oneOf(dice, ["\n", "\n", "\r\n"]);
  const unit = oneOf(dice, ["  ", "    ", "\t", ""]);
  const hasComments = dice(3) > 0;
  const comments: string[] = [];
  const leaves: { pointer: string; raw: string }[] = [];
  const objects: { pointer: string; names: string[] }[] = [];

  const comment = () => {
    const text = dice(2) === 0
      ? `// c${comments.length} ${oneOf(dice, ["{", "}, ", '"a": 1,', "*/", ""])}`
      : `/* c${comments.length} ${oneOf(dice, ["{", "},", '"a": 1,', "//", `${newline} *`])}*/`;
    comments.push(text);
    return text;
  };
  const gap = (indent: string) => {
    if (!hasComments || dice(6) > 0) return oneOf(dice, ["", "", " "]);
    const text = comment();
    return text.startsWith("//") ? `${text}${newline}${indent}` : ` ${text} `;
  };
  const ownLines = (indent: string) =>
    Array.from({ length: hasComments && dice(4) === 0 ? dice(3) : 0 }, () => `${newline}${indent}${comment()}`).join(
      "",
    ) +
    (dice(8) === 0 ? newline : "");
  const list = (items: readonly string[], [open, close]: readonly string[], indent: string) => {
    const isInline = dice(3) === 0 && !items.some((item) => item.includes("\n") || item.includes("//"));
    const inner = indent + unit;
    const between = isInline ? " " : newline + inner;
    const written = items.map((item, i) => {
      const isLast = i === items.length - 1;
      const comma = isLast ? (dice(3) === 0 ? "," : "") : ",";
      return `${isInline ? "" : ownLines(inner)}${between}${item}${isInline ? "" : gap(inner)}${comma}${gap(inner)}`;
    });
    const end = items.length === 0 ? gap(inner) : isInline ? " " : ownLines(inner) + newline + indent;
    return open + written.join("") + end + close;
  };
  const value = (pointer: string, indent: string, depth: number): string => {
    const kind = depth > 3 ? dice(4) : dice(7);
    const inner = indent + unit;
    if (kind >= 5 || depth === 0) {
      const fields = unique(dice, jsonNames);
      if (fields.length > 0) objects.push({ pointer, names: fields });
      const items = fields.map((name) =>
        `${JSON.stringify(name)}${gap(inner)}:${gap(inner)} ${value(`${pointer}/${escaped(name)}`, inner, depth + 1)}`
      );
      return list(items, ["{", "}"], indent);
    }
    if (kind === 4) {
      const items = Array.from({ length: dice(4) }, (_, i) => value(`${pointer}/${i}`, inner, depth + 1));
      return list(items, ["[", "]"], indent);
    }
    const raw = kind === 0
      ? oneOf(dice, ["0", "-1", "1.50", "1e3", "9007199254740993", "0.1"])
      : kind === 1
      ? oneOf(dice, ["true", "false", "null"])
      : oneOf(dice, ['"\\u00e9\\/"', JSON.stringify(oneOf(dice, words))]);
    leaves.push({ pointer, raw });
    return raw;
  };

  const mark = dice(8) === 0 ? "\ufeff" : "";
  const start = hasComments && dice(3) === 0 ? `${comment()}${newline}` : "";
  const text = mark + start + value("", "", 0) + gap("") + oneOf(dice, [newline, newline, ""]);
  return { text, comments, leaves, objects };
}

/** Writes a TOML file. */
export function randomToml(dice: Dice): RandomFile {
  const newline = oneOf(dice, ["\n", "\n", "\r\n"]);
  const comments: string[] = [];
  const leaves: { pointer: string; raw: string }[] = [];
  const objects = new Map<string, string[]>();

  const comment = () => {
    const text = `# c${comments.length} ${oneOf(dice, ["[x]", "a = 1", "'''", '"', ""])}`;
    comments.push(text);
    return text;
  };
  const maybeComment = () =>
    dice(5) === 0 ? `${oneOf(dice, [" ", "  ", "\t"])}${comment()}` : oneOf(dice, ["", "", " "]);
  const lines = () => {
    const made = Array.from({ length: dice(3) === 0 ? dice(3) : 0 }, () => oneOf(dice, ["", "", comment()]));
    return made.map((line) => line + newline).join("");
  };
  const key = (name: string) =>
    /^[A-Za-z0-9_-]+$/.test(name)
      ? oneOf(dice, [name, name, `"${name}"`])
      : name.includes("'")
      ? quoted(name)
      : oneOf(dice, [quoted(name), quoted(name)]);
  const note = (holder: string, name: string) => objects.set(holder, [...objects.get(holder) ?? [], name]);

  const value = (pointer: string, depth: number, isInline: boolean): string => {
    const kind = depth > 2 ? dice(5) : dice(8);
    if (kind === 5 || kind === 6) {
      const items = Array.from({ length: dice(4) }, (_, i) => value(`${pointer}/${i}`, depth + 1, isInline));
      if (isInline || dice(2) === 0) return `[${items.join(oneOf(dice, [", ", ",", " , "]))}]`;
      const written = items.map((item, i) =>
        `${newline}  ${item}${i < items.length - 1 || dice(2) === 0 ? "," : ""}${maybeComment()}`
      );
      return `[${written.join("")}${newline}]`;
    }
    if (kind === 7) {
      const fields = unique(dice, names);
      for (const name of fields) note(pointer, name);
      const members = fields.map((name) =>
        `${key(name)}${oneOf(dice, [" = ", "="])}${value(`${pointer}/${escaped(name)}`, depth + 1, true)}`
      );
      return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
    }
    const raw = kind === 0
      ? oneOf(dice, ["0", "-17", "1_000", "0x1F", "9223372036854775807", "1.5e3", "inf", "true", "false"])
      : kind === 1
      ? oneOf(dice, ["1979-05-27T07:32:00Z", "1979-05-27", "07:32:00", "1979-05-27 07:32:00.5"])
      : kind === 2 && !isInline
      ? oneOf(dice, [
        `'''${newline}# no comment${newline}[no.table]${newline}'''`,
        `"""a\\${newline}   b = 1 # c${newline}"""`,
        `""""quoted""""`,
      ])
      : oneOf(dice, ["'lit\\eral # x'", quoted(oneOf(dice, words))]);
    leaves.push({ pointer, raw });
    return raw;
  };
  const members = (holder: string, taken: Set<string>) => {
    const fields = unique(dice, names.filter((name) => !taken.has(name)));
    return fields.map((name) => {
      taken.add(name);
      note(holder, name);
      const indent = oneOf(dice, ["", "", "", "  "]);
      const equals = oneOf(dice, [" = ", "=", "  =  "]);
      if (dice(6) > 0) {
        return `${lines()}${indent}${key(name)}${equals}${
          value(`${holder}/${escaped(name)}`, 0, false)
        }${maybeComment()}${newline}`;
      }
      const pointer = `${holder}/${escaped(name)}`;
      const dotted = unique(dice, ["p", "q r", "s"]).map((inner) => {
        note(pointer, inner);
        return `${indent}${key(name)}${oneOf(dice, [".", " . "])}${key(inner)}${equals}${
          value(`${pointer}/${inner}`, 0, false)
        }${maybeComment()}${newline}`;
      });
      return dotted.join("");
    }).join("");
  };

  let text = lines() + members("", new Set());
  const tops = unique(dice, ["tools", "mcp_servers", "dotted.name", "q"]);
  for (const top of tops) {
    note("", top);
    const [pointer, header] = [`/${escaped(top)}`, key(top)];
    if (dice(4) === 0) {
      for (let i = 0; i <= dice(3); i++) {
        text += `${lines()}[[${header}]]${maybeComment()}${newline}${members(`${pointer}/${i}`, new Set(["sub"]))}`;
        if (dice(3) === 0) {
          note(`${pointer}/${i}`, "sub");
          text += `${lines()}[${header}.sub]${maybeComment()}${newline}${members(`${pointer}/${i}/sub`, new Set())}`;
        }
      }
      continue;
    }
    const children = unique(dice, ["one", "t w o", "three"]);
    if (dice(2) === 0 || children.length === 0) {
      text += `${lines()}[${oneOf(dice, ["", " "])}${header}]${maybeComment()}${newline}${
        members(pointer, new Set(["one", "t w o", "three"]))
      }`;
    }
    for (const child of children) {
      note(pointer, child);
      text += `${lines()}[${header}.${key(child)}]${maybeComment()}${newline}${
        members(`${pointer}/${escaped(child)}`, new Set())
      }`;
    }
  }
  text += lines();
  if (dice(4) === 0) text = text.trimEnd();
  const mark = dice(8) === 0 ? "\ufeff" : "";
  const all = Array.from(objects, ([pointer, fields]) => ({ pointer, names: fields }));
  return { text: mark + text, comments: comments.filter((one) => text.includes(one)), leaves, objects: all };
}

/** Returns a value to be written. */
export function randomValue(dice: Dice, depth = 0): unknown {
  const kind = depth > 2 ? dice(4) : dice(6);
  if (kind === 0) return oneOf(dice, [0, -1, 1.5, 1e21, 4096]);
  if (kind === 1) return dice(2) === 0;
  if (kind < 4) return oneOf(dice, [...words, "two\nlines", "\x7f\u0001", "'''", '"""']);
  if (kind === 4) return Array.from({ length: dice(4) }, () => randomValue(dice, depth + 1));
  return Object.fromEntries(unique(dice, names).map((name) => [name, randomValue(dice, depth + 1)])) as JsonObject;
}

/** Returns the pointer of `name` below another. */
export function below(pointer: string, name: string): string {
  return `${pointer}/${escaped(name)}`;
}

function unique(dice: Dice, all: readonly string[]): string[] {
  return [...new Set(Array.from({ length: dice(5) }, () => oneOf(dice, all)))];
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
