import { parse } from "@std/jsonc";

/** Returns the value of a JSON text with comments and trailing commas. Throws a SyntaxError for anything else. */
export function parseJsonc(text: string): unknown {
  return parse(text);
}
