// What it costs to project the configuration of one agent to the others, and to have done so: beside an empty program,
// and beside rulesync, which does the nearest to it (https://www.npmjs.com/package/rulesync).

import { removeTree, writeFile } from "../support/client_project.ts";
import { installPackage, whyNotRunnable } from "../support/npm_install.ts";
import { filesBelow, Place } from "../support/place.ts";
import { assertNothingLogged, environmentOf, hookCall } from "./hook_calls.ts";
import type { Effort, Part } from "./part.ts";
import { installedProgram, type Programs } from "./programs.ts";
import { median, percentile, sayDifference, sayMs, verdictOn } from "./samples.ts";
import { type Contestant, sideBySide } from "./side_by_side.ts";

const overEmptyMaxMs = 50;
const hookApartMaxMs = 1;
const peer = { name: "rulesync", version: "17.0.0", program: "rulesync/dist/cli/index.js" };
const manyCount = 12;
const targets = ["codex", "gemini", "opencode"];
const allTargets = [...targets, "copilot", "cursor", "qwen", "agents-md"];
const syncsMax = 100;

const rows = {
  empty: "empty program",
  nothing: "truce sync, 7 targets, nothing to do",
  check: "truce sync --check, 7 targets, in step",
  full: "truce sync, 3 targets, everything",
  peerNothing: "rulesync convert, nothing to do",
  peerFull: "rulesync convert, everything",
  plainHook: "hook after-tool, project never synced",
  plainHookAgain: "hook after-tool, never synced, again",
  syncedHook: "hook after-tool, project synced",
};

/** Measures syncs of three targets, in step and from nothing, and the hook for a file that has nothing to do with it. */
export async function syncPart(programs: Programs, effort: Effort): Promise<Part> {
  using inStep = new Place();
  using fresh = new Place();
  using never = new Place();
  const calls = [
    { name: rows.empty, copies: programs.empty, words: [], cwd: never.project, env: {}, isSilent: true },
    syncCall(programs, inStep, { name: rows.nothing, targets: allTargets }),
    syncCall(programs, inStep, { name: rows.check, targets: allTargets, flag: "--check" }),
    syncCall(programs, fresh, { name: rows.full, targets }),
    afterTool(programs, never, rows.plainHook),
    afterTool(programs, inStep, rows.syncedHook),
    afterTool(programs, never, rows.plainHookAgain),
  ];
  using peerInStep = new Place();
  using peerFresh = new Place();
  const script = await installPackage(peer);
  const missing = script.kind === "missing" ? script.reason : await whyNotRunnable("node");
  const peers = script.kind === "missing" || missing !== undefined ? [] : [
    peerCall(script.program, peerInStep, rows.peerNothing),
    peerCall(script.program, peerFresh, rows.peerFull),
  ];
  for (const place of [inStep, fresh, peerInStep, peerFresh]) makeTree(place);
  await syncUntilSeen(calls[1], inStep);
  const isFull = ({ name }: Contestant) => name === rows.full || name === rows.peerFull;
  const samples = await measure([...calls, ...peers], effort, (call) => {
    if (isFull(call)) makeTree(call.name === rows.full ? fresh : peerFresh);
  });
  for (const place of [inStep, fresh, never]) assertNothingLogged(place);
  const written = filesBelow(fresh.project).filter((path) => /\/(?:\.codex|\.gemini|\.opencode)\/.*[^/]$/.test(path));
  if (written.length === 0) throw new Error("Cannot trust what was measured: a sync has written nothing");
  return partOf(samples, missing);
}

/** A sync reads nothing once the last one found everything in step and all of it is some seconds old. */
async function syncUntilSeen(call: Contestant, { state }: Place): Promise<void> {
  for (let i = 0; i < syncsMax; i++) {
    await sideBySide([call], { warmUps: 0, rounds: 1 });
    if (filesBelow(state).some((path) => path.endsWith("/in_step.json"))) return;
  }
  throw new Error(`Cannot trust what was measured: ${syncsMax} syncs are not in step`);
}

function partOf(samples: Readonly<Record<string, readonly number[]>>, missing: string | undefined): Part {
  const floorMs = median(samples[rows.empty]);
  const apartMs = apart(samples, rows.syncedHook);
  const noiseMs = Math.abs(apart(samples, rows.plainHookAgain));
  const apartMaxMs = Math.max(hookApartMaxMs, noiseMs);
  const cells = Object.entries(samples).map(([name, all]) => {
    const overMs = median(all) - floorMs;
    const shown = [name, sayMs(median(all)), sayMs(percentile(all, 0.95))];
    if (name === rows.empty) return shown;
    const measured = [...shown, sayDifference(overMs)];
    return name === rows.nothing ? [...measured, `+${overEmptyMaxMs} ms`, verdictOn(overMs, overEmptyMaxMs)] : measured;
  });
  const budget = `±${sayMs(apartMaxMs)}`;
  const verdict = verdictOn(Math.abs(apartMs), apartMaxMs);
  return {
    title: "Sync",
    headings: ["median", "p95", "over empty", "budget", "verdict"],
    rows: [
      ...cells,
      ...(missing === undefined ? [] : [[peer.name, "not installed"]]),
      ["hook: synced less never synced", "", "", sayDifference(apartMs), budget, verdict],
    ],
    notes: [
      "Three targets are Codex, Gemini CLI and OpenCode.",
      `A project with ${manyCount} rules, skills, commands, agents and servers each, and as many permissions.`,
      ...(missing === undefined
        ? [`${peer.name} ${peer.version} runs in node and has no Gemini CLI; it writes for Qwen Code in its place.`]
        : [`${peer.name} cannot be had here: ${missing}`]),
      "The last row is the median difference within a round; what the same hook differs from itself there means nothing.",
    ],
    figures: { overEmptyMaxMs, hookApartMaxMs, apartMs, noiseMs, samples },
  };
}

/** Returns by how much a hook takes longer than that of a project that was never synced, in the same round. */
function apart(samples: Readonly<Record<string, readonly number[]>>, name: string): number {
  return median(samples[name].map((ms, round) => ms - samples[rows.plainHook][round]));
}

/** Runs all in turn, every other round backwards: what runs before another matters. `prepare` is not measured. */
async function measure(
  calls: readonly Contestant[],
  { warmUps, rounds }: Effort,
  prepare: (call: Contestant) => void,
): Promise<Record<string, number[]>> {
  const samples: Record<string, number[]> = Object.fromEntries(calls.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const call of round % 2 === 0 ? calls : calls.toReversed()) {
      prepare(call);
      const copies = [call.copies[(round + warmUps) % call.copies.length]];
      const measured = await sideBySide([{ ...call, copies }], { warmUps: 0, rounds: 1 });
      if (round >= 0) samples[call.name].push(...measured.get(call.name) ?? []);
    }
  }
  return samples;
}

function syncCall(
  { truce }: Programs,
  place: Place,
  { name, targets, flag = "--accept-loss" }: {
    readonly name: string;
    readonly targets: readonly string[];
    readonly flag?: string;
  },
): Contestant {
  const words = ["sync", "--target", targets.join(","), flag];
  return { name, copies: truce, words, cwd: place.project, env: environmentOf(place), isSilent: false };
}

function afterTool({ truce }: Programs, place: Place, name: string): Contestant {
  const caller = { copies: truce, place, session: "2d9cf3e0-78c3-4b2e-9f6e-7f2b9b6b7c32" };
  return hookCall(caller, "after-read", { name, file: "src/irrelevant.ts" });
}

function peerCall(script: string, place: Place, name: string): Contestant {
  const words = ["convert", "--from", "claudecode", "--to", "codexcli,opencode,qwencode", "--features", "*"];
  return {
    name,
    copies: [installedProgram("node") ?? "node"],
    words: [script, ...words],
    cwd: place.project,
    env: { HOME: place.home },
    isSilent: false,
  };
}

/** Makes a project as it is before the first sync. */
function makeTree({ project, state }: Place): void {
  for (const { name } of [...Deno.readDirSync(project)]) if (name !== "src") removeTree(`${project}/${name}`);
  removeTree(state);
  const many = Array.from({ length: manyCount }, (_none, i) => i);
  const permissions = {
    deny: many.flatMap((i) => [`Bash(tool${i} drop:*)`, `Read(./secrets${i}/**)`]),
    ask: many.map((i) => `Bash(tool${i} push:*)`),
    allow: many.map((i) => `Bash(tool${i} test:*)`),
  };
  const server = { command: "true", args: ["-y"], env: { MODE: "ro" } };
  const mcpServers = Object.fromEntries(many.map((i) => [`server${i}`, server]));
  const named = (i: number, kind: string) => `---\nname: ${kind}${i}\ndescription: The ${kind} ${i}\n---\nDo it.\n`;
  const files = {
    "CLAUDE.md": `# Project\n\n${"Say what is true.\n".repeat(100)}`,
    ".claude/settings.json": JSON.stringify({ permissions }),
    ".mcp.json": JSON.stringify({ mcpServers }),
    ...Object.fromEntries(many.flatMap((i) => [
      [`.claude/rules/rule${i}.md`, "Be strict.\n"],
      [`.claude/skills/skill${i}/SKILL.md`, named(i, "skill")],
      [`.claude/agents/agent${i}.md`, named(i, "agent")],
      [`.claude/commands/command${i}.md`, `---\ndescription: Command ${i}\n---\nDo it.\n`],
    ])),
  };
  for (const [name, text] of Object.entries(files)) writeFile(`${project}/${name}`, text);
}
