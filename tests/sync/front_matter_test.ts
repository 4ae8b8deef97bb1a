import { frontMatter, lineOf, listIn, toolsIn, withoutFrontMatter } from "../../src/sync/front_matter.ts";
import { assertEquals } from "../support/assert.ts";

const cases: Readonly<Record<string, unknown>> = {
  "---\na: 1\n---\nbody\n": [{ a: 1 }, "body\n"],
  "---\r\na: b\r\n---\r\nbody\r\n": [{ a: "b" }, "body\r\n"],
  "\ufeff---\na: b\n---\nbody": [{ a: "b" }, "body"],
  "---\n---\nbody": [{}, "body"],
  "---\n\n---": [{}, ""],
  "--- \na: b\n--- \n": [{ a: "b" }, ""],
  "body\n---\na: b\n---\n": [{}, "body\n---\na: b\n---\n"],
  "\ufeffbody": [{}, "body"],
  "": [{}, ""],
  "----\nbody": [{}, "----\nbody"],
  "---\na: b\n----\nc: d\n---\n": ["broken"],
  "---\na: >-\n  b\n  c\nd: |\n  e\n---\n": [{ a: "b c", d: "e\n" }, ""],
  "---\na: [b, c]\nd:\n  - e\n---\n": [{ a: ["b", "c"], d: ["e"] }, ""],
  "---\na: b\n": ["broken"],
  "---": ["broken"],
  "---\n- a\n---\n": ["broken"],
  "---\ntext\n---\n": ["broken"],
  "---\na:\n\t- b: [\n---\n": ["broken"],
};

/** Not YAML, but what people write, and Claude Code reads. */
const almostYaml: Readonly<Record<string, unknown>> = {
  "paths: **/*.ts": { paths: "**/*.ts" },
  "paths: src/**/*.{ts,tsx}, lib/**": { paths: "src/**/*.{ts,tsx}, lib/**" },
  "paths: *": { paths: "*" },
  "description: Use when: asked: now\ntools: Read": { description: "Use when: asked: now", tools: "Read" },
  "argument-hint: [issue] [text]\nmodel: opus": { "argument-hint": "[issue] [text]", model: "opus" },
  "description: [unclosed": { description: "[unclosed" },
  "description: @x `y`\r\nname: n\r": { description: "@x `y`", name: "n" },
  'description: say "hi": \\o/': { description: 'say "hi": \\o/' },
  "a: 1\na: 2": { a: 2 },
};

Deno.test("frontMatter() parts a file into fields and body, and finds half a file", () => {
  const found = Object.keys(cases).map((text) => {
    const front = frontMatter(text);
    return [text, front.kind === "read" ? [front.fields, front.body] : ["broken"]];
  });
  assertEquals(Object.fromEntries(found), cases);
});

Deno.test("frontMatter() takes a value that is no YAML as the text that it is", () => {
  const found = Object.keys(almostYaml).map((yaml) => {
    const front = frontMatter(`---\n${yaml}\n---\nbody`);
    return [yaml, front.kind === "read" ? front.fields : front.why];
  });
  assertEquals(Object.fromEntries(found), almostYaml);
});

Deno.test("frontMatter() is not blown up by aliases", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"]) {
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(",")}]`);
  }
  assertEquals(frontMatter(`---\n${bomb.join("\n")}\n---\n`).kind, "read");
});

Deno.test("frontMatter() is bounded", () => {
  const found = frontMatter(`---\n${"a: b: c\n".repeat(10_000)}---\n`);
  assertEquals(found, { kind: "broken", why: "its front matter is larger than 64 KiB" });
});

Deno.test("withoutFrontMatter() leaves a text whole that only starts with a line", () => {
  assertEquals(withoutFrontMatter("---\na: b\n---\nbody"), "body");
  assertEquals(withoutFrontMatter("---\nNo end\n"), "---\nNo end\n");
});

Deno.test("listIn() parts at commas, but not within braces", () => {
  assertEquals(listIn("src/**/*.{ts,tsx}, my dir/**,"), ["src/**/*.{ts,tsx}", "my dir/**"]);
  assertEquals(listIn([" a b ", "c,d", "", 1]), ["a b", "c,d"]);
  assertEquals([undefined, null, 3, {}].map(listIn), [[], [], [], []]);
});

Deno.test("toolsIn() parts at commas and spaces, but not within parentheses", () => {
  assertEquals(toolsIn("Read, Bash(git add:*), Bash(git log -p,x) Grep"), [
    "Read",
    "Bash(git add:*)",
    "Bash(git log -p,x)",
    "Grep",
  ]);
  assertEquals(toolsIn(["Read", "Bash(a b)"]), ["Read", "Bash(a b)"]);
  assertEquals([toolsIn(undefined), toolsIn("")], [[], []]);
});

Deno.test("lineOf() is one line, also of a number or a truth", () => {
  const fields = { a: "x\n  y\n", b: 3, c: true, d: ["x"], e: " " };
  assertEquals(["a", "b", "c", "d", "e", "f"].map((name) => lineOf(fields, name)), [
    "x y",
    "3",
    "true",
    ...Array(3).fill(undefined),
  ]);
});
