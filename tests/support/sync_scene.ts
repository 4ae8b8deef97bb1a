// A project on disk through three states of what is wanted. Between them everything happens that a sync can do: files,
// blocks, values and links come, change and go, folders too, and things take the place of other kinds of things.

import type { WantedFile } from "../../src/sync/model.ts";
import { type AfterStep } from "../../src/sync/apply/roll.ts";
import { applyPlan, openSync } from "../../src/sync/apply.ts";
import { planFor, type PlanOptions } from "../../src/sync/plan.ts";
import type { SyncPlace } from "../../src/sync/record.ts";
import { said } from "./fake_sync.ts";

/** How a sync of a scene is to go. */
export interface SyncOptions extends PlanOptions {
  readonly afterStep?: AfterStep;
  readonly canLink?: boolean;
}

/** Makes the files that are there before truce is. */
export function makeScene(project: string): void {
  const folder = (path: string) => Deno.mkdirSync(`${project}/${path}`, { recursive: true });
  folder(".claude/skills/pdf");
  folder(".codex");
  Deno.writeTextFileSync(`${project}/.claude/skills/pdf/SKILL.md`, "pdf\n");
  Deno.writeTextFileSync(`${project}/.codex/config.toml`, '# mine\nmodel = "x"\n', { mode: 0o640 });
  Deno.writeTextFileSync(`${project}/shared.md`, "mine\r\n");
  Deno.symlinkSync("shared.md", `${project}/AGENTS.md`);
}

/** Returns what is wanted at one of three stages; 0 is nothing. */
export function wantedAt(project: string, stage: number): WantedFile[] {
  if (stage === 0) return [];
  const at = (path: string) => `${project}/${path}`;
  const servers = stage === 1 ? { "/mcp_servers/a": { command: "a" }, "/mcp_servers/b": { command: "b" } } : {
    "/mcp_servers/a": { command: "a", args: ["changed"] },
  };
  const always: WantedFile[] = [
    keys(at(".codex/config.toml"), "toml", servers),
    { kind: "block", path: at("AGENTS.md"), text: `stage ${stage}` },
    keys(at(".gemini/settings.json"), "json", { "/mcpServers/a": { httpUrl: `http://${stage}` } }),
  ];
  const own: WantedFile[] = stage === 1
    ? [
      { kind: "link", path: at(".agents/skills/pdf"), to: "../../.claude/skills/pdf" },
      { kind: "whole", path: at(".agents/skills/deploy/SKILL.md"), text: "deploy\n" },
      { kind: "whole", path: at(".gone/deep/er.rules"), text: "rules\n" },
    ]
    : [
      { kind: "whole", path: at(".agents/skills/pdf/SKILL.md"), text: "of its own\n" },
      { kind: "link", path: at(".agents/skills/deploy"), to: "../../.claude/skills/pdf" },
      { kind: "whole", path: at(".new/deep/er.rules"), text: "rules\n" },
    ];
  return [...always, ...own];
}

/** Syncs a place, and says what became of each thing that is not in step. */
export async function syncPlace(
  place: SyncPlace,
  wanted: readonly WantedFile[],
  options: SyncOptions = {},
): Promise<string[]> {
  const sync = await openSync(place, { waitMs: 60_000, afterStep: options.afterStep });
  if (sync === undefined) return ["busy"];
  try {
    const plan = await planFor([{ target: "t", files: wanted }], sync.look, sync.record, options);
    await applyPlan(sync, plan, options);
    return said(plan).filter((one) => !one.startsWith("unchanged"));
  } finally {
    sync.close();
  }
}

function keys(path: string, format: "json" | "toml", values: Record<string, unknown>): WantedFile {
  return {
    kind: "keys",
    path,
    format,
    entries: Object.entries(values).map(([pointer, value]) => ({ pointer, value })),
  };
}
