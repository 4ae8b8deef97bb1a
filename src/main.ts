// From the words that are typed to an answer and an exit code. Hosts read exit code 2 as "block this tool", and some
// read 1 so, too: when a host speaks, the code is 0 whatever happens.

import { type Args, parseArgs } from "./base/args.ts";
import { describeError, TruceError } from "./base/error.ts";
import type { Command, Context, Outcome } from "./commands/command.ts";
import { commands, type Row } from "./commands/table.ts";
import type { Host } from "./hosts/host.ts";
import { speakerOf } from "./hosts/speaker.ts";
import { hostNamed, hosts } from "./hosts/table.ts";
import { processStartMs, systemClock } from "./platform/clock.ts";
import { stateFolder, variable, workingFolder } from "./platform/dirs.ts";
import { type Log, openLog } from "./platform/log.ts";
import { hostProcess, parentSignal, systemProcesses } from "./platform/process.ts";
import { exit, typedWords } from "./platform/program.ts";
import { isTerminal, readInput, writeOutput } from "./platform/stdio.ts";

const log = logInState();
exit(await answer(typedWords()));

/** Does what `words` say and returns the exit code. */
async function answer(words: readonly string[]): Promise<number> {
  let isHook = words[0] === "hook";
  try {
    const found = findCommand(words);
    if (found === undefined) return (await import("./commands/overview.ts")).overview(words);
    const { command } = await found.row.load();
    const args = parseArgs(words.slice(found.wordCount), command.flags);
    if (args.switches.has("help")) return say(`${found.row.summary}\n\nUsage: truce ${found.name} ${command.usage}`);
    isHook ||= command.isHookUse(args) && !isTerminal();
    const host = checkWords(command, args, isHook);
    return host === undefined ? 0 : print(await command.run(contextOf(args, host)), args.switches.has("json"));
  } catch (error) {
    const isExpected = error instanceof TruceError;
    if (isHook || !isExpected) {
      log("a failure", { error: describeError(error), stack: isExpected ? undefined : stackOf(error) });
    }
    return isHook ? 0 : (await import("./commands/overview.ts")).explain(error);
  }
}

function findCommand(words: readonly string[]): { name: string; row: Row; wordCount: number } | undefined {
  for (const wordCount of [2, 1]) {
    const name = words.slice(0, wordCount).join(" ");
    if (Object.hasOwn(commands, name)) return { name, row: commands[name], wordCount };
  }
  return undefined;
}

/** Returns the host that is meant. What a person mistyped is an error; what a host's settings say is not its fault. */
function checkWords(command: Command, args: Args, isHook: boolean): Host | undefined {
  const format = args.values.format ?? hosts[0].name;
  const host = hostNamed(format);
  if (isHook) {
    for (const flag of args.unknown) log("a flag that is not known", { flag });
    if (host === undefined) log("a host that is not known", { format });
    return host;
  }
  if (args.unknown.length > 0) {
    throw new TruceError("usage", `Cannot use ${args.unknown[0]}: there is no such flag here`);
  }
  if (command.isHookUse(args)) {
    throw new TruceError("usage", "Cannot tell what is meant: no path was given, and no hook speaks", {
      hint: "See it with --help",
    });
  }
  if (host !== undefined) return host;
  const names = hosts.map(({ name }) => name).join(", ");
  throw new TruceError("usage", `Cannot use --format "${format}": the hosts are ${names}`);
}

function contextOf(args: Args, host: Host): Context {
  return {
    args,
    host,
    clock: systemClock,
    processes: systemProcesses,
    log,
    damage: [],
    cwd: workingFolder(),
    startMs: processStartMs(),
    parent: parentSignal(),
    speaker: (payload) =>
      speakerOf(payload, { format: args.values.format, hasVariable: (name) => variable(name) !== undefined }) ?? host,
    hostProcess: ({ processVariable }) => hostProcess(processVariable && variable(processVariable)),
    stateFolder,
    readInput,
  };
}

function print(outcome: Outcome, isJson: boolean): number {
  if (outcome.kind === "report") return say(isJson ? JSON.stringify(outcome.json) : outcome.text, outcome.exitCode);
  if (outcome.reply !== undefined) writeOutput(JSON.stringify(outcome.reply));
  return 0;
}

function say(text: string, exitCode = 0): number {
  if (text !== "") writeOutput(`${text}\n`);
  return exitCode;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}

function logInState(): Log {
  try {
    return openLog(stateFolder());
  } catch {
    return () => {};
  }
}
