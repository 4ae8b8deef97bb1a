import { TruceError } from "../../src/base/error.ts";
import { shellWords } from "../../src/base/shell_words.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

/** Texts, and the words that a shell makes of them. */
const texts: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["", []],
  [" \t\n ", []],
  ["--target codex --dry-run", ["--target", "codex", "--dry-run"]],
  ["  --check\t\n--quiet ", ["--check", "--quiet"]],
  [`--target "codex, gemini"`, ["--target", "codex, gemini"]],
  [`--target='a b'"c d"e`, ["--target=a bc de"]],
  [`'' "" x`, ["", "", "x"]],
  [`a\\ b \\'c \\\\`, ["a b", "'c", "\\"]],
  [`"a \\"b\\" \\$c \\d \\\\"`, [`a "b" $c \\d \\`]],
  [`'a \\ "b"'`, [`a \\ "b"`]],
  [`"it's" 'say "x"'`, ["it's", `say "x"`]],
  ["a\\\nb", ["ab"]],
  ['"a\\\nb"', ["ab"]],
  ["end\\", ["end\\"]],
  ["$HOME `x` *; é😀", ["$HOME", "`x`", "*;", "é😀"]],
];

Deno.test("shellWords() splits as a shell does and expands nothing", () => {
  for (const [text, words] of texts) assertEquals(shellWords(text), words, text);
});

Deno.test("shellWords() splits what nothing is expanded in as sh does", async () => {
  for (const [text, words] of texts.filter(([text]) => !/\$HOME|^\s*$|end|^\W*--check/.test(text))) {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\0' ${text}`] }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words, text);
  }
});

Deno.test("shellWords() refuses a quote that is not closed", () => {
  for (const text of [`"a`, `a 'b`, `'`, `"a\\"`]) assertThrows(() => shellWords(text), TruceError, "is not closed");
});
