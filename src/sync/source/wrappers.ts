// Programs that run another with the rest of their words: `sudo -u root rm x` runs `rm x`.

/** How a wrapper is called. */
interface Wrapper {
  /** Its options that have a word of their own behind them, by their letters. */
  readonly valued?: string;
  /** How many words stand between its options and the command. */
  readonly skips?: number;
  /** Whether an allow of the command allows it behind the wrapper. */
  readonly isPlain?: boolean;
  /** Whether it is looked behind only where it has no options. */
  readonly isBare?: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  command: { isPlain: true },
  nice: { valued: "n", isPlain: true },
  nohup: { isPlain: true },
  stdbuf: { valued: "ioe", isPlain: true },
  time: { valued: "fo", isPlain: true },
  timeout: { valued: "ks", skips: 1, isPlain: true },
  xargs: { isPlain: true, isBare: true },
  builtin: {},
  doas: { valued: "uC" },
  env: { valued: "uCS" },
  exec: { valued: "a" },
  ionice: { valued: "cnp" },
  setsid: {},
  strace: { valued: "eop" },
  sudo: { valued: "ughpCrtDRT" },
  watch: { valued: "n" },
};

const assignment = /^[A-Za-z_]\w*\+?=/;

/** Returns where commands start behind wrappers, and, for a deny, behind variables that are set for them. */
export function behindWrappers(words: readonly string[], action: "deny" | "allow"): number[] {
  const starts: number[] = [];
  for (let at = 0; at < words.length;) {
    const next = assignment.test(words[at]) ? action === "deny" ? at + 1 : words.length : behind(words, at, action);
    if (next === undefined || next >= words.length) break;
    starts.push(next);
    at = next;
  }
  return starts;
}

function behind(words: readonly string[], at: number, action: "deny" | "allow"): number | undefined {
  const name = action === "allow" ? words[at] : words[at].slice(words[at].lastIndexOf("/") + 1);
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined || action === "allow" && wrapper.isPlain !== true) return undefined;
  let next = at + 1;
  while (words[next]?.startsWith("-")) {
    if (wrapper.isBare) return undefined;
    const [, letter] = /^-([A-Za-z])$/.exec(words[next]) ?? [];
    next += letter !== undefined && wrapper.valued?.includes(letter) ? 2 : 1;
  }
  return next + (wrapper.skips ?? 0);
}
