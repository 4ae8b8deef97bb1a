// Whether a text looks like a secret that is written out. References to variables never do. In doubt it does: what is
// taken for one is not written to any file, and the user is told.

import { partsOf } from "../reference.ts";

const secretName =
  /(?:^|[_.\s-])(?:api_?-?key|access_?-?key|private_?-?key|secret(?:_?-?key)?|token|password|passwd|passphrase|credentials?|authorization|auth|pat|cookie)$/i;
const wellKnown = [
  /\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9]{16,}/,
  /\b(?:gh[opsur]|github_pat|glpat|npm|hf|dop_v1|shpat|xox[a-z])[-_][A-Za-z0-9_-]{10,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/i,
  /:\/\/[^\s/:@]*:[^\s/@]+@/,
  /[?&](?:[a-z_-]*(?:token|key|secret|password|signature)|sig|auth)=[^&\s#]+/i,
];
/** Letters of both cases and digits, too many to be a word. */
const random =
  /(?<![A-Za-z0-9_/.-])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{32,}/;

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
  if (wellKnown.some((pattern) => pattern.test(written)) || random.test(written)) return true;
  return secretName.test(name) && !isPlain(written);
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
