// What a secret looks like, wherever it stands. In doubt a text is one: then it is neither written to a file (targets) nor
// shown (diffs). Each shape is the secret alone, so that what stands around it may be shown.

const shapes: readonly RegExp[] = [
  // Keys of well-known services. Names of packages such as `sk-learn-mcp` have neither digits nor a word so long.
  /\b(?:sk|pk|rk)[-_](?=[\w-]*(?:\d|[A-Za-z0-9]{16}))[\w-]{12,}/g,
  /\b(?:gh[opsur]|npm|hf|dop_v1|shpat)_[\w-]{10,}|\bgithub_pat_\w{10,}|\bglpat-[\w-]{10,}|\bxox[a-z]-[\w-]{8,}/g,
  /\bA(?:KIA|SIA)[A-Z0-9]{12,}/g,
  /\bAIza[\w-]{20,}/g,
  // A token of JSON parts.
  /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|[\s\S]*)/g,
  // What stands behind a scheme. Ordinary words stand behind "basic", too, but such with no capital and no digit.
  /(?<=\bbearer\s+)[\w.~+/=-]{6,}/gi,
  /(?<=\b[Bb][Aa][Ss][Ii][Cc]\s+)(?=[A-Za-z0-9+/]+[A-Z0-9=])[A-Za-z0-9+/]{6,}={0,2}/g,
  // A user and password in an address, and a secret in its query.
  /(?<=:\/\/)[^\s/:@]*:[^\s/@]+(?=@)/g,
  /(?<=[?&](?:[a-z_-]*(?:token|key|secret|password|signature)|sig|auth)=)(?![${])[^&\s#"']+/gi,
  // Letters of both cases and digits, too many to be a word, and in no path.
  /(?<![\w/.-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}/g,
];

/**
 * Returns `text` with `mask` in the place of each secret.
 *
 * ```ts
 * import { withoutSecrets } from "./secret_shapes.ts";
 * if (withoutSecrets("https://me:hunter2@x.org/sk-learn-mcp-server", "***") !== "https://***@x.org/sk-learn-mcp-server") {
 *   throw new Error();
 * }
 * ```
 */
export function withoutSecrets(text: string, mask: string): string {
  return shapes.reduce((rest, shape) => rest.replace(shape, mask), text);
}

/** Says whether there is a secret in `text`. */
export function holdsSecret(text: string): boolean {
  return shapes.some((shape) => text.search(shape) >= 0);
}
