import { TruceError } from "../../src/base/error.ts";
import type { Edit } from "../../src/edit/edit.ts";
import { readToml, tomlEditor } from "../../src/edit/toml.ts";
import { tomlText } from "../../src/edit/toml_text.ts";
import { Literal } from "../../src/edit/value.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { checkEdits } from "../support/byte_keeping.ts";
import { diceOf, randomToml } from "../support/random_file.ts";
import { readTomlOtherwise } from "../support/toml.ts";

const filesMax = 3_000;

interface Case {
  readonly before: string;
  readonly edits: readonly Edit[];
  readonly after: string;
}

const server = { command: "npx", args: ["-y", "x"], env: { TOKEN: "a" }, "odd name": 1.5 };

const cases: Record<string, Case> = {
  "makes sections of objects, also in an empty text": {
    before: "",
    edits: [set("/mcp_servers/fs", server), set("/model", "x")],
    after:
      'model = "x"\n\n[mcp_servers.fs]\ncommand = "npx"\nargs = ["-y", "x"]\n"odd name" = 1.5\n\n[mcp_servers.fs.env]\nTOKEN = "a"\n',
  },
  "puts a section behind those that are near it": {
    before: "[mcp_servers.mine] # mine\na = 1\n# b = 2\n\n# about tools\n[tools]\nweb = true\n",
    edits: [set("/mcp_servers/fs/command", "x")],
    after:
      '[mcp_servers.mine] # mine\na = 1\n# b = 2\n\n[mcp_servers.fs]\ncommand = "x"\n\n# about tools\n[tools]\nweb = true\n',
  },
  "adds a line to the section it belongs to": {
    before: "[a]\n  x = [\n    1,\n  ] # list\n\n[b]\n",
    edits: [set("/a/y", 2), set("/b/z", "q")],
    after: '[a]\n  x = [\n    1,\n  ] # list\n  y = 2\n\n[b]\nz = "q"\n',
  },
  "adds a value at the top behind those that are there": {
    before: "# my file\n\na = 1 # one\n\n[b]\n",
    edits: [set("/c", 2)],
    after: "# my file\n\na = 1 # one\nc = 2\n\n[b]\n",
  },
  "adds the first value at the top behind the comment of the file": {
    before: "# my file\r\n\r\n# about b\r\n[b]\r\n",
    edits: [set("/c", 2)],
    after: "# my file\r\n\r\nc = 2\r\n\r\n# about b\r\n[b]\r\n",
  },
  "keeps the mark, the line endings, and that there is none at the end": {
    before: "\ufeffa = 1\r\n[b]\r\nc = 1",
    edits: [set("/b/d", 2), set("/e", {})],
    after: "\ufeffa = 1\r\n[b]\r\nc = 1\r\nd = 2\r\n\r\n[e]",
  },
  "adds to dotted keys by a dotted key": {
    before: '[t]\na . "b c".d = 1\n',
    edits: [set("/t/a/b c/e", 2), set("/t/a/f", 3)],
    after: '[t]\na . "b c".d = 1\na."b c".e = 2\na.f = 3\n',
  },
  "adds to an inline table and to a list": {
    before: "a = {x=1}\nb = [ 1, # one\n  2\n]\nc = []\n",
    edits: [set("/a/y", { z: [1] }), set("/b/-", 3), set("/c/-", { d: "e" })],
    after: 'a = {x=1, y = { z = [1] }}\nb = [ 1, # one\n  2,\n  3\n]\nc = [{ d = "e" }]\n',
  },
  "adds an element to a list of tables": {
    before: "[[hooks.Stop]]\nx = 1\n\n[[hooks.Stop.hooks]]\ny = 1\n\n[z]\n",
    edits: [set("/hooks/Stop/-", { hooks: [{ command: "c" }] })],
    after:
      '[[hooks.Stop]]\nx = 1\n\n[[hooks.Stop.hooks]]\ny = 1\n\n[[hooks.Stop]]\n\n[[hooks.Stop.hooks]]\ncommand = "c"\n\n[z]\n',
  },
  "adds to one element of a list of tables": {
    before: "[[q]]\na = 1\n\n[[q]]\na = 2\n",
    edits: [set("/q/0/b/c", 3), set("/q/0/d", 4)],
    after: "[[q]]\na = 1\nd = 4\n\n[q.b]\nc = 3\n\n[[q]]\na = 2\n",
  },
  "changes only the value": {
    before: "a = 'x'   # keep\nb = '''\n# no\n[table]\n'''\n",
    edits: [set("/a", "it's \\ \x7f \u0001 \u{1f600} ''' \"\"\""), set("/b", ["x"])],
    after: 'a = "it\'s \\\\ \\u007f \\u0001 \u{1f600} \'\'\' \\"\\"\\""   # keep\nb = ["x"]\n',
  },
  "changes only what differs within an object": {
    before: "[s]\n# why\ncommand = 'x' # here\nold = 1\nenv = {A='1',   B = \"2\"}\n",
    edits: [set("/s", { command: "x", env: { A: "1", B: "3" }, new: true })],
    after: "[s]\n# why\ncommand = 'x' # here\nenv = {A='1',   B = \"3\"}\nnew = true\n",
  },
  "leaves a number that is the same by another name": {
    before: "a = 60.0\nb = 0x10\nc = 1_000\n",
    edits: [set("/a", 60), set("/b", 16), set("/c", 1000)],
    after: "a = 60.0\nb = 0x10\nc = 1_000\n",
  },
  "makes a table of what was a value, and the reverse": {
    before: "a = 1\n\n[b]\nc = 1\n",
    edits: [set("/a", { x: 1 }), set("/b", 2)],
    after: "a = { x = 1 }\nb = 2\n",
  },
  "removes a section with those in it, and no others": {
    before: "[a]\nx = 1\n\n[a.b]\ny = [\n  1, # one\n]\n\n[ab]\nz = 1\n",
    edits: [remove("/a")],
    after: "[ab]\nz = 1\n",
  },
  "removes a section and leaves the comments in it": {
    before: "x = 1\n\n# before\n[a] # head\n# about y\ny = 1 # one\n\n[b]\n",
    edits: [remove("/a")],
    after: "x = 1\n\n# before\n# head\n# about y\n# one\n\n[b]\n",
  },
  "removes lines, fields and elements": {
    before: "a = 1 # one\nb.c = 1\nb.d = 2\ne = { f = 1, g.h = 2, g.i = 3 }\nj = [ 1, 2, 3 ]\n",
    edits: [remove("/a"), remove("/b"), remove("/e/g"), remove("/j/1")],
    after: "# one\ne = { f = 1 }\nj = [ 1, 3 ]\n",
  },
  "removes an element of a list of tables": {
    before: "[[q]]\na = 1\n[q.sub]\nb = 1\n\n[[q]]\na = 2\n",
    edits: [remove("/q/0")],
    after: "[[q]]\na = 2\n",
  },
  "removes the section that it made for a value behind those within it": {
    before: "[tools.web]\na = 1\n\n[tools]\nb = 1\n\n[x]\n",
    edits: [remove("/tools/b")],
    after: "[tools.web]\na = 1\n\n[x]\n",
  },
  "leaves a header that a person wrote": {
    before: "[tools]\nb = 1\n\n[tools.web]\na = 1\n",
    edits: [remove("/tools/b")],
    after: "[tools]\n\n[tools.web]\na = 1\n",
  },
  "makes an empty section of an object that loses all": {
    before: "[a.b]\nc = 1\n",
    edits: [set("/a/b", {})],
    after: "[a.b]\n",
  },
};

for (const [name, { before, edits, after }] of Object.entries(cases)) {
  Deno.test(`tomlEditor.edit() ${name}`, () => {
    const edited = tomlEditor.edit(before, edits, { path: "x.toml" });
    assertEquals(edited, after);
    const again = edits.filter((edit) => edit.kind === "set" && !edit.pointer.endsWith("-"));
    assertEquals(tomlEditor.edit(edited, again, { path: "x.toml" }), after, "not the same twice");
  });
}

const refused: Record<string, [text: string, pointer: string, message: string]> = {
  "a text that is no TOML": [
    "a = 1\nb",
    "/a",
    'Cannot read "x.toml": it is no TOML, line 2, column 2: expected equal (=) token',
  ],
  "a key that is there twice": [
    "a = 1\na = 2",
    "/b",
    "it is no TOML, line 2, column 1: defining a key multiple times is invalid",
  ],
  "a value where a table belongs": ["a = 1", "/a/b", 'Cannot edit "x.toml": there is a value at "a", not a table'],
  "a list where a table belongs": ["a = [1]", "/a/b", 'there is a list at "a", not a table'],
  "a value in a list of tables": ["[[a]]", "/a/-", '"a" is a list of tables'],
  "a text that is nested without end": [`a = ${"[".repeat(20_000)}`, "/a", 'Cannot read "x.toml": it is'],
};

for (const [name, [text, pointer, message]] of Object.entries(refused)) {
  Deno.test(`tomlEditor.edit() refuses ${name}`, () => {
    const error = assertThrows(() => tomlEditor.edit(text, [set(pointer, 5)], { path: "x.toml" }), TruceError, message);
    assertEquals(error.kind, "refused");
  });
}

Deno.test("readToml() keeps what JSON has no word for", () => {
  const text = "a = 1979-05-27T07:32:00Z\nb = 9223372036854775807\nc = inf\nd = 1e3\n__proto__ = 1\n";
  const value = {
    a: new Literal("1979-05-27T07:32:00Z"),
    b: new Literal("9223372036854775807"),
    c: new Literal("Infinity"),
    d: 1000,
    ["__proto__"]: 1,
  };
  assertEquals(readToml(text, "x.toml"), value);
});

Deno.test("tomlEditor.edit() finds a number of one figure at the end of a text", () => {
  assertEquals(tomlEditor.edit("[a]\nb = 0", [set("/a/b", 1)], { path: "x.toml" }), "[a]\nb = 1");
});

Deno.test("tomlText() writes what other readers understand", () => {
  const value = {
    top: 1,
    "odd.name": { list: [1, "a"], empty: {}, none: [], mixed: [{ a: 1 }, 2] },
    rule: [{ match: ["rm"], deep: { er: true } }, {}],
    text: 'two\nlines \\ "',
  };
  assertEquals(readTomlOtherwise(tomlText(value)), value);
});

Deno.test(`tomlEditor.edit() keeps every byte of ${filesMax} random files but those it is to change`, () => {
  const judge = (text: string) => readTomlOtherwise(text.replace(/^\ufeff/, ""));
  for (let seed = 0; seed < filesMax; seed++) {
    const dice = diceOf(seed);
    try {
      checkEdits({ editor: tomlEditor, read: judge }, randomToml(dice), dice);
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error });
    }
  }
});

function set(pointer: string, value: unknown): Edit {
  return { kind: "set", pointer, value };
}

function remove(pointer: string): Edit {
  return { kind: "remove", pointer };
}
