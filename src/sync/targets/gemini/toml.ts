// Texts as TOML writes them.

// deno-lint-ignore no-control-regex
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/g;

/** Returns a text on one line. */
export function tomlText(value: string): string {
  const text = value.toWellFormed();
  const isPlain = !/['\n\r]/.test(text) && text.search(control) < 0;
  return isPlain && /["\\]/.test(text) ? `'${text}'` : JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}

/** Returns a text on several lines. */
export function tomlBlock(text: string): string {
  const escaped = text.toWellFormed().replaceAll("\\", "\\\\").replaceAll('"""', '""\\"').replaceAll("\r\n", "\\r\n")
    .replaceAll(control, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"""\n${escaped.endsWith('"') ? `${escaped.slice(0, -1)}\\"` : escaped}"""`;
}

/** Returns a text as a comment on one line. */
export function tomlComment(text: string): string {
  return `# ${text.toWellFormed().replaceAll(control, " ").replaceAll(/\s+/g, " ")}`;
}
