import { TruceError } from "../../src/base/error.ts";
import { applyPlan, openSync, peekSync, restoreLast } from "../../src/sync/apply.ts";
import type { WantedFile } from "../../src/sync/model.ts";
import { planFor } from "../../src/sync/plan.ts";
import type { SyncPlace } from "../../src/sync/record.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { killEverywhere, whyNoStrace } from "../support/kill_points.ts";
import { filesBelow, Place } from "../support/place.ts";
import { start } from "../support/program.ts";
import { makeScene, syncPlace, wantedAt } from "../support/sync_scene.ts";

/** What a folder holds: texts with their modes, links, and folders. */
type Snapshot = Readonly<Record<string, string>>;

const stages = [0, 1, 2];
const stepsMax = 200;

/** Stands for the death of the process. */
class Death extends Error {}

Deno.test("applyPlan() writes what is wanted, and nothing when it is", async () => {
  using place = scene();
  for (const stage of [1, 2, 1, 0]) {
    assert((await syncPlace(at(place), wantedAt(place.project, stage))).length > 0);
    const before = [snapshot(place.project), times(place.root)];
    assertEquals(await syncPlace(at(place), wantedAt(place.project, stage)), []);
    assertEquals([snapshot(place.project), times(place.root)], before, `stage ${stage} is not in step`);
  }
  using untouched = scene();
  assertEquals(snapshot(place.project), snapshot(untouched.project));
});

Deno.test("applyPlan() keeps modes, and the links to the files that it writes", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  assertEquals(Deno.readLinkSync(`${place.project}/AGENTS.md`), "shared.md");
  assertEquals(mode(`${place.project}/.codex/config.toml`), 0o640);
  assertEquals(Deno.readTextFileSync(`${place.project}/shared.md`).startsWith("mine\r\n\r\n<!-- truce:begin "), true);
  assertEquals(Deno.readTextFileSync(`${place.project}/.agents/skills/pdf/SKILL.md`), "pdf\n");
});

Deno.test("applyPlan() makes what is at user scope for this user alone, and the state always", async () => {
  using place = new Place();
  const wanted: WantedFile[] = [{ kind: "whole", path: `${place.home}/.codex/rules/truce.rules`, text: "x" }];
  await syncPlace({ scope: "user", root: place.home, state: place.state }, wanted);
  assertEquals([mode(`${place.home}/.codex/rules`), mode(`${place.home}/.codex/rules/truce.rules`)], [0o700, 0o600]);
  for (const path of filesBelow(place.state)) assertEquals(mode(path), path.endsWith("/") ? 0o700 : 0o600, path);
});

Deno.test("planFor() leaves alone what leads out of the project, whatever is forced", async () => {
  using place = new Place();
  const outside = `${place.root}/outside`;
  Deno.mkdirSync(outside);
  Deno.writeTextFileSync(`${outside}/a.md`, "theirs\n");
  Deno.symlinkSync(`${outside}/a.md`, `${place.project}/a.md`);
  Deno.symlinkSync(outside, `${place.project}/.codex`);
  Deno.symlinkSync("nowhere", `${place.project}/dangling.md`);
  const wanted: WantedFile[] = [
    { kind: "block", path: `${place.project}/a.md`, text: "x" },
    { kind: "whole", path: `${place.project}/.codex/new.rules`, text: "x" },
    { kind: "link", path: `${place.project}/.codex/link`, to: "x" },
    { kind: "block", path: `${place.project}/dangling.md`, text: "x" },
    { kind: "block", path: `${place.project}/../outside/b.md`, text: "x" },
  ];
  const before = snapshot(place.root);
  for (const force of [undefined, "ours"] as const) {
    const said = await syncPlace(at(place), wanted, { force });
    assertEquals(said.map((one) => one.split(" ")[0]), ["conflict", "conflict", "conflict", "conflict", "conflict"]);
  }
  Deno.removeSync(place.state, { recursive: true });
  assertEquals(snapshot(place.root), before);
  await syncPlace({ ...at(place), alsoIn: [outside] }, wanted.slice(0, 3));
  assertEquals(Deno.readTextFileSync(`${outside}/new.rules`), "x");
});

Deno.test("applyPlan() makes copies where no links can be made, and makes them again", async () => {
  using place = scene();
  const before = snapshot(place.project);
  const [source, copy] = [`${place.project}/.claude/skills/pdf`, `${place.project}/.agents/skills/pdf`];
  const wanted: WantedFile[] = [{ kind: "link", path: copy, to: "../../.claude/skills/pdf" }];
  const sync = (files: readonly WantedFile[]) => syncPlace(at(place), files, { canLink: false });
  assertEquals(await sync(wanted), [`add link of ${copy}`]);
  assertEquals(snapshot(copy), snapshot(source));
  assertEquals(await sync(wanted), []);
  Deno.mkdirSync(`${source}/scripts`);
  Deno.writeTextFileSync(`${source}/scripts/run.sh`, "x", { mode: 0o755 });
  assertEquals(await sync(wanted), [`change link of ${copy}`]);
  assertEquals(snapshot(copy), snapshot(source));
  assertEquals(await sync(wanted), []);
  Deno.writeTextFileSync(`${copy}/SKILL.md`, "edited");
  assertEquals(await sync(wanted), [`drift link of ${copy}`]);
  Deno.writeTextFileSync(`${copy}/SKILL.md`, "pdf\n");
  assertEquals(await sync([]), [`remove link of ${copy}`]);
  const opening = await opened(place);
  await restoreLast(opening);
  opening.close();
  assertEquals(snapshot(copy), snapshot(source));
  await sync([]);
  Deno.removeSync(`${source}/scripts`, { recursive: true });
  assertEquals(snapshot(place.project), before);
  assertNoLitter(place);
});

Deno.test("applyPlan() goes around a file that somebody else changes meanwhile", async () => {
  using place = scene();
  const sync = await opened(place);
  const plan = await planFor([{ target: "t", files: wantedAt(place.project, 1) }], sync.look, sync.record);
  Deno.writeTextFileSync(`${place.project}/shared.md`, "changed\n");
  const before = snapshot(place.project);
  await assertRejects(() => applyPlan(sync, plan), TruceError, 'shared.md": somebody else is changing it');
  assertEquals(snapshot(place.project), before);
  sync.close();
  await syncPlace(at(place), wantedAt(place.project, 1));
  assert(Deno.readTextFileSync(`${place.project}/shared.md`).startsWith("changed\n\n<!-- truce:begin"));
});

Deno.test("openSync() lets one in at a time, and the next one wait", async () => {
  using place = scene();
  const first = await opened(place);
  assertEquals(await openSync(at(place), { waitMs: 0 }), undefined);
  const second = openSync(at(place), { waitMs: 60_000 });
  first.close();
  (await second)?.close();
  const other = await openSync({ ...at(place), scope: "user", root: place.home }, { waitMs: 60_000 });
  other?.close();
  assert(other !== undefined, "another place is not concerned");
});

Deno.test("openSync() goes on without a record that is damaged, and refuses one of a later format", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  const path = filesBelow(place.state).find((one) => one.endsWith("/record.json")) ?? "";
  Deno.writeTextFileSync(path, "{");
  assertEquals((await peekSync(at(place))).record.files, {});
  assertEquals(await syncPlace(at(place), wantedAt(place.project, 1)), []);
  assertEquals(Deno.readTextFileSync(`${path}.corrupt`), "{");
  Deno.writeTextFileSync(path, '{"v":2,"files":{}}');
  await assertRejects(() => opened(place), TruceError, "its format is 2, and this truce knows 1");
  await assertRejects(() => opened(place), TruceError, "its format is 2");
});

for (const from of stages) {
  for (const to of stages.filter((stage) => stage !== from)) {
    Deno.test(`restoreLast() undoes a sync from stage ${from} to ${to} byte for byte`, async () => {
      using place = scene();
      if (from > 0) await syncPlace(at(place), wantedAt(place.project, from));
      const before = snapshot(place.project);
      await syncPlace(at(place), wantedAt(place.project, to));
      const sync = await opened(place);
      await restoreLast(sync);
      sync.close();
      assertEquals(snapshot(place.project), before);
      assertEquals(await syncPlace(at(place), wantedAt(place.project, from)), [], "the record is not that of before");
      const next = await opened(place);
      await assertRejects(() => restoreLast(next), TruceError, "there is none to undo");
      next.close();
    });
  }
}

Deno.test("restoreLast() leaves what was changed since, unless it is forced", async () => {
  using place = scene();
  const before = snapshot(place.project);
  await syncPlace(at(place), wantedAt(place.project, 1));
  Deno.writeTextFileSync(`${place.project}/.gone/deep/er.rules`, "edited\n");
  const edited = snapshot(place.project);
  const sync = await opened(place);
  await assertRejects(() => restoreLast(sync), TruceError, 'er.rules" was changed since');
  assertEquals(snapshot(place.project), edited);
  await restoreLast(sync, { isForced: true });
  sync.close();
  assertEquals(snapshot(place.project), before);
});

Deno.test("restoreLast() right after applyPlan() undoes it", async () => {
  using place = scene();
  const before = snapshot(place.project);
  const sync = await opened(place);
  await applyPlan(sync, await planFor([{ target: "t", files: wantedAt(place.project, 1) }], sync.look, sync.record));
  await restoreLast(sync);
  sync.close();
  assertEquals(snapshot(place.project), before);
});

for (const [from, to] of [[0, 1], [1, 2], [2, 0]]) {
  Deno.test(`a sync from stage ${from} to ${to} that dies after any step, and its recovery, too, is all or nothing`, async () => {
    const [old, now] = [await snapshotAt(from), await snapshotAt(to)];
    const outcomes = new Set<string>();
    let steps = 0;
    for (let isDead = true; isDead; steps++) {
      assert(steps < stepsMax);
      using place = scene();
      if (from > 0) await syncPlace(at(place), wantedAt(place.project, from));
      const point = await dies(place, to, steps);
      isDead = point !== undefined;
      // The recovery dies, too, at another step each time; then one lives.
      for (let nth = steps % 5; isDead && await diesOpening(place, nth); nth += 7) assert(nth < stepsMax);
      (await opened(place)).close();
      const left = snapshot(place.project);
      assert(
        [old, now].some((one) => sameSnapshot(one, left)),
        `neither old nor new ${point}: ${JSON.stringify(left)}`,
      );
      outcomes.add(sameSnapshot(old, left) ? "old" : "new");
      assertNoLitter(place, point);
      await syncPlace(at(place), wantedAt(place.project, to));
      assertEquals(snapshot(place.project), now, point);
      assertEquals(await syncPlace(at(place), wantedAt(place.project, to)), [], point);
    }
    assertEquals([...outcomes].sort(), ["new", "old"]);
    assert(steps > 20, `${steps} steps`);
  });
}

Deno.test("a sync that cannot go on takes back what it did", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  const before = snapshot(place.project);
  const afterStep = (step: string) => {
    if (step !== "journal: commit") return;
    const temporary = filesBelow(`${place.project}/.gemini`).filter((path) => path.includes(".truce-"));
    for (const path of temporary) Deno.removeSync(path);
    assertEquals(temporary.length, 1);
  };
  await assertRejects(
    () => syncPlace(at(place), wantedAt(place.project, 2), { afterStep }),
    TruceError,
    'settings.json": what was to be there was removed meanwhile',
  );
  assertEquals(snapshot(place.project), before);
  assertNoLitter(place, "after the failure");
  assertEquals(await syncPlace(at(place), wantedAt(place.project, 1)), []);
});

Deno.test("a sync that is finished later leaves what somebody changed meanwhile", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  await assertRejects(() => syncUntil(place, 2, "journal: commit"), Death);
  assertEquals((await peekSync(at(place))).isUnfinished, true);
  Deno.writeTextFileSync(`${place.project}/.gemini/settings.json`, '{"mine": true}');
  const sync = await opened(place);
  assertEquals(sync.recovered, "forward");
  sync.close();
  assertEquals(Deno.readTextFileSync(`${place.project}/.gemini/settings.json`), '{"mine": true}');
  assertEquals(await syncPlace(at(place), wantedAt(place.project, 2)), [
    `drift /mcpServers/a of ${place.project}/.gemini/settings.json`,
  ]);
  assertNoLitter(place, "after the recovery");
});

Deno.test("a sync that was all but finished leaves what somebody put back meanwhile", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  const path = `${place.project}/.gemini/settings.json`;
  const before = Deno.readTextFileSync(path);
  await assertRejects(() => syncUntil(place, 2, "exchange undo"), Death);
  Deno.writeTextFileSync(path, before);
  const sync = await opened(place);
  assertEquals([sync.recovered, Deno.readTextFileSync(path)], ["forward", before]);
  sync.close();
  assertEquals(await syncPlace(at(place), wantedAt(place.project, 2)), [`drift /mcpServers/a of ${path}`]);
});

Deno.test("a sync that is finished later does not follow a link that was put in its way", async () => {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, 1));
  const outside = `${place.root}/outside`;
  const kept = (folder: string) => Deno.readTextFileSync(`${folder}/settings.json`);
  const before = kept(`${place.project}/.gemini`);
  await assertRejects(() => syncUntil(place, 2, "journal: commit"), Death);
  Deno.renameSync(`${place.project}/.gemini`, outside);
  Deno.symlinkSync(outside, `${place.project}/.gemini`);
  const sync = await opened(place);
  assertEquals([sync.recovered, kept(outside)], ["back", before]);
  sync.close();
  assertNoLitter(place, "after the recovery");
});

const whyNot = whyNoStrace();

Deno.test({
  name: `a process that syncs and is killed anywhere leaves all of it or nothing${
    whyNot ? ` (ignored: ${whyNot})` : ""
  }`,
  ignore: whyNot !== undefined,
  async fn() {
    const now = await snapshotAt(1);
    using place = scene();
    const old = snapshot(place.project);
    const worker = new URL("../support/sync_worker.ts", import.meta.url).pathname;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const words = [
      "run",
      "-A",
      "--quiet",
      "--cached-only",
      "--config",
      config,
      worker,
      place.project,
      place.state,
      "1",
    ];
    const env = { HOME: place.home, DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno` };
    const outcomes = new Set<string>();
    const points = await killEverywhere(place.root, {
      reset() {
        for (const folder of [place.project, place.state]) clear(folder);
        Deno.mkdirSync(place.project);
        makeScene(place.project);
      },
      run: ([file, ...args] = []) => {
        return start(file, [...args, Deno.execPath(), ...words], { env }).finished;
      },
      async check(point) {
        (await opened(place)).close();
        const left = snapshot(place.project);
        assert(
          [old, now].some((one) => sameSnapshot(one, left)),
          `neither old nor new ${point}: ${JSON.stringify(left)}`,
        );
        outcomes.add(sameSnapshot(old, left) ? "old" : "new");
        assertNoLitter(place, point);
      },
    });
    assertEquals([...outcomes].sort(), ["new", "old"]);
    assert(points > 20, `${points} points`);
  },
});

function scene(): Place {
  const place = new Place();
  makeScene(place.project);
  return place;
}

function at(place: Place): SyncPlace {
  return { scope: "project", root: place.project, state: place.state };
}

async function opened(place: Place) {
  const sync = await openSync(at(place), { waitMs: 60_000 });
  assert(sync !== undefined, "somebody else syncs");
  return sync;
}

/** Lets a sync die after the step of that name. */
function syncUntil(place: Place, stage: number, last: string): Promise<unknown> {
  const afterStep = (step: string) => {
    if (step === last) throw new Death();
  };
  return syncPlace(at(place), wantedAt(place.project, stage), { afterStep });
}

/** Lets a sync die after its step number `nth`. Returns the step, or `undefined` when it had no such step. */
async function dies(place: Place, stage: number, nth: number): Promise<string | undefined> {
  let [count, point] = [0, ""];
  const afterStep = (step: string) => {
    point = `after step ${nth}, ${step}`;
    if (count++ === nth) throw new Death();
  };
  try {
    await syncPlace(at(place), wantedAt(place.project, stage), { afterStep });
    return undefined;
  } catch (error) {
    if (error instanceof Death) return point;
    throw error;
  }
}

/** Lets the recovery of a place die after its step number `nth`, and says whether it had one. */
async function diesOpening(place: Place, nth: number): Promise<boolean> {
  let count = 0;
  const afterStep = () => {
    if (count++ === nth) throw new Death();
  };
  try {
    (await openSync(at(place), { waitMs: 60_000, afterStep }))?.close();
    return false;
  } catch (error) {
    if (error instanceof Death) return true;
    throw error;
  }
}

async function snapshotAt(stage: number): Promise<Snapshot> {
  using place = scene();
  await syncPlace(at(place), wantedAt(place.project, stage));
  return snapshot(place.project);
}

function snapshot(folder: string): Snapshot {
  return Object.fromEntries(filesBelow(folder).map((path) => [path.slice(folder.length + 1), facts(path, folder)]));
}

function facts(path: string, folder: string): string {
  if (path.endsWith("/")) return "a folder";
  const info = Deno.lstatSync(path);
  if (info.isSymlink) return `→ ${Deno.readLinkSync(path).replace(folder, "")}`;
  return `${((info.mode ?? 0) & 0o777).toString(8)} ${Deno.readTextFileSync(path)}`;
}

function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Returns when everything below a folder was changed. */
function times(folder: string): Record<string, number | undefined> {
  return Object.fromEntries(filesBelow(folder).map((path) => [path, Deno.lstatSync(path).mtime?.getTime()]));
}

function assertNoLitter(place: Place, point?: string): void {
  const known = /^(?:sync\/(?:[0-9a-f]{32}\/(?:lock|record\.json|undo\.json)?)?)$/;
  const state = filesBelow(place.state).map((path) => path.slice(place.state.length + 1));
  assertEquals(state.filter((path) => !known.test(path)), [], point);
  assertEquals(filesBelow(place.root).filter((path) => path.includes(".truce-")), [], point);
}

function mode(path: string): number {
  return (Deno.lstatSync(path).mode ?? 0) & 0o777;
}

function clear(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
