// What is shown of values that may be secret. In doubt they are not shown.

const secretName =
  /token|secret|passw|passphrase|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|cookie|bearer/i;
/** Names whose values are names of variables. */
const referenceName = /env_var|env_vars|env_http_headers|_env$|EnvVar/;
/** Shapes of keys of well-known services, of tokens, and of a user and password in an address. */
const secretValue =
  /\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}|\bgh[opsur]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bxox[abeoprs]-[\w-]{8,}|\bA(?:KIA|SIA)[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\bey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{4,}\.?[\w-]*|\bnpm_[A-Za-z0-9]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<=\/\/)[^\s/:@]+:[^\s/@]+(?=@)|(?<=\bBearer )(?![${])\S+|(?<=[?&](?:token|key|api_key|apikey|access_token|secret|password)=)(?![${])[^&\s"']+|\b(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{32,}={0,2}/g;
const reference = /\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*|\{(?:env|file):[^}]*\}/g;
const mask = "***";

/** Returns `text` without what looks secret wherever it stands. */
export function maskedText(text: string): string {
  return text.replace(secretValue, mask);
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
