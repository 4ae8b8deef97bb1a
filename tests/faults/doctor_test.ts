// truce doctor as a person types it: each case breaks one thing in a place where all is well, and only that is found.

import { asObject } from "../../src/base/decode.ts";
import { whyUnanswered } from "../../src/commands/doctor_file.ts";
import { clockCheck, lockFinding } from "../../src/commands/doctor_state.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { DoctorPlace, type HookClient, hookClients, hookFiles, type ShownFinding } from "../support/doctor_place.ts";
import { filesBelow } from "../support/place.ts";
import { truceProgram } from "../support/program.ts";

const minuteMs = 60_000;

/** What is broken, and what is found of it. */
interface Case {
  readonly title: string;
  /** The clients in which truce is installed. */
  readonly in: readonly HookClient[];
  readonly flags?: readonly string[];
  breakIt(place: DoctorPlace): void | Promise<void>;
  /** All that is not ok: its level, subject and text, and what is to be typed. */
  readonly found: readonly (readonly [level: string, subject: string, text: RegExp, next: RegExp])[];
  /** What --fix does: all is well then, or what is left stays as it is. */
  readonly fix: "mends" | "leaves";
}

const claude = "Claude Code";
const edits = '"Edit|Write|MultiEdit|NotebookEdit"';
const byHand = /^\$\{EDITOR:-vi\} \S+\/project\/\S+\.json$/;
const titles: Readonly<Record<HookClient, string>> = {
  claude,
  gemini: "Gemini CLI",
  codex: "Codex CLI",
  copilot: "Copilot CLI",
  opencode: "OpenCode",
};

const ownCases: readonly Case[] = [
  {
    title: "PATH has no truce",
    in: ["claude"],
    breakIt: ({ bin }) => Deno.removeSync(`${bin}/truce`),
    found: [
      ["warning", "program", /^truce .* is not on PATH as truce: link it/, /^ln -s \S+\/dist\/truce /],
      ["error", claude, /there is no program "truce", so its hooks do nothing$/, /^command -v truce$/],
    ],
    fix: "leaves",
  },
  {
    title: "PATH has another truce",
    in: ["claude"],
    breakIt: (place) => {
      place.program("truce", `[ "$1" = --version ] && echo "truce 0.0.1" || exec '${truceProgram}' "$@"`);
    },
    found: [
      ["warning", "program", /PATH has another truce, \S+\/bin\/truce, .* is truce 0\.0\.1, and this is /, /^ln -sf /],
      ["warning", claude, /"truce" is truce 0\.0\.1, and this is truce /, /^truce install claude --scope project$/],
    ],
    fix: "leaves",
  },
  {
    title: "PATH has another build of the same version",
    in: ["claude"],
    breakIt: (place) => {
      const other = `'${truceProgram}' --version | /bin/sed 's/+[0-9a-f]*/+00000000/'`;
      place.program("truce", `[ "$1" = --version ] || exec '${truceProgram}' "$@"; ${other}`);
    },
    found: [
      ["warning", "program", / is truce \S+\+00000000 .*, and this is truce /, /^ln -sf /],
      ["warning", claude, /"truce" is truce \S+\+00000000 .*, and this is truce /, /^truce install claude/],
    ],
    fix: "leaves",
  },
  {
    title: "others may enter the folder of the state",
    in: [],
    breakIt: ({ state }) => Deno.chmodSync(state, 0o755),
    found: [["warning", "state", /\/state is open to other users$/, /^chmod 700 \S+\/state$/]],
    fix: "mends",
  },
  {
    title: "a record was damaged, and one was set aside",
    in: [],
    breakIt({ state }) {
      writeFile(`${state}/sessions/ab/cdef.json`, "{");
      writeFile(`${state}/leases/01/2345.json.corrupt-1`, "");
      writeFile(`${state}/losses/ab/cdef.json`, "{");
      writeFile(`${state}/trust/ab/cdef.json`, "[]");
    },
    found: [["warning", "state", /^4 files are damaged, such as \S+\/leases\/01\/2345/, /^truce doctor --fix$/]],
    fix: "mends",
  },
  {
    title: "what is known of files that truce wrote is damaged",
    in: [],
    breakIt({ state }) {
      writeFile(`${state}/sync/abcd/record.json`, "{");
      writeFile(`${state}/install/abcd.json`, "{");
    },
    found: [
      ["warning", "state", /\/record\.json is damaged: truce sync /, /^mv \S+record\.json \S+record\.json\.damaged$/],
      ["warning", "state", /\/abcd\.json is damaged: truce uninstall /, /^mv \S+\/abcd\.json \S+\.json\.damaged$/],
    ],
    fix: "leaves",
  },
  {
    title: "the state is a file",
    in: ["opencode"],
    breakIt({ state }) {
      Deno.removeSync(state, { recursive: true });
      Deno.writeTextFileSync(state, "");
    },
    found: [["error", "state", /^Cannot use the state in /, /^export TRUCE_STATE_DIR=/]],
    fix: "leaves",
  },
  {
    title: "a session has locked a file by hand, and was not heard of since",
    in: [],
    async breakIt(place) {
      const path = place.write("my file.ts");
      const env = { CLAUDE_CODE_SESSION_ID: "abcdef" };
      const ran = await place.truce(["lock", "acquire", path, "--ttl", "2h"], { env });
      assertEquals([ran.code, ran.stderr], [0, ""]);
      for (const name of filesBelow(place.state).filter((name) => name.endsWith(".json"))) age(name, 1_000);
    },
    found: [[
      "warning",
      "locks",
      /\/project\/my file\.ts is locked by claude session abcd, of whom nothing was heard for 15 min$/,
      /^truce lock break '\S+\/project\/my file\.ts'$/,
    ]],
    fix: "leaves",
  },
];

const clientCases: readonly Case[] = [
  {
    title: "PATH has no program of the client, whose settings are untrusted, too",
    in: ["codex"],
    breakIt(place) {
      Deno.removeSync(`${place.bin}/codex`);
      Deno.removeSync(`${place.home}/.codex`, { recursive: true });
    },
    found: [
      ["warning", titles.codex, /^it is told to call truce, but PATH has no codex$/, /^codex --version$/],
      ["warning", titles.codex, /does not trust/, /^cd \S+ && codex$/],
    ],
    fix: "leaves",
  },
  {
    title: "the program of the client does not start",
    in: ["opencode"],
    breakIt: (place) => place.program("opencode", "exit 3"),
    found: [["warning", titles.opencode, /does not tell its version: exit code 3$/, /^opencode --version$/]],
    fix: "leaves",
  },
  {
    title: "the client is there, without truce",
    in: [],
    breakIt: (place) => place.program("gemini", "echo 1.2.3"),
    found: [["warning", titles.gemini, /^1\.2\.3, without truce$/, /^truce install gemini$/]],
    fix: "leaves",
  },
  {
    title: "truce is registered for the user, too",
    in: ["claude"],
    breakIt: (place) => writeFile(`${place.home}/.claude/settings.json`, place.text("claude")),
    found: [[
      "warning",
      claude,
      /more than once: by \S+\/home\/\.claude\/settings\.json and by \S+\/project\/\.claude\/settings\.json$/,
      /^truce uninstall claude --scope user$/,
    ]],
    fix: "leaves",
  },
  {
    title: "a plugin calls truce, too",
    in: ["claude"],
    breakIt: (place) =>
      place.writeHome(".claude/plugins/installed_plugins.json", { plugins: { "truce@truce": [{ scope: "user" }] } }),
    found: [["warning", claude, /and by the plugin truce@truce$/, /^truce uninstall claude --scope project$/]],
    fix: "leaves",
  },
  ...(["claude", "gemini", "copilot"] as const).map((client): Case => ({
    title: `${client} ends the hook before an edit too soon`,
    in: [client],
    breakIt: (place) => place.edit(client, (text) => text.replace(/(: )90(000)?\b/, "$15$2")),
    found: [[
      "error",
      titles[client],
      /too little time for \w+: edits go on while truce waits for a file$/,
      new RegExp(`^truce install ${client} --scope project$`),
    ]],
    fix: "mends",
  })),
  {
    title: "copilot ends the hook before an edit as soon as it does by itself",
    in: ["copilot"],
    breakIt: (place) => place.edit("copilot", (text) => text.replace(/,\s*"timeoutSec": 90/, "")),
    found: [["error", titles.copilot, /too little time for preToolUse: edits go on/, /^truce install copilot/]],
    fix: "mends",
  },
  {
    title: "truce waits longer than the host does",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace("before-tool", "before-tool --timeout 300")),
    found: [["error", claude, /PreToolUse waits 300 s for a file, but is ended after 90 s/, /^truce install claude/]],
    fix: "mends",
  },
  {
    title: "the matcher is for other tools",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace(edits, '"Read"')),
    found: [["error", claude, /no edit by Edit or Write or NotebookEdit is held for truce$/, /^truce install claude/]],
    fix: "mends",
  },
  {
    title: "the matcher is for some tools",
    in: ["gemini"],
    breakIt: (place) => place.edit("gemini", (text) => text.replace('"^(replace|write_file)$"', '"replace"')),
    found: [["error", titles.gemini, /no edit by write_file is held for truce$/, /^truce install gemini/]],
    fix: "mends",
  },
  {
    title: "the hook before an edit is for some files",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace(": 90", ': 90, "if": "Edit(src/**)"')),
    found: [[
      "error",
      claude,
      /PreToolUse has "if", so edits go on without it$/,
      /^\$\{EDITOR:-vi\} \S+settings\.json$/,
    ]],
    fix: "leaves",
  },
  {
    title: "the host does not wait for the hook before an edit",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace(": 90", ': 90, "async": true')),
    found: [["error", claude, /PreToolUse has "async", so edits go on without it$/, /^truce install claude/]],
    fix: "mends",
  },
  {
    title: "the hook after an edit is ended too soon",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace(/": 40\b/, '": 9')),
    found: [["warning", claude, /too little time for PostToolUse: what truce says later is lost$/, /^truce install/]],
    fix: "mends",
  },
  {
    title: "hooks are of an older truce",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replaceAll("|MultiEdit", "")),
    found: [["warning", claude, /otherwise than install would have it$/, /^truce install claude --scope project$/]],
    fix: "mends",
  },
  ...(["claude", "gemini", "copilot", "opencode"] as const).map((client): Case => ({
    title: `${client} is told to call a program that is gone`,
    in: [],
    breakIt: (place) => place.install([client], ["--command", `${place.root}/old one/truce`]),
    found: [[
      "error",
      titles[client],
      /there is no program "\S+\/old one\/truce", so its hooks do nothing$/,
      new RegExp(`^truce install ${client} --scope project$`),
    ]],
    fix: "mends",
  })),
  {
    title: "the command ends before truce",
    in: ["gemini"],
    breakIt: (place) => place.edit("gemini", (text) => text.replaceAll('"truce hook', '"exit 0; truce hook')),
    found: [
      ["error", titles.gemini, /its command locks nothing: /, /^truce install gemini --scope project$/],
      ["warning", titles.gemini, /by hooks that a person wrote: exit 0; /, /^truce install gemini --scope project$/],
    ],
    fix: "leaves",
  },
  {
    title: "the command says something besides",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replaceAll("truce hook", "echo hello; truce hook")),
    found: [
      ["error", claude, /answers to a free file with exit code 0, hello: /, /^truce install/],
      ["warning", claude, /by hooks that a person wrote: echo hello; /, /^truce install claude --scope project$/],
    ],
    fix: "leaves",
  },
  {
    title: "a person wrote the hooks",
    in: [],
    breakIt: (place) => byHandAlone(place),
    found: [[
      "warning",
      claude,
      /person wrote: truce lock acquire --format claude$/,
      /^truce install claude --scope project$/,
    ]],
    fix: "leaves",
  },
  {
    title: "a person wrote hooks for some tools only",
    in: [],
    breakIt(place) {
      byHandAlone(place);
      place.edit("claude", (text) => text.replace("|Write|NotebookEdit", ""));
    },
    found: [
      [
        "error",
        claude,
        /no edit by Write or NotebookEdit is held for truce$/,
        /^truce install claude --scope project$/,
      ],
      ["warning", claude, /person wrote: /, /^truce install/],
    ],
    fix: "leaves",
  },
  {
    title: "a person wrote hooks besides",
    in: ["claude"],
    breakIt: (place) =>
      place.edit("claude", (text) => text.replace('"Stop": [', `"Stop": [{ "hooks": [${handHook("release")}] },`)),
    found: [["warning", claude, /more than once: by \S+ and by hooks of a person in \S+settings\.json$/, byHand]],
    fix: "leaves",
  },
  {
    title: "the command speaks as for another host",
    in: ["claude"],
    breakIt: (place) =>
      place.edit("claude", (text) => text.replaceAll("--format claude", "--format claude --format gemini")),
    found: [["error", claude, /its command locks nothing: /, /^truce install/]],
    fix: "mends",
  },
  {
    title: "what the command denies gets lost",
    in: ["copilot"],
    breakIt: (place) => place.edit("copilot", (text) => text.replaceAll("2>/dev/null", ">/dev/null")),
    found: [["error", titles.copilot, /answers to a file that is denied with exit code 0: /, /^truce install/]],
    fix: "mends",
  },
  {
    title: "no hook is left before edits",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace('"PreToolUse"', '"Nope"')),
    found: [["error", claude, /no edit is held for truce$/, /^truce install claude --scope project$/]],
    fix: "mends",
  },
  {
    title: "gemini does not trust the project",
    in: ["gemini"],
    breakIt: ({ home }) => Deno.removeSync(`${home}/.gemini/trustedFolders.json`),
    found: [[
      "error",
      titles.gemini,
      /has not been told to trust \S+\/project: trust the folder/,
      /^cd \S+\/project && gemini$/,
    ]],
    fix: "leaves",
  },
  {
    title: "codex does not trust the project",
    in: ["codex"],
    breakIt: ({ home }) => Deno.writeTextFileSync(`${home}/.codex/config.toml`, ""),
    found: [["error", titles.codex, /does not trust \S+\/project: trust the folder/, /^cd \S+\/project && codex$/]],
    fix: "leaves",
  },
  {
    title: "codex has not been shown the hooks as they are now",
    in: ["codex"],
    breakIt: (place) => place.edit("codex", (text) => text.replace(/": 90\b/, '": 91')),
    found: [
      ["error", titles.codex, /trusts 6 of the 7 hooks in .*: choose /, /^cd \S+\/project && codex$/],
      ["warning", titles.codex, /otherwise than install would have it$/, /^truce install codex --scope project$/],
    ],
    fix: "mends",
  },
  {
    title: "copilot does not trust the project",
    in: ["copilot"],
    breakIt: ({ home }) => Deno.removeSync(`${home}/.copilot`, { recursive: true }),
    found: [["error", titles.copilot, /does not trust \S+\/project: have it /, /^cd \S+\/project && copilot$/]],
    fix: "leaves",
  },
  {
    title: "hooks are switched off",
    in: ["claude"],
    breakIt: (place) => place.writeHome(".claude/settings.json", { disableAllHooks: true }),
    found: [["error", claude, /disableAllHooks is true in /, /^\$\{EDITOR:-vi\} \S+\/settings\.json$/]],
    fix: "leaves",
  },
  {
    title: "claude drops the settings for a value of somebody else",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace("{", '{ "model": 5,')),
    found: [["error", claude, /model is not text: nothing of this file is taken$/, byHand]],
    fix: "leaves",
  },
  {
    title: "claude drops the hooks for a value in them",
    in: ["claude"],
    breakIt: (place) => place.edit("claude", (text) => text.replace(/": 90\b/, '": "90"')),
    found: [["error", claude, /timeout is not a number above 0/, /^truce install claude --scope project$/]],
    fix: "mends",
  },
  {
    title: "codex drops the file for a field",
    in: ["codex"],
    breakIt: (place) => place.edit("codex", (text) => text.replace("{", '{ "version": 1,')),
    found: [["error", titles.codex, /description and hooks alone: nothing of this file is taken$/, byHand]],
    fix: "leaves",
  },
  {
    title: "nobody can make sense of the settings",
    in: ["gemini"],
    breakIt: (place) => place.edit("gemini", (text) => text.slice(0, -3)),
    found: [["error", titles.gemini, /Gemini CLI does not start$/, byHand]],
    fix: "leaves",
  },
  {
    title: "a hook stands where the client looks for a list of them",
    in: ["claude"],
    breakIt: (place) => {
      const command = "truce hook before-tool --format claude";
      place.write(hookFiles.claude, JSON.stringify({ hooks: { PreToolUse: [{ type: "command", command }] } }));
    },
    found: [["error", claude, /PreToolUse\[0\]\.hooks is not a list/, byHand]],
    fix: "leaves",
  },
  {
    title: "the last session of the client called truce not once",
    in: ["claude"],
    breakIt: (place) => pastSession(place, place.project),
    found: [["warning", claude, /^its session of \d{4}-\S+ \S+ UTC called truce not once/, /^cd \S+ && claude$/]],
    fix: "leaves",
  },
  {
    title: "hooks go over HTTP, and nobody answers there",
    in: ["claude"],
    flags: ["--http"],
    breakIt: (place) => place.edit("claude", (text) => text.replaceAll(":9876/", ":9/")),
    found: [
      [
        "error",
        claude,
        /nothing of truce answers at http:\/\/127\.0\.0\.1:9, since no daemon/,
        /^truce serve --http --port 9 /,
      ],
      [
        "warning",
        claude,
        /the token in TRUCE_TOKEN, which is not set here/,
        /^export TRUCE_TOKEN="\$\(truce serve --token\)"$/,
      ],
    ],
    fix: "leaves",
  },
];

for (const one of [...ownCases, ...clientCases]) {
  Deno.test(`truce doctor finds when ${one.title}, and --fix ${one.fix} it`, async () => {
    using place = new DoctorPlace();
    if (one.in.length > 0) await place.install(one.in, one.flags);
    await one.breakIt(place);
    const { code, findings } = await place.doctor();
    assertFound(findings, one.found);
    assertEquals(code, one.found.some(([level]) => level === "error") ? 1 : 0);

    const fixed = await place.doctor(["--fix"]);
    if (one.fix === "leaves") return assertFound(fixed.findings, one.found);
    const mended = fixed.findings.filter(({ text }) => text.startsWith("mended: "));
    assert(mended.length > 0);
    assertFound(fixed.findings, []);
    assertEquals(fixed.code, 0);
    assertFound((await place.doctor()).findings, []);
  });
}

Deno.test("truce doctor finds all well where truce is installed in all clients, and says so in a table", async () => {
  using place = new DoctorPlace();
  await place.install(hookClients);
  const { code, findings } = await place.doctor();
  assertFound(findings, []);
  assertEquals(code, 0);
  assertEquals(findings.map(({ subject }) => subject), [
    "program",
    "state",
    "clock",
    "locks",
    ...Object.values(titles),
  ]);
  for (const client of hookClients) {
    const [{ text }] = findings.filter(({ subject }) => subject === titles[client]);
    assertEquals(text, `${client} 1.2.3, calls truce by ${place.project}/${hookFiles[client]}`);
  }

  // Who types may be an agent itself, whose variables its shell has.
  const marks = {
    CLAUDECODE: "1",
    CLAUDE_CODE_SESSION_ID: "a",
    CLAUDE_PID: "1",
    GEMINI_SESSION_ID: "b",
    COPILOT_CLI: "1",
  };
  assertFound((await place.doctor([], marks)).findings, []);

  Deno.chmodSync(place.state, 0o750);
  const table = await place.truce(["doctor"]);
  assertEquals([table.code, table.stderr], [0, ""]);
  assertMatch(table.stdout, /^STATE {4}WHAT {9}FOUND\nok {7}program {6}truce /);
  assertMatch(table.stdout, /\nwarning {2}state {8}\S+ is open to other users\. Next: chmod 700 \S+\n/);
  assertMatch(table.stdout, /\n1 warning\n$/);
});

Deno.test("truce doctor finds nothing wrong where there is no client, and takes no words", async () => {
  using place = new DoctorPlace();
  const { code, stdout } = await place.truce(["doctor"]);
  assertEquals(code, 0);
  const rule = "Bash(truce hook before-tool --format claude:*)";
  place.write(hookFiles.claude, JSON.stringify({ permissions: { allow: [rule] } }));
  assertFound((await place.doctor()).findings, []);
  assertMatch(stdout, /\nok {5}Codex CLI {4}not here\n[^]*\nAll is well\n$/);
  const typed = await place.truce(["doctor", "claude"]);
  assertEquals([typed.code, typed.stdout], [64, ""]);
  assertMatch(typed.stderr, /^truce: Cannot use "claude": doctor takes flags only/);
});

Deno.test("truce doctor is content with a session that called truce, or that is of another project or an older time", async () => {
  using place = new DoctorPlace();
  await place.install(["claude"]);
  pastSession(place, `${place.project}-2`);
  assertFound((await place.doctor()).findings, []);
  pastSession(place, place.project);
  Deno.utimeSync(`${place.project}/${hookFiles.claude}`, new Date(), new Date());
  assertFound((await place.doctor()).findings, []);

  pastSession(place, place.project);
  assertEquals((await place.doctor()).findings.filter(({ level }) => level === "warning").length, 1);
  const stdin = JSON.stringify({ session_id: "abcd", cwd: place.project, hook_event_name: "Stop" });
  const { code } = await place.truce(["hook", "stop", "--format", "claude"], { stdin });
  assertEquals(code, 0);
  assertFound((await place.doctor()).findings, []);
});

Deno.test("truce doctor --fix says what its user has to trust then", async () => {
  using place = new DoctorPlace();
  await place.install(["codex"], ["--command", `${place.root}/old/truce`]);
  const { code, findings } = await place.doctor(["--fix"]);
  assertFound(findings, [["error", titles.codex, /trusts 0 of the 7 hooks in /, /^cd \S+ && codex$/]]);
  assertMatch(findings.at(-1)?.text ?? "", /^mended: .* there is no program/);
  assertEquals(code, 1);
});

Deno.test("truce doctor is content with the plugin alone, unless PATH has no truce", async () => {
  using place = new DoctorPlace();
  place.program("claude", "echo claude 1.2.3");
  place.writeHome(".claude/plugins/installed_plugins.json", { plugins: { "truce@truce": [{ scope: "user" }] } });
  const { findings } = await place.doctor();
  assertFound(findings, []);
  assertEquals(findings[4].text, "claude 1.2.3, calls truce by the plugin truce@truce");

  place.writeHome(".claude/settings.json", { disableAllHooks: true });
  assertFound((await place.doctor()).findings, [
    ["error", claude, /^the plugin truce@truce: disableAllHooks is true in /, /\/settings\.json$/],
  ]);
  place.writeHome(".claude/settings.json", {});
  place.program("truce", "exit 0");
  assertEquals((await place.doctor()).findings[4].level, "error");
});

Deno.test("truce doctor finds when Gemini CLI has an extension whose hooks it does not run", async () => {
  using place = new DoctorPlace();
  place.program("gemini", "echo gemini 1.2.3");
  place.writeHome(".gemini/extensions/truce/gemini-extension.json", { name: "truce" });
  assertFound((await place.doctor()).findings, [
    ["error", titles.gemini, /^the extension truce: .* to trust \S+\/project: /, /^cd \S+ && gemini$/],
  ]);
  await place.trust(["gemini"]);
  assertFound((await place.doctor()).findings, []);
  place.write(hookFiles.gemini, JSON.stringify({ hooksConfig: { enabled: false } }));
  assertFound((await place.doctor()).findings, [
    ["error", titles.gemini, /^the extension truce: hooksConfig\.enabled is false in /, /^cd \S+ && gemini$/],
  ]);
});

Deno.test("truce doctor is content with hooks over HTTP when the daemon answers and the token is the daemon's", async () => {
  using place = new DoctorPlace();
  await place.install(["claude"], ["--http"]);
  const started = await place.truce(["serve", "--http", "--port", "0", "--detach"]);
  assertEquals(started.code, 0, started.stderr);
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(started.stdout) ?? [];
  place.edit("claude", (text) => text.replaceAll(":9876/", `:${port}/`));
  const token = (await place.truce(["serve", "--token"])).stdout.trim();
  assertFound((await place.doctor([], { TRUCE_TOKEN: token })).findings, []);
  assertFound((await place.doctor([], { TRUCE_TOKEN: "other" })).findings, [
    ["error", claude, /TRUCE_TOKEN, which is another one here; they do nothing unless/, /^export TRUCE_TOKEN=/],
  ]);
  place.edit("claude", (text) => text.replace("/hooks/claude/before-tool", "/hooks/claude/stop"));
  assertFound((await place.doctor([], { TRUCE_TOKEN: token })).findings, [
    ["warning", claude, /otherwise than install would have it$/, /^truce install claude/],
    ["error", claude, /\/hooks\/claude\/stop is asked before an edit, but is for another moment$/, /^truce install/],
  ]);
  const leases = filesBelow(place.state).filter((name) => /\/(?:leases|sessions)\/.*\.json$/.test(name));
  assertEquals(leases, []);
});

Deno.test("truce doctor leaves no trace in the state but its folders, and none in the project", async () => {
  using place = new DoctorPlace();
  await place.install(hookClients);
  const trees = () => [filesBelow(place.state), filesBelow(place.root, place.state)];
  await place.doctor();
  const before = trees();
  await place.doctor();
  assertEquals(trees(), before);
});

Deno.test("clockCheck finds when the system tells no seconds since boot, or no boot", async () => {
  const at = (boot: string, bootS: number) => ({ clock: { now: () => ({ boot, bootS, wallMs: 0 }) } });
  const levels = [at("a", 5), at("", 5), at("a", 0), at("a", -1), at("a", NaN), at("a", 1e12)].map(async (context) => {
    const [{ level }] = await clockCheck.look(context as Parameters<typeof clockCheck.look>[0]);
    return level;
  });
  assertEquals(await Promise.all(levels), ["ok", "error", "error", "error", "error", "error"]);
});

Deno.test("whyUnanswered() takes silence alone for the answer of a daemon that lets a tool pass", () => {
  const answer = (status: number, value: unknown) => whyUnanswered({ kind: "answer", status, value });
  assertEquals(answer(204, undefined), undefined);
  assertEquals(answer(404, { error: "there is no event" }), "there is no event");
  assertEquals(answer(200, {}), "status 200");
  assertEquals(whyUnanswered({ kind: "unavailable", reason: { key: "late", text: "it is late" } }), "it is late");
});

Deno.test("lockFinding() finds a file system that grants every lock to everybody, or none to anybody", () => {
  using place = new DoctorPlace();
  assertEquals(lockFinding(place.state), undefined);
  assertEquals(lockFinding(place.state, () => ({ close() {} }))?.level, "error");
  assertEquals(lockFinding(place.state, () => undefined)?.level, "error");
});

/** Fails unless all that is not ok is what is expected. */
function assertFound(findings: readonly ShownFinding[], expected: Case["found"]): void {
  const wrong = findings.filter(({ level }) => level !== "ok");
  const said = JSON.stringify(wrong, null, 2);
  assertEquals(
    wrong.map(({ level, subject }) => [level, subject]),
    expected.map(([level, subject]) => [level, subject]),
    said,
  );
  for (const [i, [, , text, next]] of expected.entries()) {
    assertMatch(wrong[i].text, text);
    assertMatch(wrong[i].next ?? "", next);
  }
}

/** Writes hooks into settings as a person does who knows `truce lock`. */
function byHandAlone(place: DoctorPlace): void {
  place.program("claude", "echo claude 1.2.3");
  place.write(
    hookFiles.claude,
    `{"hooks":{"PreToolUse":[{"matcher":"Edit|Write|NotebookEdit","hooks":[${handHook("acquire")}]}]}}`,
  );
}

function handHook(verb: string): string {
  return `{"type":"command","command":"truce lock ${verb} --format claude","timeout":90}`;
}

/** Leaves what a session of Claude Code in `folder` writes, begun half an hour ago and after truce was registered. */
function pastSession(place: DoctorPlace, folder: string): void {
  const startMs = Date.now() - 30 * minuteMs;
  const line = JSON.stringify({ type: "user", cwd: folder, timestamp: new Date(startMs).toISOString() });
  writeFile(`${place.home}/.claude/projects/-project/session.jsonl`, `${line}\n`);
  const registered = new Date(startMs - 60 * minuteMs);
  Deno.utimeSync(`${place.project}/${hookFiles.claude}`, registered, registered);
}

/** Has a record tell times of `seconds` earlier. */
function age(path: string, seconds: number): void {
  const record = Object.entries(asObject(JSON.parse(Deno.readTextFileSync(path))) ?? {});
  const aged = record.map(([name, value]) =>
    /S$/.test(name) && name !== "manualUntilS" && Number(value) > 0 ? [name, Number(value) - seconds] : [name, value]
  );
  Deno.writeTextFileSync(path, JSON.stringify(Object.fromEntries(aged)));
}
