// 64 agents want the same few files: never two at once, nobody for nothing, nobody twice as often as another.

import { assert, assertEquals } from "../support/assert.ts";
import { Place, until } from "../support/place.ts";

const workersCount = 64;
const turnsPerWorker = 3;
const deadlineMs = 90_000;

const cases: Record<string, { readonly files: readonly string[]; readonly filesPerTurn: number }> = {
  "one file": { files: ["a.txt"], filesPerTurn: 1 },
  "random pairs of four files": { files: ["a.txt", "b.txt", "c.txt", "d.txt"], filesPerTurn: 2 },
};

for (const [name, { files, filesPerTurn }] of Object.entries(cases)) {
  Deno.test(`truce lock gives ${name} to one of ${workersCount} processes at a time, and to all in turn`, async () => {
    using place = new Place();
    await acquire(place, "starter", files);
    const turns = Array.from({ length: workersCount }, () => 0);
    let turnsLeft = workersCount * turnsPerWorker;
    const work = async (worker: number) => {
      while (turnsLeft > 0) {
        const wanted = pick(files, filesPerTurn);
        await acquire(place, `worker-${worker}`, wanted);
        for (const file of wanted) Deno.openSync(`${place.root}/has-${file}`, { createNew: true, write: true }).close();
        turns[worker]++;
        turnsLeft--;
        for (const file of wanted) Deno.removeSync(`${place.root}/has-${file}`);
        await release(place, `worker-${worker}`, wanted);
      }
    };
    const begin = async () => {
      // From then on, when everybody is in line, the shares are fair.
      const waits = async () => (await place.leases()).flatMap(({ waiting }) => waiting).length;
      await until("all are in line", async () => await waits() === workersCount * filesPerTurn);
      await release(place, "starter", files);
    };
    const failures: unknown[] = [];
    const tasks = [begin(), ...turns.map((_turns, worker) => work(worker))];
    await Promise.all(tasks.map((task) =>
      task.catch((error) => {
        failures.push(error);
        turnsLeft = 0;
      })
    ));
    assertEquals(failures, []);
    const fewest = Math.min(...turns), most = Math.max(...turns);
    assert(most <= 2 * fewest, `the shares are ${turns}`);
    assertEquals(await place.leases(), []);
  });
}

async function acquire(place: Place, name: string, files: readonly string[]): Promise<void> {
  const words = ["lock", "acquire", ...files, "--as", name, "--timeout", "60"];
  const { code, stdout, stderr } = await place.run(words, { deadlineMs });
  assertEquals([code, stderr], [0, ""], `${name}: ${stdout}${stderr}`);
}

async function release(place: Place, name: string, files: readonly string[]): Promise<void> {
  const words = ["lock", "release", ...files, "--as", name, "--grace", "0"];
  const { code, stdout, stderr } = await place.run(words, { deadlineMs });
  assertEquals([code, stderr], [0, ""], `${name}: ${stdout}${stderr}`);
}

function pick(files: readonly string[], count: number): string[] {
  const left = [...files];
  return Array.from({ length: count }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}
