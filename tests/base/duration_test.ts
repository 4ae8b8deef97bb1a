import { parseSeconds, sayDuration } from "../../src/base/duration.ts";
import { TruceError } from "../../src/base/error.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

const bounds = { minS: 0, maxS: 86_400 };

Deno.test("parseSeconds() takes seconds, or a number with its unit", () => {
  const texts = ["0", "90", "90s", "1.5", "0.25m", "30m", "2h", "24h", "007", "0.000001"];
  const seconds = [0, 90, 90, 1.5, 15, 1800, 7200, 86_400, 7, 0.000001];
  assertEquals(texts.map((text) => parseSeconds("--ttl", text, bounds)), seconds);
});

Deno.test("parseSeconds() refuses everything else, and what is out of bounds", () => {
  const texts = [
    "",
    " ",
    "s",
    "-1",
    "+1",
    "1 s",
    " 1",
    "1S",
    "1d",
    "1e3",
    ".5",
    "1.",
    "0x10",
    "NaN",
    "Infinity",
    "1,5",
  ];
  for (const text of [...texts, "86401", "25h", "9999999999", "1.0000001", "１"]) {
    assertThrows(() => parseSeconds("--ttl", text, bounds), TruceError, `Cannot use --ttl "${text}"`);
  }
  assertThrows(() => parseSeconds("--ttl", "0.5", { minS: 1, maxS: 9 }), TruceError);
});

Deno.test("parseSeconds() says what it takes", () => {
  const error = assertThrows(() => parseSeconds("--ttl", "soon", { minS: 1, maxS: 9 }), TruceError);
  assertEquals([error.kind, error.message, error.hint], [
    "usage",
    'Cannot use --ttl "soon": it takes 1 to 9 seconds',
    "Write seconds, or a number with s, m or h: --ttl 90, --ttl 30m",
  ]);
});

Deno.test("sayDuration() rounds to what people would say", () => {
  const seconds = [-5, 0, 0.4, 12, 119, 120, 300, 7199, 7200, 10_800, 172_799, 172_800, 900_000];
  assertEquals(seconds.map(sayDuration), [
    ...["0 s", "0 s", "0 s", "12 s", "119 s", "2 min", "5 min", "120 min", "2 h", "3 h", "48 h", "2 d", "10 d"],
  ]);
});
