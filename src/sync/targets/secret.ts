// Whether a text looks like a secret that is written out. References to variables never do. In doubt it does: what is
// taken for one is not written to any file, and the user is told.
//
// By its shape it is one here as for ../mask.ts. By its name it is not: what is only hidden in a diff may be hidden too
// often, but a server with a MAX_TOKENS_PER_DAY must not be refused for it.

import { partsOf } from "../reference.ts";
import { holdsSecret } from "../secret_shapes.ts";

const secretName =
  /(?:^|[_.\s-])(?:api_?-?key|access_?-?key|private_?-?key|secret(?:_?-?key)?|token|password|passwd|passphrase|credentials?|authorization|auth|pat|cookie)$/i;

/**
 * Says whether `text`, which is called `name`, holds a secret.
 *
 * ```ts
 * import { isSecret } from "./secret.ts";
 * if (!isSecret("API_TOKEN", "hunter2") || isSecret("API_TOKEN", "${API_TOKEN}")) throw new Error();
 * ```
 */
export function isSecret(name: string, text: string): boolean {
  const written = partsOf(text).map((part) => part.kind === "text" ? part.text : part.fallback ?? "").join("");
  return holdsSecret(written) || secretName.test(name) && !isPlain(written);
}

/** Returns the first of the arguments of a program that holds a secret, by itself or for the flag before it. */
export function secretArgument(args: readonly string[]): string | undefined {
  return args.find((arg, i) => {
    const [, flag, value] = /^-{1,2}([\w.-]+)[=:]([\s\S]*)$/.exec(arg) ?? [];
    const before = /^-{1,2}([\w.-]+)$/.exec(args[i - 1] ?? "")?.[1] ?? "";
    return flag === undefined ? isSecret(arg.startsWith("-") ? "" : before, arg) : isSecret(flag, value);
  });
}

/** A scheme before a reference, a switch, or a file that holds the secret. */
function isPlain(text: string): boolean {
  return /^\s*(?:|bearer|basic|token|true|false|none|\d{1,3}|~?\.{0,2}\/\S*)\s*$/i.test(text);
}
