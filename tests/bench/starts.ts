// What one call costs, beside an empty program and beside the peers that are installed.

import { Place } from "../support/place.ts";
import { assertNothingLogged, hookCall, hookPayload, typedCall } from "./hook_calls.ts";
import type { Effort, Part } from "./part.ts";
import { installedProgram, type Programs } from "./programs.ts";
import { median, percentile, sayDifference, sayMs, verdictOn } from "./samples.ts";
import { type Contestant, sideBySide } from "./side_by_side.ts";

const overEmptyMaxMs = 3;
const peer = "agent-sync";
const file = "src/by_hand.ts";

/** Measures every hot call, with nobody else in the state. */
export async function startsPart(programs: Programs, effort: Effort): Promise<Part> {
  using place = new Place();
  const empty = emptyCalls(programs, place);
  const ours = truceCalls(programs, place);
  const peers = peerCalls(place);
  const samples = await sideBySide([...empty, ...ours, ...peers], effort);
  assertNothingLogged(place);

  const floorMs = median(samples.get(empty[0].name) ?? []);
  const rows = [...samples].map(([name, all]) => {
    const cells = [name, sayMs(median(all)), sayMs(percentile(all, 0.95))];
    if (name === empty[0].name) return cells;
    const overMs = median(all) - floorMs;
    const figures = [...cells, sayDifference(overMs), (median(all) / floorMs).toFixed(2)];
    const isOurs = ours.some((call) => call.name === name);
    return isOurs ? [...figures, `+${overEmptyMaxMs} ms`, verdictOn(overMs, overEmptyMaxMs)] : figures;
  });
  if (peers.length === 0) rows.push([peer, "not installed"]);
  return {
    title: `One call, ${effort.rounds} rounds side by side`,
    headings: ["median", "p95", "over empty", "ratio", "budget", "verdict"],
    rows,
    notes: ["The second empty row is the first one's other copy: as far as they are apart, differences mean nothing."],
    figures: { overEmptyMaxMs, samples: Object.fromEntries(samples) },
  };
}

/** Two rows of one program: how far they are apart is what a difference must exceed to mean something. */
function emptyCalls({ empty }: Programs, place: Place): Contestant[] {
  const call = { copies: empty, words: [], cwd: place.project, env: {}, isSilent: true };
  return [{ ...call, name: "empty program" }, { ...call, name: "empty program again", copies: [...empty].reverse() }];
}

/** Each edit follows a read of the same file; what is acquired is released in the same round. */
function truceCalls({ truce }: Programs, place: Place): Contestant[] {
  const hooks = { copies: truce, place, session: "0b7ad1ce-56a1-4f0c-9d4c-5d0f7f4f5a10" };
  const alone = { copies: truce, place, session: "1c8be2df-67b2-4a1d-8e5d-6e1a8a5a6b21" };
  place.write(file);
  return [
    hookCall(hooks, "after-read", { name: "hook after-tool, read", file: "src/hooks.ts" }),
    hookCall(hooks, "before-edit", { name: "hook before-tool, edit", file: "src/hooks.ts" }),
    hookCall(hooks, "after-edit", { name: "hook after-tool, edit", file: "src/hooks.ts" }),
    hookCall(alone, "after-read", { name: "lock track-read", file: "src/alone.ts", words: typed("track-read") }),
    hookCall(alone, "before-edit", { name: "lock acquire", file: "src/alone.ts", words: typed("acquire") }),
    hookCall(alone, "after-edit", {
      name: "lock release --grace 0",
      file: "src/alone.ts",
      words: typed("release", "--grace", "0"),
    }),
    typedCall(hooks, "lock acquire PATH, by hand", ["lock", "acquire", file, "--as", "bench"]),
    typedCall(hooks, "lock release PATH, by hand", ["lock", "release", file, "--as", "bench", "--grace", "0"]),
  ];
}

function typed(verb: string, ...flags: string[]): string[] {
  return ["lock", verb, "--format", "claude", ...flags];
}

/** The same with agent-sync 0.4: its hook takes no lock, it only looks whether somebody else has one. */
function peerCalls(place: Place): Contestant[] {
  const program = installedProgram(peer);
  if (program === undefined) return [];
  const env = { HOME: place.home, AGENT_SYNC_ROOT: place.project, AGENT_SYNC_ID: "bench" };
  const call = { copies: [program], cwd: place.project, env, isSilent: false };
  const stdin = JSON.stringify(hookPayload("before-edit", "bench", place, `${place.project}/${file}`));
  return [
    { ...call, name: `${peer} lock FILE`, words: ["lock", file] },
    { ...call, name: `${peer} hook pre-tool-use`, words: ["hook", "pre-tool-use"], stdin, isSilent: true },
    { ...call, name: `${peer} unlock FILE`, words: ["unlock", file] },
  ];
}
