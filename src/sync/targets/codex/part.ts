import { pointerOf } from "../../../edit/pointer.ts";
import type { Entry } from "../parts.ts";
import { approximated, type Outcome } from "../shared.ts";

/** The outcome of an allow. In Codex it would also leave the sandbox, which is more than Claude Code gives. */
export const leftOut: Outcome = approximated("Codex goes by its own approvals; --allow-rules gives it this one, too");

/** The outcome of an allow that no flag gives to Codex. */
export const leftToCodex: Outcome = approximated("Codex goes by its own approvals");

/** Returns a value of config.toml at the keys `path`. */
export function entry(path: readonly string[], value: unknown): Entry {
  return { pointer: pointerOf(path), value };
}
