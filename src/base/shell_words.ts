import { TruceError } from "./error.ts";

/**
 * Returns the words of `text` as a shell would split it: at blanks, outside of quotes, with what a backslash takes
 * literally. Nothing is expanded. Throws a usage error when a quote is not closed.
 *
 * ```ts
 * import { shellWords } from "./shell_words.ts";
 * if (shellWords(`--target "a b" c\\ d`).join("|") !== "--target|a b|c d") throw new Error();
 * ```
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== "") {
    const [, blanks, single, double, escaped, plain] = piece.exec(rest) ?? [];
    const taken = [blanks, single, double, escaped, plain].find((part) => part !== undefined);
    if (taken === undefined) throw new TruceError("usage", `Cannot read "${text}": a quote in it is not closed`);
    if (blanks !== undefined && word !== undefined) words.push(word);
    word = blanks === undefined ? (word ?? "") + meaningOf(taken) : undefined;
    rest = rest.slice(taken.length);
  }
  return word === undefined ? words : [...words, word];
}

/** Blanks, or one part of a word: in single quotes, in double ones, behind a backslash, or as it is. */
const piece = /^(?:([ \t\r\n]+)|('[^']*')|("(?:[^"\\]|\\[^])*")|(\\[^]?)|([^ \t\r\n'"\\]+))/;

function meaningOf(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (part.startsWith('"')) return part.slice(1, -1).replaceAll(/\\(?:(["\\$`])|\n)/g, "$1");
  if (!part.startsWith("\\")) return part;
  return part === "\\" ? part : part.slice(1).replace("\n", "");
}
