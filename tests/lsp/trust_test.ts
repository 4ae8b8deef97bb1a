import { isTrusted, revoke, trust } from "../../src/lsp/trust.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { backends } from "../support/stores.ts";

for (const [name, open] of Object.entries(backends)) {
  Deno.test(`isTrusted() of ${name} holds for one content of one file until it is revoked`, async () => {
    using place = new Place();
    using backend = open();
    const { store } = backend;
    const path = place.write("truce.jsonc", "{}");
    const other = place.write("sub/truce.jsonc", "{}");
    const seen = async () =>
      await Promise.all(
        [[path, "{}"], [path, "{ }"], [other, "{}"]].map(([path, text]) => isTrusted(store, path, text)),
      );
    assertEquals(await seen(), [false, false, false]);
    await trust(store, path, "{}");
    assertEquals(await seen(), [true, false, false]);
    await trust(store, path, "{ }");
    assertEquals(await seen(), [false, true, false]);
    assertEquals([await revoke(store, other), await revoke(store, path), await revoke(store, path)], [
      false,
      true,
      false,
    ]);
    assertEquals(await seen(), [false, false, false]);
  });
}

Deno.test("isTrusted() knows a file by all its names", async () => {
  using place = new Place();
  using backend = backends.FileStore();
  const path = place.write("truce.jsonc", "{}");
  Deno.symlinkSync(place.project, `${place.root}/link`);
  await trust(backend.store, `${place.root}/link/truce.jsonc`, "{}");
  assertEquals(await isTrusted(backend.store, path, "{}"), true);
});
