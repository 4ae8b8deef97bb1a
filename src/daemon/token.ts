import { TruceError } from "../base/error.ts";
import { lockFile } from "../platform/files.ts";

const tokenBytes = 32;
const tokenPattern = /^[0-9a-f]{64}\n$/;
const deadlineMs = 2_000;

/** Returns the secret that the file at `path` holds, which is made when it is absent or damaged. */
export async function readToken(path: string): Promise<string> {
  const file = await lockFile(path, deadlineMs);
  if (file === undefined) throw new TruceError("unavailable", `Cannot read "${path}": another process keeps it locked`);
  try {
    const text = file.read();
    if (tokenPattern.test(text)) return text.trimEnd();
    const token = Array.from(crypto.getRandomValues(new Uint8Array(tokenBytes)), hexadecimal).join("");
    file.overwrite(`${token}\n`);
    file.truncate(token.length + 1);
    return token;
  } finally {
    file.close();
  }
}

function hexadecimal(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
