/** A JSON object of unknown origin. Its fields are `unknown` until they were looked at. */
export type JsonObject = { readonly [field: string]: unknown };

/** Returns `value` when it is a JSON object, else `undefined`. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

/** Returns the own field `name` of `value`; inherited names such as `constructor` do not exist. */
export function field(value: unknown, name: string): unknown {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns the own field `name` when it is text that is not empty. */
export function textField(value: unknown, name: string): string | undefined {
  const text = field(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** Returns the own field `name` when it is a finite number. */
export function numberField(value: unknown, name: string): number | undefined {
  const number = field(value, name);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/**
 * Returns the own field `name` as an identity. Hosts have sent numbers where text is documented, and an identity that
 * is dropped would leave its session unprotected, so every JSON value but null counts.
 */
export function idField(value: unknown, name: string): string | undefined {
  const id = field(value, name);
  if (id === undefined || id === null || id === "") return undefined;
  return typeof id === "string" ? id : JSON.stringify(id);
}

/** Returns the elements of the own field `name` that are text, or nothing. */
export function textList(value: unknown, name: string): string[] {
  const list = field(value, name);
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === "string" && item !== "") : [];
}
