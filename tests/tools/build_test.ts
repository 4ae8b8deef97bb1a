import { bundle, digestOf, withLazyRequire } from "../../tools/build.ts";
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

Deno.test("bundle() has a hook load nothing of Node", async () => {
  const files = await bundled(root);
  const reached = new Set(["main.js", ...Object.keys(files).filter((name) => name.startsWith("hook-"))]);
  for (const name of reached) {
    for (const match of files[name].matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) reached.add(match[1]);
  }
  assertEquals([...reached].length > 2, true);
  assertEquals([...reached].filter((name) => /(?:from|import)\s*"node:/.test(files[name])), []);
});

const requires: readonly [what: string, text: string][] = [
  ["loads for it", 'import{createRequire as a} from "node:module";var b=a(import.meta.url);export{b as r}'],
  [
    "does without",
    `var b=(c=>typeof require<"u"?require:c)(function(e){throw Error('Dynamic require of "'+e+'" is not')});export{b as r}`,
  ],
];

for (const [what, text] of requires) {
  Deno.test(`withLazyRequire() gives packages the modules of Node that the bundle ${what}`, async () => {
    const lazy = withLazyRequire(text);
    assertEquals(/import/.test(lazy), false);
    const { r } = await import(`data:text/javascript,${encodeURIComponent(lazy)}`);
    assertEquals(r("node:path").basename("/a/b"), "b");
  });
}

Deno.test("withLazyRequire() leaves alone what asks for nothing", () => {
  const text = 'import{a}from"./b.js";var required=a;';
  assertEquals(withLazyRequire(text), text);
});

Deno.test("digestOf() is that of the names and contents of files alone", async () => {
  const digestWith = async (...files: [name: string, text: string][]) => {
    const folder = Deno.makeTempDirSync();
    for (const [name, text] of files) Deno.writeTextFileSync(`${folder}/${name}`, text);
    const digest = await digestOf(folder);
    Deno.removeSync(folder, { recursive: true });
    return digest;
  };
  const one = await digestWith(["a.js", "1"], ["b.js", "2"]);
  assertEquals(await digestWith(["b.js", "2"], ["a.js", "1"]), one);
  assertEquals(await digestWith(["a.js", "1"]) === one, false);
  assertEquals(await digestWith(["a.js", "1"], ["b.js", "3"]) === one, false);
  assertEquals(await digestWith(["a.js", "1"], ["c.js", "2"]) === one, false);
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
