// What is projected and read back is what it was: on what a target says exactly, and for every target that reads back.

import { withBlock } from "../../src/edit/block.ts";
import { editJson, jsonEditor } from "../../src/edit/json.ts";
import { tomlEditor } from "../../src/edit/toml.ts";
import { entryOf, planImport } from "../../src/sync/import.ts";
import { filesLeft } from "../../src/sync/import_left.ts";
import { maskedJson } from "../../src/sync/mask_json.ts";
import type { Instructions, Item, Permission, Server, Target, TargetContext } from "../../src/sync/model.ts";
import { pathGlobs, permissionOf, serverInTools } from "../../src/sync/permission.ts";
import { readSource } from "../../src/sync/source.ts";
import type { SourceFiles } from "../../src/sync/source/files.ts";
import { targets } from "../../src/sync/targets/table.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { Random } from "./fixtures/random.ts";

type Files = Record<string, string>;

/** What each target says exactly and is read back from it; a permission by its tool. */
const kindsRead: Readonly<Record<string, readonly string[]>> = {
  codex: ["server", "off", "mcp", "Read", "other", "instructions"],
  gemini: ["server", "Bash", "mcp", "WebFetch", "other"],
  opencode: ["server", "off", "mcp", "Bash", "WebFetch", "other"],
};
/** A project that selects a profile of Codex. */
const opened = { "/p/.codex/config.toml": `default_permissions = "truce"\n` };

const setsCount = 300;
const [serversPath, settingsPath, textPath] = ["/p/.mcp.json", "/p/.claude/settings.json", "/p/CLAUDE.md"];
const importers = targets.filter((target) => target.importItems !== undefined);

for (const target of importers) {
  Deno.test(`planImport() of what ${target.name} was given is what it was, in ${setsCount} sets`, () => {
    const seen: Record<string, number> = {};
    for (let seed = 1; seed <= setsCount; seed++) {
      const random = new Random(seed);
      const servers = randomServers(random);
      const all = [...servers, ...randomPermissions(random, servers), ...randomInstructions(random)];
      const items = exactOf(target, all);
      const files = { ...opened, ...projected(target, items) };
      const written = imported(target, files);
      assertEquals(said(sourceOf(written)), said(items), `seed ${seed}: ${JSON.stringify(files, null, 2)}`);
      assertEquals(imported(target, { ...files, ...written }), written, `seed ${seed}: a second time`);
      for (const item of items) {
        const name = item.kind === "server" && !item.isEnabled ? "off" : "match" in item ? item.match.tool : item.kind;
        seen[name] = (seen[name] ?? 0) + 1;
      }
    }
    const missing = kindsRead[target.name].filter((kind) => (seen[kind] ?? 0) < 10);
    assertEquals(missing, [], JSON.stringify(seen));
  });
}

/** Servers in a target's own words: what is added to the source, and what is not, with the reason. */
const cases: Record<string, [target: string, files: Files, added: unknown, skipped: string[]]> = {
  "names of variables become references": ["codex", {
    "/p/.codex/config.toml": `[mcp_servers.a]
url = "https://a.example"
bearer_token_env_var = "A_TOKEN"
env_http_headers = { "X-Key" = "A_KEY" }
tool_timeout_sec = 2.5
startup_timeout_sec = 9
[mcp_servers.b]
command = "b"
env_vars = ["B"]
env = { C = "1" }
disabled_tools = ["drop"]
tools = { see = { approval_mode = "prompt" }, list = { approval_mode = "approve" } }`,
  }, {
    mcpServers: {
      a: {
        type: "http",
        url: "https://a.example",
        headers: { Authorization: "Bearer ${A_TOKEN}", "X-Key": "${A_KEY}" },
        timeout: 2500,
      },
      b: { type: "stdio", command: "b", env: { B: "${B}", C: "1" } },
    },
    permissions: { deny: ["mcp__b__drop"], ask: ["mcp__b__see"] },
  }, ["server a: startup_timeout_sec", "server b: approval of list"]],
  "what another program would read otherwise stays": [
    "codex",
    {
      "/p/.codex/config.toml": `[mcp_servers]
a = { command = "a", args = ["\${HOME}"] }
b = { command = "b", enabled_tools = ["only"] }
c = { enabled = false }
d = { command = "d", env_vars = [{ name = "D", source = "remote" }] }
e = { command = "e", env = { API_TOKEN = "hunter2hunter2" } }
f = { command = "f", disabled_tools = ["a(b)"] }
g = { command = "g", default_tools_approval_mode = "writes" }
h = { command = "h", url = "https://h.example" }
i = { command = "i", env_vars = ["9I"] }
j = { command = "j", http_headers = { X = "1" } }
k = { command = "k", env = { K = "1" }, env_vars = ["K"] }
l = { url = "https://l.example", bearer_token_env_var = "L", http_headers = { authorization = "none" } }
m = { url = "https://u:hunter2@m.example" }
n = "n"
o = { command = "o", tools = { a = { approval_mode = "prompt", more = 1 } } }`,
    },
    {},
    [..."abcdefghijklmno"].map((name) => `server ${name}`),
  ],
  "a list of those that are allowed keeps others off": ["gemini", {
    "/p/.gemini/settings.json": `{
      "mcpServers": { "a": { "command": "a" }, "b": { "command": "b" }, "c": { "command": "c" } },
      "mcp": { "allowed": ["a"] }
    }`,
    [settingsPath]: `{ "disabledMcpjsonServers": ["b"] }`,
  }, {
    mcpServers: {
      a: { type: "stdio", command: "a" },
      b: { type: "stdio", command: "b" },
      c: { type: "stdio", command: "c" },
    },
    disabledMcpjsonServers: ["b", "c"],
  }, []],
  "a bare variable is one in braces": ["gemini", {
    "/p/.gemini/settings.json": `{ // comment
      "mcpServers": {
        "a": { "command": "$A_BIN", "args": ["\${B:-c}", "$5"], "trust": true, "excludeTools": ["drop"] },
        "b": { "httpUrl": "https://b.example/$B" },
        "c": { "url": "https://c.example" },
        "d": { "url": "https://d.example", "type": "sse" },
        "e": { "command": "e", "includeTools": ["only"] },
      },
      "mcp": { "excluded": ["d"] },
      "policyPaths": ["mine.toml"],
    }`,
  }, {
    mcpServers: {
      a: { type: "stdio", command: "${A_BIN}", args: ["${B:-c}", "$5"] },
      b: { type: "http", url: "https://b.example/${B}" },
      d: { type: "sse", url: "https://d.example" },
    },
    disabledMcpjsonServers: ["d"],
    permissions: { deny: ["mcp__a__drop"] },
  }, ["policyPaths", "server a: trust", "server c", "server e"]],
  "several files are one": ["opencode", {
    "/p/opencode.json": `{ "mcp": {
      "a": { "type": "local", "command": ["a", "{env:A}"], "environment": { "T": "{env:T}" } },
      "b": { "type": "local", "command": ["b"] },
      "c": { "type": "local", "command": ["{file:c.txt}"] },
      "d": { "type": "local", "command": ["\${D}"] },
      "e": { "type": "remote", "url": "https://e.example", "oauth": {} }
    }, "tools": { "a_drop": false } }`,
    "/p/.opencode/opencode.jsonc": `{ "mcp": {
      "b": { "enabled": false },
      "f": { "type": "remote", "url": "https://f.example", "enabled": false, "timeout": 7 }
    }, "permission": { "bash": "ask", "a_see*": "ask", "f_*": "deny", "f_look": "allow" } }`,
  }, {
    mcpServers: {
      a: { type: "stdio", command: "a", args: ["${A}"], env: { T: "${T}" } },
      f: { type: "http", url: "https://f.example", timeout: 7 },
    },
    disabledMcpjsonServers: ["f"],
    permissions: { deny: ["mcp__a__drop", "mcp__f"], ask: ["mcp__a__see*", "Bash"] },
  }, ["permission f_look", "server b", "server b", "server c", "server d", "server e"]],
  "a denial for all tools keeps servers out": [
    "opencode",
    {
      "/p/opencode.json": `{ "mcp": { "a": { "type": "local", "command": ["a"] } }, "permission": { "*": "deny" } }`,
    },
    { permissions: { deny: ["*"] } },
    ["server a"],
  ],
  "a tool as a whole is one of Claude Code's, unless a later rule is less strict": [
    "opencode",
    {
      "/p/opencode.json": `{ "model": "x", "permission": {
      "webfetch": "deny", "todowrite": "ask", "grep": "deny", "gre*": "ask", "lsp": "allow", "doom_loop": "deny",
      "edit": "deny", "bash": { "rm *": "deny" }, "task": { "spy": "deny", "s*": "deny" }, "skill": { "pdf": "ask" }
    } }`,
    },
    { permissions: { deny: ["WebFetch"], ask: ["TodoWrite", "Skill(pdf)"] } },
    [
      "model",
      "permission bash",
      "permission doom_loop",
      "permission edit",
      "permission gre*",
      "permission grep",
      "permission lsp",
      "permission task",
    ],
  ],
  "files that a profile closes are not to be read": [
    "codex",
    {
      "/p/.codex/config.toml": `default_permissions = "mine"
model = "x"
web_search = "cached"
agents = { enabled = false, max_threads = 2 }
[permissions.other.filesystem]
"/x" = "deny"
[permissions.mine]
extends = ":read-only"
network = { enabled = false }
[permissions.mine.filesystem]
"/etc/shadow" = "deny"
"~/.ssh" = "deny"
"~/.ssh/**" = "deny"
"~/out" = "write"
"../x" = "deny"
":tmpdir" = "deny"
":workspace_roots" = { "secrets/**" = "deny", "**/*.pem" = "deny", "a/../b" = "deny", "docs" = "read" }`,
    },
    { permissions: { deny: ["Read(//etc/shadow)", "Read(~/.ssh)", "Read(/secrets/**)", "Read(/**/*.pem)", "Agent"] } },
    [
      "access to ../x",
      "access to :tmpdir",
      "access to a/../b",
      "access to docs",
      "access to ~/out",
      "agents.max_threads",
      "model",
      "permissions.mine.network",
      "permissions.other",
      "the profile :read-only",
      "web_search",
    ],
  ],
  "a rule that is not as truce wrote it is not what stands in front of it": [
    "gemini",
    {
      "/p/.gemini/settings.json": `{ "policyPaths": ["~/.gemini/policies", ".gemini/policies/truce.toml"], "ui": {} }`,
      "/p/.gemini/policies/truce.toml": `# deny WebSearch

[[rule]]
toolName = "google_web_search"
decision = "allow"
priority = 999

# allow Bash(x)
`,
    },
    {},
    ["allow Bash(x)", "deny WebSearch", "ui"],
  ],
};

for (const [name, [from, files, added, skipped]] of Object.entries(cases)) {
  Deno.test(`importItems() of ${from}: ${name}`, () => {
    const plan = planned(targetNamed(from), files);
    const values = plan.files.map(({ path, after }) => jsonEditor.read(after, path));
    assertEquals(Object.assign({}, ...values), added);
    assertEquals(plan.skipped.map(({ what }) => what).sort(), skipped);
  });
}

Deno.test("planImport() leaves what is there byte for byte, and a server of the same name as it is", () => {
  const before = `\ufeff{\r\n\t// mine\r\n\t"mcpServers": { "a": { "command": "mine" }, "odd": 5, ` +
    `"more": { "command": "more", "oauth": {} }, },\r\n}`;
  const toml = `[mcp_servers]
a = { command = "theirs", disabled_tools = ["x"] }
odd = { command = "odd" }
more = { command = "more" }
`;
  const files = { [serversPath]: before, "/p/.codex/config.toml": toml };
  const none = planned(targetNamed("codex"), files);
  assertEquals(none.files, []);
  assertEquals(none.skipped.map(({ what }) => what).sort(), [
    "deny mcp__a__x",
    "server a",
    "server more",
    "server odd",
  ]);
  const some = planned(targetNamed("codex"), { ...files, "/p/.codex/config.toml": `${toml}b = { command = "b" }\n` });
  const [{ after }] = some.files;
  assertEquals(some.files.length, 1);
  assertEquals(editJson(after, [{ kind: "remove", pointer: "/mcpServers/b" }], { path: serversPath }), before);
});

/** Texts of AGENTS.md with the files beside it: what CLAUDE.md becomes, and why it does not. */
const texts: Record<string, [files: Files, after: string | undefined, why: RegExp | undefined]> = {
  "as it is": [{ "/p/AGENTS.md": "\ufeffA\r\n@alice" }, "\ufeffA\r\n@alice", undefined],
  "not where there is one": [{ "/p/AGENTS.md": "A", [textPath]: "B" }, undefined, /@AGENTS\.md in CLAUDE\.md/],
  "not where it is the same": [{ "/p/AGENTS.md": "A\n", [textPath]: "A" }, undefined, undefined],
  "not where it is imported": [{ "/p/AGENTS.md": "A\n", [textPath]: "B\n\n@AGENTS.md\n" }, undefined, undefined],
  "not where it would import": [
    { "/p/AGENTS.md": "See @b.md", "/p/b.md": "B" },
    undefined,
    /\/p\/b\.md.* would be put in/,
  ],
  "not what truce wrote there": [
    { "/p/AGENTS.md": withBlock("", "", { text: "Rule", hash: "0" }), "/p/.claude/rules/x.md": "Rule" },
    undefined,
    undefined,
  ],
  "but what truce wrote, where its source is gone": [
    { "/p/AGENTS.md": withBlock("", "", { text: "Rule", hash: "0" }) },
    "Rule",
    undefined,
  ],
  "but nothing of a block beside a person's": [
    { "/p/AGENTS.md": withBlock("Mine\n", "", { text: "Rule", hash: "0" }) },
    "Mine\n",
    undefined,
  ],
};

for (const [name, [files, after, why]] of Object.entries(texts)) {
  Deno.test(`planImport() takes instructions over, ${name}`, () => {
    const { files: changed, skipped } = planned(targetNamed("codex"), files);
    assertEquals(changed.map((file) => [file.path, file.after]), after === undefined ? [] : [[textPath, after]]);
    assertEquals(skipped.map(({ what }) => what), why === undefined ? [] : ["instructions in AGENTS.md"]);
    if (why !== undefined) assert(why.test(skipped[0].why), skipped[0].why);
  });
}

Deno.test("importItems() of gemini reads the files of instructions that its settings name, but CLAUDE.md", () => {
  const settings = `{"context":{"fileName":["CLAUDE.md","NOTES.md"]}}`;
  const files = { "/p/.gemini/settings.json": settings, "/p/NOTES.md": "N", "/p/GEMINI.md": "G" };
  const plan = planned(targetNamed("gemini"), files);
  assertEquals(plan.files.map(({ path, after }) => [path, after]), [[textPath, "N"]]);
  const usual = planned(targetNamed("gemini"), { "/p/GEMINI.md": "@./CLAUDE.md\n", [textPath]: "C" });
  assertEquals(usual.files, []);
});

Deno.test("filesLeft() names the files that nothing is made of, and no links", () => {
  const kinds: Record<string, "file" | "directory"> = {
    "/p/.codex/agents": "directory",
    "/p/.codex/agents/a.toml": "file",
    "/p/.codex/hooks.json": "file",
    "/p/.codex/config.toml": "file",
  };
  const files: SourceFiles = {
    look: (path) => kinds[path] && { kind: kinds[path], size: 1 },
    read: () => "",
    entries: () => [{ name: "b.toml", kind: "link" }, { name: "a.toml", kind: "file" }],
    realPath: (path) => path,
  };
  const left = filesLeft(targetNamed("codex"), "/p", { files, isKnown: (path) => path.endsWith("config.toml") });
  assertEquals(left.map(({ what }) => what), [".codex/hooks.json", ".codex/agents/a.toml"]);
});

Deno.test("planImport() says of a server that is there, but switched off by somebody, that it is", () => {
  const files = {
    [serversPath]: `{"mcpServers":{"a":{"command":"a"}}}`,
    "/p/.codex/config.toml": `[mcp_servers.a]\ncommand = "a"\nenabled = false\n`,
  };
  const { skipped, files: changed } = planned(targetNamed("codex"), files);
  assertEquals([changed, skipped], [[], [{ what: "server a", why: "it is there already, but switched on" }]]);
});

Deno.test("importItems() throws for a file that is no JSON or TOML, and says nothing of absent ones", () => {
  const paths: Record<string, string> = {
    codex: "/p/.codex/config.toml",
    gemini: "/p/.gemini/settings.json",
    opencode: "/p/opencode.json",
  };
  for (const target of importers) {
    const path = paths[target.name];
    assertThrows(() => target.importItems?.(contextOf({ [path]: "{ half" })), Error, path);
    assertEquals(target.importItems?.(contextOf({})), { items: [], skipped: [] });
  }
});

Deno.test("maskedJson() hides values by their names and shapes, and no others", () => {
  const text =
    `{"a":{"env":{"API_TOKEN":"hunter2","X":"plain","Y":"\${TOKEN}"},"args":["--token","tiger3","b"]},"pin":5}`;
  assertEquals(
    maskedJson(text, "x")(text),
    text.replace("hunter2", "***").replace("tiger3", "***"),
  );
});

function targetNamed(name: string): Target {
  const target = targets.find((one) => one.name === name);
  assert(target !== undefined, name);
  return target;
}

function contextOf(files: Files): TargetContext {
  return { scope: "project", project: "/p", allowsRules: false, read: (path) => files[path] };
}

/** Returns what a target says exactly. What it allows stays with it, and what is about a server needs that server. */
function exactOf(target: Target, items: readonly Item[]): Item[] {
  const { fates } = target.project({ items }, contextOf(opened));
  const exact = fates.filter(({ outcome }) => outcome === "exact").map(({ item }) => item);
  const names = exact.flatMap((item) => item.kind === "server" ? [serverInTools(item.name)] : []);
  return exact.filter((item) =>
    item.kind !== "permission" || item.match.tool !== "mcp" || names.includes(item.match.server)
  ).filter((item) => item.kind !== "instructions" || target.name === "codex");
}

/** Returns the files of a target that projects `items`. */
function projected(target: Target, items: readonly Item[]): Files {
  const files: Files = {};
  for (const file of target.project({ items }, contextOf(opened)).files) {
    if (file.kind === "whole") files[file.path] = file.text;
    if (file.kind === "block") files[file.path] = withBlock("", file.path, { text: file.text, hash: "0" });
    if (file.kind !== "keys") continue;
    const edits = file.entries.map((entry) => ({ ...entry, kind: "set" as const }));
    const editor = file.format === "json" ? jsonEditor : tomlEditor;
    const before = files[file.path] ?? Object.entries(opened).find(([path]) => path === file.path)?.[1] ?? "";
    files[file.path] = editor.edit(before, edits, { path: file.path, order: file.order });
  }
  return files;
}

function planned(target: Target, files: Files) {
  const found = target.importItems?.(contextOf(files)) ?? { items: [], skipped: [] };
  const file = (path: string) => ({ path, text: files[path] });
  return planImport(found, {
    items: sourceOf(files),
    servers: file(serversPath),
    settings: file(settingsPath),
    instructions: file(textPath),
    hasFile: (path) => files[path] !== undefined,
  });
}

/** Returns the files of the source after an import, those that are there before among them. */
function imported(target: Target, files: Files): Files {
  const before = [serversPath, settingsPath, textPath].filter((path) => files[path] !== undefined);
  const after = planned(target, files).files.map(({ path, after }) => [path, after]);
  return Object.fromEntries([...before.map((path) => [path, files[path]]), ...after]);
}

function sourceOf(files: Files): Item[] {
  const isFolder = (path: string) => Object.keys(files).some((one) => one.startsWith(`${path}/`));
  const disk: SourceFiles = {
    look: (path) => {
      if (files[path] !== undefined) return { kind: "file", size: files[path].length };
      return isFolder(path) ? { kind: "directory", size: 0 } : undefined;
    },
    read: (path) => files[path],
    entries: (folder) => {
      const below = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      const names = new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0]));
      return [...names].map((name) => ({ name, kind: isFolder(`${folder}/${name}`) ? "directory" : "file" }));
    },
    realPath: (path) => files[path] === undefined && !isFolder(path) ? undefined : path,
  };
  const read = readSource({ project: "/p", scopes: ["project"] }, disk);
  assert(read.kind === "source", JSON.stringify(read));
  return [...read.source.items];
}

/** Says items so that order and origin do not count. */
function said(items: readonly Item[]): string[] {
  return items.map((item) => {
    if (item.kind === "permission") return `${item.action} ${sayPermission(item)}`;
    if (item.kind === "instructions") return item.expanded.replaceAll("\r\n", "\n").trim();
    assert(item.kind === "server", item.kind);
    return JSON.stringify([item.name, item.isEnabled, sorted(entryOf(item))]);
  }).sort();
}

/** In a project a path from the settings is one from the folder it works in. */
function sayPermission(permission: Permission): string {
  const globs = pathGlobs(permission);
  if (globs === undefined) return permission.text;
  const anchor = globs.anchor === "settings" ? "cwd" : globs.anchor;
  return JSON.stringify([permission.match.tool, { ...globs, anchor }]);
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

function randomServers(random: Random): Server[] {
  const names = new Set(random.some(["fs", "git-hub", "my.dotted", "with space", "a/b~c", "Ünï", "x:y@z", "n1"], 5));
  return [...names].map((name): Server => ({
    kind: "server",
    name,
    transport: randomTransport(random),
    ...(random.below(2) === 0 ? {} : { timeoutMs: random.pick([1, 1500, 60_000, 12_345, 0.5]) }),
    isEnabled: random.below(4) > 0,
    unknown: [],
    origin: { scope: "project", path: serversPath },
  }));
}

function randomTransport(random: Random): Server["transport"] {
  const texts = ["x", "a b", "${HOME}", "${HOME}/bin", "${A:-b}", "/opt/ü", '"q"', "$", "a\\b", "{x}", "", "${A}"];
  const text = () => random.pick(texts);
  if (random.below(2) === 0) {
    const env = random.some(["HOME", "A", "B_2"], 3).map((name) => [name, random.pick([`\${${name}}`, "1", text()])]);
    const cwd = random.below(3) === 0 ? { cwd: random.pick(["sub", "/abs", "${HOME}"]) } : {};
    const command = random.pick(["npx", "./run", "${HOME}/run"]);
    return { type: "stdio", command, args: random.some(texts, 3), env: Object.fromEntries(env), ...cwd };
  }
  const headers = random.some(["Authorization", "X-A", "x-b"], 3).map((name) => [
    name,
    name === "Authorization" ? random.pick(["Bearer ${T}", "Basic ${T}"]) : random.pick(["${K}", "plain", "v ${K}"]),
  ]);
  const helper = random.below(6) === 0 ? { headersHelper: "./headers.sh" } : {};
  const url = random.pick(["https://a.example/mcp", "http://localhost:1/?a=b", "https://${HOST}/x"]);
  return { type: random.pick(["http", "http", "sse"]), url, headers: Object.fromEntries(headers), ...helper };
}

function randomPermissions(random: Random, servers: readonly Server[]): Permission[] {
  const plain = servers.filter(({ name }) => /^[\w-]+$/.test(name));
  const texts = new Set([
    ...plain.flatMap(({ name }) => random.some(["read", "write-all"], 2).map((t) => `mcp__${name}__${t}`)),
    ...random.some(ruleTexts, 5),
  ]);
  const origin = { scope: "project", path: settingsPath } as const;
  return [...texts].map((text) => permissionOf(random.pick(["deny", "ask"]), text, origin));
}

const ruleTexts = [
  "Bash",
  "Bash(rm -rf:*)",
  "Bash(git * --force)",
  "Read(.env)",
  "Read(secrets/**)",
  "Read(/a/b.txt)",
  "Read(//etc/passwd)",
  "Read(~/.ssh/**)",
  "Read(docs/*.pem)",
  "Edit(src/**)",
  "WebFetch",
  "WebFetch(domain:evil.example)",
  "WebSearch",
  "Agent",
  "Agent(reviewer)",
  "Skill(pdf)",
  "Skill",
  "TodoWrite",
  "Write",
];

function randomInstructions(random: Random): Instructions[] {
  const text = random.pick([
    "",
    "",
    "# Rules\n\nBe kind.\n",
    "Write `@x` and a@b.example, and ask @alice.\n",
    "Ünï\r\nkode",
  ]);
  const origin = { scope: "project", path: textPath } as const;
  return text === "" ? [] : [{ kind: "instructions", name: "", text, expanded: text, origin }];
}
