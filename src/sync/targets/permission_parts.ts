import type { Item, PermissionMatch } from "../model.ts";
import { serverInTools } from "../permission.ts";
import { isLike } from "../source/glob.ts";
import { type Outcome, refused } from "./shared.ts";

/** The outcome of a permission that is for nothing. */
export const neverMatched: Outcome = refused("it matches nothing in Claude Code either");

/** What a permission for one tool matches. */
export type MatchOf<Tool> = Extract<PermissionMatch, { tool: Tool }>;

/** Returns the names of the servers among `items` that `pattern`, the server in a name of tools, is for. */
export function serversLike(pattern: string, items: readonly Item[]): string[] {
  return items.flatMap((item) =>
    item.kind === "server" && isLike(pattern, serverInTools(item.name)) ? [item.name] : []
  );
}
