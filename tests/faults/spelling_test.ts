// However a path is spelled, by an agent or by a person: one file is one lease, and two files are two.

import { assertEquals } from "../support/assert.ts";
import { hear } from "../support/hook_input.ts";
import { Place } from "../support/place.ts";

/** What `prepare` makes is: a.txt, folder/, folder/b.txt, and links. Each row is one file or folder; `%` is the project. */
const same: readonly (readonly string[])[] = [
  [
    "%/a.txt",
    "a.txt",
    "./a.txt",
    "folder/../a.txt",
    "missing/../a.txt",
    "folder/../missing/.././a.txt",
    "/%/a.txt",
    "%//a.txt",
    "%/./folder//../a.txt",
    "link.txt",
    "link-to-link.txt",
    "link-folder/../a.txt",
    "a.txt/",
  ],
  ["%/folder/b.txt", "link-folder/b.txt", "link-folder//./b.txt", "link-to-b.txt"],
  ["%/folder/new.txt", "folder/new.txt", "link-folder/new.txt", "dangling.txt", "dangling-relative.txt"],
  ["%/new/deep/c.txt", "new/deep/c.txt", "new//deep/../deep/c.txt"],
  ["%/folder", "folder", "folder/", "folder/.", "link-folder", "link-folder/"],
  ["%/with space.txt", "./with space.txt"],
  [`%/"quoted" 'twice'.txt`, `"quoted" 'twice'.txt`],
  ["%/new\nline\ttab.txt", "new\nline\ttab.txt"],
  ["%/emoji 🦊 é.txt", "./emoji 🦊 é.txt"],
  ["%/back\\slash $HOME `x` *.txt", "back\\slash $HOME `x` *.txt"],
  ["%/-dash.txt", "./-dash.txt"],
  ["%/~", "./~"],
  ["%/C:x", "./C:x"],
  ["%/file:%20a.txt", "./file:%20a.txt"],
];

/** Pairs of different files or folders, neither below the other. */
const different: readonly (readonly [string, string])[] = [
  ["proj", "proj2"],
  ["proj/", "proj.txt"],
  ["a.txt", "a.txt "],
  ["a", "aa"],
  // Other systems take these for one file.
  ...Deno.build.os === "linux" ? [["a.txt", "A.TXT"], ["é.txt", "e\u0301.txt"]] as const : [],
];

for (const spellings of same) {
  Deno.test(`truce lock has one lease for ${JSON.stringify(spellings[0])} however it is spelled`, async () => {
    using place = prepare();
    const [path, ...others] = spellings.map((spelling) => spelling.replace(/%(?=\/)/, place.project));
    assertEquals(await askByHook(place, "a", path), "nothing");
    for (const other of [path, ...others]) {
      assertEquals(await askByHook(place, "b", other), "denied", other);
      assertEquals(await ask(place, "user", other), 1, other);
    }
    await hear(place, "session-end", { session: "a" });
    for (const other of [path, ...others]) {
      assertEquals(await ask(place, "user", other), 0, other);
      assertEquals(await askByHook(place, "b", path), "denied", other);
      const released = await place.run(["lock", "release", "--as", "user", "--grace", "0", "--", path]);
      assertEquals([released.code, released.stdout.includes("not locked")], [0, false], other);
    }
    assertEquals(await place.leases(), []);
  });
}

for (const [one, other] of different) {
  Deno.test(`truce lock keeps ${JSON.stringify(one)} and ${JSON.stringify(other)} apart`, async () => {
    using place = prepare();
    assertEquals(await ask(place, "a", one), 0);
    assertEquals(await ask(place, "b", other), 0);
    assertEquals(await ask(place, "b", one), 1);
  });
}

Deno.test("truce lock reads a relative path from where it is typed, and a host's from the folder it tells", async () => {
  using place = prepare();
  const inFolder = { cwd: `${place.project}/folder` };
  assertEquals((await place.run(["lock", "acquire", "b.txt", "--as", "a"], inFolder)).code, 0);
  assertEquals(await ask(place, "b", "folder/b.txt"), 1);
  assertEquals(await ask(place, "b", "b.txt"), 0);
  const act = { session: "c", paths: ["folder/b.txt"], flags: ["--timeout", "0"] };
  assertEquals((await hear(place, "before-edit", act, inFolder)).kind, "denied");
});

Deno.test("truce lock on a folder covers what is below it, and waits for what others have there", async () => {
  using place = prepare();
  assertEquals(await ask(place, "a", "proj"), 0);
  for (const below of ["proj/x.txt", "proj/deep/er/x.txt", "proj/deep", "."]) {
    assertEquals(await ask(place, "b", below), 1, below);
    assertEquals(await askByHook(place, "c", below), "denied", below);
  }
  assertEquals((await place.run(["lock", "release", "proj", "--as", "a", "--grace", "0"])).code, 0);
  assertEquals(await ask(place, "b", "proj/deep/er/x.txt"), 0);
  assertEquals(await ask(place, "a", "proj"), 1);
  assertEquals(await ask(place, "b", "proj"), 0);
});

Deno.test("truce hook passes over a path that no file can have, and protects the rest", async () => {
  using place = prepare();
  assertEquals(await ask(place, "user", "a.txt"), 0);
  for (const odd of ["a.txt/below", "loop-1", "loop-1/x", "n".repeat(300), "d/".repeat(3000), "x\0y", ""]) {
    const act = { session: "b", paths: [odd, "a.txt"], flags: ["--timeout", "0"] };
    assertEquals((await hear(place, "before-edit", act)).kind, "denied", odd.slice(0, 20));
    const alone = { session: "b", paths: [odd, "free.txt"], flags: ["--timeout", "0"] };
    assertEquals((await hear(place, "before-edit", alone)).kind, "nothing", odd.slice(0, 20));
    await hear(place, "session-end", { session: "b" });
  }
});

function prepare(): Place {
  const place = new Place();
  for (const name of ["a.txt", "folder/b.txt", "proj/x.txt", "proj2/x.txt"]) place.write(name);
  const links = {
    "link.txt": "a.txt",
    "link-to-link.txt": "link.txt",
    "link-folder": "folder",
    "link-to-b.txt": `${place.project}/link-folder/b.txt`,
    "dangling.txt": `${place.project}/folder/new.txt`,
    "dangling-relative.txt": "link-folder/new.txt",
    "loop-1": "loop-2",
    "loop-2": "loop-1",
  };
  for (const [name, target] of Object.entries(links)) Deno.symlinkSync(target, `${place.project}/${name}`);
  return place;
}

/** Returns the exit code of a person who asks for a path. */
async function ask(place: Place, as: string, path: string): Promise<number> {
  const { code, stderr } = await place.run(["lock", "acquire", "--as", as, "--timeout", "0", "--", path]);
  assertEquals(stderr, "", path);
  return code;
}

/** Returns what kind of answer a session hears that is about to edit a path. */
async function askByHook(place: Place, session: string, path: string): Promise<string> {
  return (await hear(place, "before-edit", { session, paths: [path], flags: ["--timeout", "0"] })).kind;
}
