// One of many processes that lock and release in a loop. `lock_worker.ts STATE SENTINELS NAME ROUNDS TARGETS`; prints as JSON
// what it counted. Each round it proves that it is alone, by a file for each thing that it may write.

import { acquire } from "../../src/locks/acquire.ts";
import type { LockContext } from "../../src/locks/context.ts";
import { namedHolder } from "../../src/sessions/holder.ts";
import { settle } from "../../src/locks/settle.ts";
import { resourceTarget, type Target } from "../../src/locks/target.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemProcesses } from "../../src/platform/process.ts";
import { FileStore } from "../../src/store/file_store.ts";

/** What a worker counted. */
export interface Counted {
  readonly sections: number;
  readonly overlaps: number;
  readonly refusals: number;
  /** Fences that did not rise. */
  readonly fallenFences: number;
}

const waitS = 60;

if (import.meta.main) {
  const [state, sentinels, name, rounds, targetsCount] = Deno.args;
  const targets = Array.from({ length: Number(targetsCount) }, (_value, index) => `target-${index}`);
  console.log(JSON.stringify(await work(state, sentinels, name, Number(rounds), targets)));
}

async function work(
  state: string,
  sentinels: string,
  name: string,
  rounds: number,
  names: readonly string[],
): Promise<Counted> {
  const context: LockContext = {
    store: new FileStore(state, () => {}),
    clock: systemClock,
    processes: systemProcesses,
  };
  const holder = await namedHolder(name);
  const counted = { sections: 0, overlaps: 0, refusals: 0, fallenFences: 0 };
  let lastFence = 0;
  for (let round = 0; round < rounds; round++) {
    const targets = await someTargets(names, 1 + round % 6);
    const purpose = { kind: "call", callId: "only" } as const;
    const acquired = await acquire(context, { holder, targets, purpose, waitS });
    if (acquired.kind !== "granted") {
      counted.refusals++;
      continue;
    }
    const files = targets.map((target) => `${sentinels}/${target.name}`);
    counted.sections += files.length;
    counted.overlaps += files.filter((file) => !createNew(file)).length;
    const fence = Math.min(...acquired.leases.map((lease) => lease.fence));
    if (fence <= lastFence) counted.fallenFences++;
    lastFence = Math.max(...acquired.leases.map((lease) => lease.fence));
    for (const file of files) Deno.removeSync(file);
    const keys = targets.map(({ key }) => key);
    await settle(context, { holder, targets: keys, ending: { kind: "all calls" }, graceS: 0 });
  }
  return counted;
}

/** Returns `count` different targets in the order in which everybody asks for them. */
async function someTargets(names: readonly string[], count: number): Promise<Target[]> {
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(names[Math.floor(Math.random() * names.length)]);
  return await Promise.all([...chosen].map(resourceTarget));
}

function createNew(path: string): boolean {
  try {
    Deno.openSync(path, { createNew: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}
