import { expanded, type FindImport } from "../../src/sync/source/imports.ts";
import { withoutComments } from "../../src/sync/source/markdown.ts";
import { resolvePath } from "../../src/base/path.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";

/** Finds files in a record by their absolute paths; what is below `/out` is private. */
function finder(files: Readonly<Record<string, string>>): FindImport {
  return (written, folder) => {
    const path = resolvePath(folder, written);
    if (path.startsWith("/out/")) return { kind: "private", path };
    return path in files
      ? { kind: "text", path, shown: path.slice("/p/".length), text: files[path] }
      : { kind: "none" };
  };
}

function expand(text: string, files: Readonly<Record<string, string>> = {}) {
  return expanded(text, "/p/CLAUDE.md", finder(files));
}

/** What of these is an import was observed in Claude Code 2.1.329, where `x.md` is a file. */
const isImport: Readonly<Record<string, boolean>> = {
  "@x.md": true,
  "Line @x.md in text.": true,
  "- item @./x.md": true,
  "@sub/../x.md": true,
  "@x.md#section": true,
  "**@x.md**": true,
  "*see @x.md*": true,
  "_@x.md_": true,
  "***@x.md***": true,
  "> @x.md": true,
  "| a | @x.md |\n|---|---|": true,
  "# @x.md": true,
  "[@x.md](z)": true,
  "[a @x.md](z)": true,
  "<b>@x.md</b>": true,
  "1. item\n\n    @x.md": true,
  "- a\n    @x.md": true,
  "<p>\nx\n</p>\n\nafter @x.md": true,
  "<!-- a\n\nb\n--> @x.md": true,
  "inline <!-- c --> @x.md": true,
  "`unclosed @x.md": true,
  "@x.md\r\n": true,
  "End @x.md.": false,
  "@x.md, and": false,
  "(@x.md)": false,
  '"@x.md"': false,
  "@x.md!": false,
  "@x.md: y": false,
  "me@x.md": false,
  "@@x.md": false,
  "\\@x.md": false,
  "-@x.md": false,
  "a:@x.md": false,
  "~~@x.md~~": false,
  "@'x.md'": false,
  "@*x.md": false,
  "[link](@x.md)": false,
  "`@x.md`": false,
  "``a ` @x.md``": false,
  "para `code\nstill @x.md` x": false,
  "```\n@x.md\n```": false,
  "~~~\n@x.md\n~~~": false,
  "````\n```\n@x.md\n````": false,
  "- ```\n  @x.md\n  ```": false,
  "> ```\n> @x.md\n> ```": false,
  "text\n\n    @x.md": false,
  "text\n\n\t@x.md": false,
  "<p>\n@x.md\n</p>": false,
  "<!-- @x.md -->": false,
  "<!-- a\n\n@x.md\n-->": false,
  "inline <!-- @x.md --> x": false,
  "@missing.md": false,
};

Deno.test("expanded() takes for an import what Claude Code does", () => {
  const found = Object.keys(isImport).map((text) => [text, expand(text, { "/p/x.md": "X" }).imports.length === 1]);
  assertEquals(Object.fromEntries(found), isImport);
});

Deno.test("expanded() puts a file in the place of its line, and at the end where the line says more", () => {
  const files = { "/p/a b.md": "A\n", "/p/c.md": "C1\nC2\n" };
  assertEquals(expand("top\n  @a\\ b.md \nend\n", files).text, "top\n  A \nend\n");
  assertEquals(
    expand("See **@c.md** and\n- @a\\ b.md\n", files).text,
    "See **c.md** and\n- a b.md\n\nContents of c.md:\n\nC1\nC2\n\nContents of a b.md:\n\nA\n",
  );
});

Deno.test("expanded() drops the `@` of what it tells, so that no client tells it again, and keeps that of the rest", () => {
  const { text, privateImports } = expand("@c.md\n@c.md\n@missing.md @types/node\n@../out/x.md\n`@c.md`\n", {
    "/p/c.md": "C",
  });
  assertEquals(text, "C\nc.md\n@missing.md @types/node\n@../out/x.md\n`@c.md`\n");
  assertEquals(privateImports, ["/out/x.md"]);
});

Deno.test("expanded() resolves an import from the file that names it, and ends circles", () => {
  const files = {
    "/p/sub/a.md": "A\n@b.md",
    "/p/sub/b.md": "B\n@../c.md",
    "/p/c.md": "C\n@sub/a.md\n@CLAUDE.md",
    "/p/CLAUDE.md": "-",
  };
  const { text, imports } = expand("@sub/a.md\n", files);
  assertEquals(text, "A\nB\nC\nsub/a.md\nCLAUDE.md\n");
  assertEquals(imports.map(({ path }) => path), ["/p/sub/a.md", "/p/sub/b.md", "/p/c.md"]);
});

Deno.test("expanded() follows four hops", () => {
  const files = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`/p/d${n}.md`, `D${n}\n@d${n + 1}.md`]));
  const { text, problems } = expand("@d1.md", files);
  assertEquals(text, "D1\nD2\nD3\nD4\n@d5.md");
  assertEquals(problems, ["@d5.md: it is more than 4 imports away"]);
});

Deno.test("expanded() bounds what a few lines may import", () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`/p/f${i}.md`, "x".repeat(10_000)]));
  const { text, problems } = expand(Object.keys(files).map((path) => `@${path.slice(3)}`).join("\n"), files);
  assertEquals(text.length < 1_100_000, true);
  assertStringIncludes(problems[0], "there is too much to import");
});

Deno.test("expanded() leaves out front matter and blocks of comments, which Claude Code does not tell", () => {
  assertEquals(expand("---\ntitle: t\n---\n<!-- note\n -->\nBody <!-- kept -->\n").text, "Body <!-- kept -->\n");
  assertEquals(
    withoutComments("a\n<!-- x --> b\n```\n<!-- code -->\n```\n<!-- open"),
    "a\n b\n```\n<!-- code -->\n```\n",
  );
});
