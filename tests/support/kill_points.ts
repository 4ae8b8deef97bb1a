// Finds every moment at which the death of a process could matter: strace(1) kills it at its first, second, third …
// call that changes something in a folder, until it survives. Nothing in the product knows of it.

import { assert } from "./assert.ts";
import type { Ran, RunOptions } from "./program.ts";

const changing = "/^(mkdir|open|creat|rename|link|symlink|unlink|rmdir|write|pwrite|truncate|ftruncate|flock)";
const killsMax = 100;
const killedCode = 128 + 9;

/** What starts a program that is killed as it renames a file for the first time. */
export const killAtFirstRename = ["strace", "-f", "-o", "/dev/null", "-e", "inject=/^rename:signal=SIGKILL:when=1"];

/** Says whether strace can be used here, or why not. */
export function whyNoStrace(): string | undefined {
  try {
    const { success } = new Deno.Command("strace", { args: ["-o", "/dev/null", "true"], stderr: "null" }).outputSync();
    return success ? undefined : "strace may not trace here";
  } catch {
    return "strace is not installed";
  }
}

/** A process that can be killed anywhere. */
export interface Victim {
  /** Puts everything back to what it was before the process ran. */
  reset(): void;
  /** Runs the process by way of another program. */
  run(via: RunOptions["via"]): Promise<Ran>;
  /** Looks at what is left. `point` says where the process was killed. */
  check(point: string): Promise<void>;
}

/** Kills `victim` at every call that changes something in `folder`. Returns how many such points there are. */
export async function killEverywhere(folder: string, victim: Victim): Promise<number> {
  const record = Deno.makeTempFileSync({ prefix: "truce-strace-" });
  victim.reset();
  await victim.run(["strace", "-f", "-y", "-o", record, "-e", `trace=${changing}`]);
  const lines = Deno.readTextFileSync(record).split("\n").filter((line) => line.includes(folder));
  Deno.removeSync(record);
  const names = new Set(lines.map((line) => /^\d+ +(\w+)\(/.exec(line)?.[1]).filter((name) => name !== undefined));
  const paths = new Set(lines.flatMap((line) => [...line.matchAll(/["<](\/[^">]*)[">]/g)].map((match) => match[1])));
  const filter = [...paths].filter((path) => path.startsWith(folder)).flatMap((path) => ["-P", path]);

  let points = 0;
  for (const name of names) {
    for (let nth = 1;; nth++) {
      assert(nth < killsMax, `the process survives at ${killsMax} calls of ${name}`);
      victim.reset();
      const inject = ["-e", `trace=${name}`, "-e", `inject=${name}:signal=SIGKILL:when=${nth}`];
      const { code } = await victim.run(["strace", "-f", "-o", "/dev/null", ...filter, ...inject]);
      await victim.check(code === killedCode ? `killed at ${name} ${nth}` : `not killed at ${name} ${nth}`);
      if (code !== killedCode) break;
      points++;
    }
  }
  return points;
}
