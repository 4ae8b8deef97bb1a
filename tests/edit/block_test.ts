import { TruceError } from "../../src/base/error.ts";
import { blockIn, withBlock, withoutBlock } from "../../src/edit/block.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

const path = "AGENTS.md";
const block = { text: "# Rules\n\nBe kind.\n", hash: "0a1b" };

/** Texts of persons, with what is put behind them. */
const texts: Record<string, [before: string, after: string]> = {
  "an empty text": ["", lines("\n")],
  "a text": ["# Mine\n", `# Mine\n\n${lines("\n")}`],
  "a text without a line break at its end": ["# Mine", `# Mine\n\n${lines("\n").slice(0, -1)}`],
  "a text with blank lines at its end": ["# Mine\n\n\n", `# Mine\n\n\n\n${lines("\n")}`],
  "a text with other line breaks and a mark": ["\ufeff# Mine\r\n", `\ufeff# Mine\r\n\r\n${lines("\r\n")}`],
  "a text that speaks of marks": [
    "See `<!-- truce:begin -->`.\n",
    `See \`<!-- truce:begin -->\`.\n\n${lines("\n")}`,
  ],
};

for (const [name, [before, after]] of Object.entries(texts)) {
  Deno.test(`withBlock() adds a block to ${name}, and withoutBlock() takes it out again`, () => {
    assertEquals(withBlock(before, path, block), after);
    assertEquals(withoutBlock(after, path), before);
    assertEquals(withBlock(after, path, block), after);
    assertEquals(blockIn(after, path)?.text, "# Rules\n\nBe kind.");
    assertEquals(blockIn(after, path)?.hash, "0a1b");
    assertEquals(blockIn(before, path), undefined);
  });
}

Deno.test("withBlock() changes the block where it is and nothing around it", () => {
  const text = `before\r\n${lines("\r\n")}after\n\nlast`;
  const changed = withBlock(text, path, { text: "new", hash: "ff" });
  assertEquals(
    changed,
    "before\r\n<!-- truce:begin ff Written by truce sync. Edit the source, not this. -->\r\nnew\r\n<!-- truce:end -->\r\nafter\n\nlast",
  );
  assertEquals(withoutBlock(changed, path), "before\r\nafter\n\nlast");
});

Deno.test("blockIn() understands a block that a person has touched", () => {
  assertEquals(blockIn("<!-- truce:begin -->\nx\n<!-- truce:end -->", path)?.text, "x");
  assertEquals(blockIn("<!-- truce:begin 0a1b -->\n<!-- truce:end -->", path)?.text, "");
  assertEquals(blockIn("<!-- truce:begin 0a1b words -->  \nx\n\n<!-- truce:end -->\t\n", path)?.text, "x\n");
});

const broken: Record<string, [text: string, message: string]> = {
  "a start without an end": ["a\n<!-- truce:begin 0a -->\nb\n", "truce:begin in line 2"],
  "an end without a start": ["<!-- truce:end -->\n", "truce:end in line 1"],
  "two starts": [
    "<!-- truce:begin -->\n<!-- truce:begin -->\n<!-- truce:end -->\n",
    "truce:begin in line 1, truce:begin in line 2",
  ],
  "two blocks": [lines("\n") + lines("\n"), "truce:end in line 5, truce:begin in line 6"],
  "an end before a start": ["<!-- truce:end -->\n<!-- truce:begin -->\n", "truce:end in line 1, truce:begin in line 2"],
};

for (const [name, [text, message]] of Object.entries(broken)) {
  Deno.test(`a text with ${name} is refused`, () => {
    for (
      const action of [() => blockIn(text, path), () => withBlock(text, path, block), () => withoutBlock(text, path)]
    ) {
      const error = assertThrows(action, TruceError, message);
      assertEquals([error.kind, error.message.startsWith('Cannot edit "AGENTS.md": its marks')], ["refused", true]);
    }
  });
}

Deno.test("withBlock() refuses a text that has a mark itself", () => {
  for (const text of ["a\n<!-- truce:end -->", "<!-- truce:begin x -->\r\n"]) {
    assertThrows(() => withBlock("", path, { text, hash: "0" }), TruceError, "its text has a mark of a block itself");
  }
});

function lines(newline: string): string {
  return [
    "<!-- truce:begin 0a1b Written by truce sync. Edit the source, not this. -->",
    "# Rules",
    "",
    "Be kind.",
    "<!-- truce:end -->",
    "",
  ].join(newline);
}
