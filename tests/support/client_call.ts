import type { Installed } from "./client_install.ts";

/** The end of one call of a client. */
export interface Called {
  readonly code: number;
  /** Both streams, one behind the other. */
  readonly output: string;
}

/** Where and with what a client is called. It gets no other variables than these and a PATH. */
export interface CallPlace {
  readonly cwd: string;
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
}

const callMaxMs = 120_000;

/** Calls a client for something other than a session. */
export async function callInstalled(installed: Installed, args: readonly string[], place: CallPlace): Promise<Called> {
  if (installed.kind === "missing") throw new Error(`Cannot run a client: ${installed.reason}`);
  const [program, ...before] = installed.command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...before, ...args],
    cwd: place.cwd,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: place.home, LANG: "C.UTF-8", TERM: "dumb", ...place.env },
    stdin: "null",
    signal: AbortSignal.timeout(callMaxMs),
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
