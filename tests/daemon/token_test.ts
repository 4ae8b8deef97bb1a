import { readToken } from "../../src/daemon/token.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";

Deno.test("readToken() makes a secret that only its user may read, and keeps it", async () => {
  await withFile(async (path) => {
    const token = await readToken(path);
    assertMatch(token, /^[0-9a-f]{64}$/);
    assertEquals(await readToken(path), token);
    assertEquals(Deno.statSync(path).mode ?? 0, 0o100600);
  });
});

Deno.test("readToken() gives one secret to all who ask at once", async () => {
  await withFile(async (path) => {
    const tokens = await Promise.all(Array.from({ length: 16 }, () => readToken(path)));
    assertEquals(new Set(tokens).size, 1);
  });
});

for (const damaged of ["", "short\n", "x".repeat(64) + "\n", "0".repeat(64) + "\nmore"]) {
  Deno.test(`readToken() replaces a damaged secret of ${damaged.length} characters`, async () => {
    await withFile(async (path) => {
      Deno.writeTextFileSync(path, damaged);
      const token = await readToken(path);
      assertEquals(Deno.readTextFileSync(path), `${token}\n`);
      assertMatch(token, /^[0-9a-f]{64}$/);
    });
  });
}

async function withFile(test: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "truce-token-" });
  try {
    await test(`${folder}/token`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
