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

/**
 * Splits `words` by `names`: `--flag value`, `--flag=value`, `--switch`, and `--` before words that are no flags.
 * Nothing is refused here: only the caller knows whether a person or a host typed it. The library for this costs a
 * quarter of what a hook may take.
 */
export function parseArgs(words: readonly string[], names: FlagNames): Args {
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const rest: string[] = [];
  const unknown: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "--") return { values, switches, rest: [...rest, ...words.slice(at + 1)], unknown };
    if (!word.startsWith("-") || word === "-") {
      rest.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    if (!word.startsWith("--")) unknown.push(word);
    else if (names.values.includes(name)) values[name] = equals < 0 ? words[++at] ?? "" : word.slice(equals + 1);
    else if (names.switches.includes(name) && equals < 0) switches.add(name);
    else unknown.push(word);
  }
  return { values, switches, rest, unknown };
}
