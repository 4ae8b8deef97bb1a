// Which folders a session works in, as the transcript of Claude Code tells it: JSON lines, one record each.
//
// What was seen with 2.1.329, and what follows from it:
// - `/add-dir` and `/permissions` leave a record of type "user" whose content is one text in <local-command-stdout>. A
//   person who types that very text, with its tags, leaves the same record, and so does `claude -p` with such a prompt.
//   Only the fields beside it tell: a prompt has permissionMode, promptSource, turnOrigin and turnPosition, and what a
//   person typed has `origin`, which a prompt of -p lacks. The output of a command has none of them.
// - The prompt of a sub-agent is written by the model, and is such a record without any of those fields. It says
//   `isSidechain`. So do the environments of sub-agents, which may live in a folder of their own.
// - A prompt that is typed while the model works is an attachment of type "queued_command" and a "queue-operation"; what
//   `!command` prints stands in <bash-stdout> with its `<` escaped; what a tool prints is a list, not a text.
// - An environment is written with the first prompt and after each change. It has the folders of --add-dir and of the
//   settings, too, which nothing else tells. Its workingDirectory is where the shell is: `cd` changes it.

import { asObject, field, type JsonObject, textField, textList } from "../base/decode.ts";
import type { FolderEvent } from "../base/folder_event.ts";
import { isAbsolute, resolvePath } from "../base/path.ts";

/** What stands in every line that counts, unless its letters are escaped, which the third finds. */
const marks = ["local-command-stdout", "additionalWorkingDirectories", /\\u00[2-7]/g] as const;

/** Fields of prompts, of tool results, and of what the model wrote. Of older clients, too: a prompt had `todos`. */
const foreignFields = [
  "origin",
  "promptSource",
  "turnOrigin",
  "turnPosition",
  "permissionMode",
  "thinkingMetadata",
  "todos",
  "toolUseResult",
  "sourceToolAssistantUUID",
  "agentId",
];
const foreignFlags = ["isSidechain", "isMeta", "isCompactSummary"];

const opening = "<local-command-stdout>", closing = "</local-command-stdout>";
const codes = "(?:\x1b\\[[\\d;]*m)";

/** What a command prints, a line for each folder: the name is between codes for bold, if there are codes at all. */
const sentences = ([
  ["added", "Added directory", "to workspace"],
  ["removed", "Removed directory", "from workspace"],
  ["added", "Added", "as a working directory"],
] as const).map(([kind, before, after]) => ({
  kind,
  pattern: new RegExp(`^${codes}*${before} (?:${codes}+(.+?)${codes}+|(.+?)) ${after}(?![\\w/-])`),
}));

/** Returns what whole lines of a transcript tell of the session's folders, in their order. */
export function folderEvents(lines: string): FolderEvent[] {
  const events: FolderEvent[] = [];
  for (const line of marked(lines)) {
    const record = parsed(line);
    if (record !== undefined && !isForeign(record)) events.push(...eventsOf(record));
  }
  return events;
}

/** Yields the lines with a mark in them. A transcript is mostly other lines, which are not even cut out. */
function* marked(lines: string): Generator<string> {
  const next: number[] = marks.map(() => -1);
  for (let from = 0; from < lines.length;) {
    marks.forEach((mark, i) => {
      if (next[i] < from) next[i] = indexOf(lines, mark, from);
    });
    const hit = Math.min(...next);
    if (hit === Infinity) return;
    const newline = lines.indexOf("\n", hit);
    const end = newline < 0 ? lines.length : newline;
    yield lines.slice(lines.lastIndexOf("\n", hit) + 1, end);
    from = end + 1;
  }
}

function indexOf(text: string, mark: string | RegExp, from: number): number {
  if (typeof mark === "string") {
    const at = text.indexOf(mark, from);
    return at < 0 ? Infinity : at;
  }
  mark.lastIndex = from;
  return mark.exec(text)?.index ?? Infinity;
}

function parsed(line: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function isForeign(record: JsonObject): boolean {
  return foreignFlags.some((name) => field(record, name) === true) ||
    foreignFields.some((name) => Object.hasOwn(record, name));
}

function eventsOf(record: JsonObject): FolderEvent[] {
  switch (record.type) {
    case "attachment":
      return environmentOf(field(record, "attachment"));
    case "user":
      return printedOf(record, field(field(record, "message"), "content"));
    case "system":
      return record.subtype === "local_command" ? printedOf(record, field(record, "content")) : [];
    default:
      return [];
  }
}

function environmentOf(attachment: unknown): FolderEvent[] {
  const snapshot = field(attachment, "snapshot");
  const cwd = textField(snapshot, "workingDirectory");
  if (field(attachment, "type") !== "environment" || cwd === undefined) return [];
  if (!Array.isArray(field(snapshot, "additionalWorkingDirectories"))) return [];
  return [{ kind: "all", cwd, added: textList(snapshot, "additionalWorkingDirectories") }];
}

function printedOf(record: JsonObject, content: unknown): FolderEvent[] {
  const text = typeof content === "string" ? content.trim() : "";
  if (!text.startsWith(opening) || text.indexOf(closing) !== text.length - closing.length) return [];
  const printed = text.slice(opening.length, -closing.length).trim();
  return printed.split("\n").flatMap((line) => eventOf(line, textField(record, "cwd")) ?? []);
}

function eventOf(line: string, cwd: string | undefined): FolderEvent | undefined {
  for (const { kind, pattern } of sentences) {
    const [, bold, plain] = pattern.exec(line) ?? [];
    const folder = bold ?? plain;
    // A name in which an escape is left over was not understood.
    if (folder === undefined || folder.includes("\x1b")) continue;
    return { kind, folder: cwd !== undefined && isAbsolute(cwd) ? resolvePath(cwd, folder) : folder };
  }
  return undefined;
}
