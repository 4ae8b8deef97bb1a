import { claude } from "../../src/hosts/claude.ts";
import { hostNamed } from "../../src/hosts/table.ts";
import { withHooks, withoutHooks } from "../../src/install/settings.ts";
import { handWrittenIn, isOurFile, isOurHook } from "../../src/install/registered.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";

const of = { host: claude, path: "settings.json" };
const hook = { type: "command", command: "truce hook before-tool --format claude", timeout: 90 };
const groups = { PreToolUse: [{ matcher: "Edit|Write", hooks: [hook] }] };

Deno.test("withHooks() upgrades a group of ours where it stands, and keeps what a person has added to it", () => {
  const before = `{
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "first" }] },
      {
        // ours, once
        "matcher": "Edit",
        "sequential": true,
        "hooks": [
          { "type": "command", "command": "truce hook before-tool", "timeout": 5, "statusMessage": "wait" } // here
        ]
      },
      { "matcher": "Edit", "hooks": [{ "type": "command", "command": "last" }] }
    ]
  }
}
`;
  const after = before.replace('"matcher": "Edit",\n', '"matcher": "Edit|Write",\n')
    .replace("truce hook before-tool", hook.command).replace('"timeout": 5', '"timeout": 90');
  assertEquals(withHooks(before, groups, of), after);
  assertEquals(withHooks(after, groups, of), after);
});

Deno.test("withHooks() writes the style of the file", () => {
  assertEquals(
    withHooks('{\r\n\t"a": 1\r\n}', groups, of),
    [
      "{",
      '\t"a": 1,',
      '\t"hooks": {',
      '\t\t"PreToolUse": [',
      "\t\t\t{",
      '\t\t\t\t"matcher": "Edit|Write",',
      '\t\t\t\t"hooks": [',
      "\t\t\t\t\t{",
      '\t\t\t\t\t\t"type": "command",',
      '\t\t\t\t\t\t"command": "truce hook before-tool --format claude",',
      '\t\t\t\t\t\t"timeout": 90',
      "\t\t\t\t\t}",
      "\t\t\t\t]",
      "\t\t\t}",
      "\t\t]",
      "\t}",
      "}",
    ].join("\r\n"),
  );
});

Deno.test("withHooks() takes a hook of ours out of a group with another matcher, and leaves theirs in it", () => {
  const theirs = '{ "type": "command", "command": "lint" }';
  const mixed =
    `{ "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [${theirs}, {"command": "truce hook stop"}] }] } }`;
  const { hooks } = JSON.parse(withHooks(mixed, groups, of));
  assertEquals(hooks.PreToolUse, [{ matcher: "Bash", hooks: [JSON.parse(theirs)] }, ...groups.PreToolUse]);
});

Deno.test("withoutHooks() leaves lists alone that are empty or no lists by somebody else's hand", () => {
  const text = '{ "hooks": { "Stop": [], "SubagentStop": null, "SessionEnd": [{ "hooks": [] }] } }';
  assertEquals(withoutHooks(text, of), text);
});

const emptyLists = `{
  "hooks": {
    "Stop": [ // none yet
    ],
    "PreToolUse": [ /* keep */ ],
    "SubagentStop": []
  }
}
`;

Deno.test("withHooks() fills a list that is empty, and leaves the comments in it", () => {
  const after = withHooks(emptyLists, { ...groups, Stop: [{ hooks: [hook] }], SubagentStop: [{ hooks: [hook] }] }, of);
  assertMatch(after, /"Stop": \[ \/\/ none yet\n {6}\{\n[^]*"PreToolUse": \[ \/\* keep \*\/\n {6}\{\n/);
  const rest = withoutHooks(after, of);
  assertMatch(rest, /"Stop": \[ \/\/ none yet\n {4}\],\n {4}"PreToolUse": \[ \/\* keep \*\/\s*\]\s*\}\n\}\n$/);
  assertEquals(withoutHooks(rest, of), rest);
  assertMatch(
    withoutHooks(after, { ...of, former: emptyLists }),
    /keep \*\/\s*\],\n {4}"SubagentStop": \[\]\n {2}\}\n\}\n$/,
  );
});

Deno.test("withoutHooks() takes the object of hooks away where nothing is left in it that was there before", () => {
  const cases: readonly [former: string | undefined, rest: string][] = [
    [undefined, "{}"],
    ["{}", "{}"],
    ['{"hooks":{"PreToolUse":[{"hooks":[{"command":"truce hook before-tool"}]}]}}', "{}"],
    ['{"hooks":{}}', '{"hooks":{}}'],
    ['{"hooks":{"PreToolUse":[]}}', '{"hooks":{"PreToolUse":[]}}'],
  ];
  for (const [former, rest] of cases) {
    assertEquals([former, withoutHooks(JSON.stringify({ hooks: groups }), { ...of, former })], [former, rest]);
  }
  const noted = '{ "hooks": { /* mine */ } }';
  assertMatch(withoutHooks(withHooks(noted, groups, of), of), /^\{ "hooks": \{ \/\* mine \*\/\s*\} \}$/);
});

/** What a hook is, and whether it is ours in the settings of Claude Code. */
const recognised: readonly [Record<string, unknown>, boolean][] = [
  [{ command: "truce hook before-tool" }, true],
  [{ command: "truce hook PreToolUse" }, true],
  [{ command: "truce hook before-tool --format claude" }, true],
  [{ command: "  truce   hook  stop" }, true],
  [{ command: "/usr/local/bin/truce hook stop --format=claude" }, true],
  [{ command: "'/opt/it'\\''s here/truce' hook stop --format claude" }, true],
  [{ command: "'/opt/my tools/truce-dev' hook stop --format claude 2>/dev/null || exit 0" }, true],
  [{ command: "command -v dev >/dev/null 2>&1 || exit 0; exec dev hook stop --format claude" }, true],
  [{ command: "truce serve --http --detach >/dev/null 2>&1; truce hook session-start --format claude" }, false],
  [{ command: "'/a b/dev' serve --http --detach >/dev/null 2>&1; '/a b/dev' hook stop 2>/dev/null || exit 0" }, false],
  [{ command: '"C:\\Program Files\\truce\\truce.exe" hook stop' }, true],
  [{ command: "truce", args: ["hook", "stop", "--format", "claude"] }, true],
  [{ command: "/opt/my tools/truce", args: ["hook", "stop"] }, true],
  [{ type: "http", url: "http://localhost:1/hooks/claude/stop" }, true],
  [{ type: "http", url: "http://localhost:1/hooks/claude/stop/mine" }, false],
  [{ command: "./lint.sh; truce hook stop --format claude" }, false],
  [{ command: "truce hook stop --format claude; ./lint.sh" }, false],
  [{ command: "my-guard hook stop --format claude" }, false],
  [{ command: "'/opt/my tools/truce-dev' hook stop --format claude" }, false],
  [{ command: "truce lock acquire --format claude" }, false],
  [{ command: "my-guard", args: ["truce", "hook", "stop"] }, false],
  [{ command: "truce hook stop --format gemini" }, false],
  [{ command: "truce hook nonsense" }, false],
  [{ command: "truce hook-shim stop" }, false],
  [{ command: "truce notify" }, false],
  [{ command: "mytruce hook stop" }, false],
  [{ command: "webhook hook stop" }, false],
  [{ command: 12 }, false],
  [{ type: "http", url: "http://localhost:1/hooks/gemini/stop" }, false],
  [{ type: "http", url: "http://localhost:1/hooks/claude/deploy" }, false],
  [{ type: "http", url: "http://localhost.example/hooks/claude/stop" }, false],
  [{ type: "prompt", prompt: "truce hook stop" }, false],
];

Deno.test("isOurHook() knows our hooks by what they call", () => {
  for (const [hook, isOurs] of recognised) assertEquals([hook, isOurHook(hook, claude)], [hook, isOurs]);
});

Deno.test("isOurFile() knows what truce writes for each host that gets a file, and no other host's", async () => {
  for (const name of ["copilot", "opencode"]) {
    const host = hostNamed(name) ?? claude;
    const { content } = await host.settings();
    const text = content.kind === "file" ? content.text({ truce: "/opt/my tools/truce" }) : "";
    assertEquals([isOurFile(text, host), isOurFile(text, claude), isOurFile("// truce\n", host)], [true, false, false]);
  }
});

Deno.test("handWrittenIn() finds calls of truce that install has not written", () => {
  const commands = [
    "truce lock acquire --timeout 180 --format claude",
    "/opt/truce lock release --grace 30",
    "truce notify --format claude",
    "truce sync-roots --format claude",
    "truce hook stop --format codex",
    "./lint.sh; truce hook stop --format claude",
  ];
  const others = [
    hook.command,
    "command -v dev >/dev/null 2>&1 || exit 0; exec dev hook stop --format claude",
    "truce hook-shim gemini ./lint.sh",
    "truce doctor",
    "my-truce hook stop",
    "lock acquire",
    "echo 'type truce lock list'",
  ];
  const hooks = [...commands, ...commands, ...others].map((command) => ({ type: "command", command }));
  assertEquals(handWrittenIn({ hooks: { Stop: [null, { hooks }], PreToolUse: {} } }, claude), commands);
  assertEquals(handWrittenIn({ hooks: [] }, claude), []);
});
