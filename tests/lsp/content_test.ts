import { fileStamp, readFileText } from "../../src/lsp/content.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";

const contents: { what: string; bytes: Uint8Array; is: string }[] = [
  { what: "text", bytes: utf8("a\r\né😀\n"), is: "a\r\né😀\n" },
  { what: "an empty file", bytes: utf8(""), is: "" },
  { what: "text without its byte order mark", bytes: new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), is: "a" },
  { what: "no binary file", bytes: new Uint8Array([0x7f, 0x45, 0, 1]), is: "binary" },
  { what: "nothing that is not UTF-8", bytes: new Uint8Array([0x61, 0xff, 0xfe]), is: "not UTF-8" },
  { what: "nothing of 10 MB", bytes: new Uint8Array(10_000_000).fill(0x61), is: "too large" },
];

for (const { what, bytes, is } of contents) {
  Deno.test(`readFileText() takes ${what}`, () => {
    using place = new Place();
    Deno.writeFileSync(`${place.project}/file`, bytes);
    const read = readFileText(`${place.project}/file`);
    assertEquals(read.kind === "text" ? read.text : read.reason.key, is);
  });
}

Deno.test("readFileText() tells a folder and what is gone from a file", () => {
  using place = new Place();
  for (const [path, key] of [[place.project, "no file"], [`${place.project}/gone`, "deleted"]]) {
    const read = readFileText(path);
    assertEquals(read.kind === "none" && read.reason.key, key);
  }
});

Deno.test("fileStamp() is that of readFileText() until the file is written or replaced", () => {
  using place = new Place();
  const path = place.write("a", "1");
  const stampOf = () => {
    const read = readFileText(path);
    return read.kind === "text" ? read.stamp : "none";
  };
  const first = stampOf();
  assertEquals(fileStamp(path), first);
  Deno.writeTextFileSync(path, "12");
  assertEquals(fileStamp(path) === first, false);
  const second = stampOf();
  Deno.writeTextFileSync(`${path}.new`, "34");
  Deno.renameSync(`${path}.new`, path);
  assertEquals(fileStamp(path) === second, false);
  Deno.removeSync(path);
  assertEquals(fileStamp(path), "absent");
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
