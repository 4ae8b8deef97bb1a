// What one call costs when the state is full of other sessions and their leases.

import { pathFacts } from "../../src/commands/lock_use.ts";
import { digest } from "../../src/base/digest.ts";
import { acquire } from "../../src/locks/acquire.ts";
import { type Holder, namedHolder, sessionHolder } from "../../src/sessions/holder.ts";
import { settle } from "../../src/locks/settle.ts";
import { pathTarget, type Target } from "../../src/locks/target.ts";
import { Place } from "../support/place.ts";
import { assertNothingLogged, hookCall } from "./hook_calls.ts";
import { libraryContext } from "./library_lock.ts";
import type { Effort, Part } from "./part.ts";
import type { Programs } from "./programs.ts";
import { median, percentile, sayDifference, sayMs, verdictOn } from "./samples.ts";
import { type Contestant, sideBySide } from "./side_by_side.ts";

const ratioMax = 1.1;
const sessionsCount = 1_000;
const leasesPerSession = 10;
const readsCount = 100;
const leaseTtlS = 3_600;
const session = "2d9cf3e0-78c3-4b2e-9f6e-7f2b9b6b7c32";
const verbs = { "track-read": "after-read", "acquire": "before-edit", "release": "after-edit" } as const;

/** Measures the same calls in an empty and in a grown state. */
export async function growthPart(programs: Programs, effort: Effort): Promise<Part> {
  using small = new Place();
  using grown = new Place();
  await grow(grown);
  const calls = Object.entries(verbs).flatMap(([verb, moment]) =>
    [small, grown].map((place): Contestant =>
      hookCall({ copies: programs.truce, place, session }, moment, {
        name: `${verb} ${place === small ? "small" : "grown"}`,
        file: "src/one.ts",
        words: ["lock", verb, "--format", "claude", ...verb === "release" ? ["--grace", "0"] : []],
      })
    )
  );
  const samples = await sideBySide(calls, effort);
  for (const place of [small, grown]) assertNothingLogged(place);

  const rows = Object.keys(verbs).map((verb) => {
    const [few, many] = [samples.get(`${verb} small`) ?? [], samples.get(`${verb} grown`) ?? []];
    const ratio = median(many) / median(few);
    return [
      `lock ${verb}`,
      sayMs(median(few)),
      sayMs(median(many)),
      sayMs(percentile(many, 0.95)),
      sayDifference(median(many) - median(few)),
      ratio.toFixed(2),
      ratioMax.toFixed(2),
      verdictOn(ratio, ratioMax),
    ];
  });
  const counts = `${sessionsCount * leasesPerSession} leases, ${sessionsCount} sessions, ${readsCount} read stamps`;
  return {
    title: "Growth",
    headings: ["empty", "grown", "p95", "difference", "ratio", "budget", "verdict"],
    rows,
    notes: [`Grown: ${counts} in the session that calls.`],
    figures: { ratioMax, counts, samples: Object.fromEntries(samples) },
  };
}

/** Fills the state of `place` through the library, so that it is what many sessions leave behind. */
async function grow(place: Place): Promise<void> {
  const locks = libraryContext(place.state);
  for (let number = 0; number < sessionsCount; number++) {
    const targets = await targetsIn(place, `session${number}`, leasesPerSession);
    const purpose = { kind: "manual", ttlS: leaseTtlS } as const;
    const { kind } = await acquire(locks, {
      holder: await namedHolder(`holder ${number}`),
      targets,
      purpose,
      waitS: 0,
    });
    if (kind !== "granted") throw new Error(`Cannot fill the state: ${kind}`);
  }
  await readMany(place, await sessionHolder({ host: "claude", sessionId: session }, undefined));
}

/** Gives `holder` its read stamps, each with its text. */
async function readMany(place: Place, holder: Holder): Promise<void> {
  const reads = [];
  for (const target of await targetsIn(place, "read", readsCount)) {
    const text = `// ${target.name}\n`.repeat(100);
    reads.push({ target, content: { digest: await digest(text), text }, atMs: Date.now() });
  }
  await settle(libraryContext(place.state), { holder, targets: [], ending: { kind: "all calls" }, graceS: 0, reads });
}

function targetsIn(place: Place, folder: string, count: number): Promise<Target[]> {
  const paths = Array.from({ length: count }, (_none, number) => `src/${folder}/file${number}.ts`);
  return Promise.all(paths.map((path) => pathTarget(pathFacts, place.project, path)));
}
