import { type Args, parseArgs } from "../base/args.ts";
import { field, textList } from "../base/decode.ts";
import { TruceError } from "../base/error.ts";
import { shellWords } from "../base/shell_words.ts";
import type { Force } from "../sync/plan/decide.ts";
import { type TargetName, targetNames, usualTargetNames } from "../sync/targets/names.ts";
import { type Command, commonFlags, type Context } from "./command.ts";
import { projectConfig, userConfig } from "./config.ts";
import { answerInStep } from "./sync_in_step.ts";

/** What `truce sync` is to do. */
export interface SyncOptions {
  readonly scopes: readonly ("user" | "project")[];
  readonly targets: readonly TargetName[];
  readonly force?: Force;
  /** Whether files are written, or only shown (`dry-run`), or only compared (`check`). */
  readonly mode: "write" | "dry-run" | "check";
  readonly acceptsLosses: boolean;
  readonly allowsRules: boolean;
  /** Whether the installed clients are asked what they make of it; what they refuse is taken back. */
  readonly isVerified: boolean;
  readonly isQuiet: boolean;
  readonly isForGitHub: boolean;
  /** How long another sync of the same place is waited for. */
  readonly waitMs: number;
  /** The home of the one for whom it is done, where that is not who does it. */
  readonly home?: string;
}

const usualWaitMs = 30_000;

/** `truce sync`: projects the configuration of one agent to the others. */
export const command: Command = {
  usage: `[--scope user|project|all] [--target NAME,...] [--dry-run | --check] [--force ours|theirs] [--accept-loss]

  --scope        what is projected: yours, the project's around here (default), or both
  --target       ${targetNames.join(", ")}
                 (default: "sync": { "targets": [...] } in truce.jsonc, else ${usualTargetNames.join(", ")})
  --dry-run      show what would be written and what would be lost, and write nothing
  --check        write nothing, and exit with 1 when anything would be written
  --force        where somebody has changed what truce wrote: write ours, or keep theirs
  --accept-loss  go on although something cannot be said in a target; the same loss is not asked about again
  --allow-rules  project allows also where they allow more than in the source
  --verify       have the installed clients check what was written, in a scratch copy; what they refuse is taken back
  --github       print annotations for a workflow
  --quiet        say nothing when all went well

  Exit code 0: in step, or done. 1: an error, or with --check something would change. 3: somebody has changed what
  truce wrote, and has to choose (--force). 4: a loss has to be accepted.`,
  flags: {
    values: [...commonFlags.values, "scope", "target", "force"],
    switches: [...commonFlags.switches, "dry-run", "check", "accept-loss", "allow-rules", "verify", "github", "quiet"],
  },
  isHookUse: () => false,
  async run(context) {
    const options = optionsOf(context);
    return await answerInStep(context, options) ?? (await import("./sync_work.ts")).syncAll(context, options);
  },
};

/** Slash commands hand over all that was typed behind them as one word: `truce sync -- "--target codex --json"`. */
function argsOf({ args }: Context): Args {
  if (args.rest.length !== 1) return args;
  const more = parseArgs(shellWords(args.rest[0]), command.flags);
  if (more.unknown.length > 0) {
    throw new TruceError("usage", `Cannot use ${more.unknown[0]}: there is no such flag here`);
  }
  const switches = new Set([...args.switches, ...more.switches]);
  return { ...more, values: { ...args.values, ...more.values }, switches };
}

function optionsOf(context: Context): SyncOptions {
  const { cwd } = context;
  const { values, switches, rest } = argsOf(context);
  if (rest.length > 0) throw new TruceError("usage", `Cannot sync "${rest[0]}": it takes flags only`);
  const force = values.force === undefined ? undefined : oneOf("--force", values.force, ["ours", "theirs"] as const);
  const scope = oneOf("--scope", values.scope ?? "project", ["user", "project", "all"] as const);
  return {
    scopes: scope === "all" ? ["user", "project"] : [scope],
    targets: values.target === undefined ? configuredTargets(cwd) : targetsNamed(values.target.split(",")),
    force,
    mode: switches.has("check") ? "check" : switches.has("dry-run") ? "dry-run" : "write",
    acceptsLosses: switches.has("accept-loss"),
    allowsRules: switches.has("allow-rules"),
    isVerified: switches.has("verify"),
    isQuiet: switches.has("quiet"),
    isForGitHub: switches.has("github"),
    waitMs: usualWaitMs,
  };
}

/** Returns the targets that the nearest truce.jsonc names, or the user's, or the usual ones. */
function configuredTargets(cwd: string): readonly TargetName[] {
  const said = [projectConfig(cwd), userConfig()].map((config) => textList(field(config?.value, "sync"), "targets"));
  const names = said.find((list) => list.length > 0);
  return names === undefined ? usualTargetNames : targetsNamed(names);
}

function targetsNamed(names: readonly string[]): readonly TargetName[] {
  const wanted = names.map((name) => oneOf("--target", name.trim(), targetNames));
  return targetNames.filter((name) => wanted.includes(name));
}

function oneOf<T extends string>(flag: string, word: string, words: readonly T[]): T {
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw new TruceError("usage", `Cannot use ${flag} "${word}": it is one of ${words.join(", ")}`);
}
