import { asObject } from "../base/decode.ts";
import { readJson } from "../edit/json.ts";
import { maskedText, maskedValue } from "./mask.ts";

/** A shorter number is likely to stand elsewhere, too. */
const numberLengthMin = 6;

/** Returns what masks, in texts with parts of the JSON in `text`, those of its values that look secret. */
export function maskedJson(text: string, path: string): (shown: string) => string {
  const value = readJson(text, path);
  // The longest first: one may be a part of another.
  const secrets = differing(value, maskedValue(value, [])).sort(([a], [b]) => b.length - a.length);
  return (shown) => maskedText(secrets.reduce((line, [from, to]) => line.replaceAll(from, () => to), shown));
}

/** Returns the values that differ, as JSON writes them: each with the one in its place. */
function differing(value: unknown, masked: unknown): [string, string][] {
  const [values, others] = [partsIn(value), partsIn(masked)];
  if (values !== undefined) return [...values].flatMap(([name, inner]) => differing(inner, others?.get(name)));
  const [from, to] = [JSON.stringify(value), JSON.stringify(masked)];
  return from === to || typeof value === "number" && from.length < numberLengthMin ? [] : [[from, to]];
}

function partsIn(value: unknown): Map<string, unknown> | undefined {
  const object = Array.isArray(value) ? { ...value } : asObject(value);
  return object && new Map(Object.entries(object));
}
