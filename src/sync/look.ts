// What is on disk where something is wanted, with links followed as far as they stay inside.

import { folderOf, isWithin, nameOf, resolvePath } from "../base/path.ts";
import { type FileFacts, linkTarget, lookAt, lookThrough, readBytes, realPath } from "../platform/files.ts";
import { modeOf, treeAt, type TreeFile } from "../platform/tree.ts";
import { TruceError } from "../base/error.ts";
import type { SyncPlace } from "./record.ts";

const fileBytesMax = 16 * 1024 * 1024;
const treeLimits = { filesMax: 2_000, bytesMax: 32 * 1024 * 1024 };

/** What is at a path. */
export interface Actual {
  /** The path without links but its own last part. */
  readonly place: string;
  /** Where it leads to. */
  readonly real: string;
  /** What it says, when it is a link. */
  readonly link?: string;
  readonly found:
    | { readonly kind: "absent" }
    | { readonly kind: "file"; readonly bytes: Uint8Array<ArrayBuffer>; readonly mode?: number }
    /** `undefined`: more than anybody would compare. */
    | { readonly kind: "folder"; files(): readonly TreeFile[] | undefined }
    /** Nothing that can be written to, with the reason. */
    | { readonly kind: "closed"; readonly why: string };
}

/** Looks at a path. */
export type Look = (path: string) => Actual;

/** Returns what looks at paths that are written to in `place`. */
export function lookIn(place: SyncPlace): Look {
  const roots = [place.root, ...place.alsoIn ?? []].map((root) => realPath(root) ?? root);
  return (path) => {
    const resolved = resolvePath("/", path);
    const here = `${realFolder(folderOf(resolved)).replace(/\/$/, "")}/${nameOf(resolved)}`;
    const facts = lookAt(here);
    const real = facts && realPath(here) || here;
    const link = facts?.kind === "other" || real !== here ? linkTarget(here) : undefined;
    const isInside = (one: string) => roots.some((root) => isWithin(one, root));
    const found = !isInside(here) || !isInside(real)
      ? outside(place, isInside(here) ? real : here)
      : whatIsAt(here, facts);
    return { place: here, real, link, found };
  };
}

function outside({ root }: SyncPlace, real: string): Actual["found"] {
  return { kind: "closed", why: `it leads to "${real}", out of "${root}"` };
}

function whatIsAt(path: string, own: FileFacts | undefined): Actual["found"] {
  if (own === undefined) return { kind: "absent" };
  const facts = own.kind === "other" ? lookThrough(path) : own;
  if (facts === undefined) return { kind: "closed", why: "it is a link that leads nowhere" };
  if (facts.kind === "directory") return { kind: "folder", files: () => treeAt(path, treeLimits) };
  if (facts.kind === "other") return { kind: "closed", why: "it is no file" };
  if (facts.size > fileBytesMax) return { kind: "closed", why: `it is larger than ${fileBytesMax} bytes` };
  return { kind: "file", bytes: readBytes(path) ?? new Uint8Array(), mode: modeOf(path) };
}

/** Returns a folder without links; of one that is absent, that above it which is there. */
function realFolder(path: string): string {
  for (let [folder, rest] = [path, ""];; [folder, rest] = [folderOf(folder), `/${nameOf(folder)}${rest}`]) {
    const real = realPath(folder);
    if (real !== undefined) return real.replace(/\/$/, "") + rest;
    if (lookAt(folder) !== undefined || folder === folderOf(folder)) {
      throw new TruceError("refused", `Cannot write below "${folder}": it is a link that leads nowhere`, {
        hint: `Remove it: rm "${folder}"`,
      });
    }
  }
}
