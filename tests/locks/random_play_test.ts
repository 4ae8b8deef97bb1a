// Plays that nobody thought of. play() itself throws when two could write one file, a fence falls, somebody waits for
// ever or something is left behind; what comes of them else is not looked at.

import { play } from "../support/play.ts";

const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);
const stepsPerPlay = 60;

const holders = ["a", "b", "c", "d", "a/t", "P"];
const requests = ["f", "g", "h", "f,g", "g,f", "h,g,f", "s/", "s/x", "s/x,f", "s/y/", "s/y/z", "$r"];
const wishes = ["", "", "#2", "=20", "=200", "~0", "~5", "~40"];
const files = ["f", "g", "h", "s/x", "s/y/z", "f,g", "g,h"];
const endings = ["-", "-", ":fail:", ":free:"];
const events = [":stop", ":batch#2", ":sign", ":end", ":die", ":kill"];

for (const seed of seeds) {
  Deno.test(`play() of what chance ${seed} brings keeps one writer to a file and leaves nobody waiting`, async () => {
    await play(chancePlay(seed));
  });
}

function chancePlay(seed: number): string {
  const chance = chanceFrom(seed);
  const one = <T>(list: readonly T[]) => list[Math.floor(chance() * list.length)];
  const steps: string[] = [];
  const dead = new Set<string>();
  for (let atS = 0; steps.length < stepsPerPlay; atS += Math.floor(chance() * 5)) {
    const who = one(holders.filter((holder) => !dead.has(holder[0])));
    const dice = chance();
    const event = one(events);
    if (dice < 0.5) steps.push(`${who}+${one(requests)}${one(wishes)}@${atS}`);
    else if (dice < 0.8) steps.push(`${who}${one(endings)}${one(files)}${one(["", "#2", "%10"])}@${atS}`);
    else if (dice < 0.83) steps.push(`P:break:${one(files)[0]}@${atS}`);
    else if (dice < 0.84) steps.push(`!boot@${atS}`);
    else if (event !== ":die" && event !== ":kill") steps.push(`${who}${event}@${atS}`);
    else if (dead.size < 2 && who !== "P") {
      dead.add(who[0]);
      steps.push(
        `${who[0]}:die@${atS}`,
        ...holders.filter((holder) => holder[0] === who[0]).map((holder) => `${holder}:kill@${atS}`),
      );
    }
  }
  return steps.join(" ");
}

/** Returns numbers from 0 to 1, the same for the same seed: a linear congruence, as in Numerical Recipes. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}
