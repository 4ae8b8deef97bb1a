import { watchTree } from "../../src/platform/tree_watch.ts";
import { assertEquals } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { Place, until } from "../support/place.ts";

Deno.test("watchTree() tells of what is made, changed and removed, in new folders, too, and not of what is left out", async () => {
  using place = new Place();
  const root = place.project;
  for (const name of ["a", "src/b", "node_modules/c"]) writeFile(`${root}/${name}`, "1");
  const told = new Map<string, boolean>();
  const onChange = (path: string, isNew: boolean) => void told.set(path.slice(root.length + 1), isNew);
  const watch = watchTree(root, { isLeftOut: (name) => name === "node_modules", foldersMax: 100, onChange });
  const tells = (name: string, act: () => void) =>
    until(`it tells of ${name}`, async () => {
      act();
      await new Promise((resolve) => setTimeout(resolve));
      return told.has(name);
    });
  await tells("a", () => Deno.writeTextFileSync(`${root}/a`, "2"));
  await tells("src/b", () => Deno.writeTextFileSync(`${root}/src/b`, "2"));
  await tells("new/deep/d", () => writeFile(`${root}/new/deep/d`, "1"));
  Deno.removeSync(`${root}/src/b`);
  Deno.writeTextFileSync(`${root}/node_modules/c`, "2");
  told.clear();
  await tells("a", () => Deno.writeTextFileSync(`${root}/a`, "3"));
  assertEquals([...told.keys()].filter((name) => name.startsWith("node_modules")), []);
  watch.close();
});
