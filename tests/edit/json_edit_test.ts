import { TruceError } from "../../src/base/error.ts";
import { parseJsonc } from "../../src/base/jsonc.ts";
import type { Edit } from "../../src/edit/edit.ts";
import { editJson, jsonEditor, readJson } from "../../src/edit/json.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { checkEdits } from "../support/byte_keeping.ts";
import { diceOf, randomJson } from "../support/random_file.ts";

const filesMax = 7_000;

interface Case {
  readonly before: string;
  readonly edits: readonly Edit[];
  readonly order?: "first" | "last";
  readonly after: string;
}

const cases: Record<string, Case> = {
  "makes an object of an empty text": {
    before: "",
    edits: [set("/mcp/a", { command: ["x"], env: {} })],
    after: '{\n  "mcp": {\n    "a": {\n      "command": ["x"],\n      "env": {}\n    }\n  }\n}\n',
  },
  "adds below a text that is a comment": {
    before: "// mine",
    edits: [set("/a", 1)],
    after: '// mine\n{\n  "a": 1\n}\n',
  },
  "keeps the mark, the line endings and the indentation": {
    before: '\ufeff{\r\n\t"a": 1\r\n}',
    edits: [set("/b", { c: true })],
    after: '\ufeff{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"c": true\r\n\t}\r\n}',
  },
  "adds behind the comments at the end": {
    before: '{\n  "a": 1, // one\n  // two\n}\n',
    edits: [set("/b", 2)],
    after: '{\n  "a": 1, // one\n  // two\n  "b": 2,\n}\n',
  },
  "adds no comma at the end where there was none": {
    before: '{\n  "a": 1 // one\n}\n',
    edits: [set("/b", 2)],
    after: '{\n  "a": 1, // one\n  "b": 2\n}\n',
  },
  "stays on the line of an object that is on one": {
    before: '{ "a": 1, "o": { "x": [1, 2] } }',
    edits: [set("/o/y", { z: [{}] }), set("/o/x/-", 3)],
    after: '{ "a": 1, "o": { "x": [1, 2, 3], "y": { "z": [{}] } } }',
  },
  "changes only what differs within an object": {
    before: '{\n  "s": {\n    // why\n    "args": ["a",  "b"], /* keep */ "old": 1,\n    "url": "x" // here\n  }\n}\n',
    edits: [set("/s", { url: "y", args: ["a", "b"], timeout: 5 })],
    after:
      '{\n  "s": {\n    // why\n    "args": ["a",  "b"], /* keep */\n    "url": "y", // here\n    "timeout": 5\n  }\n}\n',
  },
  "removes a line and leaves the comments": {
    before: '{\n  // about a\n  "a": 1, // the first\n\n  "b": 2,\n  "c": 3\n}\n',
    edits: [{ kind: "remove", pointer: "/a" }, { kind: "remove", pointer: "/c" }],
    after: '{\n  // about a\n  // the first\n\n  "b": 2\n}\n',
  },
  "removes the only field with its comma": {
    before: '{\n  "a": { "b": 1, },\n}\n',
    edits: [{ kind: "remove", pointer: "/a/b" }],
    after: '{\n  "a": {},\n}\n',
  },
  "removes what is not there from nowhere": {
    before: '{"a":1}',
    edits: [{ kind: "remove", pointer: "/b" }, { kind: "remove", pointer: "/a/b/c" }],
    after: '{"a":1}',
  },
  "removes an element and leaves the others": {
    before: '{ "a": [\n  1, // one\n  2,\n  3\n] }',
    edits: [{ kind: "remove", pointer: "/a/1" }],
    after: '{ "a": [\n  1, // one\n  3\n] }',
  },
  "adds the first element of a list": {
    before: '{ "a": ["x"] }',
    edits: [set("/a/-", "y"), set("/b/-", "z")],
    order: "first",
    after: '{ "a": ["y", "x"], "b": ["z"] }',
  },
  "understands names with slashes and tildes, and none": {
    before: "{}",
    edits: [set("/a~1b/~0", 1), set("/", 2), set("/__proto__", 3)],
    after: '{\n  "a/b": {\n    "~": 1\n  },\n  "": 2,\n  "__proto__": 3\n}',
  },
  "takes the last places, in order, and leaves those of others": {
    before:
      '{\n  "p": {\n    "b": "deny",\n    // mine\n    "u": "ask", // why\n    "a": "deny",\n    "v": "ask"\n  }\n}\n',
    edits: [set("/p/a", "deny"), set("/p/b", "deny"), set("/p/c", "deny")],
    order: "last",
    after:
      '{\n  "p": {\n    // mine\n    "u": "ask", // why\n    "v": "ask",\n    "a": "deny",\n    "b": "deny",\n    "c": "deny"\n  }\n}\n',
  },
  "takes the first places, in order": {
    before: '{\n  "u": 1,\n  "b": 2\n}\n',
    edits: [set("/a", 1), set("/b", 2)],
    order: "first",
    after: '{\n  "a": 1,\n  "b": 2,\n  "u": 1\n}\n',
  },
  "knows the order of names that are numbers": {
    before: '{\n  "b": 1,\n  "0": 2\n}',
    edits: [set("/b", 1)],
    order: "first",
    after: '{\n  "b": 1,\n  "0": 2\n}',
  },
  "leaves a text in which all is in its place": {
    before: '{ "u":1,  "a" : 1 , "b":2 }',
    edits: [set("/a", 1), set("/b", 2)],
    order: "last",
    after: '{ "u":1,  "a" : 1 , "b":2 }',
  },
  "orders the names within a value where order decides": {
    before: '{ "p": { "x": "deny", "*": "ask" } }',
    edits: [set("/p", { "*": "ask", x: "deny" })],
    order: "last",
    after: '{ "p": {\n  "*": "ask",\n  "x": "deny"\n} }',
  },
};

for (const [name, { before, edits, order, after }] of Object.entries(cases)) {
  Deno.test(`editJson() ${name}`, () => {
    const edited = editJson(before, edits, { path: "x.json", order });
    assertEquals(edited, after);
    const again = edits.filter((edit) => edit.kind === "set" && !edit.pointer.endsWith("-"));
    assertEquals(editJson(edited, again, { path: "x.json", order }), after, "not the same twice");
  });
}

const refused: Record<string, [text: string, pointer: string, message: string]> = {
  "a text that ends too early": [
    '{\n  "a": 1',
    "/a",
    'Cannot read "x.json": it is no JSON, line 2, column 9: close brace expected',
  ],
  "a text that is something else": ["hello", "/a", "it is no JSON, line 1, column 1: invalid symbol"],
  "two texts": ['{"a":1}}', "/a", "it is no JSON, line 1, column 8: end of file expected"],
  "two commas": ['{"a":1,,}', "/a", "it is no JSON, line 1, column 8"],
  "a comment without an end": ['{"a":1} /* x', "/a", "it is no JSON, line 1"],
  "a name that is there twice": ['{"a":1,\n"a":2}', "/a", 'Cannot edit "x.json": "a" is there twice, line 2, column 1'],
  "a list where an object belongs": ["[1]", "/a", 'Cannot edit "x.json": there is a list at "the top", not an object'],
  "a value where an object belongs": ['{"p":"ask"}', "/p/a", 'there is a value at "p", not an object'],
  "a text that is nested without end": ["[".repeat(100_000), "/a", "it is nested deeper than 200"],
};

for (const [name, [text, pointer, message]] of Object.entries(refused)) {
  Deno.test(`editJson() refuses ${name}`, () => {
    const error = assertThrows(() => editJson(text, [set(pointer, 5)], { path: "x.json" }), TruceError, message);
    assertEquals(error.kind, "refused");
  });
}

Deno.test("readJson() takes an empty text for an empty object", () => {
  for (const text of ["", "\ufeff", " \n", "// only a comment\n"]) assertEquals(readJson(text, "x.json"), {});
});

Deno.test("jsonEditor.isBlank() says whether somebody could miss something", () => {
  for (const text of ["", "{}", "\ufeff{\n\n}\n"]) assertEquals(jsonEditor.isBlank(text), true, text);
  for (const text of ["// x", "{ /* x */ }", "[]", '{"a":1}']) assertEquals(jsonEditor.isBlank(text), false, text);
});

Deno.test(`editJson() keeps every byte of ${filesMax} random files but those it is to change`, () => {
  const judge = (text: string) => parseJsonc(text.replace(/^\ufeff/, ""));
  for (let seed = 0; seed < filesMax; seed++) {
    const dice = diceOf(seed);
    onSeed(seed, () => checkEdits({ editor: jsonEditor, read: judge }, randomJson(dice), dice));
  }
});

function set(pointer: string, value: unknown): Edit {
  return { kind: "set", pointer, value };
}

function onSeed(seed: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`with seed ${seed}`, { cause: error });
  }
}
