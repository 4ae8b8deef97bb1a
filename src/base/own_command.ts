// How truce is called by hooks, in every form in which it was ever registered or is shown to people. Only a command that is
// such a call and nothing else is truce's own: what does anything besides is somebody's work.

/** A call of truce by a hook. */
export interface OwnCall {
  /** The program, without quotes. */
  readonly program: string;
  /** The words behind it: `hook before-tool --format claude`. */
  readonly words: readonly string[];
}

const program = `('(?:[^']|'\\\\'')+'|"[^"]+"|[^\\s;&|'"]+)`;
const words = "((?: +[\\w.=:/-]+)+)";
const guarded = [
  // By a POSIX shell.
  `command -v ${program} >/dev/null 2>&1 \\|\\| exit 0; (?:${program} serve --http(?: --port \\d+)? --detach >/dev/null 2>&1; )?exec ${program}${words}`,
  `(?:${program} serve --http(?: --port \\d+)? --detach >/dev/null 2>&1; )?${program}${words} 2>/dev/null \\|\\| exit 0`,
  // By PowerShell, and by the Command Prompt.
  `if \\(Get-Command ${program} -ErrorAction SilentlyContinue\\) \\{ & ${program}${words} \\}(?:; exit 0| else \\{ exit 0 \\})`,
  `(?:if exist ${program}|where ${program} >nul 2>nul &&) ${program}${words}`,
].map((form) => new RegExp(`^${form}$`));
const bare = new RegExp(`^${program}${words}$`);

/**
 * Returns the call that a command is, when it is nothing else. A program of another name than truce counts in a form that
 * truce alone writes.
 *
 * ```ts
 * import { ownCall } from "./own_command.ts";
 * if (ownCall("truce hook stop --format x")?.words.join() !== "hook,stop,--format,x") throw new Error();
 * if (ownCall("./lint.sh; truce hook stop") !== undefined) throw new Error();
 * ```
 */
export function ownCall(command: string): OwnCall | undefined {
  for (const form of guarded) {
    const call = callIn(form, command);
    if (call !== undefined) return call;
  }
  const call = callIn(bare, command);
  return call !== undefined && /(?:^|[/\\])truce(?:\.exe)?$/i.test(call.program) ? call : undefined;
}

function callIn(form: RegExp, command: string): OwnCall | undefined {
  const groups = form.exec(command.trim())?.slice(1);
  const [name, said] = groups?.slice(-2) ?? [];
  if (name === undefined || said === undefined) return undefined;
  return { program: unquoted(name), words: said.trim().split(/ +/) };
}

function unquoted(word: string): string {
  if (word.startsWith("'")) return word.slice(1, -1).replaceAll("'\\''", "'").replaceAll("''", "'");
  return word.startsWith('"') ? word.slice(1, -1) : word;
}
