// Programs side by side: in every round each runs once, so what the machine does meanwhile happens to all of them.

/** One that is measured: a program with its words and what it reads. */
export interface Contestant {
  readonly name: string;
  /**
   * Copies of the program that take turns. Two identical files can differ by 2 ms a start, by how their pages happen to
   * lie in the page cache.
   */
  readonly copies: readonly string[];
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly cwd: string;
  /** The whole environment, apart from PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a word on standard output means that it did not do what is measured. */
  readonly isSilent: boolean;
}

/** How often all run: first without being measured, then measured. */
export interface Rounds {
  readonly warmUps: number;
  readonly rounds: number;
}

/** Runs `contestants` in turn. Returns the milliseconds of each from its start to its end, by its name. */
export async function sideBySide(
  contestants: readonly Contestant[],
  { warmUps, rounds }: Rounds,
): Promise<Map<string, number[]>> {
  const samples = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const contestant of contestants) {
      const ms = await runOnce(contestant, round + warmUps);
      if (round >= 0) samples.get(contestant.name)?.push(ms);
    }
  }
  return samples;
}

/** Runs one as a host does: through pipes, in an environment of its own. Throws when it does not what is measured. */
async function runOnce({ name, copies, words, stdin = "", cwd, env, isSilent }: Contestant, round: number) {
  const input = new TextEncoder().encode(stdin);
  const command = new Deno.Command(copies[round % copies.length], {
    args: [...words],
    cwd,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const startMs = performance.now();
  const child = command.spawn();
  const fed = feed(child.stdin, input);
  const { code, stdout, stderr } = await child.output();
  const ms = performance.now() - startMs;
  await fed;
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== 0 || (isSilent && said !== "")) {
    throw new Error(`${name} ended with exit code ${code} and said: ${said}`);
  }
  return ms;
}

async function feed(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (input.length > 0) await writer.write(input);
    await writer.close();
  } catch {
    // The empty program reads nothing.
  }
}
