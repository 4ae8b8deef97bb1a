import { safeLine } from "../../base/safe_text.ts";
import type { Judgement } from "../model.ts";

const detailMax = 600;

/** Returns the judgement of a client that could not do what it was asked. What it lacks only in the copy is no fault. */
export function failed(answer: { readonly code: number; readonly stdout: string; readonly stderr: string }): Judgement {
  const said = (answer.stderr.trim() || answer.stdout.trim()).replace(/^WARNING: .*\n/gm, "");
  const detail = `exit code ${answer.code}: ${safeLine(said.replaceAll(/\s+/g, " "), detailMax)}`;
  if (/No such file or directory|bad file reference/i.test(said)) {
    return { isOk: true, detail: `not checked, ${detail}` };
  }
  return { isOk: false, detail };
}

/** Returns the JSON value that a text is, if it is one. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
