// Path arithmetic on text alone. Both separators are understood where the path starts with a drive letter.

const drivePattern = /^[A-Za-z]:/;

/** Says whether `path` needs no folder to start from. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

/**
 * Returns the absolute form of `path`, seen from the absolute folder `from`, without `.`, `..`, doubled or trailing
 * separators. Separators are `/` in the answer.
 *
 * ```ts
 * import { resolvePath } from "./path.ts";
 * if (resolvePath("/repo/src", "../b/./a.ts") !== "/repo/b/a.ts") throw new Error();
 * ```
 */
export function resolvePath(from: string, path: string): string {
  const whole = isAbsolute(path) ? path : `${from}/${path}`;
  const hasDrive = drivePattern.test(whole);
  const parts: string[] = [];
  for (const part of whole.slice(hasDrive ? 2 : 0).split(hasDrive || whole.startsWith("\\\\") ? /[\\/]/ : "/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${hasDrive ? whole.slice(0, 2).toUpperCase() : ""}/${parts.join("/")}`;
}

/** Returns the folder of an absolute path; that of a root is the root. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, drivePattern.test(path) && end === 2 ? 3 : end);
}

/** Returns the last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Says whether `path` is `folder` or lies below it. `/proj2` is not below `/proj`. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Returns `path` as somebody in `folder` would type it. */
export function shownFrom(folder: string, path: string): string {
  return isWithin(path, folder) && path !== folder ? path.slice(folder === "/" ? 1 : folder.length + 1) : path;
}
