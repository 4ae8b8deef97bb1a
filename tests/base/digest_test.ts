import { digest } from "../../src/base/digest.ts";
import { assertEquals } from "../support/assert.ts";

/** The first halves of known SHA-256 values: FIPS 180-2, appendix B, and the empty text. */
const known: readonly (readonly [text: string, half: string])[] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb924"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223"],
  ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039"],
];

for (const [text, half] of known) {
  Deno.test(`digest() of "${text.slice(0, 8)}" is half of its SHA-256`, async () => {
    assertEquals(await digest(text), half);
    assertEquals(await digest(new TextEncoder().encode(text)), half);
  });
}

Deno.test("digest() tells bytes apart that no text has", async () => {
  const digests = await Promise.all([[0xff], [0xfe], [0xff, 0]].map((bytes) => digest(new Uint8Array(bytes))));
  assertEquals(new Set(digests).size, 3);
});
