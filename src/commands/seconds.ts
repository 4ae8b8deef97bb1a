// Flags that are lengths of time.

import { parseSeconds } from "../base/duration.ts";
import { describeError } from "../base/error.ts";
import type { Context } from "./command.ts";

const dayS = 86_400;

/** What a flag of seconds takes. */
const bounds: Readonly<Record<string, { readonly minS: number; readonly maxS: number }>> = {
  timeout: { minS: 0, maxS: dayS },
  grace: { minS: 0, maxS: dayS },
  ttl: { minS: 1, maxS: 7 * dayS },
};

/** Returns the seconds of the flag `name`, `usualS` when it was not typed. Throws a usage error for a bad value. */
export function typedSeconds(context: Context, name: string, usualS: number): number {
  const text = context.args.values[name];
  return text === undefined ? usualS : parseSeconds(`--${name}`, text, bounds[name]);
}

/** Returns the same for a hook, where a bad value in somebody's settings must not stop an agent. */
export function hookSeconds(context: Context, name: string, usualS: number): number {
  try {
    return typedSeconds(context, name, usualS);
  } catch (error) {
    context.log("a flag was not used", { why: describeError(error) });
    return usualS;
  }
}
