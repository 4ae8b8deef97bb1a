import type { Now } from "../base/clock.ts";
import type { Obstacle } from "./claims.ts";
import type { Holder } from "../sessions/holder.ts";
import type { Wait } from "./wait_graph.ts";

/** A wait, and what it is for. */
export type ObstacleWait = Wait & { readonly obstacle: Obstacle };

/**
 * A refusal: something was in the way to the end, waiting would have closed a circle, too many wait, or who asked is gone.
 */
export type Refused =
  | { readonly kind: "busy"; readonly obstacle: Obstacle; readonly place: number; readonly now: Now }
  | { readonly kind: "circle"; readonly waits: readonly ObstacleWait[]; readonly holder: Holder; readonly now: Now }
  | { readonly kind: "crowded" }
  | { readonly kind: "gone" };
