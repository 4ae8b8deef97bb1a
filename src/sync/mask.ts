// What is shown of values that may be secret. In doubt they are not shown: a name is enough that only has "token" in it,
// which is not enough to refuse what it names, see targets/secret.ts.

import { withoutSecrets } from "./secret_shapes.ts";

const secretName =
  /token|secret|passw|passphrase|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|cookie|bearer/i;
/** Names whose values are names of variables. */
const referenceName = /env_var|env_vars|env_http_headers|_env$|EnvVar/;
/** Paths may look like this, too, and so a server is not refused for it; see secret_shapes.ts for what it is. */
const perhapsSecret = /\b(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+/-]{32,}={0,2}/g;
const reference = /\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*|\{(?:env|file):[^}]*\}/g;
const mask = "***";

/** Returns `text` without what looks secret wherever it stands. */
export function maskedText(text: string): string {
  return withoutSecrets(text, mask).replace(perhapsSecret, mask);
}

/** Returns `value`, which stands at the end of `names`, as it may be shown. References to variables are shown. */
export function maskedValue(value: unknown, names: readonly string[]): unknown {
  if (typeof value === "string") return hasSecretName(names) && !isReference(value) ? mask : maskedText(value);
  if (Array.isArray(value)) {
    return value.map((item, i) => maskedValue(item, isFlag(value[i - 1]) ? [...names, value[i - 1]] : names));
  }
  if (typeof value === "number" && hasSecretName(names)) return mask;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, maskedValue(inner, [...names, name])] as const);
  return Object.fromEntries(entries);
}

function hasSecretName(names: readonly string[]): boolean {
  const last = names.findLast((name) => !/^\d+$/.test(name)) ?? "";
  return secretName.test(last) && !names.some((name) => referenceName.test(name));
}

/** Says whether a word of a command line tells what the next one is: `--api-key`. */
function isFlag(word: unknown): word is string {
  return typeof word === "string" && word.startsWith("-") && !word.includes("=");
}

/** Says whether nothing but references is in a text, and words such as `Bearer`. */
function isReference(text: string): boolean {
  const rest = text.replace(reference, "");
  return rest === "" || rest !== text && /^\s*(?:Bearer|Basic|token)?\s*$/i.test(rest);
}
