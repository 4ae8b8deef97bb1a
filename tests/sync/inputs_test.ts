import {
  asBefore,
  type Choices,
  forgetInputs,
  inputsOf,
  isDue,
  noteBehind,
  noteInputs,
  stampsNow,
  stampsOf,
  type SyncedPlace,
  takeBehind,
} from "../../src/sync/inputs.ts";
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

Deno.test("asBefore() leaves a sync due after a file that was changed while it was read", async () => {
  using place = madePlace();
  using backend = backends.FileStore();
  const synced: SyncedPlace = { scope: "project", root: place.project };
  await noteInputs(backend.store, synced, stampsOf(sourceOf(place)), choices);
  const before = await stampsNow(backend.store, synced);
  place.write("CLAUDE.md", "longer than before\n");
  const paths = [...sourceOf(place), place.write("new.md")];
  await noteInputs(backend.store, synced, asBefore(stampsOf(paths), before), choices);
  assertEquals(await isDue(backend.store, synced), true);
  await noteInputs(backend.store, synced, asBefore(stampsOf(paths), await stampsNow(backend.store, synced)), choices);
  assertEquals(await isDue(backend.store, synced), false);
});

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
    if (before !== undefined) await noteBehind(store, synced, { stamps: stampsOf(sourceOf(place)), why, before });
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
  if (before !== undefined) await noteBehind(store, synced, { stamps: {}, why: "a loss", before });
  await noteInputs(store, synced, {}, choices);
  assertEquals(await takeBehind(store, synced), undefined);
});
