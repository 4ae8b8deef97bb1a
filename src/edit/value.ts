// Values as JSON and TOML files hold them: what is where in one, and what one would be after an edit.

import { asObject, type JsonObject } from "../base/decode.ts";

/** A value that JSON has no word for, such as a date of TOML, by its text. */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Returns `value` when it is an object with fields, else `undefined`. */
export function asTable(value: unknown): JsonObject | undefined {
  return value instanceof Literal ? undefined : asObject(value);
}

/** Returns a text that is equal for equal values. The order of names counts only when it `isOrdered`. */
export function canonical(value: unknown, isOrdered = false): string {
  if (value instanceof Literal) return `#${value.text}`;
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : `#${value}`;
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, isOrdered)).join()}]`;
  const table = asTable(value);
  if (table === undefined) return JSON.stringify(value) ?? "null";
  const names = isOrdered ? Object.keys(table) : Object.keys(table).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(table[name], isOrdered)}`).join()}}`;
}

/** Says whether two values are the same, or both absent. */
export function isSame(a: unknown, b: unknown, isOrdered = false): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonical(a, isOrdered) === canonical(b, isOrdered);
}

/** Returns what JSON keeps of `value`: a field that is `undefined` is none. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

/** Returns the value at `parts` below `value`, or `undefined`. */
export function valueAt(value: unknown, parts: readonly string[]): unknown {
  let at = value;
  for (const part of parts) {
    const holder = Array.isArray(at) ? at : asTable(at);
    if (holder === undefined || !Object.hasOwn(holder, part) || Array.isArray(at) && part === "length") {
      return undefined;
    }
    at = (holder as JsonObject)[part];
  }
  return at;
}

/** Returns `value` with `set` at `parts`, and the objects on the way. A last part of `-` is a new element of an array. */
export function withValue(value: unknown, parts: readonly string[], set: unknown, isFirst = false): unknown {
  if (parts.length === 0) return set;
  const [part, ...rest] = parts;
  if (part === "-") {
    const items = Array.isArray(value) ? value : [];
    return isFirst ? [set, ...items] : [...items, set];
  }
  if (Array.isArray(value)) return value.with(Number(part), withValue(value[Number(part)], rest, set, isFirst));
  const table = asTable(value) ?? {};
  return own([
    ...Object.entries(table).filter(([name]) => name !== part),
    [part, withValue(valueAt(table, [part]), rest, set, isFirst)],
  ]);
}

/** Returns `value` without what is at `parts`. */
export function withoutValue(value: unknown, parts: readonly string[]): unknown {
  const [part, ...rest] = parts;
  if (valueAt(value, parts) === undefined) return value;
  if (Array.isArray(value)) {
    const index = Number(part);
    return rest.length === 0 ? value.toSpliced(index, 1) : value.with(index, withoutValue(value[index], rest));
  }
  const entries = Object.entries(asTable(value) ?? {});
  return own(
    rest.length === 0
      ? entries.filter(([name]) => name !== part)
      : entries.map(([name, inner]) => [name, name === part ? withoutValue(inner, rest) : inner]),
  );
}

/** Says whether nothing is in the object `value`. */
export function isEmptyTable(value: unknown): boolean {
  const table = asTable(value);
  return table !== undefined && Object.keys(table).length === 0;
}

/** Makes an object in which even `__proto__` is a field like others. */
function own(entries: [string, unknown][]): JsonObject {
  return Object.fromEntries(entries);
}
