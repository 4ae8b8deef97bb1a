/** Returns what a person wrote in a text: all but the block of truce. */
export function ownText(text: string): string {
  return text.replace(/^<!-- truce:begin\b[\s\S]*?^<!-- truce:end\b.*$/m, "");
}
