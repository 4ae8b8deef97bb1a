import { digest } from "../base/digest.ts";
import { describeError, TruceError } from "../base/error.ts";
import { folderOf, isWithin, nameOf, resolvePath } from "../base/path.ts";

/** What a lease is on. A folder covers what is below it; a resource is a name that is no path. */
export interface Target {
  /** Equal for the same target alone, however it was spelled, and safe as a file name. */
  readonly key: string;
  readonly kind: "file" | "folder" | "resource";
  /** The real absolute path, or the resource's name. */
  readonly name: string;
}

/** What path identity needs to know of a file system. Every call may throw for a path that no system accepts. */
export interface PathFacts {
  realPath(path: string): string | undefined;
  linkTarget(path: string): string | undefined;
  /** Device and inode of what is at `path`, and whether it is a folder. */
  identity(path: string): { readonly id: string; readonly isFolder: boolean } | undefined;
}

const linksMax = 40;

/**
 * Returns the target that `path`, seen from the absolute folder `from`, means: the real path of its nearest existing
 * ancestor plus the rest. So `a`, `./a`, `b/../a` and a link to it are one, and so are `A` and `a` where the file
 * system ignores case. Throws a usage error for a path that no file can have.
 */
export async function pathTarget(facts: PathFacts, from: string, path: string): Promise<Target> {
  const { name, identity, isFolder } = identify(facts, from, path);
  return { key: await digest(`path ${identity}`), kind: isFolder ? "folder" : "file", name };
}

/** Returns the target of a resource such as `git-index` or `port:3000`; its name counts on the whole machine. */
export async function resourceTarget(name: string): Promise<Target> {
  return { key: await digest(`resource ${name}`), kind: "resource", name };
}

/** Says whether a lease on `a` and one on `b` would let two holders write one file. */
export function overlap(a: Target, b: Target): boolean {
  return covers(a, b) || covers(b, a);
}

/** Says whether who has a lease on `a` needs none on `b`. */
export function covers(a: Target, b: Target): boolean {
  return a.key === b.key || (a.kind === "folder" && b.kind !== "resource" && isWithin(b.name, a.name));
}

function identify(facts: PathFacts, from: string, path: string) {
  if (path.includes("\0")) throw new TruceError("usage", "Cannot lock a path with a NUL character in it");
  try {
    const name = realName(facts, resolvePath(from, path), linksMax);
    const identity = ignoresCase(facts, name) ? name.normalize("NFC").toLowerCase() : name;
    return { name, identity, isFolder: facts.identity(name)?.isFolder === true };
  } catch (error) {
    throw new TruceError("usage", `Cannot lock "${path}": ${describeError(error)}`, { cause: error });
  }
}

function realName(facts: PathFacts, path: string, linksLeft: number): string {
  const real = facts.realPath(path);
  if (real !== undefined) return resolvePath("/", real);
  const folder = folderOf(path);
  if (folder === path) return path;
  // What a dangling link names is the file that an edit will make.
  const link = linksLeft > 0 ? facts.linkTarget(path) : undefined;
  const rest = realName(facts, folder, linksLeft - 1);
  return link === undefined ? resolvePath(rest, nameOf(path)) : realName(facts, resolvePath(rest, link), linksLeft - 1);
}

/** Asks the file system itself: does the other case of the nearest existing name lead to the same file? */
function ignoresCase(facts: PathFacts, path: string): boolean {
  const found = facts.identity(path);
  const folder = folderOf(path);
  if (folder === path) return false;
  const other = otherCase(nameOf(path));
  if (found === undefined || other === nameOf(path)) return ignoresCase(facts, folder);
  return facts.identity(resolvePath(folder, other))?.id === found.id;
}

function otherCase(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}
