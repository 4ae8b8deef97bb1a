// A process that is killed at any step leaves a change there or not there, and nothing that grows.

import { assert, assertEquals } from "../support/assert.ts";
import { type Captured, hookOf } from "../support/hook_input.ts";
import { killAtFirstRename, killEverywhere, whyNoStrace } from "../support/kill_points.ts";
import { filesBelow, Place } from "../support/place.ts";
import type { Ran } from "../support/program.ts";

/** A hook of agent a with its paths, or words that are typed. */
type Step =
  | { readonly moment: Captured; readonly paths: readonly string[]; readonly via?: readonly string[] }
  | { readonly words: readonly string[] };

interface Case {
  readonly before: readonly Step[];
  /** What a disk that was full has left of a long journal. */
  readonly tornJournal?: string;
  readonly killed: Step;
  /** The files of the change, and how many of them may be locked afterwards: all or none. */
  readonly files: readonly string[];
  readonly locked: readonly number[];
}

const one = ["a.txt"];
const three = ["a.txt", "src/b.txt", "src/new/c.txt"];
const acquireThree: Step = { moment: "before-edit", paths: three };
const asB = ["--as", "b", "--timeout", "0.05"];

const cases: Record<string, Case> = {
  "the first acquire of all": {
    before: [],
    killed: { moment: "before-edit", paths: one },
    files: one,
    locked: [0, 1],
  },
  "an acquire of three files": {
    before: [{ moment: "before-edit", paths: ["other.txt"] }],
    killed: acquireThree,
    files: three,
    locked: [0, 3],
  },
  "what finishes the work of a process that was killed": {
    before: [{ ...acquireThree, via: killAtFirstRename }],
    killed: { words: ["lock", "acquire", "other.txt", ...asB] },
    files: three,
    locked: [3],
  },
  "an acquire over the remains of a torn journal": {
    before: [{ moment: "before-edit", paths: ["other.txt"] }],
    tornJournal: `[{"from":"${"x".repeat(5000)}`,
    killed: acquireThree,
    files: three,
    locked: [0, 3],
  },
  "a release": {
    before: [{ moment: "before-edit", paths: one }],
    killed: { moment: "after-edit", paths: one },
    files: one,
    locked: [1],
  },
  "the end of a session with three files": {
    before: [acquireThree],
    killed: { moment: "session-end", paths: [] },
    files: three,
    locked: [0, 3],
  },
  "a wait in line that ends in vain": {
    before: [{ moment: "before-edit", paths: one }],
    killed: { words: ["lock", "acquire", ...one, "new.txt", ...asB] },
    files: one,
    locked: [1],
  },
};

const whyNot = whyNoStrace();

for (const [name, { before, tornJournal = "", killed, files, locked }] of Object.entries(cases)) {
  const suffix = whyNot === undefined ? "" : ` (ignored: ${whyNot})`;
  Deno.test(
    { name: `truce killed at any step of ${name} leaves all of it or nothing${suffix}`, ignore: !!whyNot },
    async () => {
      using place = new Place();
      for (const file of three) place.write(file);
      for (const step of before) await run(place, step);
      if (before.length > 0) Deno.writeTextFileSync(`${place.state}/mutex`, tornJournal, { append: true });
      place.backup();
      const outcomes = new Set<number>();
      const points = await killEverywhere(place.state, {
        reset: () => place.restore(),
        run: (via) => run(place, killed, via),
        async check(point) {
          const count = await lockedAfter(place, files, point);
          assert(locked.includes(count), `${count} files are locked, ${point}`);
          outcomes.add(count);
        },
      });
      assert(points >= 5, `${points} points`);
      assertEquals([...outcomes].sort(), locked);
    },
  );
}

/** Lets the next process ask for the first of `files`, and returns how many of them are locked by the killed one. */
async function lockedAfter(place: Place, files: readonly string[], point: string): Promise<number> {
  const { code, stderr } = await place.run(["lock", "acquire", files[0], "--timeout", "0", "--as", "next"]);
  assertEquals(stderr, "", point);
  const leases = (await place.leases()).filter(({ path }) => files.includes(path.slice(place.project.length + 1)));
  const taken = leases.filter(({ holder }) => holder !== "next");
  assertEquals(code, taken.length > 0 ? 1 : 0, `${point}: ${JSON.stringify(leases)}`);
  assertEquals(leases.flatMap(({ waiting }) => waiting), [], point);

  const names = filesBelow(place.state).map((path) => path.slice(place.state.length + 1));
  const known = /^(mutex|queue\.json|staged-\d|(leases|sessions|texts)\/(\w\w\/(\w+\.json)?)?|(wake|told|log)\/.*)$/;
  assertEquals(names.filter((path) => !known.test(path)), [], point);
  assert(names.filter((path) => path.startsWith("staged-") || path.startsWith("wake/")).length <= 10, names.join());
  assert(/^\d+\n$/.test(Deno.readTextFileSync(`${place.state}/mutex`)), `a journal is left, ${point}`);
  return taken.length;
}

function run(place: Place, step: Step, via?: readonly string[]): Promise<Ran> {
  const env = { CLAUDE_PID: String(Deno.pid) };
  if ("words" in step) return place.run(step.words, { via, env });
  const { words, stdin } = hookOf(step.moment, { session: "a", paths: step.paths }, place.project);
  return place.run(words, { via: via ?? step.via, env, stdin });
}
