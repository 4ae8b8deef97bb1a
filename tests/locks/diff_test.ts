import { shortDiff } from "../../src/locks/diff.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";

function lines(count: number, word = "line"): string {
  return Array.from({ length: count }, (_, number) => `${word} ${number}\n`).join("");
}

Deno.test("shortDiff() shows what changed between two lines of context", () => {
  const after = lines(9).replace("line 4\n", "LINE 4\nnew\n");
  assertEquals(
    shortDiff(lines(9), after),
    ["@@ -3,5 +3,6 @@", " line 2", " line 3", "-line 4", "+LINE 4", "+new", " line 5", " line 6"].join("\n"),
  );
});

Deno.test("shortDiff() shows each place", () => {
  const after = lines(20).replace("line 1\n", "").replace("line 18\n", "");
  assertEquals(shortDiff(lines(20), after)?.match(/^@@.*@@$/gm), ["@@ -1,4 +1,3 @@", "@@ -17,4 +16,3 @@"]);
});

Deno.test("shortDiff() of equal texts is empty", () => assertEquals(shortDiff("a\n", "a\n"), ""));

Deno.test("shortDiff() says when the last line does not end", () => {
  assertEquals(shortDiff("a\nb\n", "a\nb")?.split("\n").slice(1), [" a", "-b", "+b", "\\ No newline at end of file"]);
});

Deno.test("shortDiff() shows a new and an emptied file", () => {
  assertEquals(shortDiff("", "a\n")?.split("\n").slice(1), ["+a"]);
  assertEquals(shortDiff("a\n", "")?.split("\n").slice(1), ["-a"]);
});

Deno.test("shortDiff() cuts a long one after 60 lines", () => {
  const diff = shortDiff(lines(100), lines(100, "other")) ?? "";
  assertEquals(diff.split("\n").length, 61);
  assertMatch(diff, /\n… \(141 more lines\)$/);
});

Deno.test("shortDiff() gives up on what would take too long", () => {
  assertEquals(shortDiff(lines(1500), lines(1500, "other")), undefined);
});
