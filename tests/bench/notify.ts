// What findings cost: one small edit after another in a project that its language server knows, and the first one ever.

import type { FileReport } from "../../src/lsp/report.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Captured, hookWords } from "../support/hook_input.ts";
import type { ServerName } from "../support/server_install.ts";
import {
  type CheckedPlace,
  checkedPlace,
  editModule,
  modulesCount,
  whyMissing,
  writeModules,
} from "./checked_place.ts";
import { hookPayload } from "./hook_calls.ts";
import type { Effort, Part } from "./part.ts";
import { median, percentile, sayMs, verdictOn } from "./samples.ts";

const medianMaxMs = 200;
const p95MaxMs = 300;
const session = "3eaf04f1-89d4-4c3f-8a7f-803a0c7c8d43";
const patience = ["--timeout", "60"];
const deadlineMs = 90_000;

/** Says what was found, in a checked place, in a file that was edited. */
type Call = (checked: CheckedPlace, file: string) => Promise<string>;

const warmCalls: Readonly<Record<string, Call>> = {
  "hook after-tool, edit": (checked, file) => hook(checked, file),
  "notify, as a hook": (checked, file) => hook(checked, file, { words: ["notify"] }),
  "notify FILE, by hand": (checked, file) => byHand(checked, [file]),
};

const coldCalls: Readonly<Record<string, { readonly call: Call; readonly answer: string }>> = {
  "first finding, nothing runs": {
    call: (checked, file) => hook(checked, file, { words: ["notify", ...patience] }),
    answer: "2322",
  },
  "the daemon alone, until it answers": {
    call: async ({ place, env }) => (await place.run(["serve", "--detach"], { env })).stdout,
    answer: "The daemon runs",
  },
};

/** A file of each language, with one error or without. The number keeps two texts from being the same. */
const languages: Readonly<
  Record<string, { readonly server: ServerName; text(edit: number, isBroken: boolean): string }>
> = {
  "one.ts": {
    server: "typescript",
    text: (edit, isBroken) => `export const a: number = ${isBroken ? `"${edit}"` : edit};\n`,
  },
  "two.py": { server: "pyright", text: (edit, isBroken) => `a: int = ${isBroken ? `"${edit}"` : edit}\n` },
  "three.css": { server: "vscode", text: (edit, isBroken) => `a { width: ${edit}px${isBroken ? "" : ";\n}"}\n` },
  "four.json": { server: "vscode", text: (edit, isBroken) => `{ "a": ${edit}${isBroken ? "," : ""} }\n` },
  "five.yaml": { server: "yaml", text: (edit, isBroken) => `a: ${isBroken ? "[" : ""}${edit}\n` },
};

type Samples = Readonly<Record<string, number[]>>;

/** Measures findings with a warm server, and what it takes to have one. */
export async function notifyPart(effort: Effort): Promise<Part> {
  const title = `Findings, TypeScript, ${modulesCount} files`;
  const missing = await whyMissing(Object.values(languages).map(({ server }) => server));
  if (missing !== undefined) return { title, headings: [], rows: [], notes: [missing], figures: {} };
  const warm = await measureWarm(effort);
  const others = { ...await measureCold(effort), ...await measureLanguages(effort) };
  const cellsOf = (name: string, all: readonly number[]) => [name, sayMs(median(all)), sayMs(percentile(all, 0.95))];
  const warmRows = Object.entries(warm).map(([name, all]) => {
    // The larger of both in units of its budget.
    const worst = Math.max(median(all) / medianMaxMs, percentile(all, 0.95) / p95MaxMs);
    return [...cellsOf(name, all), `${medianMaxMs} / ${p95MaxMs} ms`, verdictOn(worst, 1)];
  });
  return {
    title,
    headings: ["median", "p95", "budget", "verdict"],
    rows: [...warmRows, ...Object.entries(others).map(([name, all]) => cellsOf(name, all))],
    notes: [
      "Each call follows an edit that makes or mends one error, and counts only with the answer that belongs to it. " +
      "Rows 1 to 3: with a warm server. Rows 4 and 5: nothing of truce runs before. Row 6: warm, a project of five files.",
    ],
    figures: { medianMaxMs, p95MaxMs, samples: { ...warm, ...others } },
  };
}

async function measureWarm({ rounds, warmUps }: Effort): Promise<Samples> {
  using checked = await checkedPlace(["typescript"]);
  writeModules(checked.place);
  const samples = noSamples(Object.keys(warmCalls));
  let edit = 0;
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, call] of Object.entries(warmCalls)) {
      const isBroken = edit++ % 2 === 0;
      const file = editModule(checked.place, { edit, isBroken });
      await hook(checked, file, { moment: "before-edit" });
      const { ms, said } = await timed(() => call(checked, file));
      assert(said.includes(isBroken ? "2322" : "clean"), `${name} said: ${said}`);
      if (round >= 0) samples[name].push(ms);
    }
  }
  return samples;
}

async function measureCold({ coldStarts }: Effort): Promise<Samples> {
  using checked = await checkedPlace(["typescript"]);
  writeModules(checked.place);
  const samples = noSamples(Object.keys(coldCalls));
  for (let edit = 0; edit < coldStarts; edit++) {
    for (const [name, { call, answer }] of Object.entries(coldCalls)) {
      const file = editModule(checked.place, { edit, isBroken: true });
      const { ms, said } = await timed(() => call(checked, file));
      assert(said.includes(answer), `${name} said: ${said}`);
      samples[name].push(ms);
      await checked.stop();
    }
  }
  return samples;
}

async function measureLanguages({ rounds, warmUps }: Effort): Promise<Samples> {
  using checked = await checkedPlace(Object.values(languages).map(({ server }) => server));
  checked.place.write("tsconfig.json", "{}\n");
  const files = Object.keys(languages);
  const name = "ts, py, css, json, yaml in one notify";
  const samples = noSamples([name]);
  for (let round = -warmUps; round < rounds / 2; round++) {
    const isBroken = round % 2 === 0;
    for (const file of files) checked.place.write(file, languages[file].text(round + warmUps, isBroken));
    const { ms, said } = await timed(() => byHand(checked, [...files, "--json", ...patience]));
    const reports: FileReport[] = JSON.parse(said).files;
    assert(reports.every(({ kind }) => kind === (isBroken ? "findings" : "clean")), said);
    if (round >= 0) samples[name].push(ms);
  }
  return samples;
}

/** Runs the hook of Claude Code, or other `words`, at a moment of an edit of `file`; returns what it answers. */
async function hook(
  { place, env }: CheckedPlace,
  file: string,
  { moment = "after-edit", words = hookWords("claude", moment) }: { moment?: Captured; words?: readonly string[] } = {},
): Promise<string> {
  const stdin = JSON.stringify(hookPayload(moment, session, place, file));
  const { code, stdout, stderr } = await place.run(words, { env, stdin, deadlineMs });
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

async function byHand({ place, env }: CheckedPlace, words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await place.run(["notify", ...words], { env, deadlineMs });
  assertEquals(stderr, "");
  return stdout;
}

async function timed(call: () => Promise<string>): Promise<{ readonly ms: number; readonly said: string }> {
  const startMs = performance.now();
  const said = await call();
  return { ms: performance.now() - startMs, said };
}

function noSamples(names: readonly string[]): Samples {
  return Object.fromEntries(names.map((name) => [name, []]));
}
