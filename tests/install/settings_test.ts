import { claude } from "../../src/hosts/claude.ts";
import { hostNamed } from "../../src/hosts/table.ts";
import { withHooks, withoutHooks } from "../../src/install/settings.ts";
import { isOurFile, isOurHook } from "../../src/install/registered.ts";
import { assertEquals } from "../support/assert.ts";

const of = { host: claude, path: "settings.json" };
const hook = { type: "command", command: "exec truce hook before-tool --format claude", timeout: 90 };
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
      '\t\t\t\t\t\t"command": "exec truce hook before-tool --format claude",',
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

/** What a hook is, and whether it is ours in the settings of Claude Code. */
const recognised: readonly [Record<string, unknown>, boolean][] = [
  [{ command: "truce hook before-tool" }, true],
  [{ command: "truce hook PreToolUse" }, true],
  [{ command: "truce hook before-tool --format claude" }, true],
  [{ command: "  truce   hook  stop;true" }, true],
  [{ command: "/usr/local/bin/truce hook stop --format=claude" }, true],
  [{ command: "'/opt/it'\\''s here/truce' hook stop --format claude" }, true],
  [{ command: "'/opt/my tools/truce-dev' hook stop --format claude" }, true],
  [{ command: '"C:\\Program Files\\truce\\truce.exe" hook stop' }, true],
  [{ command: "if (Get-Command 'truce') { & 'truce' hook stop --format claude } else { exit 0 }" }, true],
  [{ command: "truce", args: ["hook", "stop", "--format", "claude"] }, true],
  [{ type: "http", url: "http://localhost:1/hooks/claude/stop" }, true],
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
