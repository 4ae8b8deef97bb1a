// The files of settings: where a scope's is, through whatever links, and what is in it.

import { TruceError } from "../base/error.ts";
import { folderOf, isWithin, nameOf, resolvePath } from "../base/path.ts";
import { sayFileFailure } from "../platform/file_failure.ts";
import { linkTarget, lookThrough, readBytes, realPath } from "../platform/files.ts";
import { modeOf } from "../platform/tree.ts";

const bytesMax = 5_000_000;
const linksMax = 40;
const writable = 0o222;

/** A file of settings as it is. */
export interface SettingsFile {
  /** As its host spells it, absolute. */
  readonly path: string;
  /** The same without links: what is written. */
  readonly real: string;
  /** `undefined` where there is none. */
  readonly text: string | undefined;
}

/** Where the settings of the user and of a project are. */
export interface SettingsPlace {
  readonly home: string | undefined;
  readonly project: string;
}

/** Returns the absolute form of a path as in `HostSettings.files`; `undefined` where no home is known. */
export function settingsPath(path: string, { home, project }: SettingsPlace): string | undefined {
  if (!path.startsWith("~/")) return resolvePath(project, path);
  return home === undefined ? undefined : resolvePath(home, path.slice(2));
}

/**
 * Reads the file of settings at `path` to have it edited. Throws a TruceError when that cannot be: what is not within
 * `limit` belongs to somebody else, and a project must not lead there.
 */
export function openSettings(path: string, limit?: string): SettingsFile {
  const real = tried(path, () => throughLinks(path));
  const bound = limit && (realPath(limit) ?? limit);
  if (bound !== undefined && !isWithin(real, bound)) {
    throw refused(
      path,
      `a link leads to "${real}", outside the project`,
      "Edit that file by hand, or use --scope user",
    );
  }
  const facts = tried(path, () => lookThrough(real));
  if (facts === undefined) return { path, real, text: undefined };
  if (facts.kind !== "file") throw refused(path, "it is no file", "Move it away, and type it again");
  if (facts.size > bytesMax) {
    throw refused(path, `it is larger than ${bytesMax / 1_000_000} MB`, "Check what is in it; nothing was written");
  }
  if (((modeOf(real) ?? writable) & writable) === 0) {
    throw refused(path, "it is read-only", "Make it writable, and type it again");
  }
  return { path, real, text: textOf(tried(path, () => readBytes(real)), path) };
}

/** Reads the file at `path` to look at it; what cannot be read says nothing. */
export function peekSettings(path: string): string | undefined {
  try {
    const facts = lookThrough(path);
    return facts?.kind === "file" && facts.size <= bytesMax ? textOf(readBytes(path), path) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the path to which a file is written, which may not be there yet. */
function throughLinks(path: string): string {
  let at = path;
  for (let count = 0; count < linksMax; count++) {
    const real = realPath(at);
    if (real !== undefined) return real;
    const to = linkTarget(at);
    if (to === undefined) {
      const folder = folderOf(at);
      return folder === at ? at : resolvePath(throughLinks(folder), nameOf(at));
    }
    at = resolvePath(realPath(folderOf(at)) ?? folderOf(at), to);
  }
  throw new Error("too many links follow each other");
}

function textOf(bytes: Uint8Array<ArrayBuffer> | undefined, path: string): string | undefined {
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(path, "it is no UTF-8 text", "Repair the file by hand; nothing was written");
  }
}

function tried<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new TruceError("refused", `Cannot edit "${path}": ${sayFileFailure(error)}`, {
      hint: "Nothing was written",
      cause: error,
    });
  }
}

function refused(path: string, fact: string, hint: string): TruceError {
  return new TruceError("refused", `Cannot edit "${path}": ${fact}`, { hint });
}
