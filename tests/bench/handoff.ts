// How long it takes from a release until the next in line has the lock.

import { Place } from "../support/place.ts";
import { environmentOf } from "./hook_calls.ts";
import { openLock, untilInLine } from "./library_lock.ts";
import { giveBack, type Turn, wallMs } from "./lock_worker.ts";
import type { Effort, Part } from "./part.ts";
import { median, percentile, sayMs, verdictOn } from "./samples.ts";
import { Workers } from "./workers.ts";

const waitersCount = 32;
const medianMaxMs = 5;
const p99MaxMs = 50;
const deadlineMs = 120_000;

/** Measures handoffs down a line of 32: each who is granted the lock gives it back at once. */
export async function handoffPart(effort: Effort): Promise<Part> {
  const turns = await turnsInLine(effort.handoffChains);
  const wakeUps = turns.slice(1).map((turn, place) => turn.grantedMs - turns[place].releasingMs);
  const releases = turns.map(({ releasingMs, releasedMs }) => releasedMs - releasingMs);
  const programs = await programsInLine(effort.programChains);
  const fromStart = programs.map(({ startMs, nextMs }) => nextMs - startMs);
  const fromEnd = programs.map(({ endMs, nextMs }) => nextMs - endMs);
  const sayAll = (name: string, samples: readonly number[]) => [
    name,
    String(samples.length),
    sayMs(median(samples)),
    sayMs(percentile(samples, 0.99)),
    sayMs(Math.max(...samples)),
  ];
  // The longest of both in units of its budget.
  const worst = Math.max(median(wakeUps) / medianMaxMs, percentile(wakeUps, 0.99) / p99MaxMs);
  return {
    title: `Wake-up, ${waitersCount} in line`,
    headings: ["handoffs", "median", "p99", "longest", "budget", "verdict"],
    rows: [
      [...sayAll("from just before a release", wakeUps), `${medianMaxMs} / ${p99MaxMs} ms`, verdictOn(worst, 1)],
      sayAll("the release alone", releases),
      sayAll("from the start of truce lock release", fromStart),
      sayAll("from the end of truce lock release", fromEnd),
    ],
    notes: [
      "Rows 1 and 2: living processes that use the library, until acquire() has returned in the next one. Rows 3 and " +
      "4: whole programs, until the next truce lock acquire has ended.",
    ],
    figures: { medianMaxMs, p99MaxMs, wakeUps, releases, fromStart, fromEnd },
  };
}

/** Returns all turns in their order. This process is the last in each line: when it has its turn, the line is empty. */
async function turnsInLine(chains: number): Promise<Turn[]> {
  using place = new Place();
  const path = place.write("contested.ts");
  const lock = await openLock(place.state, path, "first and last");
  using workers = new Workers(waitersCount, (worker) => ["turns", place.state, path, `worker ${worker}`]);
  const turns: Turn[] = [];
  let fence = await lock.acquire();
  for (let chain = 0; chain < chains; chain++) {
    const grantedMs = wallMs();
    await workers.go();
    await untilInLine(place.state, waitersCount);
    turns.push({ fence, grantedMs, ...await giveBack(lock) });
    fence = await lock.acquire();
  }
  await lock.release();
  const theirs = await workers.finish() as Turn[][];
  return [...turns, ...theirs.flat()].sort((a, b) => a.fence - b.fence);
}

/** When a `truce lock release` began and ended, and when the `truce lock acquire` that was next in line ended. */
interface ProgramHandoff {
  readonly startMs: number;
  readonly endMs: number;
  readonly nextMs: number;
}

async function programsInLine(chains: number): Promise<ProgramHandoff[]> {
  const handoffs: ProgramHandoff[] = [];
  for (let chain = 0; chain < chains; chain++) {
    using place = new Place();
    const path = place.write("contested.ts");
    let holder = "first";
    await truce(place, ["acquire", path, "--as", holder]);
    const names = Array.from({ length: waitersCount }, (_none, waiter) => `waiter ${waiter}`);
    const waiting = new Map(names.map((name) => {
      const ended = truce(place, ["acquire", path, "--as", name]);
      return [name, ended.then((atMs) => ({ name, atMs }))];
    }));
    await untilInLine(place.state, waitersCount);
    while (waiting.size > 0) {
      const startMs = performance.now();
      const released = truce(place, ["release", path, "--as", holder, "--grace", "0"]);
      const next = await Promise.race(waiting.values());
      waiting.delete(next.name);
      holder = next.name;
      handoffs.push({ startMs, endMs: await released, nextMs: next.atMs });
    }
  }
  return handoffs;
}

/** Runs `truce lock WORDS` and returns when it ended. */
async function truce(place: Place, words: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await place.run(["lock", ...words], { env: environmentOf(place), deadlineMs });
  if (code !== 0) throw new Error(`truce lock ${words.join(" ")} ended with exit code ${code}: ${stdout}${stderr}`);
  return performance.now();
}
