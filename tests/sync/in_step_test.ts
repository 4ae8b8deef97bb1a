import { applyPlan, openSync } from "../../src/sync/apply.ts";
import { isAsSeen, witnessOf } from "../../src/sync/in_step.ts";
import type { SyncPlace } from "../../src/sync/record.ts";
import { sourceFiles } from "../../src/sync/source/files.ts";
import { prepare } from "../../src/sync/sync.ts";
import { targetNames } from "../../src/sync/targets/names.ts";
import { targetsOf } from "../../src/sync/targets/table.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Place, until } from "../support/place.ts";

/** Clocks for which nothing, and all, was written just now, however slow a test is. */
const later = () => Date.now() + 60_000;
const earlier = () => Date.now() - 60_000;
const server = JSON.stringify({ mcpServers: { a: { command: "true" } } });

/** What somebody does after a sync, and whether the next one still need not read anything. */
const happenings: Readonly<Record<string, { act: (place: Place) => void | Promise<void>; isAsSeen: boolean }>> = {
  "nothing happens": { act() {}, isAsSeen: true },
  "a file is read": { act: (place) => void Deno.readTextFileSync(`${place.project}/CLAUDE.md`), isAsSeen: true },
  "a file of the source is rewritten": { act: (place) => alike(place, "CLAUDE.md"), isAsSeen: false },
  "it has its old time again": { act: (place) => asOld(place, "CLAUDE.md"), isAsSeen: false },
  "what the source imports is rewritten": { act: (place) => alike(place, "docs/more.md"), isAsSeen: false },
  "a file of the source goes": { act: (place) => Deno.removeSync(`${place.project}/.mcp.json`), isAsSeen: false },
  "a rule appears": { act: (place) => void place.write(".claude/rules/new.md"), isAsSeen: false },
  "a file appears deep in the project": { act: (place) => void place.write("src/deep/CLAUDE.md"), isAsSeen: false },
  "a folder appears": { act: (place) => Deno.mkdirSync(`${place.project}/src/other`), isAsSeen: false },
  "a file appears that nobody reads": { act: (place) => atHome(place, "notes", ""), isAsSeen: true },
  "a file of the user's appears": { act: (place) => atHome(place, ".claude.json", "{}"), isAsSeen: false },
  "what is ignored changes": { act: (place) => void place.write(".gitignore", "docs\n"), isAsSeen: false },
  "the file behind a link is rewritten": { act: (place) => alike(place, "shared.md"), isAsSeen: false },
  "a link leads elsewhere": { act: (place) => relinked(place, ".claude/rules/linked.md"), isAsSeen: false },
  "a projected file is rewritten": { act: (place) => alike(place, ".gemini/settings.json"), isAsSeen: false },
  "a projected file goes": { act: (place) => Deno.removeSync(`${place.project}/AGENTS.md`), isAsSeen: false },
  "a projected file may be run": {
    act: (place) => Deno.chmodSync(`${place.project}/AGENTS.md`, 0o755),
    isAsSeen: false,
  },
  "a folder goes behind a link": { act: (place) => behindLink(place, ".codex"), isAsSeen: false },
  "the record is rewritten": { act: (place) => alike(place, recordOf(place)), isAsSeen: false },
  "what was seen is damaged": { act: damaged, isAsSeen: false },
};

for (const [name, { act, isAsSeen: isExpected }] of Object.entries(happenings)) {
  Deno.test(`isAsSeen() is ${isExpected} when ${name}`, async () => {
    using place = await projected(later);
    await afterATick(place);
    await act(place);
    assertEquals(await isAsSeen(syncPlaceOf(place), "key"), isExpected);
  });
}

Deno.test("isAsSeen() is false for another key, and for a place in which nothing was seen", async () => {
  using place = await projected(later);
  using other = new Place();
  assertEquals(await isAsSeen(syncPlaceOf(place), "another"), false);
  assertEquals(await isAsSeen(syncPlaceOf(other), "key"), false);
});

Deno.test("isAsSeen() is false after a sync that read what had just been written", async () => {
  using place = await projected(earlier);
  assertEquals(await isAsSeen(syncPlaceOf(place), "key"), false);
});

/** Returns a project that was synced to all targets, and synced once more with a witness whose clock is `nowMs`. */
async function projected(nowMs: () => number): Promise<Place> {
  const place = new Place();
  place.write("CLAUDE.md", "Use tabs.\n@docs/more.md\n");
  place.write("docs/more.md", "Be brief.\n");
  place.write("shared.md", "Be kind.\n");
  place.write(".mcp.json", server);
  place.write(".claude/skills/pdf/SKILL.md", "---\nname: pdf\ndescription: Reads\n---\nRead it.\n");
  place.write("src/deep/a.ts");
  Deno.mkdirSync(`${place.project}/.claude/rules`);
  Deno.symlinkSync("../../shared.md", `${place.project}/.claude/rules/linked.md`);
  assert(await syncWatched(place, nowMs) > 0, "a first sync has written nothing");
  assertEquals(await syncWatched(place, nowMs), 0);
  return place;
}

/** Syncs `place`, keeps what was seen, and returns how many files were written. */
async function syncWatched(place: Place, nowMs: () => number): Promise<number> {
  const sync = await openSync(syncPlaceOf(place), { waitMs: 60_000 });
  assert(sync !== undefined);
  const witness = await witnessOf(sync.place, nowMs);
  const targets = targetsOf(targetNames);
  const request = { scope: "project", root: place.project, home: place.home, targets, allowsRules: false } as const;
  const look = witness.look(sync.look);
  const prepared = await prepare(request, { ...sync, look }, witness.files(sourceFiles));
  assert(prepared.kind === "prepared", JSON.stringify(prepared));
  const { written } = await applyPlan(sync, prepared.plan);
  witness.keep("key");
  sync.close();
  return written.length;
}

function syncPlaceOf({ project, state }: Place): SyncPlace {
  return { scope: "project", root: project, state };
}

/** The clock of the file system ticks a few hundred times a second; waits until it has. */
async function afterATick({ root }: Place): Promise<void> {
  const tick = () => {
    Deno.writeTextFileSync(`${root}/tick`, "");
    return Deno.statSync(`${root}/tick`).mtime?.getTime();
  };
  const first = tick();
  await until("the clock of the file system has ticked", () => Promise.resolve(tick() !== first));
}

/** Writes as many bytes as there were. */
function alike({ project }: Place, name: string): void {
  const path = name.startsWith("/") ? name : `${project}/${name}`;
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(/[a-z]/, "X"));
}

/** Puts the time back besides. Deno tells the time of a change in whole seconds. */
async function asOld(place: Place, name: string): Promise<void> {
  const path = `${place.project}/${name}`;
  const { mtime, ctime } = Deno.statSync(path);
  await until("the change has another time", () => {
    alike(place, name);
    Deno.utimeSync(path, mtime ?? 0, mtime ?? 0);
    return Promise.resolve(Deno.statSync(path).ctime?.getTime() !== ctime?.getTime());
  });
}

function atHome({ home }: Place, name: string, text: string): void {
  Deno.writeTextFileSync(`${home}/${name}`, text);
}

function relinked({ project }: Place, name: string): void {
  Deno.removeSync(`${project}/${name}`);
  Deno.symlinkSync("../../docs/more.md", `${project}/${name}`);
}

/** All that was in it has the same inode as before. */
function behindLink({ project, root }: Place, name: string): void {
  Deno.renameSync(`${project}/${name}`, `${root}/away`);
  Deno.symlinkSync(`${root}/away`, `${project}/${name}`);
}

function recordOf(place: Place): string {
  return stateFilesIn(place)("record.json");
}

function damaged(place: Place): void {
  Deno.writeTextFileSync(stateFilesIn(place)("in_step.json"), "{");
}

/** There is one place in the state. */
function stateFilesIn({ state }: Place): (name: string) => string {
  const [{ name: id }] = [...Deno.readDirSync(`${state}/sync`)];
  return (name) => `${state}/sync/${id}/${name}`;
}
