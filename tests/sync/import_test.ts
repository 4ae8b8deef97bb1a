// What is projected and read back is what it was: on what a target says exactly, and for every target that reads back.

import { editJson, jsonEditor } from "../../src/sync/edit/json.ts";
import { tomlEditor } from "../../src/sync/edit/toml.ts";
import { entryOf, planImport } from "../../src/sync/import.ts";
import { maskedJson } from "../../src/sync/mask_json.ts";
import type { Item, Permission, Server, Target, TargetContext } from "../../src/sync/model.ts";
import { permissionOf } from "../../src/sync/permission.ts";
import { readSource } from "../../src/sync/source.ts";
import type { SourceFiles } from "../../src/sync/source/files.ts";
import { targets } from "../../src/sync/targets/table.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { Random } from "./fixtures/random.ts";

type Files = Record<string, string>;

const setsCount = 300;
const [serversPath, settingsPath] = ["/p/.mcp.json", "/p/.claude/settings.json"];
const importers = targets.filter((target) => target.importItems !== undefined);

for (const target of importers) {
  Deno.test(`planImport() of what ${target.name} was given is what it was, in ${setsCount} sets of servers`, () => {
    const seen = { servers: 0, denied: 0, off: 0 };
    for (let seed = 1; seed <= setsCount; seed++) {
      const random = new Random(seed);
      const all = randomServers(random);
      const items = exactOf(target, [...all, ...holdsTools(target) ? randomPermissions(random, all) : []]);
      const files = projected(target, items);
      const written = imported(target, files);
      assertEquals(said(sourceOf(written)), said(items), `seed ${seed}: ${JSON.stringify(files, null, 2)}`);
      assertEquals(imported(target, { ...files, ...written }), written, `seed ${seed}: a second time`);
      const servers = items.filter((item) => item.kind === "server");
      seen.servers += servers.length;
      seen.denied += items.length - servers.length;
      seen.off += servers.filter(({ isEnabled }) => !isEnabled).length;
    }
    assert(
      seen.servers > 100 && (seen.off > 20 || leavesOut(target)) && seen.denied > 50 === holdsTools(target),
      JSON.stringify(seen),
    );
  });
}

/** Says whether a project's servers that are switched off are not written at all. */
function leavesOut({ name }: { readonly name: string }): boolean {
  return name === "gemini";
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
    permissions: { deny: ["mcp__a__drop", "mcp__f"], ask: ["mcp__a__see*"] },
  }, ["permission bash", "permission f_look", "server b", "server b", "server c", "server d", "server e"]],
  "a denial for all tools keeps servers out": [
    "opencode",
    {
      "/p/opencode.json": `{ "mcp": { "a": { "type": "local", "command": ["a"] } }, "permission": { "*": "deny" } }`,
    },
    {},
    ["permission *", "server a"],
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

/** Says whether permissions of a server's tools stand where they are read back: policies are not. */
function holdsTools({ name }: Target): boolean {
  return name !== "gemini";
}

/** Returns what a target says exactly: servers, and permissions of their tools. */
function exactOf(target: Target, items: readonly Item[]): Item[] {
  const { fates } = target.project({ items }, contextOf({}));
  const exact = fates.filter(({ outcome }) => outcome === "exact").map(({ item }) => item);
  const names = exact.flatMap((item) => item.kind === "server" ? [item.name] : []);
  return exact.filter(({ kind, ...item }) =>
    kind === "server" || "match" in item && "server" in item.match && names.includes(String(item.match.server))
  );
}

/** Returns the files of a target that projects `items`. */
function projected(target: Target, items: readonly Item[]): Files {
  const files: Files = {};
  for (const file of target.project({ items }, contextOf({})).files) {
    if (file.kind !== "keys") continue;
    const edits = file.entries.map((entry) => ({ ...entry, kind: "set" as const }));
    const editor = file.format === "json" ? jsonEditor : tomlEditor;
    files[file.path] = editor.edit(files[file.path] ?? "", edits, { path: file.path, order: file.order });
  }
  return files;
}

function planned(target: Target, files: Files) {
  const found = target.importItems?.(contextOf(files)) ?? { items: [], skipped: [] };
  const file = (path: string) => ({ path, text: files[path] });
  return planImport(found, { items: sourceOf(files), servers: file(serversPath), settings: file(settingsPath) });
}

/** Returns the files of the source after an import, those that are there before among them. */
function imported(target: Target, files: Files): Files {
  const before = [serversPath, settingsPath].filter((path) => files[path] !== undefined);
  const after = planned(target, files).files.map(({ path, after }) => [path, after]);
  return Object.fromEntries([...before.map((path) => [path, files[path]]), ...after]);
}

function sourceOf(files: Files): Item[] {
  const disk: SourceFiles = {
    look: (path) => files[path] === undefined ? undefined : { kind: "file", size: files[path].length },
    read: (path) => files[path],
    entries: () => [],
    realPath: (path) => files[path] === undefined ? undefined : path,
  };
  const read = readSource({ project: "/p", scopes: ["project"] }, disk);
  assert(read.kind === "source", JSON.stringify(read));
  return [...read.source.items];
}

/** Says items so that order and origin do not count. */
function said(items: readonly Item[]): string[] {
  return items.map((item) => {
    if (item.kind === "permission") return `${item.action} ${item.text}`;
    assert(item.kind === "server", item.kind);
    return JSON.stringify([item.name, item.isEnabled, sorted(entryOf(item))]);
  }).sort();
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
  const texts = new Set(
    plain.flatMap(({ name }) => random.some(["read", "write-all"], 2).map((t) => `mcp__${name}__${t}`)),
  );
  const origin = { scope: "project", path: settingsPath } as const;
  return [...texts].map((text) => permissionOf(random.pick(["deny", "ask"]), text, origin));
}
