import { Literal } from "../../src/edit/value.ts";
import { parse, TomlDate } from "smol-toml";

/** Reads TOML by another reader than the product's. */
export function readTomlOtherwise(text: string): unknown {
  return normal(parse(text, { integersAsBigInt: "asNeeded" }));
}

function normal(value: unknown): unknown {
  if (value instanceof TomlDate) return new Literal(value.toISOString());
  if (typeof value === "bigint") return new Literal(String(value));
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normal(inner)]));
}
