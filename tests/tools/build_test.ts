import { bundle } from "../../tools/build.ts";
import { cutElf } from "../../tools/elf.ts";
import { assertEquals } from "../support/assert.ts";
import { filesBelow, root } from "../support/modules.ts";

Deno.test("bundle() is not changed by a package.json and node_modules above the checkout", async () => {
  const outer = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${outer}/package.json`, '{"dependencies":{"diff":"1.0.0"},"type":"commonjs"}');
    Deno.mkdirSync(`${outer}/node_modules/diff`, { recursive: true });
    Deno.writeTextFileSync(
      `${outer}/node_modules/diff/package.json`,
      '{"name":"diff","version":"1.0.0","main":"x.js"}',
    );
    Deno.writeTextFileSync(`${outer}/node_modules/diff/x.js`, "exports.structuredPatch = () => 'not the one';");
    for (const path of [...filesBelow("src", ".ts"), "deno.json", "import_map.json", "deno.lock"]) {
      const copy = `${outer}/checkout/${path}`;
      Deno.mkdirSync(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
      Deno.copyFileSync(`${root}${path}`, copy);
    }
    assertEquals(await bundled(`${outer}/checkout`), await bundled(root));
  } finally {
    Deno.removeSync(outer, { recursive: true });
  }
});

Deno.test("cutElf() keeps the image and drops what was appended", () => {
  const image = Deno.readFileSync(Deno.execPath());
  const header = new DataView(image.buffer);
  if (header.getUint32(0) !== 0x7f454c46) return;
  const cut = cutElf(image);
  const appended = new Uint8Array(cut.length + 5);
  appended.set(cut);
  appended.fill(7, cut.length);
  assertEquals(cutElf(appended).length, cut.length);
});

async function bundled(checkout: string): Promise<Record<string, string>> {
  const folder = Deno.makeTempDirSync();
  try {
    await bundle(checkout, folder);
    const names = Array.from(Deno.readDirSync(`${folder}/bundle`), ({ name }) => name).sort();
    return Object.fromEntries(names.map((name) => [name, Deno.readTextFileSync(`${folder}/bundle/${name}`)]));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
