// deno task bench [--quick]: what the budgets of the design say, measured. Prints tables, and writes dist/bench.json
// with every sample. Nothing fails here but truce itself: times depend on the machine and on what else it does.

import { root } from "../support/modules.ts";
import { daemonPart } from "./daemon.ts";
import { exclusionPart } from "./exclusion.ts";
import { foldersPart } from "./folders.ts";
import { growthPart } from "./growth.ts";
import { handoffPart } from "./handoff.ts";
import { notifyPart } from "./notify.ts";
import { type Effort, type Part, tableOf } from "./part.ts";
import { makePrograms } from "./programs.ts";
import { sizePart } from "./size.ts";
import { startsPart } from "./starts.ts";
import { syncPart } from "./sync.ts";

const whole: Effort = {
  rounds: 40,
  warmUps: 4,
  handoffChains: 4,
  programChains: 2,
  sectionsMaxS: 60,
  coldStarts: 5,
  requests: 10_000,
};
const quick: Effort = {
  rounds: 6,
  warmUps: 2,
  handoffChains: 1,
  programChains: 1,
  sectionsMaxS: 5,
  coldStarts: 1,
  requests: 1_000,
};

const effort = Deno.args.includes("--quick") ? quick : whole;
using programs = await makePrograms();
console.log(`Deno ${Deno.version.deno} measures on ${Deno.build.target}, load ${sayLoad()}`);
const parts: Part[] = [];
for (
  const measure of [
    () => startsPart(programs, effort),
    () => growthPart(programs, effort),
    () => handoffPart(effort),
    () => exclusionPart(effort),
    () => notifyPart(effort),
    () => daemonPart(effort),
    () => foldersPart(programs, effort),
    () => syncPart(programs, effort),
    () => sizePart(programs),
  ]
) {
  const part = await measure();
  console.log(`\n${tableOf(part)}`);
  parts.push(part);
}
console.log(`\nLoad ${sayLoad()} at the end. Every sample is in dist/bench.json`);
const tables = parts.map(({ title, headings, rows, figures }) => ({ title, headings, rows, figures }));
Deno.writeTextFileSync(`${root}dist/bench.json`, `${JSON.stringify({ effort, parts: tables }, undefined, 1)}\n`);

function sayLoad(): string {
  return Deno.loadavg().map((load) => load.toFixed(1)).join(" ");
}
