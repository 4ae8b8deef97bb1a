// Plans a link. Where links cannot be made a copy stands for it, and is made again when what it is a copy of changes.

import { folderOf, resolvePath } from "../../base/path.ts";
import { type Content, hashOf } from "../content.ts";
import type { Actual } from "../look.ts";
import type { WantedFile } from "../model.ts";
import { decideOne } from "./text.ts";
import type { Entry } from "../record.ts";
import { absent, changesOf, differently, type Planning, type Spot, type Step } from "./spot.ts";

type WantedLink = Extract<WantedFile, { readonly kind: "link" }>;

/** Plans a link. `isFree`: nothing is there, or nothing but what goes. */
export async function planLink(
  planning: Planning,
  spot: Spot,
  isFree: boolean,
): Promise<Step & { readonly before: Content }> {
  const { path, actual, last } = spot;
  const file = linkWanted(spot);
  const entry = last.entries.find(({ kind }) => kind === "link");
  const source = file && planning.look(resolvePath(folderOf(actual.place), file.to));
  const before = isFree ? absent : contentOf(actual, entry);
  if (source !== undefined && actual.link === undefined && source.real === actual.real) {
    return {
      before,
      content: before,
      changes: changesOf(spot, { kind: "unchanged", why: "it is there itself" }),
      entries: [],
    };
  }
  const found = isFree ? undefined : await hashOfLink(actual, entry);
  const isOldCopy = found !== undefined && found === entry?.hash && await isOld(entry, source);
  const { act, changes, entries } = decideOne(planning, spot, {
    of: "link",
    wanted: file && await hashOf({ kind: "link", to: file.to }),
    actual: isOldCopy ? "a copy of what was" : found,
    last: entry,
    known: isOldCopy ? { hash: "a copy of what was" } : entry,
    before: actual.link ?? (found === undefined ? undefined : "something that is no link"),
    after: file?.to,
  });
  if (act === "remove") return { before, content: absent, changes, entries };
  if (act === "keep" || file === undefined) return { before, content: before, changes, entries };
  const isBlocked = !isFree && actual.found.kind !== "absent" && actual.link === undefined && entry?.copy === undefined;
  if (isBlocked) {
    const why = `something that is no link is there; remove it first: ${path}`;
    return { before, content: before, changes: changesOf(spot, { kind: "conflict", why }), entries: last.entries };
  }
  return { before, content: { kind: "link", to: file.to, copyOf: source?.real }, changes, entries };
}

/** Returns the hash that stands for a link: its own, or that of the record where a copy is as it was made. */
export async function hashOfLink(actual: Actual, entry: Entry | undefined): Promise<string | undefined> {
  if (actual.link !== undefined) return await hashOf({ kind: "link", to: actual.link });
  if (actual.found.kind === "absent") return undefined;
  if (entry?.copy === undefined) return "no link";
  return await hashOf(contentOf(actual, entry)) === entry.copy ? entry.hash : "another copy";
}

function linkWanted({ path, wanted }: Spot): WantedLink | undefined {
  const files = wanted.map(({ file }) => file).filter((file) => file.kind === "link");
  if (new Set(files.map(({ to }) => to)).size > 1) throw differently(path);
  return files.at(0);
}

/** Returns what is there, as far as it is a link or the copy for one; anything else is never touched. */
function contentOf({ link, found }: Actual, entry: Entry | undefined): Content {
  if (link !== undefined) return { kind: "link", to: link };
  if (entry?.copy === undefined) return absent;
  if (found.kind === "folder") return { kind: "tree", files: found.files() ?? [] };
  return found.kind === "file" ? found : absent;
}

async function isOld(entry: Entry | undefined, source: Actual | undefined): Promise<boolean> {
  if (entry?.copy === undefined || source === undefined) return false;
  return await hashOf(contentOf({ ...source, link: undefined }, entry)) !== entry.copy;
}
