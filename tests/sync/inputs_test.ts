import {
  type Choices,
  forgetInputs,
  inputsOf,
  isDue,
  mayHaveMore,
  noteBehind,
  noteEdited,
  noteInputs as note,
  sourceNow,
  type SyncedPlace,
  takeBehind,
} from "../../src/sync/inputs.ts";
import { type Stamps, stampsOf, walkedOf } from "../../src/sync/stamps.ts";
import type { Store } from "../../src/store/store.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { backends } from "../support/stores.ts";

const choices: Choices = { targets: ["codex", "gemini"], allowsRules: true };

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

/** Notes a sync in which nothing happened to the source since `before` was known. */
async function noteInputs(store: Store, place: SyncedPlace, stamps: Stamps, choices: Choices): Promise<void> {
  await note(store, place, { stamps, walked: {}, choices, before: await inputsOf(store, place) });
}

/** Returns what the source of `place` is read from. */
function sourceOf({ project }: Place): string[] {
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
    await noteInputs(backend.store, synced, stampsOf(sourceOf(place)), choices);
    act(place);
    assertEquals(await isDue(backend.reopen(), synced), isExpected);
    await noteInputs(backend.store, synced, stampsOf(sourceOf(place)), choices);
    assertEquals(await isDue(backend.reopen(), synced), false);
  });
}

Deno.test("isDue() is false for a place that was never projected, whatever others are", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  await noteInputs(backend.store, { scope: "project", root: place.project }, stampsOf(sourceOf(place)), choices);
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
  for (let round = 1; round <= 3; round++) await noteInputs(store, synced, stampsOf(sourceOf(place)), choices);
  assertEquals(changes.length, 1);
});

Deno.test("inputsOf() has what a person chose last", async () => {
  using backend = backends.FileStore();
  const synced: SyncedPlace = { scope: "project", root: "/repo" };
  assertEquals(await inputsOf(backend.store, synced), undefined);
  for (const chosen of [choices, { targets: ["opencode"], allowsRules: false }, choices]) {
    await noteInputs(backend.store, synced, {}, chosen);
    assertEquals((await inputsOf(backend.reopen(), synced))?.choices, chosen);
  }
});

Deno.test("forgetInputs() makes nothing due until the place is projected again", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const synced: SyncedPlace = { scope: "project", root: place.project };
  await forgetInputs(backend.store, synced);
  await noteInputs(backend.store, synced, stampsOf(sourceOf(place)), choices);
  place.write("CLAUDE.md", "longer than before\n");
  await forgetInputs(backend.store, synced);
  assertEquals([await isDue(backend.store, synced), await inputsOf(backend.store, synced)], [false, undefined]);
  await noteInputs(backend.store, synced, stampsOf(sourceOf(place)), choices);
  place.write("CLAUDE.md", "longer again than before\n");
  assertEquals(await isDue(backend.store, synced), true);
});

Deno.test("noteEdited() has a sync due for a file that nobody knew, until a sync that began later", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const { store } = backend;
  const synced: SyncedPlace = { scope: "project", root: place.project };
  const stamps = stampsOf(sourceOf(place));
  const found = { stamps, walked: {}, choices };
  await noteEdited(store, synced, ["/x/CLAUDE.md"]);
  assertEquals(await inputsOf(store, synced), undefined);
  await noteInputs(store, synced, stamps, choices);
  await noteEdited(store, synced, Object.keys(stamps));
  assertEquals(await isDue(store, synced), false, "all of it is known");
  const before = await inputsOf(store, synced);
  await noteEdited(store, synced, [place.write("new/CLAUDE.md"), `${place.project}/gone/CLAUDE.md`]);
  assertEquals(await isDue(backend.reopen(), synced), true);
  await note(store, synced, { ...found, before });
  assertEquals(await isDue(store, synced), true, "a sync that had begun before knows nothing of it");
  await note(store, synced, { ...found, before: await inputsOf(store, synced) });
  assertEquals([await isDue(store, synced), await inputsOf(store, synced)], [false, before]);
});

Deno.test("noteEdited() is done with by a sync that began before and has read the file", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const { store } = backend;
  const synced: SyncedPlace = { scope: "project", root: place.project };
  await noteInputs(store, synced, stampsOf(sourceOf(place)), choices);
  const before = await inputsOf(store, synced);
  const path = place.write("new/CLAUDE.md");
  await noteEdited(store, synced, [path]);
  await note(store, synced, { stamps: stampsOf([...sourceOf(place), path]), walked: {}, choices, before });
  assertEquals(await isDue(store, synced), false);
});

Deno.test("noteEdited() remembers so many files and no more, and what keeps a sync from reading them", async () => {
  using backend = backends.FileStore();
  const { store } = backend;
  const synced: SyncedPlace = { scope: "project", root: "/repo" };
  await noteInputs(store, synced, {}, choices);
  for (let file = 1; file <= 150; file++) await noteEdited(store, synced, [`/nowhere/${file}/CLAUDE.md`]);
  const before = await inputsOf(store, synced);
  assertEquals(Object.keys(before?.stamps ?? {}).length, 100);
  if (before !== undefined) await noteBehind(store, synced, { ...sourceNow(before), why: "a loss", before });
  assertEquals([await isDue(store, synced), (await takeBehind(store, synced))?.why], [false, "a loss"]);
});

/** What somebody does below a project that was looked through, and whether there may be more of its source then. */
const growths: Readonly<Record<string, { act: (place: Place) => void; mayHaveMore: boolean }>> = {
  "nothing": { act() {}, mayHaveMore: false },
  "a file that nobody looks for is made": { act: (place) => void place.write("src/b.ts"), mayHaveMore: false },
  "a file that nobody looks for goes": {
    act: (place) => Deno.removeSync(`${place.project}/src/a.ts`),
    mayHaveMore: false,
  },
  "instructions appear": { act: (place) => void place.write("src/CLAUDE.md"), mayHaveMore: true },
  "a folder of configuration appears": { act: (place) => void place.write("src/.claude/x"), mayHaveMore: true },
  "a folder appears": { act: (place) => Deno.mkdirSync(`${place.project}/src/deep`), mayHaveMore: true },
  "a folder appears among many": { act: (place) => Deno.mkdirSync(`${place.project}/many/z`), mayHaveMore: true },
  "a folder of tools appears": { act: (place) => void place.write("src/node_modules/x"), mayHaveMore: false },
  "a hidden folder appears": { act: (place) => void place.write("src/.cursor/x"), mayHaveMore: false },
  "a folder goes": { act: (place) => Deno.removeSync(`${place.project}/src`, { recursive: true }), mayHaveMore: true },
};

for (const [name, { act, mayHaveMore: isExpected }] of Object.entries(growths)) {
  Deno.test(`mayHaveMore() is ${isExpected} when ${name}`, async () => {
    using place = madePlace();
    using backend = backends.FileStore();
    place.write("src/a.ts");
    for (let folder = 100; folder < 600; folder++) place.write(`many/${folder}/a.ts`);
    const synced: SyncedPlace = { scope: "project", root: place.project };
    const folders = ["", "/src", "/many"].map((folder) => `${place.project}${folder}`);
    const walked = () => walkedOf(folders);
    // The clock of the file system ticks slower than a test runs.
    for (const folder of folders) Deno.utimeSync(folder, 1, 1);
    assertEquals(await mayHaveMore(backend.store, synced), false);
    await note(backend.store, synced, { stamps: {}, walked: walked(), choices, before: undefined });
    act(place);
    assertEquals(await mayHaveMore(backend.reopen(), synced), isExpected);
    await note(backend.store, synced, { stamps: {}, walked: walked(), choices, before: undefined });
    assertEquals(await mayHaveMore(backend.reopen(), synced), false);
  });
}

Deno.test("noteBehind() is tried once after each change, and each reason is told once", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const { store } = backend;
  const synced: SyncedPlace = { scope: "project", root: place.project };
  const told: unknown[] = [];
  await noteInputs(store, synced, stampsOf(sourceOf(place)), choices);
  for (const [round, why] of ["a loss", "a loss", "a conflict", "a conflict", "a loss"].entries()) {
    place.write("CLAUDE.md", "x".repeat(round + 100));
    assertEquals(await isDue(store, synced), true);
    const before = await inputsOf(store, synced);
    if (before !== undefined) {
      await noteBehind(store, synced, { stamps: stampsOf(sourceOf(place)), walked: {}, why, before });
    }
    assertEquals(await isDue(store, synced), false);
    for (let hook = 1; hook <= 2; hook++) told.push((await takeBehind(backend.reopen(), synced))?.why);
  }
  assertEquals(told.map((why) => why ?? "-"), [
    "a loss",
    ..."---".split(""),
    "a conflict",
    ..."---".split(""),
    "a loss",
    "-",
  ]);
  assertEquals((await inputsOf(store, synced))?.choices, choices);
});

Deno.test("takeBehind() says nothing of a place that was projected since, or of which nothing is known", async () => {
  using backend = backends.FileStore();
  const { store } = backend;
  const synced: SyncedPlace = { scope: "project", root: "/repo" };
  assertEquals(await takeBehind(store, synced), undefined);
  await noteInputs(store, synced, {}, choices);
  const before = await inputsOf(store, synced);
  if (before !== undefined) await noteBehind(store, synced, { stamps: {}, walked: {}, why: "a loss", before });
  await noteInputs(store, synced, {}, choices);
  assertEquals(await takeBehind(store, synced), undefined);
});
