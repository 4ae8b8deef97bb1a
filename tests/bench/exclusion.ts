// Many processes, one path: is there ever more than one inside, how many get through, and does each get its share?

import { Place } from "../support/place.ts";
import { openLock, untilInLine } from "./library_lock.ts";
import { numberIn, type Sections } from "./lock_worker.ts";
import type { Effort, Part } from "./part.ts";
import { verdictOn } from "./samples.ts";
import { Workers } from "./workers.ts";

const processesCount = 64;
const sectionsMax = 100_000;
const shareRatioMax = 2;

/** Lets 64 processes go through 100 000 critical sections, or through as many as there is time for. */
export async function exclusionPart(effort: Effort): Promise<Part> {
  using place = new Place();
  const path = place.write("contested.ts");
  const starter = await openLock(place.state, path, "starter");
  const words = ["sections", place.state, path];
  using workers = new Workers(processesCount, (worker) => [...words, `worker ${worker}`, String(sectionsMax)]);
  await starter.acquire();
  await workers.go();
  await untilInLine(place.state, processesCount);
  const startMs = performance.now();
  await starter.release();
  const timer = setTimeout(() => Deno.writeTextFileSync(`${path}.stop`, ""), effort.sectionsMaxS * 1000);
  const done = await workers.finish() as Sections[];
  clearTimeout(timer);
  const seconds = (performance.now() - startMs) / 1000;

  const counts = done.map(({ count }) => count);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const overlaps = done.reduce((sum, one) => sum + one.overlaps, 0) + Math.abs(all - numberIn(`${path}.count`));
  const failures = done.flatMap(({ failure }) => failure ?? []);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const shareRatio = most / fewest;
  return {
    title: `Mutual exclusion, ${processesCount} processes, one path`,
    headings: ["result", "budget", "verdict"],
    rows: [
      ["overlaps and lost updates", String(overlaps), "0", verdictOn(overlaps, 0)],
      ["processes that gave up", String(failures.length), "0", verdictOn(failures.length, 0)],
      [`critical sections in ${seconds.toFixed(1)} s`, String(all), String(sectionsMax)],
      ["critical sections a second", (all / seconds).toFixed(0)],
      ["largest to smallest share", `${most}:${fewest}`, `${shareRatioMax}:1`, verdictOn(shareRatio, shareRatioMax)],
    ],
    notes: [...all < sectionsMax ? [`Stopped after ${effort.sectionsMaxS} s.`] : [], ...failures.slice(0, 1)],
    figures: { overlaps, failures, sections: all, seconds, counts, shareRatioMax },
  };
}
