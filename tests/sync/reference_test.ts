import { partsOf, referencesIn, soleReference } from "../../src/sync/reference.ts";
import { assertEquals } from "../support/assert.ts";

/** References and texts as Claude Code 2.1.329 puts them in: `V` is `val`, `E` is empty, `M` is absent. */
const values: Readonly<Record<string, string>> = {
  "${V}": "val",
  "x${V}y${V}": "xvalyval",
  "$${V}": "$val",
  "\\${V}": "\\val",
  "${M}": "${M}",
  "${M:-d}": "d",
  "${M:-}": "",
  "${M:-a:-b}": "a:-b",
  '${M:-a b"c}': 'a b"c',
  "${M:-${V}}": "${V}",
  "${V:-$}": "val",
  "${E}": "",
  "${E:-d}": "",
  "${a_b:-low}": "low",
  "$V": "$V",
  "${V-d}": "${V-d}",
  "${M:?e}": "${M:?e}",
  "${1A:-one}": "${1A:-one}",
  "${a-b:-dash}": "${a-b:-dash}",
  "${a.b:-dot}": "${a.b:-dot}",
  "${ V }": "${ V }",
  "${}": "${}",
  "": "",
};

Deno.test("partsOf() tells references from text as Claude Code does", () => {
  const env: Readonly<Record<string, string>> = { V: "val", E: "" };
  const filled = Object.keys(values).map((text) => [text, partsOf(text).map((part) => fill(part, env)).join("")]);
  assertEquals(Object.fromEntries(filled), values);
});

function fill(part: ReturnType<typeof partsOf>[number], env: Readonly<Record<string, string>>): string {
  if (part.kind === "text") return part.text;
  return env[part.name] ?? part.fallback ?? `\${${part.name}}`;
}

Deno.test("partsOf() returns no empty part, and no fallback where none is written", () => {
  assertEquals(partsOf("Bearer ${T}${U:-}"), [
    { kind: "text", text: "Bearer " },
    { kind: "reference", name: "T" },
    { kind: "reference", name: "U", fallback: "" },
  ]);
  assertEquals(partsOf(""), []);
});

Deno.test("soleReference() is a reference with nothing around it", () => {
  assertEquals(soleReference("${T}"), { kind: "reference", name: "T" });
  assertEquals(soleReference("${T:-d}"), { kind: "reference", name: "T", fallback: "d" });
  assertEquals(["", "T", "x${T}", "${T} ", "${T}${T}", "${M:-${T}}"].map(soleReference), Array(6).fill(undefined));
});

Deno.test("referencesIn() leaves the text out", () => {
  assertEquals(referencesIn("a ${T} b ${U:-c}").map(({ name }) => name), ["T", "U"]);
});
