import { safeLine } from "../../base/safe_text.ts";
import type { Judgement } from "../model.ts";

const detailMax = 600;

/** What a client says that misses a file, as it may in the copy that it gets: then it has judged nothing. */
const missing = /No such file or directory|bad file reference|ENOENT/i;

/** An answer of a client. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Returns the judgement of a client that could not do what it was asked. */
export function failed(answer: Answer): Judgement {
  const said = saidIn(answer);
  const detail = `exit code ${answer.code}: ${safeLine(said.replaceAll(/\s+/g, " "), detailMax)}`;
  return missing.test(said)
    ? notVerified(`it misses a file in the copy that it gets, ${detail}`)
    : { isOk: false, detail };
}

/** Returns the judgement on an answer that is none to what was asked. */
export function unexpected(answer: Answer): Judgement {
  const said = safeLine(saidIn(answer).replaceAll(/\s+/g, " "), detailMax);
  return notVerified(`its answer is not understood: ${said === "" ? "it says nothing" : said}`);
}

/** Returns the judgement where nobody has vouched for anything. */
export function notVerified(why: string): Judgement {
  return { isOk: false, detail: `not verified: ${why}` };
}

function saidIn({ stdout, stderr }: Answer): string {
  return (stderr.trim() || stdout.trim()).replace(/^WARNING: .*\n/gm, "");
}

/** Returns the JSON value that a text is, if it is one. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
