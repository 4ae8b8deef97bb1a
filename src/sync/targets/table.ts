import type { Target } from "../model.ts";
import { codex } from "./codex.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";

/** The targets that are projected to. A further one is one file and one line here. */
export const targets: readonly Target[] = [codex, gemini, opencode];
