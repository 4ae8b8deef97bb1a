import type { JsonObject } from "../base/decode.ts";
import type { Host } from "./host.ts";
import { hostNamed, hosts } from "./table.ts";

/** What tells who speaks besides the payload. */
export interface Surroundings {
  /** What was typed as --format. */
  readonly format?: string;
  hasVariable(name: string): boolean;
}

/**
 * Returns the host that has sent `payload`: as --format says, but for a host that runs another one's hooks; else as its
 * marks tell, else the default. `undefined` for a format that there is not. A field tells more than a variable, which
 * whoever started the host may have left to it.
 */
export function speakerOf(payload: JsonObject, { format, hasVariable }: Surroundings): Host | undefined {
  const isMarked = ({ mark }: Host) =>
    mark !== undefined && (mark.variable === undefined || hasVariable(mark.variable)) &&
    (mark.field === undefined || Object.hasOwn(payload, mark.field));
  const marked = hosts.filter(isMarked);
  if (format !== undefined) return marked.find(({ alsoRuns }) => alsoRuns === format) ?? hostNamed(format);
  return marked.find(({ mark }) => mark?.field !== undefined) ?? marked[0] ?? hosts[0];
}
