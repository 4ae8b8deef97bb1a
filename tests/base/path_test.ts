import { folderOf, isAbsolute, isWithin, nameOf, resolvePath, shownFrom } from "../../src/base/path.ts";
import { assertEquals } from "../support/assert.ts";

const resolved: readonly (readonly [from: string, path: string, resolved: string])[] = [
  ["/repo", "a.ts", "/repo/a.ts"],
  ["/repo/", "./a.ts", "/repo/a.ts"],
  ["/repo", "b/../a.ts", "/repo/a.ts"],
  ["/repo/src", "../a.ts", "/repo/a.ts"],
  ["/repo", "src//x///a.ts", "/repo/src/x/a.ts"],
  ["/repo", "src/", "/repo/src"],
  ["/repo", ".", "/repo"],
  ["/repo", "", "/repo"],
  ["/repo", "../../../../a", "/a"],
  ["/repo", "/etc/../a", "/a"],
  ["/", "a", "/a"],
  ["/repo", "/", "/"],
  ["/repo", "...", "/repo/..."],
  ["/repo", "a b\n.ts", "/repo/a b\n.ts"],
  ["/repo", "back\\slash", "/repo/back\\slash"],
  ["/repo", "C:name", "/repo/C:name"],
  ["/repo", "c:\\Users\\x\\..\\a.ts", "C:/Users/a.ts"],
  ["C:/repo", "src\\a.ts", "C:/repo/src/a.ts"],
  ["C:\\repo", "..\\..\\..\\a", "C:/a"],
];

for (const [from, path, whole] of resolved) {
  Deno.test(`resolvePath() of ${JSON.stringify(path)} seen from ${from}`, () => {
    assertEquals(resolvePath(from, path), whole);
    assertEquals(resolvePath("/elsewhere", whole), whole);
  });
}

Deno.test("isAbsolute() knows roots of both kinds", () => {
  const paths = ["/", "/a", "C:\\a", "c:/a", "\\\\server\\share", "a", "./a", "C:a", "~", ""];
  assertEquals(paths.filter(isAbsolute), paths.slice(0, 5));
});

Deno.test("folderOf() ends at the root", () => {
  const paths = ["/a/b", "/a", "/", "C:/a/b", "C:/a", "C:/"];
  assertEquals(paths.map(folderOf), ["/a", "/", "/", "C:/a", "C:/", "C:/"]);
});

Deno.test("nameOf() is the last part", () => {
  assertEquals(["/a/b.ts", "/a", "a", "/"].map(nameOf), ["b.ts", "a", "a", ""]);
});

Deno.test("isWithin() compares whole parts", () => {
  const inside = [["/p", "/p"], ["/p/a", "/p"], ["/p/a/b", "/p"], ["/a", "/"], ["/", "/"], ["C:/a", "C:/"]];
  const outside = [["/proj2", "/proj"], ["/p", "/p/a"], ["/", "/p"], ["/P/a", "/p"]];
  assertEquals(inside.filter(([path, folder]) => !isWithin(path, folder)), []);
  assertEquals(outside.filter(([path, folder]) => isWithin(path, folder)), []);
});

Deno.test("shownFrom() is what somebody there would type", () => {
  const seen = [["/repo", "/repo/src/a.ts"], ["/", "/a.ts"], ["/repo", "/repo2/a.ts"], ["/repo", "/repo"], [
    "/repo/src",
    "/repo/a",
  ]];
  assertEquals(seen.map(([folder, path]) => shownFrom(folder, path)), [
    "src/a.ts",
    "a.ts",
    "/repo2/a.ts",
    "/repo",
    "/repo/a",
  ]);
});
