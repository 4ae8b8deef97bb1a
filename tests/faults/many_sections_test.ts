// The same library in processes that loop: many more critical sections than starting a program for each allows.

import { assertEquals } from "../support/assert.ts";
import type { Counted } from "../support/lock_worker.ts";
import { Place } from "../support/place.ts";
import { start } from "../support/program.ts";

const workersCount = 4;
const rounds = 500;
const targetsCount = 100;
const deadlineMs = 150_000;

Deno.test(`acquire() never lets two of ${workersCount} busy processes have one thing`, async () => {
  using place = new Place();
  Deno.mkdirSync(`${place.root}/sentinels`);
  const worker = new URL("../support/lock_worker.ts", import.meta.url).pathname;
  const env = { HOME: place.home, DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno` };
  const counts = await Promise.all(Array.from({ length: workersCount }, async (_value, index) => {
    const args = [place.state, `${place.root}/sentinels`, `worker-${index}`, String(rounds), String(targetsCount)];
    const running = start(Deno.execPath(), ["run", "--quiet", "--allow-all", worker, ...args], { env, deadlineMs });
    const { code, stdout, stderr } = await running.finished;
    assertEquals([code, stderr], [0, ""]);
    return JSON.parse(stdout) as Counted;
  }));
  const total = (name: keyof Counted) => counts.reduce((sum, counted) => sum + counted[name], 0);
  assertEquals([total("overlaps"), total("refusals"), total("fallenFences")], [0, 0, 0]);
  // Rounds ask for one, two and three things in turn.
  const perWorker = Array.from({ length: rounds }, (_value, round) => 1 + round % 6).reduce((sum, count) =>
    sum + count
  );
  assertEquals(total("sections"), workersCount * perWorker);
  assertEquals(await place.leases(), []);
});
