// A sync of which nothing has changed since the last one found everything in step is answered without what a sync needs
// to be loaded or read.

import { digest } from "../base/digest.ts";
import { userId } from "../platform/dirs.ts";
import { buildId } from "../platform/program.ts";
import { openStore } from "../store/open.ts";
import { isAsSeen, type Witness } from "../sync/in_step.ts";
import type { SyncPlace } from "../sync/record.ts";
import type { Context, Outcome } from "./command.ts";
import type { SyncOptions } from "./sync.ts";
import { acceptedLosses } from "./sync_accepted.ts";
import { homeFolder, placeOf, sayPlace } from "./sync_place.ts";

/** Answers where nothing has changed; `undefined` where that is not certain, or more is asked for than that. */
export async function answerInStep(context: Context, options: SyncOptions): Promise<Outcome | undefined> {
  if (options.isForGitHub || context.args.switches.has("json")) return undefined;
  const lines: string[] = [];
  for (const scope of options.scopes) {
    const place = placeOf(context, scope);
    const key = await keyOf(context, options, place);
    if (key === undefined || !await isAsSeen(place, key)) return undefined;
    lines.push(`${sayPlace(context, place)}: in step`);
  }
  return { kind: "report", text: options.isQuiet ? "" : lines.join("\n"), json: undefined, exitCode: 0 };
}

/** Keeps what a sync of `place` saw, where it has found everything in step; what the one before saw counts no longer. */
export async function keepInStep(
  context: Context,
  options: SyncOptions,
  { place, witness, isInStep }: { readonly place: SyncPlace; readonly witness: Witness; readonly isInStep: boolean },
): Promise<void> {
  witness.keep(isInStep ? await keyOf(context, options, place) : undefined);
}

/** Returns all that an answer depends on besides files; `undefined` where that is more than can be told. */
async function keyOf(context: Context, options: SyncOptions, place: SyncPlace): Promise<string | undefined> {
  const { mode, force, isVerified, targets, allowsRules, acceptsLosses } = options;
  const build = buildId();
  if (mode !== "write" || force !== undefined || isVerified || build === "source") return undefined;
  const accepted = await acceptedLosses(openStore(context.stateFolder(), context.log), place);
  const { root } = place;
  return digest(JSON.stringify([build, userId(), root, homeFolder(), targets, allowsRules, acceptsLosses, accepted]));
}
