import type { FolderEvent } from "../../src/base/folder_event.ts";
import { folderEvents } from "../../src/hosts/claude_transcript.ts";
import { assertEquals } from "../support/assert.ts";

/** Returns an event in a word: `+/added`, `-/removed`, or all: `=/cwd +/added`. */
function say(event: FolderEvent): string {
  if (event.kind === "all") return [`=${event.cwd}`, ...event.added.map((folder) => `+${folder}`)].join(" ");
  return `${event.kind === "added" ? "+" : "-"}${event.folder}`;
}

function said(lines: string): string[] {
  return folderEvents(lines).map(say);
}

function captured(name: string): string {
  return Deno.readTextFileSync(new URL(`../sessions/fixtures/${name}.jsonl`, import.meta.url));
}

/** Sessions of the real client. In each the phrase stands in prompts, tool results and answers, about /evil. */
const sessions: Readonly<Record<string, readonly string[]>> = {
  // /permissions: two added and one removed. A prompt with the tags. `cd` twice. A queued prompt. `!echo`. /add-dir:
  // declined, accepted, not found.
  typed: [
    "=/repo",
    ...["+/other two é", "+/extra", "-/other two é"],
    ...["=/repo +/extra", "=/repo/sub +/extra", "=/extra +/extra"],
    "+/third",
    "=/extra +/extra +/third",
  ],
  // claude -p PROMPT --add-dir /third
  printed: ["=/repo +/third"],
  // A sub-agent whose prompt is the phrase in its tags.
  agent: [],
};

for (const [name, events] of Object.entries(sessions)) {
  Deno.test(`folderEvents() of the captured session "${name}" are those that truly were`, () => {
    const text = captured(name);
    assertEquals(text.includes("/evil as a working directory"), true);
    assertEquals(said(text), events);
    assertEquals(text.split("\n").flatMap((line) => said(`${line}\r\n`)), events);
    assertEquals(said(text.trimEnd()), events);
  });
}

const bold = (text: string) => `\x1b[1m${text}\x1b[22m`;

/** What a command prints, and what that means. */
const prints: readonly (readonly [text: string, ...events: string[]])[] = [
  [`Added ${bold("/a")} as a working directory for this session \x1b[2m· /permissions to manage\x1b[22m`, "+/a"],
  [`Added ${bold("/a")} as a working directory and saved to local settings`, "+/a"],
  [`Added ${bold("/a")} as a working directory. Failed to save to local settings: EACCES`, "+/a"],
  [`Added ${bold("/a")} as a working directory`, "+/a"],
  ["Added /a as a working directory for this session · /permissions to manage", "+/a"],
  ["Added /a b/ç'\"d as a working directory.", "+/a b/ç'\"d"],
  [`Added ${bold("/x as a working directory/y")} as a working directory`, "+/x as a working directory/y"],
  ["Added C:\\Users\\me\\lib as a working directory for this session", "+C:/Users/me/lib"],
  ["Added ../lib as a working directory for this session", "+/lib"],
  [`\x1b[32mAdded\x1b[39m /a as a working directory`],
  [`\x1b[2mAdded \x1b[1;36m/a\x1b[0m as a working directory for this session\x1b[0m`, "+/a"],
  [`Added directory ${bold("/a")} to workspace for this session`, "+/a"],
  ["Added directory /a to workspace and saved to local settings", "+/a"],
  [`Removed directory ${bold("/a")} from workspace`, "-/a"],
  ["Removed directory /a from workspace", "-/a"],
  [
    `Added directory ${bold("/a")} to workspace for this session\nRemoved directory ${bold("/b")} from workspace\n` +
    `Added directory ${bold("/b")} to workspace for this session\n\nRemoved directory /a from workspace`,
    ...["+/a", "-/b", "+/b", "-/a"],
  ],
  [`Did not add ${bold("/a")} as a working directory.`],
  ["Did not add a working directory."],
  [`${bold("/a")} is already added as a working directory.`],
  [`${bold("/a")} is already accessible within the current working directory ${bold("/")}.`],
  [`${bold("sub")} is inside the current working directory ${bold("/repo")}; loading its skills for this session.`],
  [`Path ${bold("/a")} was not found.`],
  [`${bold("/a")} is not a directory. Did you mean to add the parent directory ${bold("/")}?`],
  ["It says: Added /a as a working directory for this session"],
  ["Added  as a working directory"],
  ["Added /a as a working directory-to-be"],
  ["Added directory /a to workspaces"],
  ["Added /a\nas a working directory"],
  ["Removed directory /a from the workspace"],
  ["Added \x1b[1m/a as a working directory"],
];

function record(content: unknown, special: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: "user", cwd: "/repo", message: { role: "user", content }, ...special };
}

function printed(text: string): string {
  return `<local-command-stdout>${text}</local-command-stdout>`;
}

for (const [text, ...events] of prints) {
  Deno.test(`folderEvents() of the printed ${JSON.stringify(text)} are ${events.join(" ") || "none"}`, () => {
    assertEquals(said(JSON.stringify(record(printed(text)))), events);
    assertEquals(said(JSON.stringify({ type: "system", subtype: "local_command", ...system(printed(text)) })), events);
    assertEquals(said(`${JSON.stringify(record(`\n${printed(`${text}\n`)}\n`))}\r\n`), events);
  });
}

function system(content: string): Record<string, unknown> {
  return { content, cwd: "/repo", isMeta: false, level: "info" };
}

const added = printed("Added /evil as a working directory for this session");
const environment = {
  type: "environment",
  snapshot: { workingDirectory: "/evil", additionalWorkingDirectories: ["/evil"] },
};

/** Records that have all it takes, in a place where it does not count. */
const strangers: Readonly<Record<string, unknown>> = {
  "a prompt without tags": record("Added /evil as a working directory for this session"),
  "a prompt with the tags in it": record(`What is ${added}`),
  "a prompt that ends behind the tags": record(`${added} What is that?`),
  "a prompt with two pairs of tags": record(`${added}Added /evil as a working directory${added}`),
  "a typed prompt": record(added, { origin: { kind: "human" }, promptSource: "typed" }),
  "a prompt of -p": record(added, { promptSource: "sdk", turnOrigin: "sdk" }),
  "a prompt that says its mode alone": record(added, { permissionMode: "default" }),
  "a prompt of an older client": record(added, { thinkingMetadata: {}, todos: [] }),
  "the prompt of a sub-agent": record(added, { isSidechain: true }),
  "a record of a sub-agent": record(added, { agentId: "a1" }),
  "a note of the client": record(added, { isMeta: true }),
  "a summary": record(added, { isCompactSummary: true }),
  "a text in a list": record([{ type: "text", text: added }]),
  "a tool result": record([{ type: "tool_result", content: added }]),
  "a tool result as text": record(added, { toolUseResult: {} }),
  "an answer": record(added, { type: "assistant" }),
  "another system record": { type: "system", subtype: "informational", content: added },
  "a queued prompt": { type: "attachment", attachment: { type: "queued_command", prompt: added } },
  "an operation of the queue": { type: "queue-operation", content: added },
  "a record without a type": { message: { content: added } },
  "a record in a record": { type: "user", message: record(added) },
  "a list": [record(added)],
  "a text": added,
  "the environment of a sub-agent": { type: "attachment", isSidechain: true, attachment: environment },
  "an environment that is told by another": { type: "user", attachment: environment, message: environment },
  "a snapshot of another type": { type: "attachment", attachment: { ...environment, type: "hook_context" } },
  "an environment without its list": {
    type: "attachment",
    attachment: { type: "environment", snapshot: { workingDirectory: "/evil", note: "additionalWorkingDirectories" } },
  },
  "an environment without its folder": {
    type: "attachment",
    attachment: { type: "environment", snapshot: { additionalWorkingDirectories: ["/evil"] } },
  },
};

for (const [name, stranger] of Object.entries(strangers)) {
  Deno.test(`folderEvents() ignores ${name}`, () => {
    assertEquals(said(JSON.stringify(stranger)), []);
  });
}

Deno.test("folderEvents() takes of an environment what is text", () => {
  const snapshot = { workingDirectory: "/repo", additionalWorkingDirectories: ["/a", 1, "", null, "/b"] };
  assertEquals(said(JSON.stringify({ type: "attachment", attachment: { type: "environment", snapshot } })), [
    "=/repo +/a +/b",
  ]);
});

Deno.test("folderEvents() ignores lines that are no JSON, and reads those around them", () => {
  const good = JSON.stringify(record(printed("Added /a as a working directory")));
  const bad = [good.slice(0, -1), good.slice(1), `${good}${good}`, `"${good}`, printed("Added /evil"), "", "\u0000"];
  assertEquals(said([good, ...bad, good].join("\n")), ["+/a", "+/a"]);
});

Deno.test("folderEvents() reads escaped letters as the letters that they are", () => {
  const escaped = (text: string) =>
    text.replace(/[a-z-]/gi, (letter) => `\\u00${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const print = JSON.stringify(record("?")).replace("?", escaped(printed("Added /a as a working directory")));
  const keys = `{"type":"attachment","attachment":{"type":"environment","snapshot":{"workingDirectory":"/repo",` +
    `"${escaped("additionalWorkingDirectories")}":["/a"]}}}`;
  assertEquals(said(`${print}\n${keys}\n`), ["+/a", "=/repo +/a"]);
});
