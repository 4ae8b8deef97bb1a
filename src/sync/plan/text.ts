// Plans a marked block of a text, and a file that is ours as a whole.

import { digest } from "../../base/digest.ts";
import { blockIn, blockText, withBlock, withoutBlock } from "../../edit/block.ts";
import type { Change } from "./change.ts";
import { bytesOf, type Content, hashOf, textOf } from "../content.ts";
import { decide, type Decision } from "./decide.ts";
import type { Entry } from "../record.ts";
import { absent, type Planning, type Spot, type Step, textIn, textWanted, withText } from "./spot.ts";

/** Plans the block of a text. */
export async function planBlock(planning: Planning, spot: Spot, content: Content): Promise<Step> {
  const { path } = spot;
  const text = textIn(content, path) ?? "";
  const wanted = textWanted(spot, "block");
  const block = blockIn(text, path);
  const hash = wanted === undefined ? undefined : await digest(blockText(wanted));
  const last = spot.last.entries.find(({ kind }) => kind === "block");
  const { act, ...step } = decideOne(planning, spot, {
    of: "block",
    wanted: hash,
    actual: block === undefined ? undefined : await digest(block.text),
    last,
    // A block of another machine's truce is known by its mark.
    known: last ?? (block?.hash === undefined ? undefined : { hash: block.hash }),
    before: block?.text,
    after: wanted,
  });
  if (act === "write" && hash !== undefined) {
    return { ...step, content: withText(content, withBlock(text, path, { text: wanted ?? "", hash })) };
  }
  return { ...step, content: act === "remove" ? withText(content, withoutBlock(text, path)) : content };
}

/** Plans a file of ours alone. */
export async function planWhole(planning: Planning, spot: Spot, content: Content): Promise<Step> {
  const wanted = textWanted(spot, "whole");
  const last = spot.last.entries.find(({ kind }) => kind === "whole");
  const { act, ...step } = decideOne(planning, spot, {
    of: "whole",
    wanted: wanted === undefined ? undefined : await digest(bytesOf(wanted)),
    actual: content.kind === "absent" ? undefined : await hashOf(content),
    last,
    known: last,
    before: content.kind === "file" ? shownText(content.bytes) : undefined,
    after: wanted,
  });
  if (act === "write" && wanted !== undefined) return { ...step, content: withText(content, wanted) };
  return { ...step, content: act === "remove" ? absent : content };
}

/** What is known of a thing that is one in its place. */
export interface OneThing {
  readonly of: "block" | "whole" | "link";
  /** The hashes that `decide` is about. */
  readonly wanted?: string;
  readonly actual?: string;
  readonly last?: Entry;
  readonly known?: Pick<Entry, "hash" | "isTheirs">;
  /** What is shown to people. */
  readonly before?: string;
  readonly after?: string;
}

/** Decides on a thing that is one in its place. */
export function decideOne(
  { stillWanting, force }: Planning,
  { path, wanted }: Spot,
  { of, last, known, before, after, ...hashes }: OneThing,
): Pick<Step, "changes" | "entries"> & { readonly act: Decision["act"] } {
  const others = stillWanting(last?.targets ?? []);
  const isWanted = hashes.wanted !== undefined;
  if (!isWanted && others.length > 0 && last !== undefined) {
    return { act: "keep", changes: [], entries: [{ ...last, targets: others }] };
  }
  const decision = decide({ ...hashes, last: known, force });
  const names = isWanted ? [...wanted.map(({ target }) => target), ...others] : last?.targets ?? [];
  const targets = [...new Set(names)].sort();
  const isSilent = !isWanted && decision.kind === "unchanged";
  const change: Change = { kind: decision.kind, path, part: { of }, targets, why: decision.why, before, after };
  const copy = decision.act === "keep" ? last?.copy : undefined;
  const entry: Entry = { kind: of, hash: hashes.wanted ?? "", targets, copy };
  const entries = {
    ours: [entry],
    theirs: [{ ...entry, isTheirs: true }],
    last: last === undefined ? [] : [{ ...last, targets }],
    none: [],
  };
  return { act: decision.act, changes: isSilent ? [] : [change], entries: entries[decision.memory] };
}

function shownText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return textOf(bytes);
  } catch {
    return "(no text)";
  }
}
