import type { Fate, Item, WantedFile } from "../../model.ts";
import { pointerOf } from "../../edit/pointer.ts";
import { approximated, type Outcome } from "../shared.ts";

/** The name that the fates carry. */
export const name = "codex";

/** One value of config.toml. */
export interface Entry {
  readonly pointer: string;
  readonly value: unknown;
}

/** What a part of the source becomes. */
export interface Part {
  readonly files?: readonly WantedFile[];
  readonly entries?: readonly Entry[];
  readonly fates: readonly Fate[];
}

/** The outcome of an allow. In Codex it would also leave the sandbox, which is more than Claude Code gives. */
export const leftOut: Outcome = approximated("Codex goes by its own approvals; --allow-rules gives it this one, too");

/** The outcome of an allow that no flag gives to Codex. */
export const leftToCodex: Outcome = approximated("Codex goes by its own approvals");

/** Returns a value of config.toml at the keys `path`. */
export function entry(path: readonly string[], value: unknown): Entry {
  return { pointer: pointerOf(path), value };
}

/** Returns the fate of `item` in Codex. */
export function fateOf(item: Item, outcome: Outcome): Fate {
  return { item, target: name, ...outcome };
}
