import { diffLines } from "../base/diff.ts";
import { TruceError } from "../base/error.ts";
import { safeLine } from "../base/safe_text.ts";
import { readText } from "../platform/files.ts";
import { applyPlan, openSync, type PeekedSync, peekSync } from "../sync/apply.ts";
import { type EditedFile, type ImportPlan, planImport } from "../sync/import.ts";
import { filesLeft } from "../sync/import_left.ts";
import { maskedText } from "../sync/mask.ts";
import { maskedJson } from "../sync/mask_json.ts";
import type { Item, Target } from "../sync/model.ts";
import type { FilePlan } from "../sync/plan.ts";
import { absent, textIn, withText } from "../sync/plan/spot.ts";
import { readSource } from "../sync/source.ts";
import { sourceFiles } from "../sync/source/files.ts";
import { projectFiles } from "../sync/source/project_files.ts";
import { contextOf, nameOfItem } from "../sync/sync.ts";
import { targets } from "../sync/targets/table.ts";
import { columns } from "./columns.ts";
import { type Command, commonFlags, type Outcome } from "./command.ts";
import { placeOf } from "./sync_place.ts";

const waitMs = 30_000;
const contextLines = 3;
const lineMax = 500;
const importers = targets.filter(({ importItems }) => importItems !== undefined);

/** `truce sync import`: carries servers, permissions and instructions that only a target has into the files of the project that are projected. */
export const command: Command = {
  usage: `--from NAME [--apply]

  --from   ${
    importers.map(({ name }) => name).join(", ")
  }: its servers in this project, what is denied and asked for, and its instructions
  --apply  write what is shown without it; truce sync restore undoes it

  Only what can be said exactly is imported, and nothing that is there already is changed. The rest is listed.`,
  flags: { values: [...commonFlags.values, "from"], switches: [...commonFlags.switches, "apply"] },
  isHookUse: () => false,
  async run(context) {
    const { values, switches, rest } = context.args;
    if (rest.length > 0) throw new TruceError("usage", `Cannot import "${rest[0]}": it takes flags only`);
    const from = importerNamed(values.from);
    const place = placeOf(context, "project");
    if (!switches.has("apply")) return report(from, prepare(from, await peekSync(place)));
    const sync = await openSync(place, { waitMs });
    if (sync === undefined) {
      throw new TruceError("unavailable", `Cannot import into "${place.root}": a sync is already running`);
    }
    try {
      const plan = prepare(from, sync);
      const files = plan.files.map((file) => filePlan(file, sync));
      const { written } = await applyPlan(sync, { files, record: sync.record });
      return report(from, plan, written);
    } finally {
      sync.close();
    }
  },
};

function importerNamed(name: string | undefined): Target {
  const found = importers.find((target) => target.name === name);
  if (found !== undefined) return found;
  const known = importers.map((target) => target.name);
  throw new TruceError("usage", `Cannot import from "${name ?? ""}": --from is one of ${known.join(", ")}`);
}

function prepare(from: Target, { place: { root }, record }: PeekedSync): ImportPlan {
  const read = readSource({ project: root, scopes: ["project"] }, sourceFiles);
  if (read.kind === "broken") {
    const [{ path, why }] = read.problems;
    throw new TruceError("refused", `Cannot import into "${path}": ${why}`, { hint: "Repair it and run it again" });
  }
  const readPaths = new Set(Object.keys(record.files));
  const context = contextOf({ scope: "project", root, allowsRules: false }, sourceFiles);
  const noting = (path: string) => {
    readPaths.add(path);
    return context.read(path);
  };
  const imported = from.importItems?.({ ...context, read: noting }) ?? { items: [], skipped: [] };
  const left = filesLeft(from, root, { files: sourceFiles, isKnown: (path) => readPaths.has(path) });
  return planImport({ ...imported, skipped: [...imported.skipped, ...left] }, {
    items: read.source.items,
    servers: fileAt(`${root}/${projectFiles.servers}`),
    settings: fileAt(`${root}/${projectFiles.settings}`),
    instructions: fileAt(`${root}/${projectFiles.instructions}`),
    hasFile: (path) => sourceFiles.look(path)?.kind === "file",
  });
}

function fileAt(path: string): EditedFile {
  return { path, text: readText(path) };
}

/** Returns what is written. Throws when it cannot be, or when it is not what was planned with. */
function filePlan({ path, text, after }: ImportPlan["files"][number], { look }: PeekedSync): FilePlan {
  const { real, found } = look(path);
  if (found.kind === "closed" || found.kind === "folder") {
    const why = found.kind === "closed" ? found.why : "it is a folder";
    throw new TruceError("refused", `Cannot import into "${path}": ${why}`);
  }
  const before = found.kind === "file" ? found : absent;
  if (textIn(before, path) !== text) {
    throw new TruceError("unavailable", `Cannot import into "${path}": somebody else is changing it`, {
      hint: "Run it again",
    });
  }
  return { path, real, format: isJson(path) ? "json" : "text", before, after: withText(before, after), changes: [] };
}

function report(from: Target, plan: ImportPlan, written?: readonly string[]): Outcome {
  const { files, added, skipped } = plan;
  const named = files.map((file) => ({ name: nameIn(file.path), diff: diffOf(file) }));
  const shown = written === undefined ? named.map(({ diff }) => diff) : named.map(({ name }) => `wrote ${name}`);
  const rows = skipped.map(({ what, why }) => [safeLine(what, 60), safeLine(why, 200)]);
  const table = rows.length === 0 ? "" : columns(["NOT IMPORTED", "WHY"], rows);
  const text = [...shown, table, summaryOf(from, plan, written !== undefined)].filter((one) => one !== "").join("\n");
  const json = {
    from: from.name,
    added: added.map((item: Item) => ({ kind: item.kind, name: nameOfItem(item) })),
    skipped,
    files: files.map(({ path }, i) => ({ path, diff: named[i].diff })),
    written: written ?? [],
  };
  return { kind: "report", text, json, exitCode: 0 };
}

function isJson(path: string): boolean {
  return path.endsWith(".json");
}

function nameIn(path: string): string {
  return Object.values(projectFiles).find((name) => path.endsWith(`/${name}`)) ?? path;
}

function summaryOf({ name }: Target, { added }: ImportPlan, isWritten: boolean): string {
  if (added.length === 0) return `Nothing to import from ${name}`;
  return isWritten
    ? `${added.length} imported from ${name}; carry them to the others: truce sync`
    : `${added.length} to import from ${name}: truce sync import --from ${name} --apply`;
}

/** Returns a patch as `diff -u` writes it. What is in the file already may be secret, and is masked where it looks so. */
function diffOf({ path, text, after }: ImportPlan["files"][number]): string {
  const name = nameIn(path);
  const head = [text === undefined ? "--- /dev/null" : `--- a/${name}`, `+++ b/${name}`];
  const hidden = isJson(path) ? maskedJson(text ?? "", path) : maskedText;
  const lines = diffLines(hidden(text ?? ""), hidden(after), contextLines) ??
    ["(the texts differ too much to be compared)"];
  return [...head, ...lines.map(safeDiffLine)].join("\n");
}

function safeDiffLine(line: string): string {
  const start = /^[-+ ]?[ \t]*/.exec(line)?.[0] ?? "";
  return start + safeLine(line.slice(start.length), lineMax);
}
