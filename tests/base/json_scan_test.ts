import { JsonScan } from "../../src/base/json_scan.ts";
import { assertEquals } from "../support/assert.ts";

const whole: readonly string[] = [
  "{}",
  "[]",
  '{"a":{"b":[1,2,{"c":null}]}}',
  '{"a":"}]{[","b":1}',
  '{"a":"\\"}","b":"\\\\"}',
  '{"a":"\\\\\\"}"}',
  '{"ä😀":"\\u007d"}',
  ' \n\t{"a" : [ ] }',
  '["{"]',
];

for (const text of whole) {
  Deno.test(`JsonScan finds the end of ${text} wherever it is cut`, () => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const scan = new JsonScan();
      const first = scan.push(bytes.subarray(0, cut));
      assertEquals(first, cut < bytes.length ? "open" : "complete");
      assertEquals(scan.push(bytes.subarray(cut)), "complete");
    }
    assertEquals(new JsonScan().push(new TextEncoder().encode(`${text}\n{"next":1`)), "complete");
  });
}

Deno.test("JsonScan waits for the end of what is not whole", () => {
  for (const text of ["", "  ", "{", '{"a":[}'.slice(0, 6), '{"a":"}', '{"a":"\\"}', "12", '"text"', "null"]) {
    assertEquals(new JsonScan().push(new TextEncoder().encode(text)), "open", text);
  }
});

Deno.test("JsonScan goes 512 levels deep", () => {
  const nested = (depth: number) => new TextEncoder().encode("[".repeat(depth) + "]".repeat(depth));
  assertEquals(new JsonScan().push(nested(512)), "complete");
  assertEquals(new JsonScan().push(nested(513)), "too-deep");
});

Deno.test("JsonScan stays as it is after the end", () => {
  const scan = new JsonScan();
  scan.push(new TextEncoder().encode("{}"));
  assertEquals(scan.push(new TextEncoder().encode("[".repeat(600))), "complete");
});
