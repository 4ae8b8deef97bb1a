import { findCycle } from "../../src/locks/wait_graph.ts";
import { assertEquals } from "../support/assert.ts";

/** Who waits for whom, and the way that leads from a back to a. */
const graphs: Readonly<Record<string, readonly [waits: string, cycle: string | undefined]>> = {
  "nobody waits": ["", undefined],
  "a waits alone": ["ab", undefined],
  "a waits for itself": ["aa", "aa"],
  "two wait for each other": ["ab ba", "ab ba"],
  "five stand in a ring": ["ab bc cd de ea", "ab bc cd de ea"],
  "the ring is not a's": ["ab bc cb", undefined],
  "a is waited for and waits not": ["ba cb", undefined],
  "one of several ways leads back": ["ab ac ad bx cy da", "ad da"],
  "a shorter way leads back": ["ab bc ca ba", "ab ba"],
  "all wait for all": ["ab ac bc ba cb ca", "ab ba"],
  "many ways meet": ["ab ac bd cd de df eg fg ga", "ab bd de eg ga"],
};

for (const [what, [text, cycle]] of Object.entries(graphs)) {
  Deno.test(`findCycle() when ${what}`, () => {
    const waits = text.split(" ").filter((wait) => wait !== "").map(([from, to]) => ({ from, to }));
    assertEquals(findCycle("a", waits)?.map(({ from, to }) => from + to).join(" "), cycle);
  });
}

Deno.test("findCycle() looks at every holder once, however many ways there are", () => {
  const layers = Array.from({ length: 60 }, (_, layer) => [`${layer}x`, `${layer}y`]);
  const waits = layers.slice(1).flatMap((to, layer) =>
    layers[layer].flatMap((from) => to.map((one) => ({ from, to: one })))
  );
  assertEquals(findCycle("0x", waits), undefined);
  assertEquals(findCycle("0x", [...waits, { from: "59y", to: "0x" }])?.length, 60);
});
