// Processes that go on when nobody looks: how one is started, and how it is told to end.

/** A process that was started in the background. */
export interface Started {
  /** Resolves to its exit code, if it ends while this process is there to see it. */
  readonly ended: Promise<number>;
}

/**
 * Starts this program again with `words`, in a session of its own, without our standard streams or working folder. `env`
 * is what it has in its environment besides ours.
 */
export function startInBackground(words: readonly string[], env: Readonly<Record<string, string>>): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...ownWords(), ...words],
    cwd: "/",
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  return { ended: child.status.then(({ code }) => code) };
}

/** Returns what leads Deno to this program, when it is not compiled. */
function ownWords(): string[] {
  return Deno.build.standalone ? [] : ["run", "--allow-all", "--quiet", Deno.mainModule];
}

/** Calls `end` when somebody wants this process to end, in place of ending it. */
export function onEndSignal(end: (signal: string) => void): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, () => end(signal));
}

/** Calls `report` for what nobody caught, in place of ending the process. */
export function onUncaught(report: (error: unknown) => void): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    report(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    report(event.error);
  });
}

/** Makes the root the working folder, so that none of a project is kept in use. */
export function leaveWorkingFolder(): void {
  Deno.chdir("/");
}

/** Returns the number of this process. */
export function ownPid(): number {
  return Deno.pid;
}

/** Returns the bytes of memory that this process has in use. */
export function ownMemory(): number {
  return Deno.memoryUsage().rss;
}
