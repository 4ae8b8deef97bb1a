import { type Change, changeBetween, diagnosticsFrom, pathOf, type Position, uriOf } from "../../src/lsp/document.ts";
import { assertEquals } from "../support/assert.ts";

const paths = ["/a b/c.ts", "/100%/x", "/a#b?c", "/é/ü/日本.ts", "/a+b&c=d;e", "/[id]/(x)/page.tsx", "C:/a b/c.ts"];

for (const path of paths) {
  Deno.test(`pathOf() undoes uriOf() for ${path}`, () => assertEquals(pathOf(uriOf(path)), path));
}

Deno.test("pathOf() understands other spellings of a URI, and what is none", () => {
  assertEquals(pathOf("file:///a%20b/%23.ts"), "/a b/#.ts");
  assertEquals(pathOf("file:///c%3A/x.ts"), "C:/x.ts");
  assertEquals(pathOf("untitled:1"), undefined);
  assertEquals(pathOf("file:///%zz"), undefined);
});

const edits: [string, string][] = [
  ["", "a"],
  ["a", ""],
  ["same", "same"],
  ["one\ntwo\nthree\n", "one\n2\nthree\n"],
  ["a\r\nb\r\n", "a\nb\n"],
  ["a\nb\n", "a\r\nb\r\n"],
  ["aaa", "aa"],
  ["abab", "ab"],
  ["x😀y", "x😁y"],
  ["x😀", "x"],
  ["😀😀", "😀"],
  ["x\r\n", "x\r"],
  ["line\n".repeat(50), `${"line\n".repeat(25)}new\n${"line\n".repeat(25)}`],
];

for (const [before, after] of edits) {
  Deno.test(`changeBetween() makes ${JSON.stringify(before.slice(0, 12))} into ${JSON.stringify(after.slice(0, 12))}`, () =>
    assertEquals(applied(before, changeBetween(before, after)), after));
}

Deno.test("changeBetween() makes random texts into each other", () => {
  const letters = ["a", "b", "\n", "\r", "\r\n", "😀", "é"];
  let seed = 7;
  const random = (limit: number) => (seed = (seed * 48271) % 2147483647) % limit;
  const text = () => Array.from({ length: random(12) }, () => letters[random(letters.length)]).join("");
  for (let round = 0; round < 5_000; round++) {
    const [before, after] = [text(), text()];
    assertEquals(applied(before, changeBetween(before, after)), after, JSON.stringify([before, after]));
  }
});

Deno.test("diagnosticsFrom() takes what is whole and leaves out the rest", () => {
  const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } };
  assertEquals(
    diagnosticsFrom([
      { range, message: "a", severity: 2, source: "x", code: 7 },
      { range, message: { kind: "markdown", value: "b" } },
      { range, message: 5 },
      { message: "no place" },
      null,
      "text",
      { range: { start: {} }, message: "no line" },
      { range, message: "c", severity: 9, code: { value: 1 } },
    ]),
    [
      { line: 2, col: 3, severity: "warning", message: "a", source: "x", code: "7" },
      { line: 2, col: 3, severity: "error", message: "b", source: undefined, code: undefined },
      { line: 2, col: 3, severity: "error", message: "c", source: undefined, code: undefined },
    ],
  );
  assertEquals(diagnosticsFrom({ items: [] }), []);
});

/** Applies a change as a server does: lines end with \n, \r\n or \r, characters are UTF-16 units. */
function applied(text: string, { range, text: inserted }: Change): string {
  if (range === undefined) return inserted;
  return text.slice(0, offsetOf(text, range.start)) + inserted + text.slice(offsetOf(text, range.end));
}

function offsetOf(text: string, { line, character }: Position): number {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
  const end = starts[line + 1] ?? text.length;
  assertEquals(character <= end - starts[line], true, "the place is in its line");
  return starts[line] + character;
}
