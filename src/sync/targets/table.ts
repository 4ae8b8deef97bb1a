import type { Target } from "../model.ts";
import { agentsMd } from "./agents_md.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { cursor } from "./cursor.ts";
import { gemini } from "./gemini.ts";
import { type TargetName, targetNames } from "./names.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";

/** A further target is one file, one line here and its name in names.ts. */
const byName: Readonly<Record<TargetName, Target>> = {
  codex,
  gemini,
  opencode,
  copilot,
  cursor,
  qwen,
  "agents-md": agentsMd,
};

/** The targets that are projected to. */
export const targets: readonly Target[] = targetsOf(targetNames);

/** Returns the targets of these names. */
export function targetsOf(names: readonly TargetName[]): Target[] {
  return names.map((name) => byName[name]);
}
