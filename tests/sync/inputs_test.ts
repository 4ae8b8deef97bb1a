import { isDue, noteInputs, stampsOf, type SyncedPlace } from "../../src/sync/inputs.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { backends } from "../support/stores.ts";

/** What somebody does to the files of a source after it was projected, and whether a sync is due then. */
const happenings: Readonly<Record<string, { act: (place: Place) => void; isDue: boolean }>> = {
  "nothing": { act() {}, isDue: false },
  "a file is read": { act: (place) => void Deno.readTextFileSync(`${place.project}/CLAUDE.md`), isDue: false },
  "another file is written": { act: (place) => void place.write("src/a.txt"), isDue: false },
  "a file is written": { act: (place) => void place.write("CLAUDE.md", "longer than before\n"), isDue: true },
  "a file is put in the place of another": { act: replaced, isDue: true },
  "a file is removed": { act: (place) => Deno.removeSync(`${place.project}/CLAUDE.md`), isDue: true },
  "a file appears": { act: (place) => void place.write(".mcp.json", "{}"), isDue: true },
  "a file appears in a folder": { act: (place) => void place.write("rules/b.md"), isDue: true },
  "a folder appears": { act: (place) => Deno.mkdirSync(`${place.project}/skills`), isDue: true },
  "the file behind a link is written": { act: (place) => void place.write("real.md", "longer, too\n"), isDue: true },
};

/** Returns what the source of `place` is read from. */
function inputsOf({ project }: Place): string[] {
  return ["CLAUDE.md", ".mcp.json", "rules", "skills", "linked.md"].map((name) => `${project}/${name}`);
}

/** Writes as many bytes as there were, at the same time as far as one can tell. */
function replaced(place: Place): void {
  const path = `${place.project}/CLAUDE.md`;
  const { mtime } = Deno.statSync(path);
  Deno.renameSync(place.write("next.md", "claude.MD\n"), path);
  Deno.utimeSync(path, mtime ?? 0, mtime ?? 0);
}

function madePlace(): Place {
  const place = new Place();
  for (const name of ["CLAUDE.md", "rules/a.md", "real.md"]) place.write(name);
  Deno.symlinkSync("real.md", `${place.project}/linked.md`);
  return place;
}

for (const [name, { act, isDue: isExpected }] of Object.entries(happenings)) {
  Deno.test(`isDue() is ${isExpected} when ${name}`, async () => {
    using place = madePlace();
    using backend = backends.FileStore();
    const synced: SyncedPlace = { scope: "project", root: place.project };
    await noteInputs(backend.store, synced, stampsOf(inputsOf(place)));
    act(place);
    assertEquals(await isDue(backend.reopen(), synced), isExpected);
    await noteInputs(backend.store, synced, stampsOf(inputsOf(place)));
    assertEquals(await isDue(backend.reopen(), synced), false);
  });
}

Deno.test("isDue() is false for a place that was never projected, whatever others are", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  await noteInputs(backend.store, { scope: "project", root: place.project }, stampsOf(inputsOf(place)));
  place.write("CLAUDE.md", "longer than before\n");
  const others: SyncedPlace[] = [{ scope: "user", root: place.project }, { scope: "project", root: place.home }];
  for (const other of others) assertEquals(await isDue(backend.store, other), false);
});

Deno.test("noteInputs() changes nothing in the state when nothing has changed", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const synced: SyncedPlace = { scope: "project", root: place.project };
  const changes: unknown[] = [];
  const store = new Proxy(backend.store, {
    get(target, name) {
      if (name === "change") changes.push(name);
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  for (let round = 1; round <= 3; round++) await noteInputs(store, synced, stampsOf(inputsOf(place)));
  assertEquals(changes.length, 1);
});
