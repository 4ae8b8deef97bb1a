// `${NAME}` and `${NAME:-default}` in the texts of a server, as Claude Code reads them: a default ends at the first
// brace and holds no reference, and it stands for a variable that is absent, not for one that is empty. A reference to
// an absent variable without a default stays as it is written.

/** A reference to a variable of the environment. */
export interface Reference {
  readonly kind: "reference";
  readonly name: string;
  /** Absent when there is none; it may be empty. */
  readonly fallback?: string;
}

/** A piece of a text with references in it. */
export type Part = { readonly kind: "text"; readonly text: string } | Reference;

const pattern = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Returns the parts of `text` in their order; none is empty.
 *
 * ```ts
 * import { partsOf } from "./reference.ts";
 * const [text, reference] = partsOf("Bearer ${TOKEN:-none}");
 * if (text.kind !== "text" || text.text !== "Bearer ") throw new Error();
 * if (reference.kind !== "reference" || reference.fallback !== "none") throw new Error();
 * ```
 */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(referenceOf(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** Returns the reference that `text` is, with nothing before or behind it; else `undefined`. */
export function soleReference(text: string): Reference | undefined {
  const parts = partsOf(text);
  const [first] = parts;
  return parts.length === 1 && first.kind === "reference" ? first : undefined;
}

/** Returns the references in `text`. */
export function referencesIn(text: string): Reference[] {
  return partsOf(text).filter((part) => part.kind === "reference");
}

function referenceOf([, name, fallback]: RegExpMatchArray): Reference {
  return fallback === undefined ? { kind: "reference", name } : { kind: "reference", name, fallback };
}
