import { hasShape } from "../../src/base/shape.ts";
import { assertEquals } from "../support/assert.ts";

const sample = { text: "", number: 0, list: [{ key: "" }], nested: { flag: false } };
const good = { text: "a", number: 1, list: [{ key: "k" }, { key: "l", more: 1 }], nested: { flag: true } };

Deno.test("hasShape() takes what has every field of the sample, and more", () => {
  assertEquals(hasShape(good, sample), true);
  assertEquals(hasShape({ ...good, list: [], more: null }, sample), true);
});

/** One field of another kind each. */
const bad: readonly unknown[] = [
  { ...good, text: 1 },
  { ...good, number: "1" },
  { ...good, list: {} },
  { ...good, list: [{ key: "k" }, {}] },
  { ...good, list: [null] },
  { ...good, list: "k" },
  { ...good, nested: [] },
  { ...good, nested: null },
  { ...good, nested: {} },
  { text: "a", number: 1, list: [] },
  Object.create(good),
  [good],
  null,
  undefined,
  "text",
];

for (const [place, value] of bad.entries()) {
  Deno.test(`hasShape() refuses ${place}: ${JSON.stringify(value)}`, () =>
    assertEquals(hasShape(value, sample), false));
}

Deno.test("hasShape() of a sample without fields takes every object", () => {
  assertEquals([{}, { a: 1 }, [], null].map((value) => hasShape(value, {})), [true, true, false, false]);
});
