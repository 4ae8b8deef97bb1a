// Asks the installed clients what they make of what was written. They get a copy of it, in a home of their own: what a
// client writes when it starts gets neither into the project nor into the real home, and nothing of the user gets out.

import { describeError } from "../base/error.ts";
import { folderOf } from "../base/path.ts";
import { variable } from "../platform/dirs.ts";
import { lookThrough, makePrivateFolder, namesIn, readText, writePrivateText } from "../platform/files.ts";
import type { ProgramFacts } from "../platform/programs.ts";
import { runProgram } from "../platform/run_program.ts";
import { makeScratch } from "../platform/scratch.ts";
import type { Check, Checks, Judgement, Target, TargetContext } from "./model.ts";
import { sourceFiles } from "./source/files.ts";
import { contextOf } from "./sync.ts";
import { notVerified } from "./targets/answers.ts";

/** What is to be verified: a project, or a user's home where there is none. */
export interface VerifyRequest {
  readonly project?: string;
  readonly home?: string;
  readonly targets: readonly Target[];
  readonly facts: Pick<ProgramFacts, "findProgram">;
}

/** What a client said. */
export interface Verified extends Judgement {
  readonly target: string;
  readonly check: string;
}

const askMaxMs = 60_000;
const filesMax = 1_000;
const depthMax = 8;

/** Returns what the clients of `targets` say, in their order. One that is not installed is no fault. */
export async function verifyTargets({ project, home, targets, facts }: VerifyRequest): Promise<Verified[]> {
  const root = project ?? home;
  if (root === undefined) return [];
  const scope = project === undefined ? "user" : "project";
  const all: Verified[] = [];
  for (const { name, checks } of targets) {
    if (checks === undefined || !checks.reads.some((path) => lookThrough(`${root}/${path}`) !== undefined)) continue;
    const program = facts.findProgram(checks.program, []);
    const judged = program === undefined ? notInstalled(checks) : await verify(checks, program, { scope, root });
    all.push(...judged.map((one) => ({ target: name, ...one })));
  }
  return all;
}

type Judged = Omit<Verified, "target">;

function notInstalled({ program }: Checks): Judged[] {
  return [{ check: "is installed", isOk: true, detail: `${program} is not installed, so nobody could be asked` }];
}

async function verify(
  checks: Checks,
  program: string,
  { scope, root }: { readonly scope: "user" | "project"; readonly root: string },
): Promise<Judged[]> {
  using scratch = makeScratch();
  const [home, cwd] = [`${scratch.path}/home`, `${scratch.path}/project`];
  for (const folder of [home, cwd]) makePrivateFolder(folder);
  const copy = scope === "user" ? home : cwd;
  const budget = { files: filesMax };
  for (const path of checks.reads) copyTree(`${root}/${path}`, `${copy}/${path}`, budget);
  const context: TargetContext = contextOf({ scope, root: copy, allowsRules: false }, sourceFiles);
  for (const [path, text] of Object.entries(checks.homeFiles(context))) write(`${home}/${path}`, text);
  const usual = { PATH: variable("PATH") ?? "", HOME: home, USERPROFILE: home, LANG: "C.UTF-8", TERM: "dumb" };
  const env = { ...usual, ...checks.variables };
  const list = checks.list(context);
  if (list.length === 0) {
    return [{ check: "was asked", isOk: true, detail: "it cannot be asked without starting servers" }];
  }
  const judged: Judged[] = [];
  for (const check of list) judged.push(await ask(check, program, { cwd, env }));
  return judged;
}

async function ask(
  { name, args, judge }: Check,
  program: string,
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Judged> {
  try {
    const end = await runProgram(program, args, { ...place, isEnvWhole: true, deadlineMs: askMaxMs });
    return { check: name, ...judge(end) };
  } catch (error) {
    return { check: name, ...notVerified(`it could not be asked: ${describeError(error)}`) };
  }
}

/** Copies texts, by the links that lead to them. What is beyond the budget is left out. */
function copyTree(from: string, to: string, budget: { files: number }, depth = 0): void {
  const kind = lookThrough(from)?.kind;
  if (kind === "directory" && depth < depthMax) {
    for (const name of namesIn(from)) copyTree(`${from}/${name}`, `${to}/${name}`, budget, depth + 1);
  }
  if (kind === "file" && budget.files-- > 0) write(to, readText(from) ?? "");
}

function write(path: string, text: string): void {
  makePrivateFolder(folderOf(path));
  writePrivateText(path, text);
}
