import { describeError, TruceError } from "../../src/base/error.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("TruceError keeps its kind, hint and cause", () => {
  const cause = new Error("below");
  const error = new TruceError("refused", "Cannot go on: it rains", { hint: "Take an umbrella", cause });
  assertEquals([error.kind, error.message, error.hint, error.cause, error.name], [
    ...["refused", "Cannot go on: it rains", "Take an umbrella", cause, "TruceError"],
  ]);
  assertEquals(new TruceError("usage", "Cannot").hint, undefined);
});

Deno.test("describeError() names the kind of a bug, and of nothing else", () => {
  const thrown = [
    new TruceError("usage", "Cannot x: y"),
    new TypeError("x is not a function"),
    "text",
    undefined,
    null,
  ];
  assertEquals(thrown.map(describeError), [
    "Cannot x: y",
    "TypeError: x is not a function",
    "text",
    "undefined",
    "null",
  ]);
});
