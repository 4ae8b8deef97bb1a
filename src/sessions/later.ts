import { safeLine } from "../base/safe_text.ts";

/** Returns how every notice begins that tells of findings which came after the answer about the file at `path`. */
export function subjectOfLater(path: string): string {
  return `Found after your last edit of ${safeLine(path, 300)}:\n`;
}
