import { TruceError } from "../../src/base/error.ts";
import { overlap, pathTarget, resourceTarget, type Target } from "../../src/locks/target.ts";
import { assertEquals, assertMatch, assertRejects } from "../support/assert.ts";
import { fakeTree } from "../support/fake_tree.ts";

const tree = "/repo/ /repo/a.ts /repo/src/ /repo/src/x.ts /repo/l>a.ts /repo/ll>l /repo/up>.. /repo/lsrc>src " +
  "/repo/dangling>new/n.ts /repo/round>round /repo/r1>r2 /repo/r2>r1 /repo/far>/nowhere/f";

/** Paths as somebody in /repo/src types them, and the file that they mean. */
const spellings: Readonly<Record<string, readonly [kind: Target["kind"], paths: readonly string[]]>> = {
  "/repo/src/x.ts": ["file", [
    "x.ts",
    "./x.ts",
    "../src/x.ts",
    "/repo//src/./x.ts",
    "/repo/lsrc/x.ts",
    "/repo/up/repo/lsrc/x.ts",
  ]],
  "/repo/a.ts": ["file", ["../a.ts", "/repo/a.ts", "/repo/l", "/repo/ll", "/repo/up/repo/ll"]],
  "/repo/src": ["folder", [".", "/repo/src", "/repo/src/", "/repo/lsrc"]],
  "/": ["folder", ["/", "../..", "/repo/up"]],
  "/repo/src/new.ts": ["file", ["new.ts", "/repo/lsrc/new.ts", "./deep/../new.ts"]],
  "/repo/src/a/b/c": ["file", ["a/b/c", "/repo/lsrc/a/b/c"]],
  "/repo/new/n.ts": ["file", ["/repo/dangling", "/repo/new/n.ts"]],
  "/nowhere/f": ["file", ["/repo/far", "/nowhere/f"]],
  "/repo/A.ts": ["file", ["/repo/A.ts"]],
};

for (const [name, [kind, paths]] of Object.entries(spellings)) {
  Deno.test(`pathTarget() finds ${name} under ${paths.length} spellings`, async () => {
    const targets = await Promise.all(paths.map((path) => pathTarget(fakeTree(tree), "/repo/src", path)));
    assertEquals(targets.map((target) => [target.kind, target.name]), paths.map(() => [kind, name]));
    assertEquals(new Set(targets.map(({ key }) => key)).size, 1);
  });
}

Deno.test("pathTarget() tells all files apart, by keys that are safe as names of files", async () => {
  const names = [...Object.keys(spellings), "/repo/../../x", "/repo/\n", "/repo/ä", "/repo/ä".normalize("NFD")];
  const keys = await Promise.all(names.map(async (name) => (await pathTarget(fakeTree(tree), "/", name)).key));
  assertEquals(new Set(keys).size, names.length);
  for (const key of keys) assertMatch(key, /^[0-9a-f]{32}$/);
});

Deno.test("pathTarget() comes to an end where links go round", async () => {
  for (const path of ["round", "r1", "round/below/it"]) {
    assertEquals((await pathTarget(fakeTree(tree), "/repo", path)).kind, "file");
  }
});

Deno.test("pathTarget() is one for every case where the file system ignores case", async () => {
  const facts = fakeTree("/Repo/ /Repo/Src/ /Repo/Src/A.ts /Repo/1/", { ignoresCase: true });
  const keyOf = async (path: string) => (await pathTarget(facts, "/repo", path)).key;
  const groups = [
    ["Src/A.ts", "src/a.ts", "/REPO/SRC/A.TS"],
    ["src/new.ts", "SRC/New.ts"],
    ["1/2", "/RePo/1/2"],
    ["src/ä.ts", "src/Ä.ts".normalize("NFD")],
    ["src", "/Repo/Src"],
  ];
  const keys = await Promise.all(groups.map(async (paths) => new Set(await Promise.all(paths.map(keyOf)))));
  assertEquals(keys.map(({ size }) => size), groups.map(() => 1));
  assertEquals(new Set(keys.flatMap((set) => [...set])).size, groups.length);
});

Deno.test("pathTarget() says what no file can be", async () => {
  const error = await assertRejects(() => pathTarget(fakeTree(tree), "/", "a\0b"), TruceError, "NUL");
  assertEquals(error.kind, "usage");
});

Deno.test("pathTarget() says what no system accepts", async () => {
  const refuse = () => {
    throw new Error("File name too long (os error 36)");
  };
  const facts = { realPath: refuse, linkTarget: () => undefined, identity: refuse };
  const error = await assertRejects(() => pathTarget(facts, "/", "n".repeat(5000)), TruceError);
  assertEquals(error.kind, "usage");
});

Deno.test("resourceTarget() is no path of the same name", async () => {
  const resource = await resourceTarget("/repo/a.ts");
  assertEquals([resource.kind, resource.name], ["resource", "/repo/a.ts"]);
  assertEquals(resource.key === (await pathTarget(fakeTree(tree), "/", "/repo/a.ts")).key, false);
  assertEquals(resource.key, (await resourceTarget("/repo/a.ts")).key);
});

/** `/` at the end is a folder, `$` at the beginning a resource. */
const pairs: Readonly<Record<string, boolean>> = {
  "/a /a": true,
  "/a /b": false,
  "/a/ /a/b": true,
  "/a/ /a/b/c": true,
  "/a/ /ab": false,
  "/a/ /a/b/": true,
  "/ /a": true,
  "/a/ /b/": false,
  "/a /a/b": false,
  "$a $a": true,
  "$a $b": false,
  "/ $/a": false,
};

for (const [pair, isOverlap] of Object.entries(pairs)) {
  Deno.test(`overlap() of ${pair} is ${isOverlap}, both ways`, () => {
    const [one, other] = pair.split(" ").map((key): Target => ({
      key,
      kind: key.startsWith("$") ? "resource" : key.endsWith("/") ? "folder" : "file",
      name: key === "/" ? key : key.replace(/^\$|\/$/g, ""),
    }));
    assertEquals([overlap(one, other), overlap(other, one)], [isOverlap, isOverlap]);
  });
}
