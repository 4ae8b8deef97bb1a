// What it costs to look after a session's folders when its transcript is as large as those of long sessions are.

import { asSession } from "../../src/sessions/session.ts";
import { assertEquals } from "../support/assert.ts";
import { payload } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";
import { assertNothingLogged, environmentOf } from "./hook_calls.ts";
import type { Effort, Part } from "./part.ts";
import type { Programs } from "./programs.ts";
import { median, percentile, sayDifference, sayMs, verdictOn } from "./samples.ts";
import { type Contestant, sideBySide } from "./side_by_side.ts";

const overEmptyMaxMs = 3;
const ratioMax = 1.1;
const pieceBytes = 1_000_000;
const piecesCount = 100;
const outputLinesCount = 100;
const captured = new URL("../sessions/fixtures/typed.jsonl", import.meta.url);

/** Measures `truce sync-roots`, beside an empty program, with transcripts of 1 MB and of 100 MB. */
export async function foldersPart(programs: Programs, effort: Effort): Promise<Part> {
  using place = new Place();
  Deno.mkdirSync(`${place.project}/added`);
  assertEquals((await place.run(["serve", "--detach"], { env: environmentOf(place) })).code, 0);
  const floor = { copies: programs.empty, words: [], cwd: place.project, env: {}, isSilent: true };
  const [short, large, growing] = [1, piecesCount, piecesCount].map((pieces) => writeTranscript(place, pieces));
  const call = (name: string, path: string) => syncRoots(programs, place, { name, path });
  const calls: Contestant[] = [
    { ...floor, name: "empty program" },
    call("nothing new in 1 MB", short),
    call("nothing new in 100 MB", large),
    call("one new line in 100 MB", growing),
  ];
  const samples: Record<string, number[]> = Object.fromEntries(calls.map(({ name }) => [name, []]));
  for (let round = -effort.warmUps; round < effort.rounds; round++) {
    Deno.writeTextFileSync(growing, toolOutput("one more"), { append: true });
    for (const one of calls) {
      const ms = await once(one, round + effort.warmUps);
      if (round >= 0) samples[one.name].push(ms);
    }
  }
  const firstReads: number[] = [];
  for (let read = 0; read < effort.coldStarts; read++) {
    firstReads.push(await once(call(`first read ${read}`, large), read));
  }
  assertNothingLogged(place);
  assertFoldersKnown(place, calls.length - 1 + effort.coldStarts);
  return partOf(samples, firstReads);
}

function partOf(samples: Readonly<Record<string, number[]>>, firstReads: readonly number[]): Part {
  const [floorMs, shortMs] = Object.values(samples).map(median);
  const cellsOf = (name: string, all: readonly number[]) => [name, sayMs(median(all)), sayMs(percentile(all, 0.95))];
  const rows = Object.entries(samples).map(([name, all], place) => {
    if (place === 0) return cellsOf(name, all);
    const overMs = median(all) - floorMs;
    const ratio = median(all) / shortMs;
    // The larger of both in units of its budget.
    const worst = Math.max(overMs / overEmptyMaxMs, ratio / ratioMax);
    const budget = `+${overEmptyMaxMs} ms, ${ratioMax.toFixed(2)}`;
    return [...cellsOf(name, all), sayDifference(overMs), ratio.toFixed(2), budget, verdictOn(worst, 1)];
  });
  return {
    title: "sync-roots, by transcript",
    headings: ["median", "p95", "over empty", "to 1 MB", "budget", "verdict"],
    rows: [...rows, cellsOf("first read of 100 MB", firstReads)],
    notes: ["The daemon runs, and was told the folders before; those of a first read are told in it."],
    figures: { overEmptyMaxMs, ratioMax, samples: { ...samples, firstReads } },
  };
}

/** Returns the call of a session of its own, `name`, with the transcript at `path`. */
function syncRoots({ truce }: Programs, place: Place, { name, path }: { name: string; path: string }): Contestant {
  const fields = { session_id: name, cwd: place.project, transcript_path: path };
  return {
    name,
    copies: truce,
    words: ["sync-roots", "--format", "claude"],
    stdin: JSON.stringify(payload("claude", "prompt", fields)),
    cwd: place.project,
    env: environmentOf(place),
    isSilent: true,
  };
}

async function once(call: Contestant, round: number): Promise<number> {
  const copies = [call.copies[round % call.copies.length]];
  const samples = await sideBySide([{ ...call, copies }], { warmUps: 0, rounds: 1 });
  return samples.get(call.name)?.[0] ?? NaN;
}

/** Writes a transcript of so many megabytes: in each, one record of the environment, and what tools put out. */
function writeTranscript(place: Place, pieces: number): string {
  const path = place.write(`transcript of ${pieces} MB, ${crypto.randomUUID()}.jsonl`, "");
  const output = toolOutput(`const text = "of many";\n`.repeat(outputLinesCount));
  const piece = environment(place) + output.repeat(Math.ceil(pieceBytes / output.length));
  for (let count = 0; count < pieces; count++) Deno.writeTextFileSync(path, piece, { append: true });
  return path;
}

/** Returns a record of Claude Code for an output of a tool, which stands in it twice. */
function toolOutput(text: string): string {
  return recordWith("toolUseResult").replaceAll(/"(content|stdout)":"[^"]*"/g, (_all, name) => said(name, text));
}

function environment({ project }: Place): string {
  return recordWith("snapshot")
    .replace(/"workingDirectory":"[^"]*"/, said("workingDirectory", project))
    .replace(/"additionalWorkingDirectories":\[[^\]]*\]/, said("additionalWorkingDirectories", [`${project}/added`]));
}

function said(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

/** Returns the first captured line with a field of that name, and its end. */
function recordWith(field: string): string {
  const line = Deno.readTextFileSync(captured).split("\n").find((one) => one.includes(`"${field}":`));
  return `${line}\n`;
}

/** Fails unless the daemon has taken over the folders of `count` sessions, as the transcripts tell them. */
function assertFoldersKnown({ project, state }: Place, count: number): void {
  const records = filesBelow(`${state}/sessions`).filter((path) => path.endsWith(".json"));
  const sessions = records.map((path) => asSession(JSON.parse(Deno.readTextFileSync(path))));
  const folders = [project, `${project}/added`];
  assertEquals(sessions.map((one) => one?.folderSync?.acknowledged?.folders), Array(count).fill(folders));
}
