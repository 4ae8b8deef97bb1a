import { parseArgs as stdParseArgs } from "@std/cli/parse-args";

/** The flags of a command: those with a value, and those without. */
export interface FlagNames {
  readonly values: readonly string[];
  readonly switches: readonly string[];
}

/** What was typed: flags with a value, switches that are on, the rest in order, and flags that are not known. */
export interface Args {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly rest: readonly string[];
  readonly unknown: readonly string[];
}

/** Splits `words` by `names`. Nothing is refused here: only the caller knows whether a person or a host typed it. */
export function parseArgs(words: readonly string[], names: FlagNames): Args {
  const unknown: string[] = [];
  const strayValues: string[] = [];
  const parsed = stdParseArgs([...words], {
    string: [...names.values, "_"],
    boolean: [...names.switches],
    unknown(word: string, _key: string | undefined, value: unknown) {
      if (!word.startsWith("-") || word === "-") return true;
      unknown.push(word);
      if (typeof value === "string" && value !== "" && !word.includes("=")) strayValues.push(value);
      return false;
    },
  }) as Record<string, unknown>;
  const values = Object.fromEntries(names.values.map((name) => [name, lastText(parsed[name])]));
  const switches = new Set(names.switches.filter((name) => parsed[name] === true));
  return { values, switches, rest: [...(parsed._ as unknown[]).map(String), ...strayValues], unknown };
}

function lastText(value: unknown): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" ? last : undefined;
}
