/** Returns the folder for downloads that outlive a build: `XDG_CACHE_HOME/truce-tools`, else the one in HOME. */
export function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE")}/.cache`;
  return `${base}/truce-tools`;
}

/**
 * Returns a folder outside the checkout into which npm has installed `packages` (`name@version`), reused when it is
 * there. Processes that need it at once wait for the first.
 */
export async function npmFolder(
  packages: readonly string[],
  name: string,
  flags: readonly string[] = [],
): Promise<string> {
  const folder = `${cacheFolder()}/${name}-${packages.map((one) => one.replace(/^.*@/, "")).join("-")}`;
  Deno.mkdirSync(folder, { recursive: true });
  using lock = Deno.openSync(`${folder}/lock`, { create: true, write: true });
  await lock.lock(true);
  const done = `${folder}/done`;
  if (exists(done)) return folder;
  const args = ["install", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", ...flags, "--prefix", folder];
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const { success, stderr } = await new Deno.Command(npm, { args: [...args, ...packages], cwd: folder }).output();
  if (!success) throw new Error(`Cannot install ${packages.join(" ")} from npm: ${new TextDecoder().decode(stderr)}`);
  Deno.writeTextFileSync(done, "");
  return folder;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
