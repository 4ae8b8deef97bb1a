import { realPath } from "./files.ts";

/** What a file system tells of a path without reading what is there. */
export interface Stamp {
  /** Another as soon as what is there is changed, replaced or gone, is a link that leads elsewhere, or has other names. */
  readonly text: string;
  /** When it was changed last, which nobody can set, in whole seconds; `Infinity` where the system does not say. */
  readonly changedMs: number;
}

const absent: Stamp = { text: "absent", changedMs: 0 };

/** Returns the stamp of `path`; that of a link has that of what it leads to in it. Throws where nobody may look. */
export function stampAt(path: string): Stamp {
  const info = infoAt(path);
  if (info === undefined) return absent;
  const own = stampFrom(info);
  if (!info.isSymlink) return own;
  const real = realPath(path);
  const there = infoAt(real ?? path);
  if (real === undefined || there === undefined) return { ...own, text: `${own.text} leads nowhere` };
  const led = stampFrom(there);
  return { text: `${own.text} -> ${real} ${led.text}`, changedMs: Math.max(own.changedMs, led.changedMs) };
}

function infoAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function stampFrom({ mode, size, mtime, ctime, dev, ino }: Deno.FileInfo): Stamp {
  const changedMs = ctime?.getTime() ?? Infinity;
  return { text: [mode, size, mtime?.getTime(), changedMs, dev, ino].join(" "), changedMs };
}
