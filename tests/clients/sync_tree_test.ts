// One repository, one `truce sync`, and the three real clients: each starts, shows the same servers, skills and
// instructions, and refuses what Claude Code refuses. A row says what is true of Codex, of Gemini CLI and of OpenCode.

import { field, textField } from "../../src/base/decode.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { elements } from "../support/mock_dialect.ts";
import { filesBelow } from "../support/place.ts";
import { type Ask, codex, gemini, opencode, syncedTree, type TreeClient, variables } from "../support/sync_tree.ts";

type Row<T> = readonly [codex: T, gemini: T, opencode: T];

const clients = { codex, gemini, opencode };
/** What a client says when it refuses. */
const refusals = [
  /Claude Code denies|Permission denied/,
  // It says of a file that it ignores that this is in no workspace.
  /denied by policy|ignored by configured ignore patterns|Path not in workspace/i,
  /specified a rule which prevents you from using this specific tool call/,
];

const servers: Readonly<Record<string, Row<string | undefined>>> = {
  files: ["stdio", "stdio", "stdio"],
  // A default of a variable is known to Gemini CLI alone; the others go without, and truce says so.
  notes: [undefined, "stdio", undefined],
  hub: ["http", "http", "http"],
  off: ["off", undefined, "off"],
};

/** How often a text is in the first request to the model. */
const told: Readonly<Record<string, Row<number>>> = {
  "word-user": [1, 1, 1],
  "word-root": [1, 1, 1],
  "word-import": [1, 1, 1],
  "word-rule": [1, 1, 1],
  // Gemini CLI is told which file to read first.
  "word-scoped": [1, 0, 1],
  ".claude/rules/tests.md": [0, 1, 0],
  "word-nested": [0, 0, 0],
  "word-comment": [0, 0, 0],
  "word-private": [0, 0, 0],
  "word-skill": [0, 0, 0],
  "Cuts a release.": [1, 1, 1],
  "Fills in forms.": [1, 1, 1],
  // To Codex a command is a skill that only a user calls.
  "Runs a migration.": [0, 1, 1],
  // Gemini CLI has a user acknowledge each sub-agent first.
  "Knows the tables.": [1, 0, 1],
  "canary-": [0, 0, 0],
};

const refused: readonly Ask[] = [
  { shell: "rm -rf build" },
  { shell: "git push" },
  { read: ".env" },
  { read: "secrets/key" },
  { shell: "cat secrets/key" },
];
/** What the client does all the same; without it a client that does nothing would pass. */
const done: readonly (readonly [ask: Ask, answer: string])[] = [
  [{ shell: "sh .agents/skills/release/scripts/cut.sh" }, "word-script"],
  [{ read: "packages/api/server.ts" }, "port = 80"],
];

Object.entries(clients).forEach(([name, client], column) => {
  treeTest(`${name} shows the servers of a repository, and truce has said which it cannot`, client, async () => {
    using place = await syncedTree();
    const expected = columnOf(servers, column);
    assertEquals(await client.servers(place), expected);
    const lost = lostServers(JSON.parse((await place.sync("--check", "--json")).stdout), name);
    assertEquals(lost, Object.keys(servers).filter((server) => expected[server] === undefined));
  });

  treeTest(`${name} is told each thing once, and refuses what Claude Code refuses`, client, async () => {
    using place = await syncedTree();
    const asks = [...refused, ...done.map(([ask]) => ask)];
    const { request, answers } = await client.session(place, asks);
    const count = (text: string) => request.split(text).length - 1;
    assertEquals(Object.fromEntries(Object.keys(told).map((text) => [text, count(text)])), columnOf(told, column));

    const shown = refused.map((ask, i) => [ask, refusals[column].test(answers[i]) ? "refused" : answers[i]]);
    assertEquals(shown, refused.map((ask) => [ask, "refused"]));
    assertEquals(Deno.readTextFileSync(`${place.project}/build/out`), "built\n");
    assertEquals(answers.filter((answer) => /canary-(?:secret|dotenv)/.test(answer)), []);
    done.forEach(([, answer], i) => assertStringIncludes(answers[refused.length + i] ?? "", answer));

    const nested = await client.nested?.(place) ?? answers.join("\n");
    assertEquals(nested.split("word-nested").length - 1, 1);
    const after = await place.sync("--check");
    assertEquals([after.code, after.stderr], [0, ""], `after the client: ${after.stdout}`);
  });
});

Deno.test("truce sync is done after one run, and writes down no value of a variable", async () => {
  using place = await syncedTree();
  const stamps = place.stamps();
  assertEquals((await place.sync("--check")).code, 0);
  const { code, stderr } = await place.sync();
  assertEquals([code, stderr], [0, ""]);
  assertEquals(place.stamps(), stamps);
  const files = filesBelow(place.tree.place.root).filter((path) => Deno.lstatSync(path.replace(/\/$/, "")).isFile);
  const values = Object.values(variables);
  const leaking = files.filter((path) => values.some((value) => Deno.readTextFileSync(path).includes(value)));
  assertEquals(leaking, []);
});

/** Registers a test that is ignored where its client cannot be had. */
function treeTest(name: string, { installed }: TreeClient, run: () => Promise<void>): void {
  if (installed.kind === "installed") Deno.test(name, run);
  else Deno.test.ignore(`${name} (ignored: ${installed.reason})`, run);
}

/** Returns the cells of one client, without those that are empty. */
function columnOf<T>(rows: Readonly<Record<string, Row<T | undefined>>>, column: number): Record<string, T> {
  const cells = Object.entries(rows).flatMap(([name, row]) => {
    const cell = row[column];
    return cell === undefined ? [] : [[name, cell] as const];
  });
  return Object.fromEntries(cells);
}

/** Returns the servers that truce says are not as they were in a target. */
function lostServers(said: unknown, target: string): string[] {
  const fates = elements(field(said, "scopes")).flatMap((scope) => elements(field(scope, "fates")));
  const own = fates.filter((fate) =>
    field(fate, "target") === target && field(field(fate, "item"), "kind") === "server"
  );
  return own.filter((fate) => field(fate, "outcome") !== "exact").map((fate) =>
    textField(field(fate, "item"), "name") ?? ""
  );
}
