import type { Target } from "../model.ts";
import { agentsMd } from "./agents_md.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { cursor } from "./cursor.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";

/** The targets that are projected to. A further one is one file and one line here. */
export const targets: readonly Target[] = [codex, gemini, opencode, copilot, cursor, qwen, agentsMd];

/** Those that are meant when nobody says which. */
export const usualTargets: readonly Target[] = [codex, gemini, opencode];
