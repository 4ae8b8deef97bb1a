// Processes of lock_worker.ts.

/** Processes that do something at command. Those that are left are killed at the end (`using`). */
export class Workers implements Disposable {
  readonly #children: Deno.ChildProcess[];
  readonly #stdins: WritableStreamDefaultWriter<Uint8Array>[];
  #isDone = false;

  /** Starts `count` processes; `wordsOf` gives the arguments of each. */
  constructor(count: number, wordsOf: (worker: number) => readonly string[]) {
    const script = new URL("lock_worker.ts", import.meta.url).pathname;
    this.#children = Array.from({ length: count }, (_none, worker) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--allow-all", "--no-check", "--quiet", script, ...wordsOf(worker)],
        stdin: "piped",
        stdout: "piped",
      }).spawn());
    this.#stdins = this.#children.map(({ stdin }) => stdin.getWriter());
  }

  /** Commands each of them to go. */
  async go(): Promise<void> {
    await Promise.all(this.#stdins.map((stdin) => stdin.write(new Uint8Array(1))));
  }

  /** Waits for the end of all and returns what each printed. */
  async finish(): Promise<unknown[]> {
    await Promise.all(this.#stdins.map((stdin) => stdin.close()));
    const ended = await Promise.all(this.#children.map((child) => child.output()));
    this.#isDone = true;
    return ended.map(({ code, stdout }, worker) => {
      if (code !== 0) throw new Error(`Cannot count on worker ${worker}: it ended with exit code ${code}`);
      return JSON.parse(new TextDecoder().decode(stdout));
    });
  }

  [Symbol.dispose](): void {
    if (this.#isDone) return;
    for (const child of this.#children) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}
