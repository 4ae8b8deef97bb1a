/**
 * Says whether `value` has every field of `sample` with a value of the same kind, and so on within. A list is checked
 * item by item against the first of the sample; a field that the sample does not name may be anything.
 *
 * ```ts
 * import { hasShape } from "./shape.ts";
 * if (hasShape({ a: 1, list: [{}] }, { a: 0, list: [{ b: "" }] })) throw new Error();
 * ```
 */
export function hasShape<S>(value: unknown, sample: S): boolean {
  if (typeof sample !== "object" || sample === null) return typeof value === typeof sample;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(sample)) return false;
  if (Array.isArray(value)) return value.every((item) => hasShape(item, (sample as unknown[])[0]));
  for (const name in sample) {
    if (!Object.hasOwn(value, name) || !hasShape((value as Record<string, unknown>)[name], sample[name])) return false;
  }
  return true;
}
