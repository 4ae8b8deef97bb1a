// Proof that what is registered works: the hook is run as its host would run it, with a payload as its host sends it, and
// with a state of its own. First the file is free, and has to be locked afterwards. Then the state is broken while a
// configuration says "strict", which has to be denied in words that the host understands.

import { asObject, field, type JsonObject } from "../base/decode.ts";
import { describeError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import type { Host } from "../hosts/host.ts";
import { hosts } from "../hosts/table.ts";
import { listLeases } from "../locks/listing.ts";
import { makePrivateFolder, writePrivateText } from "../platform/files.ts";
import { isWindows } from "../platform/program.ts";
import { type ProgramEnd, runProgram } from "../platform/run_program.ts";
import { makeScratch } from "../platform/scratch.ts";
import { openStore } from "../store/open.ts";
import type { Context } from "./command.ts";
import type { Patient } from "./doctor_check.ts";

const canaryMaxMs = 20_000;

/** Returns what is wrong with a command that `host` runs before an edit, or `undefined`. */
export async function canary(
  context: Context,
  { host, health, place }: Patient,
  command: string,
): Promise<string | undefined> {
  using scratch = makeScratch();
  const [cwd, state, broken] = ["project", "state", "broken"].map((name) => `${scratch.path}/${name}`);
  makePrivateFolder(cwd);
  writePrivateText(`${cwd}/truce.jsonc`, '{ "strict": true, "notify": false }\n');
  writePrivateText(broken, "");
  const path = `${cwd}/canary.txt`;
  const payload = health.canary(path, cwd);
  const ask = async (stateFolder: string) => {
    const [shell, ...words] = [...health.shell(isWindows()), command];
    const env = { ...unmarked(), TRUCE_STATE_DIR: stateFolder };
    const stdin = JSON.stringify(payload);
    return await runProgram(shell, words, { cwd: place.project, env, stdin, deadlineMs: canaryMaxMs });
  };
  try {
    const free = await ask(state);
    if (free.code !== 0 || free.stdout.trim() !== "") return said("a free file", command, free);
    const store = openStore(state, context.log);
    const isLocked = listLeases({ ...context, store }).some(({ lease }) => lease.target.name === path);
    if (!isLocked) return `its command locks nothing: ${command}`;
    const denied = await ask(broken);
    return isDenial(host, payload, denied.stdout) ? undefined : said("a file that is denied", command, denied);
  } catch (error) {
    return `its command cannot be run: ${describeError(error)}`;
  }
}

function said(what: string, command: string, { code, stdout, stderr }: ProgramEnd): string {
  const answer = [`exit code ${code}`, stdout, stderr].filter((part) => part.trim() !== "").join(", ");
  return `its command answers to ${what} with ${safeLine(answer)}: ${command}`;
}

/** Says whether an answer is the one that the dialect of `host` has for a denial. */
function isDenial(host: Host, payload: JsonObject, answer: string): boolean {
  const event = host.decode(payload, "before-tool");
  try {
    const reply = JSON.parse(answer);
    const reason = textsIn(reply).find((text) => text.includes("strict")) ?? "";
    return reason !== "" && JSON.stringify(host.encode(event, { kind: "deny", reason })) === JSON.stringify(reply);
  } catch {
    return false;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.keys(asObject(value) ?? {}).flatMap((name) => textsIn(field(value, name)));
}

/** Who types may be an agent, whose marks would be taken for those of the host that is tried. */
function unmarked(): Record<string, string> {
  const names = hosts.flatMap(({ mark, sessionVariable, processVariable }) => [
    mark?.variable,
    sessionVariable,
    processVariable,
  ]);
  return Object.fromEntries(names.filter((name) => name !== undefined).map((name) => [name, ""]));
}
