// Files of settings as people have them, and what install is to make of each.

import type { SettingsScope } from "../../src/hosts/registration.ts";

/** A file of settings, and what is true of it after install. */
export interface SettingsCase {
  readonly name: string;
  /** `undefined` for no file. */
  readonly text: string | Uint8Array<ArrayBuffer> | undefined;
  readonly host?: string;
  readonly scope?: SettingsScope;
  /** What the error says; without it, install succeeds. */
  readonly error?: RegExp;
  /** Whether hooks of ours are in it already, so that uninstall leaves less than was there: `left`. */
  readonly left?: string;
}

const other = '{ "type": "command", "command": "lint --fix" }';
const shape = (command: string) => `command -v truce >/dev/null 2>&1 || exit 0; exec ${command}`;
const ours = (command: string) => JSON.stringify({ type: "command", command });
const lines = (...all: string[]) => `${all.join("\n")}\n`;
const before = (hooks: string, matcher = "Edit") =>
  lines(
    "{",
    '  "hooks": {',
    '    "PreToolUse": [',
    `      { "matcher": "${matcher}", "hooks": [${hooks}] }`,
    "    ]",
    "  }",
    "}",
  );
const deep = `{"a":${"[".repeat(300)}${"]".repeat(300)}}\n`;

/** Everything that has been met. */
export const corpus: readonly SettingsCase[] = [
  { name: "no file", text: undefined },
  { name: "no bytes", text: "" },
  { name: "an empty line", text: "\n" },
  { name: "an empty object", text: "{}" },
  { name: "an empty object and a line break", text: "{}\n" },
  { name: "an empty object on two lines", text: "{\n}\n" },
  { name: "an object with a blank in it", text: "{ }\n" },
  { name: "a comment alone", text: "// nothing yet\n" },
  { name: "a comment in an empty object", text: "{\n  // nothing yet\n}\n" },
  { name: "two spaces", text: lines("{", '  "model": "opus",', '  "env": { "A": "1" }', "}") },
  { name: "four spaces", text: lines("{", '    "model": "opus",', '    "env": {', '        "A": "1"', "    }", "}") },
  { name: "eight spaces", text: lines("{", '        "model": "opus"', "}") },
  { name: "tabs", text: lines("{", '\t"model": "opus",', '\t"env": {', '\t\t"A": "1"', "\t}", "}") },
  { name: "CRLF", text: lines("{", '  "model": "opus",', '  "hooks": {', "  }", "}").replaceAll("\n", "\r\n") },
  { name: "CRLF and hooks of others", text: before(other).replaceAll("\n", "\r\n") },
  { name: "a byte order mark", text: '\ufeff{\n  "model": "opus"\n}\n' },
  { name: "a byte order mark and CRLF", text: '\ufeff{\r\n  "model": "opus"\r\n}\r\n' },
  { name: "no final line break", text: '{\n  "model": "opus"\n}' },
  { name: "several final line breaks", text: '{\n  "model": "opus"\n}\n\n\n' },
  { name: "minified", text: '{"model":"opus","hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[' + other + "]}]}}" },
  {
    name: "one line with blanks",
    text: '{ "model": "opus", "hooks": { "Stop": [ { "hooks": [ ' + other + " ] } ] } }\n",
  },
  { name: "a line comment above", text: lines("// mine", "{", '  "model": "opus" // the large one', "}") },
  { name: "a block comment within", text: lines("{", "  /* mine", "     alone */", '  "model": "opus"', "}") },
  { name: "a comment behind the end", text: lines("{", '  "model": "opus"', "}", "// over") },
  {
    name: "comments among hooks",
    text: lines(
      "{",
      '  "hooks": {',
      "    // before each tool",
      '    "PreToolUse": [ // a list',
      `      { "matcher": "Bash", "hooks": [${other}] } // theirs`,
      "      // the last word",
      "    ]",
      "  }",
      "}",
    ),
  },
  { name: "trailing commas", text: lines("{", '  "model": "opus",', '  "env": { "A": "1", },', "}") },
  {
    name: "trailing commas among hooks",
    text: lines("{", '  "hooks": {', '    "PreToolUse": [', `      { "hooks": [${other},], },`, "    ],", "  },", "}"),
  },
  { name: "an empty object of hooks", text: lines("{", '  "hooks": {},', '  "model": "opus"', "}") },
  { name: "an empty list of groups", text: lines("{", '  "hooks": { "PreToolUse": [] }', "}") },
  { name: "others at the same event", text: before(other) },
  { name: "others with the same matcher", text: before(other, "Edit|Write|MultiEdit|NotebookEdit") },
  { name: "others at an event that truce does not know", text: before(other).replace("PreToolUse", "Elicitation") },
  { name: "a group of others that is no object", text: lines("{", '  "hooks": { "Stop": ["later", null] }', "}") },
  { name: "a group of others without hooks", text: lines("{", '  "hooks": { "Stop": [{ "matcher": "x" }] }', "}") },
  { name: "hooks of others of another type", text: before('{ "type": "prompt", "prompt": "truce hook stop?" }') },
  { name: "a command that only speaks of truce", text: before(ours("echo 'type truce lock list' >> notes")) },
  { name: "another host's dialect", text: before(ours("truce hook before-tool --format codex")) },
  { name: "a command of theirs that ends with ours", text: before(ours("./lint.sh; truce hook stop --format claude")) },
  { name: "a program of theirs with words like ours", text: before(ours("my-guard hook before-tool --format claude")) },
  { name: "calls of truce by hand", text: before(ours("truce lock acquire --timeout 180 --format claude")) },
  {
    name: "comments in empty lists",
    text: lines(
      "{",
      '  "hooks": {',
      '    "Stop": [ // none yet',
      "    ],",
      '    "PreToolUse": [ /* keep */ ]',
      "  }",
      "}",
    ),
  },
  { name: "a comment in an empty object of hooks", text: lines("{", '  "hooks": { /* none yet */ }', "}") },
  {
    name: "a server of others at an address like ours",
    text: before('{ "type": "http", "url": "https://a.example/hooks/claude/stop" }'),
  },
  { name: "duplicate names elsewhere", text: lines("{", '  "model": "a",', '  "model": "b"', "}") },
  { name: "names that are numbers, and __proto__", text: '{\n  "10": 1,\n  "9": 2,\n  "__proto__": { "a": 1 }\n}\n' },
  { name: "escapes and odd letters", text: '{\n  "\\u0061": "\\/ \\u00e9 é 🙂 \\ud83d"\n}\n' },
  { name: "large numbers", text: '{\n  "n": 12345678901234567890.10,\n  "m": 1E400\n}\n' },
  { name: "a megabyte", text: `{\n  "a": "${"x".repeat(1_000_000)}"\n}\n` },
  {
    name: "hooks of another host",
    host: "gemini",
    text: lines("{", '  "hooks": { "BeforeTool": [] },', '  "ui": {}', "}"),
  },
  {
    name: "a description above the hooks",
    host: "codex",
    text: lines("{", '  "description": "ours",', '  "hooks": {}', "}"),
  },
  { name: "the user's settings", scope: "user", text: before(other) },
  { name: "local settings", scope: "local", text: before(other) },

  { name: "the oldest command of ours", text: before(ours("truce hook before-tool")), left: "{}\n" },
  {
    name: "an older command of ours",
    text: before(ours("truce hook PreToolUse --format=claude")),
    left: "{}\n",
  },
  {
    name: "a quoted program of ours",
    text: before(ours(shape("'/opt/my tools/truce' hook before-tool"))),
    left: "{}\n",
  },
  {
    name: "another program of ours",
    text: before(ours("/opt/dev hook before-tool --format claude 2>/dev/null || exit 0")),
    left: "{}\n",
  },
  { name: "a program of ours on Windows", text: before(ours('"C:\\x y\\truce.exe" hook before-tool')), left: "{}\n" },
  {
    name: "a program of ours without a shell",
    text: before('{ "type": "command", "command": "truce", "args": ["hook", "before-tool"] }'),
    left: "{}\n",
  },
  {
    name: "an address of ours",
    text: before('{ "type": "http", "url": "http://127.0.0.1:9876/hooks/claude/before-tool" }'),
    left: "{}\n",
  },
  {
    name: "ours before theirs in one group",
    text: before(`\n        ${ours("truce hook before-tool")},\n        ${other}\n      `),
    left: before(`\n        ${other}\n      `),
  },
  {
    name: "ours behind theirs in one group",
    text: before(`${other}, ${ours("truce hook before-tool")}`, "Edit|Write|MultiEdit|NotebookEdit"),
    left: before(other, "Edit|Write|MultiEdit|NotebookEdit"),
  },
  {
    name: "ours at an event where truce is registered no more",
    text: lines(
      "{",
      '  "model": "opus",',
      `  "hooks": { "Notification": [{ "hooks": [${ours("truce hook stop")}] }] }`,
      "}",
    ),
    left: lines("{", '  "model": "opus"', "}"),
  },
  {
    name: "ours twice",
    text: before(`${ours("truce hook before-tool")}, ${ours("truce hook before-tool --format claude")}`),
    left: "{}\n",
  },

  { name: "hooks that are a list", text: '{ "hooks": [] }\n', error: /"hooks" is a list$/ },
  { name: "hooks that are null", text: '{ "hooks": null }\n', error: /"hooks" is null$/ },
  { name: "hooks that are text", text: '{ "hooks": "none" }\n', error: /"hooks" is a string$/ },
  { name: "an event that is an object", text: '{ "hooks": { "Stop": {} } }\n', error: /"hooks\.Stop" is a object$/ },
  { name: "an event that is null", text: '{ "hooks": { "Stop": null } }\n', error: /"hooks\.Stop" is null$/ },
  { name: "hooks twice", text: '{ "hooks": {}, "hooks": {} }\n', error: /"hooks" is there twice, line 1/ },
  { name: "a list", text: "[]\n", error: /it holds no object$/ },
  { name: "null", text: "null\n", error: /it holds no object$/ },
  { name: "an object that never ends", text: '{ "model": "opus"\n', error: /it is no JSON, line 2/ },
  { name: "YAML", text: "model: opus\n", error: /it is no JSON, line 1/ },
  {
    name: "a conflict of git",
    text: '<<<<<<< HEAD\n{}\n=======\n{"a": 1}\n>>>>>>> b\n',
    error: /it is no JSON, line 1/,
  },
  { name: "nested deeply", text: deep, error: /nested deeper than 200$/ },
  {
    name: "not UTF-8",
    text: new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]),
    error: /it is no UTF-8 text$/,
  },
  { name: "UTF-16", text: new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), error: /it is no UTF-8 text$/ },
  { name: "huge", text: `{ "a": "${"x".repeat(5_000_000)}" }\n`, error: /it is larger than 5 MB$/ },
];
