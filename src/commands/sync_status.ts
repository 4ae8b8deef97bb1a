import { shownFrom } from "../base/path.ts";
import { openStore } from "../store/open.ts";
import { type PeekedSync, peekSync } from "../sync/apply.ts";
import { inputsOf } from "../sync/inputs.ts";
import type { Target } from "../sync/model.ts";
import type { Change } from "../sync/plan/change.ts";
import { sourceFiles } from "../sync/source/files.ts";
import { contextOf, lossesIn, type Preparation, prepare } from "../sync/sync.ts";
import { targets } from "../sync/targets/table.ts";
import { columns } from "./columns.ts";
import { type Command, commonFlags } from "./command.ts";
import { homeFolder, placeOf } from "./sync_place.ts";

const headings = ["SCOPE", "TARGET", "FILES", "TRUSTED", "EFFECTIVE", "LAST SYNC", "PENDING", "DRIFT", "LOSSES"];

/** What is known of one target in one scope. */
interface Standing {
  readonly scope: string;
  readonly target: string;
  /** Files in which something of ours is. */
  readonly files: number;
  /** Whether the client reads them; `unknown` where only it knows. */
  readonly trusted: "yes" | "no" | "unknown";
  readonly effective: "yes" | "no" | "in part" | "unknown";
  readonly lastSync: string | undefined;
  readonly pending: number;
  readonly drift: number;
  readonly losses: number;
}

/** `truce sync status`: what was written for each target, and whether it holds. */
export const command: Command = {
  usage: "[--json]",
  flags: commonFlags,
  isHookUse: () => false,
  async run(context) {
    const scopes = homeFolder() === undefined ? ["project"] as const : ["user", "project"] as const;
    const store = openStore(context.stateFolder(), context.log);
    const standings: Standing[] = [];
    const problems: string[] = [];
    for (const scope of scopes) {
      const sync = await peekSync(placeOf(context, scope));
      const { root } = sync.place;
      const allowsRules = (await inputsOf(store, { scope, root }))?.choices.allowsRules ?? false;
      const request = { scope, root, home: homeFolder(), targets, allowsRules };
      const prepared = await prepare(request, sync, sourceFiles);
      if (prepared.kind === "broken") {
        problems.push(...prepared.problems.map(({ path, why }) => `${shownFrom(context.cwd, path)}: ${why}`));
      }
      standings.push(...targets.map((target) => standingOf(target, sync, prepared)));
    }
    const text = [columns(headings, standings.map(rowOf)), ...problems].join("\n");
    return { kind: "report", text, json: { targets: standings, problems }, exitCode: problems.length > 0 ? 1 : 0 };
  },
};

function standingOf(target: Target, { place, record, writtenAt }: PeekedSync, prepared: Preparation): Standing {
  const files =
    Object.values(record.files).filter(({ entries }) => entries.some((entry) => entry.targets.includes(target.name)))
      .length;
  const ours = (changes: readonly Change[]) => changes.filter((change) => change.targets.includes(target.name)).length;
  const [pending, drift, losses] = prepared.kind === "broken" ? [0, 0, 0] : [
    ours(prepared.pending),
    ours(prepared.disputes),
    lossesIn(prepared.fates).filter((fate) => fate.target === target.name).length,
  ];
  const context = contextOf({ ...place, allowsRules: false }, sourceFiles);
  const trusted = target.trusted?.({ ...context, home: homeFolder() }) ?? "unknown";
  return {
    scope: place.scope,
    target: target.name,
    files,
    trusted,
    effective: files === 0 || trusted === "no"
      ? "no"
      : trusted === "unknown"
      ? "unknown"
      : pending + drift > 0
      ? "in part"
      : "yes",
    lastSync: files === 0 ? undefined : writtenAt,
    pending,
    drift,
    losses,
  };
}

function rowOf(standing: Standing): string[] {
  const { scope, target, files, trusted, effective, lastSync, pending, drift, losses } = standing;
  return [
    scope,
    target,
    String(files),
    trusted,
    effective,
    lastSync ?? "never",
    String(pending),
    String(drift),
    String(losses),
  ];
}
