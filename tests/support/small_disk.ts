import { start } from "./program.ts";

const bytes = 256 * 1024;
const pageBytes = 4096;

/** A file system of 256 KiB that nobody else sees, at a path where for everybody else an empty folder is. */
export interface SmallDisk extends Disposable {
  /** What starts a program that sees it. */
  readonly via: readonly string[];
  /** The path by which everybody sees what is on it. */
  readonly path: string;
  /** Fills it until `pagesFree` pages are left. */
  fill(pagesFree: number): void;
  /** Removes what `fill` wrote. */
  free(): void;
  setReadOnly(isReadOnly: boolean): Promise<void>;
}

/** Mounts a small disk at the empty folder `path`, or returns why that cannot be done here. */
export async function mountSmallDisk(path: string): Promise<SmallDisk | string> {
  let why = "there is no unshare here";
  for (const spaces of [["--user", "--map-root-user", "--mount"], ["--mount"]]) {
    try {
      return await mountIn(spaces, path);
    } catch (error) {
      why = error instanceof Error ? error.message : why;
    }
  }
  return why;
}

async function mountIn(spaces: readonly string[], path: string): Promise<SmallDisk> {
  const mount = `mount -t tmpfs -o size=${bytes},mode=700 truce "$0" && echo mounted && exec cat`;
  const keeper = new Deno.Command("unshare", {
    args: [...spaces, "sh", "-c", mount, path],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const { value } = await keeper.stdout.getReader().read();
  if (value === undefined) {
    await keeper.stdin.close();
    await keeper.status;
    throw new Error("nobody may mount here");
  }
  const userSpace = spaces.includes("--user") ? ["--user", "--preserve-credentials"] : [];
  const via = ["nsenter", "--target", String(keeper.pid), ...userSpace, "--mount"];
  const outside = `/proc/${keeper.pid}/root${path}`;
  const ballast = `${outside}/ballast`;
  return {
    via,
    path: outside,
    fill(pagesFree) {
      const zeros = new Uint8Array(pageBytes);
      try {
        for (;;) Deno.writeFileSync(ballast, zeros, { append: true });
      } catch {
        Deno.truncateSync(ballast, Deno.statSync(ballast).size - pagesFree * pageBytes);
      }
    },
    free: () => Deno.removeSync(ballast),
    async setReadOnly(isReadOnly) {
      const [file, ...args] = [...via, "mount", "-o", `remount,bind,${isReadOnly ? "ro" : "rw"}`, path];
      const { code, stderr } = await start(file, args).finished;
      if (code !== 0) throw new Error(stderr);
    },
    [Symbol.dispose]: () => keeper.kill("SIGKILL"),
  };
}
