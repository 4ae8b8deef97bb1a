import { rootOf } from "../../src/lsp/roots.ts";
import { assertEquals } from "../support/assert.ts";

const cases: { what: string; file: string; folders: string[]; there?: string[]; root: string | undefined }[] = [
  { what: "the session's folder", file: "/proj/src/a.ts", folders: ["/proj"], root: "/proj" },
  { what: "the longest of its folders", file: "/proj/sub/a.ts", folders: ["/proj", "/proj/sub"], root: "/proj/sub" },
  { what: "a folder that was added", file: "/lib/a.ts", folders: ["/proj", "/lib"], root: "/lib" },
  { what: "no folder that only begins alike", file: "/proj2/a.ts", folders: ["/proj"], root: undefined },
  { what: "the repository around it", file: "/x/y/a.ts", folders: ["/proj"], there: ["/x/.git"], root: "/x" },
  { what: "the nearest repository", file: "/x/y/a.ts", folders: [], there: ["/x/.git", "/x/y/.hg"], root: "/x/y" },
  {
    what: "the session's folder rather than a repository",
    file: "/p/a/b.ts",
    folders: ["/p"],
    there: ["/p/a/.git"],
    root: "/p",
  },
  { what: "nothing for a file that lies nowhere", file: "/tmp/a.ts", folders: ["/proj"], root: undefined },
  { what: "the root of the file system when that is the folder", file: "/a.ts", folders: ["/"], root: "/" },
];

for (const { what, file, folders, there = [], root } of cases) {
  Deno.test(`rootOf() is ${what}`, () => {
    assertEquals(rootOf(file, folders, (path) => there.includes(path))?.folder, root);
  });
}

Deno.test("rootOf() names the session's first folder as the main one, and a repository as its own", () => {
  assertEquals(rootOf("/lib/a.ts", ["/proj", "/lib"], () => false), { folder: "/lib", main: "/proj" });
  assertEquals(rootOf("/x/a.ts", ["/proj"], (path) => path === "/x/.jj"), { folder: "/x", main: "/x" });
});
