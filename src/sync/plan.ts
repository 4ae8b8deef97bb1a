// What is to be done so that the targets have what the source wants: computed, and nothing touched. What counts is who
// wrote what (`decide.ts`); the record says what was ours. Several targets may want parts of one file, and several paths
// may lead to one file, so everything is gathered by the place where the bytes are.

import { isWithin } from "../base/path.ts";
import type { Editor } from "../edit/edit.ts";
import { jsonEditor } from "../edit/json.ts";
import { tomlEditor } from "../edit/toml.ts";
import type { Change } from "./plan/change.ts";
import { type Content, hashOf } from "./content.ts";
import { decide, type Force } from "./plan/decide.ts";
import type { Actual, Look } from "./look.ts";
import type { WantedFile } from "./model.ts";
import { planKeys } from "./plan/keys.ts";
import { hashOfLink, planLink } from "./plan/link.ts";
import { planBlock, planWhole } from "./plan/text.ts";
import type { FileRecord, SyncRecord } from "./record.ts";
import {
  absent,
  changesOf,
  differently,
  keysWanted,
  kindWanted,
  noRecord,
  type Planning,
  type Spot,
  type Step,
  textIn,
  withText,
} from "./plan/spot.ts";

type Format = "json" | "toml";

/** What one target wants. A target that wants nothing loses what it had; one that is not named keeps it. */
export interface WantedBy {
  readonly target: string;
  readonly files: readonly WantedFile[];
}

/** What a plan may be told besides. */
export interface PlanOptions {
  readonly force?: Force;
  /** Files and folders that the source is read from, without links: nothing is written to them, by whatever name. */
  readonly sources?: readonly string[];
}

/** What becomes of one file. It is written when `after` is not `before`. */
export interface FilePlan {
  /** The path as it is wanted, and where it leads to. */
  readonly path: string;
  readonly real: string;
  readonly format: "json" | "toml" | "text" | "link";
  readonly before: Content;
  readonly after: Content;
  readonly changes: readonly Change[];
}

/** What is to be done, file by file in the order of their paths, and what is known once it is done. */
export interface Plan {
  readonly files: readonly FilePlan[];
  readonly record: SyncRecord;
}

/** One file of a plan, with what is remembered of it. */
interface Planned {
  readonly plan: FilePlan;
  readonly record: FileRecord;
}

const editors: Readonly<Record<Format, Editor>> = { json: jsonEditor, toml: tomlEditor };

/** Plans what `wanted` needs. Throws a TruceError when a file cannot be read, or two targets want one thing differently. */
export async function planFor(
  wanted: readonly WantedBy[],
  look: Look,
  last: SyncRecord,
  { force, sources = [] }: PlanOptions = {},
): Promise<Plan> {
  const names = new Set(wanted.map(({ target }) => target));
  const stillWanting = (targets: readonly string[]) => targets.filter((target) => !names.has(target));
  const planning: Planning = { look: once(look), force, stillWanting };
  const goneLinks = await linksThatGo(planning, wanted, last);
  const { texts, links } = spotsOf(wanted, last, {
    look: planning.look,
    lookPast: (path) => lookPast(goneLinks, planning.look, path),
  });
  const planned = await Promise.all(texts.map((spot) => planText(planning, spot, sources)));
  const gone = new Set(planned.filter(({ plan }) => isRemoved(plan)).map(({ plan }) => plan.real));
  planned.push(...await Promise.all(links.map((spot) => planLinked(planning, spot, isFree(spot, gone, last.folders)))));
  planned.sort((a, b) => a.plan.path < b.plan.path ? -1 : 1);
  const records = planned.filter(({ record }) => record.entries.length > 0);
  return {
    files: planned.map(({ plan }) => plan),
    record: { ...last, files: Object.fromEntries(records.map(({ plan, record }) => [plan.path, record])) },
  };
}

/** Looks at each path once: many want the same. */
function once(look: Look): Look {
  const seen = new Map<string, Actual>();
  return (path) => {
    const actual = seen.get(path) ?? look(path);
    seen.set(path, actual);
    return actual;
  };
}

/** Finds the links that are ours and that nobody wants any more: something else may be wanted in their stead, or below. */
async function linksThatGo(planning: Planning, wanted: readonly WantedBy[], last: SyncRecord): Promise<string[]> {
  const paths = new Set(wanted.flatMap(({ files }) => files.filter(isLink).map(({ path }) => path)));
  const gone: string[] = [];
  for (const [path, { entries }] of Object.entries(last.files)) {
    const entry = entries.find(({ kind }) => kind === "link");
    if (entry === undefined || paths.has(path) || planning.stillWanting(entry.targets).length > 0) continue;
    const actual = await hashOfLink(planning.look(path), entry);
    if (decide({ actual, last: entry, force: planning.force }).act === "remove") gone.push(path);
  }
  return gone;
}

/** Looks at a path as it will be when the links that go are gone. */
function lookPast(goneLinks: readonly string[], look: Look, path: string): Actual {
  const link = goneLinks.find((gone) => isWithin(path, gone));
  if (link === undefined) return look(path);
  const place = look(link).place + path.slice(link.length);
  return { place, real: place, found: { kind: "absent" } };
}

/** Gathers what is wanted and what was written by place. */
function spotsOf(
  wanted: readonly WantedBy[],
  last: SyncRecord,
  looks: { readonly look: Look; readonly lookPast: Look },
): { texts: Spot[]; links: Spot[] } {
  const [texts, links] = [new Map<string, Spot>(), new Map<string, Spot>()];
  const add = (path: string, isOfLink: boolean, more: (spot: Spot) => Partial<Spot>) => {
    const actual = isOfLink ? looks.look(path) : looks.lookPast(path);
    const [spots, place] = isOfLink ? [links, actual.place] : [texts, actual.real];
    const spot = spots.get(place) ?? { path, actual, wanted: [], last: noRecord };
    spots.set(place, { ...spot, ...more(spot) });
  };
  for (const { target, files } of wanted) {
    for (const file of files) add(file.path, isLink(file), (spot) => ({ wanted: [...spot.wanted, { target, file }] }));
  }
  for (const [path, record] of Object.entries(last.files)) {
    const isOfLink = record.entries.some(({ kind }) => kind === "link");
    add(path, isOfLink, (spot) => ({ last: joined(spot.last, record) }));
  }
  for (const [place, { path, wanted }] of links) {
    if (wanted.length > 0 && (texts.get(place)?.wanted.length ?? 0) > 0) throw differently(path);
  }
  return { texts: [...texts.values()], links: [...links.values()] };
}

/** Plans what is in one file: what is ours as a whole, a block, or values. */
async function planText(planning: Planning, spot: Spot, sources: readonly string[]): Promise<Planned> {
  const { path, actual, wanted, last } = spot;
  const kind = kindWanted(spot);
  const format = wanted.map(({ file }) => file).find((file) => file.kind === "keys")?.format ?? last.format;
  const before: Content = actual.found.kind === "file" ? actual.found : absent;
  const plan: FilePlan = { path, real: actual.real, format: format ?? "text", before, after: before, changes: [] };
  if (sources.some((source) => isWithin(actual.real, source))) {
    const changes = changesOf(spot, { kind: "unchanged", why: "it is the source itself" });
    return { plan: { ...plan, changes }, record: noRecord };
  }
  const why = actual.found.kind === "folder"
    ? "a folder is there"
    : actual.found.kind === "closed"
    ? actual.found.why
    : "";
  if (why !== "") {
    return {
      plan: { ...plan, changes: changesOf(spot, { kind: "conflict", why }) },
      record: kind === undefined ? noRecord : last,
    };
  }
  // What goes comes first, so that what is wanted finds the file as it will be.
  const parts = (["whole", "block", "keys"] as const).toSorted((a, b) => Number(a === kind) - Number(b === kind));
  let step: Step = { content: before, changes: [], entries: [] };
  for (const part of parts) {
    step = await followed(step, planPart(planning, spot, { part, format, content: step.content }));
  }
  const isMade = before.kind === "absent" || last.isMade;
  const isLeft = !isMade || step.entries.length > 0 || !isBlank(step.content, path, format);
  const after = isLeft ? step.content : absent;
  const isSame = before === after || await hashOf(before) === await hashOf(after);
  return {
    plan: { ...plan, after: isSame ? before : after, changes: step.changes },
    record: { entries: step.entries, isMade, format, containers: step.containers ?? [] },
  };
}

async function followed(step: Step, next: Promise<Step>): Promise<Step> {
  const { content, changes, entries, containers } = await next;
  return {
    content,
    changes: [...step.changes, ...changes],
    entries: [...step.entries, ...entries],
    containers: containers ?? step.containers,
  };
}

async function planPart(
  planning: Planning,
  spot: Spot,
  { part, format, content }: {
    readonly part: "whole" | "block" | "keys";
    readonly format?: Format;
    readonly content: Content;
  },
): Promise<Step> {
  const isWanted = spot.wanted.some(({ file }) => file.kind === part);
  const last = spot.last.entries.filter(({ kind }) => kind === (part === "keys" ? "key" : part));
  if (!isWanted && last.length === 0) return { content, changes: [], entries: [] };
  if (part === "whole") return await planWhole(planning, spot, content);
  if (part === "block") return await planBlock(planning, spot, content);
  const { path } = spot;
  const text = textIn(content, path);
  const { containers } = spot.last;
  const editor = editors[format ?? "json"];
  const keys = await planKeys(planning, { path, editor, text: text ?? "", wanted: keysWanted(spot), last, containers });
  return { ...keys, content: text === undefined && keys.text === "" ? content : withText(content, keys.text) };
}

async function planLinked(planning: Planning, spot: Spot, isFree: boolean): Promise<Planned> {
  const { before, content, changes, entries } = await planLink(planning, spot, isFree);
  const plan: FilePlan = { path: spot.path, real: spot.actual.place, format: "link", before, after: content, changes };
  return { plan, record: { ...noRecord, entries, isMade: true } };
}

/** Says whether nothing is at a place, or nothing but what goes. */
function isFree(
  { actual: { place, link, found } }: Spot,
  gone: ReadonlySet<string>,
  folders: readonly string[],
): boolean {
  if (link !== undefined) return false;
  if (found.kind === "absent" || gone.has(place)) return true;
  if (found.kind !== "folder" || !folders.includes(place)) return false;
  return found.files()?.every((file) => gone.has(`${place}/${file.path}`)) ?? false;
}

function isRemoved({ before, after }: FilePlan): boolean {
  return before.kind !== "absent" && after.kind === "absent";
}

function isBlank(content: Content, path: string, format: Format | undefined): boolean {
  if (content.kind !== "file") return true;
  if (format === undefined) return content.bytes.every((byte) => byte <= 0x20);
  return editors[format].isBlank(textIn(content, path) ?? "");
}

function isLink(file: WantedFile): boolean {
  return file.kind === "link";
}

function joined(a: FileRecord, b: FileRecord): FileRecord {
  return {
    entries: [...a.entries, ...b.entries],
    isMade: a.isMade || b.isMade,
    format: a.format ?? b.format,
    containers: [...a.containers, ...b.containers],
  };
}
