import { fileNames, findProgram, programFacts, searchFolders } from "../../src/platform/programs.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";

Deno.test("findProgram() takes the first file that may be run", () => {
  using place = new Place();
  const folders = ["absent", "plain", "folder", "dead", "good", "later"].map((name) => `${place.project}/${name}`);
  place.write("plain/lsp");
  place.write("folder/lsp/file");
  place.write("dead/x");
  Deno.symlinkSync("nowhere", `${place.project}/dead/lsp`);
  for (const name of ["good/lsp", "later/lsp", "later/only"]) Deno.chmodSync(place.write(name), 0o755);
  assertEquals(findProgram("lsp", folders), `${place.project}/good/lsp`);
  assertEquals(findProgram("only", folders), `${place.project}/later/only`);
  assertEquals(findProgram("none", folders), undefined);
  assertEquals(findProgram(`${place.project}/later/lsp`, folders), `${place.project}/later/lsp`);
  assertEquals(findProgram(`${place.project}/plain/lsp`, folders), undefined);
  const facts = programFacts(`${place.project}/later`);
  assertEquals(facts.findProgram("lsp", [`${place.project}/good`]), `${place.project}/good/lsp`);
  assertEquals(facts.findProgram("only", [`${place.project}/good`]), `${place.project}/later/only`);
  assertEquals([facts.exists(place.project), facts.exists(`${place.project}/none`)], [true, false]);
});

Deno.test("searchFolders() drops what depends on the working folder", () => {
  assertEquals(searchFolders("/usr/bin::.:bin:/opt/a b"), ["/usr/bin", "/opt/a b"]);
});

Deno.test("fileNames() adds the endings that make a program", () => {
  assertEquals(fileNames("lsp", undefined), ["lsp"]);
  assertEquals(fileNames("lsp", ".EXE;.CMD;"), ["lsp.exe", "lsp.cmd"]);
  assertEquals(fileNames("lsp.Cmd", ".EXE;.CMD"), ["lsp.Cmd"]);
});
