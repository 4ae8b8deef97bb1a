import { asObject, field, idField, type JsonObject, numberField, textField, textList } from "../../src/base/decode.ts";
import { assertEquals } from "../support/assert.ts";

const object: JsonObject = {
  text: "a",
  empty: "",
  number: 4,
  zero: 0,
  nan: NaN,
  infinite: Infinity,
  no: false,
  none: null,
  list: ["a", 1, "", null, "b", ["c"]],
  nested: { a: 1 },
};

function read(look: (value: unknown, name: string) => unknown): Record<string, unknown> {
  const found = Object.keys(object).map((name) => [name, look(object, name)]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

Deno.test("asObject() takes JSON objects alone", () => {
  const values = [{}, object, [], null, undefined, "a", 1, true];
  assertEquals(values.map((value) => asObject(value) !== undefined), [true, true, ...Array(6).fill(false)]);
});

Deno.test("field() knows own fields alone", () => {
  assertEquals(field(object, "number"), 4);
  for (const name of ["constructor", "toString", "__proto__", "missing"]) assertEquals(field(object, name), undefined);
  for (const value of [undefined, null, "text", 5, ["a"]]) assertEquals(field(value, "length"), undefined);
  assertEquals(field(JSON.parse('{"__proto__":1}'), "__proto__"), 1);
});

Deno.test("textField() takes text that is not empty", () => assertEquals(read(textField), { text: "a" }));

Deno.test("numberField() takes finite numbers", () => assertEquals(read(numberField), { number: 4, zero: 0 }));

Deno.test("idField() takes every value but null and the empty text", () => {
  assertEquals(read(idField), {
    text: "a",
    number: "4",
    zero: "0",
    nan: "null",
    infinite: "null",
    no: "false",
    list: '["a",1,"",null,"b",["c"]]',
    nested: '{"a":1}',
  });
});

Deno.test("textList() takes the texts of a list", () => {
  const empty = Object.fromEntries(Object.keys(object).map((name) => [name, []]));
  assertEquals(read(textList), { ...empty, list: ["a", "b"] });
});
