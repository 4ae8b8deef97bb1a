// Ways to write one and the same command. A rule about `rm -rf` means `rm -fr`, too.

const spellingsMax = 24;
const lettersMax = 3;

/**
 * Returns the command itself and others that say the same with their short flags: `-rf`, `-fr`, `-r -f`, `-f -r`.
 *
 * ```ts
 * import { spellingsOf } from "./spellings.ts";
 * if (spellingsOf("rm -rf").join() !== "rm -rf,rm -fr,rm -r -f,rm -f -r") throw new Error();
 * ```
 */
export function spellingsOf(command: string): string[] {
  let all = [""];
  for (const word of command.trim().split(/\s+/)) {
    const written = flagSpellings(word);
    const next = all.flatMap((before) => written.map((one) => before === "" ? one : `${before} ${one}`));
    all = next.length > spellingsMax ? all.map((before) => `${before} ${word}`) : next;
  }
  return all;
}

/** Longer words behind one dash, such as `-delete`, are seldom several flags. */
function flagSpellings(word: string): string[] {
  const letters = /^-([A-Za-z]+)$/.exec(word)?.[1] ?? "";
  if (letters.length < 2 || letters.length > lettersMax || new Set(letters).size < letters.length) return [word];
  const orders = permutations([...letters]);
  return [
    ...orders.map((order) => `-${order.join("")}`),
    ...orders.map((order) => order.map((one) => `-${one}`).join(" ")),
  ];
}

function permutations(letters: readonly string[]): string[][] {
  if (letters.length === 0) return [[]];
  return letters.flatMap((first, i) => permutations(letters.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}
