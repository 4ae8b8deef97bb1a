import type { Item, Scope } from "../../src/sync/model.ts";
import { type SourceFiles, sourceFiles } from "../../src/sync/source/files.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Files, itemsIn, notesIn, problemsIn, readTree, Tree } from "./fixtures/tree.ts";

const stdio = { command: "run" };
const json = (value: unknown) => JSON.stringify(value);
const servers = (...names: string[]) => ({ mcpServers: Object.fromEntries(names.map((name) => [name, stdio])) });
const project = (entry: unknown) => ({ projects: { "{project}": entry } });

/** Returns items as `scope name`. */
function named(items: readonly { readonly name: string; readonly origin: Item["origin"] }[]): string[] {
  return items.map(({ name, origin }) => `${origin.scope} ${name}`);
}

/** Returns permissions as `scope action text`. */
function permissions(files: Files, scopes?: readonly Scope[]): string[] {
  const items = itemsIn("permission", files, scopes && { scopes });
  return items.map(({ origin, action, text }) => `${origin.scope} ${action} ${text}`);
}

Deno.test("readSource() of nothing is a source of nothing", () => {
  const read = readTree({});
  assertEquals(read.kind === "source" && [read.source.items, read.notes], [[], []]);
});

Deno.test("readSource() reads instructions in all their places, the user's, the project's, and the private ones", () => {
  const found = itemsIn("instructions", {
    "home/.claude/CLAUDE.md": "user\n",
    "project/CLAUDE.md": "root\n",
    "project/.claude/CLAUDE.md": "dot\n",
    "project/b/CLAUDE.md": "b\n",
    "project/a/x/CLAUDE.md": "a/x\n",
    "project/a/.claude/CLAUDE.md": "a dot\n",
    "project/CLAUDE.local.md": "local\n",
    "project/b/CLAUDE.local.md": "b local\n",
    "project/AGENTS.md": "not Claude's\n",
  });
  assertEquals(found.map(({ origin, name, text }) => `${origin.scope} ${name} ${text.trim()}`), [
    "user  user",
    "project  root",
    "project  dot",
    "project a a dot",
    "project a/x a/x",
    "project b b",
    "private  local",
    "private b b local",
  ]);
});

Deno.test("readSource() passes over what is empty, ignored by git, installed, or another repository", () => {
  const files = {
    "project/CLAUDE.md": " \n",
    "project/.gitignore": "/out/\ngen*\n",
    "project/out/CLAUDE.md": "x",
    "project/src/generated/CLAUDE.md": "x",
    "project/src/.gitignore": "tmp\n",
    "project/src/tmp/CLAUDE.md": "x",
    "project/.git/info/exclude": "mine\n",
    "project/mine/CLAUDE.md": "x",
    "project/node_modules/a/CLAUDE.md": "x",
    "project/.claude/worktrees/w/CLAUDE.md": "x",
    "project/module/.git": "gitdir: elsewhere",
    "project/module/CLAUDE.md": "x",
    "project/clone/.git/HEAD": "ref: refs/heads/main\n",
    "project/clone/CLAUDE.md": "x",
    "project/sandboxed/.git/info": "no repository",
    "project/sandboxed/CLAUDE.md": "kept, too",
    "project/link": "-> src",
    "project/src/CLAUDE.md": "kept",
  };
  assertEquals(named(itemsIn("instructions", files)), ["project sandboxed", "project src"]);
});

Deno.test("readSource() expands imports, and keeps what is private out of a project's text", () => {
  const [user, root, local] = itemsIn("instructions", {
    "home/.claude/CLAUDE.md": "@~/notes/h.md\n@rel.md\n",
    "home/.claude/rel.md": "REL\n",
    "home/notes/h.md": "NOTE\n",
    "project/CLAUDE.md":
      "@docs/a.md\n@~/notes/h.md\n@../home/notes/h.md\n@CLAUDE.local.md\n@out.md\n@ignored.md\n@no.md\n@logo\n",
    "project/docs/a.md": "A\n",
    "project/out.md": "-> ../home/notes/h.md",
    "project/.gitignore": "ignored.md\n",
    "project/ignored.md": "IGNORED\n",
    "project/logo": "\0",
    "project/CLAUDE.local.md": "LOCAL\n@docs/a.md\n@~/notes/h.md\n",
  });
  assertEquals(user.expanded, "NOTE\nREL\n");
  assertEquals(
    root.expanded,
    "A\n@~/notes/h.md\n@../home/notes/h.md\n@CLAUDE.local.md\n@out.md\n@ignored.md\n@no.md\n@logo\n",
  );
  assertEquals(root.privateImports, ["/home/notes/h.md", "/project/CLAUDE.local.md", "/project/ignored.md"]);
  assertEquals(root.imports, [{ path: "/project/docs/a.md", text: "A" }]);
  assertEquals(local.expanded, "LOCAL\nA\n@~/notes/h.md\n");
  assertEquals(local.privateImports, ["/home/notes/h.md"]);
});

Deno.test("readSource() does not even look at what a project imports from outside", () => {
  using tree = new Tree({
    "project/CLAUDE.md": "@~/secret @../secret @/etc/hostname\n",
    "home/secret": "s",
    "secret": "s",
  });
  const touched: string[] = [];
  const watched: SourceFiles = {
    ...sourceFiles,
    look: (path) => {
      touched.push(path);
      return sourceFiles.look(path);
    },
    read: (path) => {
      touched.push(path);
      return sourceFiles.read(path);
    },
  };
  tree.read({}, watched);
  assert(touched.some((path) => path.endsWith("CLAUDE.md")));
  assertEquals(touched.filter((path) => /secret|hostname/.test(path)), []);
});

Deno.test("readSource() follows a private import out of the project once the user has agreed", () => {
  const files = { "project/CLAUDE.local.md": "@~/n.md\n", "project/CLAUDE.md": "@~/n.md\n", "home/n.md": "N\n" };
  const agreed = { ...files, "home/.claude.json": json(project({ hasClaudeMdExternalIncludesApproved: true })) };
  assertEquals(itemsIn("instructions", files).map((item) => item.expanded), ["@~/n.md\n", "@~/n.md\n"]);
  assertEquals(itemsIn("instructions", agreed).map((item) => item.expanded), ["@~/n.md\n", "N\n"]);
});

Deno.test("readSource() without a home takes an import from it for private", () => {
  const [root] = itemsIn("instructions", { "project/CLAUDE.md": "@~/x.md\n" }, { home: undefined });
  assertEquals([root.expanded, root.privateImports], ["@~/x.md\n", ["~/x.md"]]);
});

Deno.test("readSource() tells where a link leads, and takes what comes from outside for private", () => {
  const read = readTree({
    "project/AGENTS.md": "agents\n",
    "project/CLAUDE.md": "-> AGENTS.md",
    "project/.claude/CLAUDE.md": "-> ../AGENTS.md",
    "project/.claude/skills/in": "-> ../../shared/in",
    "project/shared/in/SKILL.md": "in",
    "project/.claude/skills/out": "-> {root}/home/out",
    "project/.claude/rules/out.md": "-> {root}/home/out/SKILL.md",
    "home/out/SKILL.md": "out",
    "project/.claude/settings.json": "-> {root}/home/settings.json",
    "home/settings.json": json({ permissions: { deny: ["Bash(rm:*)"] } }),
  });
  assertEquals(read.kind === "source" && read.source.items.map(({ origin }) => origin), [
    { scope: "project", path: "/project/CLAUDE.md", realPath: "/project/AGENTS.md" },
    { scope: "private", path: "/project/.claude/rules/out.md", realPath: "/home/out/SKILL.md" },
    { scope: "project", path: "/project/.claude/skills/in/SKILL.md", realPath: "/project/shared/in/SKILL.md" },
    { scope: "private", path: "/project/.claude/skills/out/SKILL.md", realPath: "/home/out/SKILL.md" },
    { scope: "project", path: "/project/.claude/settings.json", pointer: "/permissions/deny/0" },
  ]);
});

Deno.test("readSource() reads a project that is found by a link as one that is not", () => {
  using tree = new Tree({
    "project/CLAUDE.md": "@a.md\n",
    "project/a.md": "A\n",
    "home/.claude.json": json(project(servers("l"))),
  });
  Deno.symlinkSync(tree.place.project, `${tree.place.root}/linked`);
  const read = tree.read({ project: `${tree.place.root}/linked` });
  assert(read.kind === "source");
  const [instructions, server] = read.source.items;
  assertEquals(instructions.origin, { scope: "project", path: "/linked/CLAUDE.md" });
  assertEquals([instructions.kind === "instructions" && instructions.expanded, server.kind], ["A\n", "server"]);
});

Deno.test("readSource() reads rules with their globs and imports, at any depth", () => {
  const rules = itemsIn("rule", {
    "home/.claude/rules/u.md": "USER\n",
    "project/.claude/rules/always.md": "ALWAYS @../../a.txt\n",
    "project/a.txt": "A\n",
    "project/.claude/rules/sub/list.md": "---\npaths:\n  - src/**/*.ts\n  - ./lib/**\n---\nLIST\n",
    "project/.claude/rules/text.md": "---\npaths: src/**/*.{ts,tsx}, **/*.md\n---\nTEXT\n",
    "project/.claude/rules/star.md": "---\npaths: **/*.ts\n---\nSTAR\n",
    "project/.claude/rules/all.md": '---\npaths: "**"\n---\nALL\n',
    "project/.claude/rules/none.md": "---\npaths: []\nglobs: x\n---\nNONE\n",
    "project/.claude/rules/not.txt": "NOT\n",
    "project/.claude/rules/loop": "-> .",
    "project/pkg/.claude/rules/n.md": "NESTED\n",
    "project/pkg/.claude/rules/p.md": "---\npaths: sub/**\n---\nNESTED PATHS\n",
  });
  assertEquals(rules.map(({ origin, name, globs, text }) => `${origin.scope} ${name} [${globs.join("; ")}] ${text}`), [
    "user u [] USER\n",
    "project all [] ALL\n",
    "project always [] ALWAYS a.txt\n\nContents of a.txt:\n\nA\n",
    "project none [] NONE\n",
    "project star [**/*.ts] STAR\n",
    "project sub/list [src/**/*.ts; lib/**] LIST\n",
    "project text [src/**/*.{ts,tsx}; **/*.md] TEXT\n",
    "project pkg/.claude/rules/n [pkg/**] NESTED\n",
    "project pkg/.claude/rules/p [pkg/sub/**] NESTED PATHS\n",
  ]);
});

Deno.test("readSource() joins the permissions of all scopes, one item for each", () => {
  const files = {
    "home/.claude/settings.json": json({ permissions: { deny: ["Bash(rm:*)"], allow: ["Read"], defaultMode: "plan" } }),
    "project/.claude/settings.json": json({ permissions: { deny: ["Read(.env)", "Bash(rm:*)"], ask: ["Edit"] } }),
    "project/.claude/settings.local.json": json({ permissions: { allow: ["Bash"], additionalDirectories: ["../x"] } }),
  };
  assertEquals(permissions(files), [
    "user deny Bash(rm:*)",
    "user allow Read",
    "project deny Read(.env)",
    "project deny Bash(rm:*)",
    "project ask Edit",
    "private allow Bash",
  ]);
  assertEquals(itemsIn("permission", files)[3], {
    kind: "permission",
    action: "deny",
    text: "Bash(rm:*)",
    match: { tool: "Bash", how: "prefix", pattern: "rm" },
    origin: { scope: "project", path: "/project/.claude/settings.json", pointer: "/permissions/deny/1" },
  });
  assertEquals(itemsIn("setting", files).map(({ name, value }) => [name, value]), [
    ["defaultMode", "plan"],
    ["additionalDirectories", ["../x"]],
  ]);
});

/** Hooks as `truce install`, its plugin and a person register truce. */
const ownHooks: readonly Readonly<Record<string, string>>[] = [
  { type: "command", command: "command -v truce >/dev/null 2>&1 || exit 0; exec truce hook stop --format claude" },
  { type: "command", command: "'/a b/truce' hook stop --format claude" },
  { type: "command", command: "truce lock release --grace 30" },
  { type: "http", url: "http://127.0.0.1:9876/hooks/claude/stop" },
];

Deno.test("readSource() leaves out how truce is registered, which is not the same in other agents", () => {
  const others = [{ type: "command", command: "say 'no truce'" }, {
    type: "http",
    url: "https://a.b/hooks/claude/stop",
  }];
  const settings = { hooks: { Stop: [{ hooks: [...ownHooks, ...others] }] } };
  const hooks = itemsIn("hook", { "project/.claude/settings.json": JSON.stringify(settings) });
  assertEquals(hooks.map(({ origin }) => origin.pointer), ["/hooks/Stop/0/hooks/4", "/hooks/Stop/0/hooks/5"]);
});

/** Hooks of a person in which truce is mentioned, or that are called like one of truce's. */
const mentions = [
  "./guard.sh || exit 2; truce lock list >> log",
  "my-linter hook pre-edit --format json",
  "truce lock list | ./guard.sh",
  "truce hook-shim gemini 'exit 2'",
  "truce sync",
  "say 'truce hook stop --format claude'",
];

Deno.test("readSource() reads every hook that does anything besides calling truce", () => {
  const hooks = mentions.map((command) => ({ type: "command", command }));
  const settings = { hooks: { PreToolUse: [{ hooks }] } };
  const read = itemsIn("hook", { "project/.claude/settings.json": JSON.stringify(settings) });
  assertEquals(read.map(({ command }) => command), mentions);
});

Deno.test("readSource() reads hooks of every type, nested as they are, and variables", () => {
  const files = {
    "project/.claude/settings.json": json({
      env: { A: "1", N: 2, B: true },
      hooks: {
        PreToolUse: [
          { matcher: "Bash", hooks: [{ type: "command", command: "guard", timeout: 10 }, { type: "http", url: "u" }] },
          { hooks: [{ type: "command", command: "all", if: "Bash(x)", async: true }] },
        ],
        Stop: [{ matcher: "", hooks: [{ type: "prompt", prompt: "p" }] }],
      },
    }),
  };
  const hooks = itemsIn("hook", files).map(({ origin, kind: _, ...hook }) => [origin.pointer, hook]);
  assertEquals(hooks, [
    ["/hooks/PreToolUse/0/hooks/0", {
      matcher: "Bash",
      command: "guard",
      timeoutS: 10,
      event: "PreToolUse",
      type: "command",
    }],
    ["/hooks/PreToolUse/0/hooks/1", { matcher: "Bash", rest: { url: "u" }, event: "PreToolUse", type: "http" }],
    ["/hooks/PreToolUse/1/hooks/0", {
      command: "all",
      rest: { if: "Bash(x)", async: true },
      event: "PreToolUse",
      type: "command",
    }],
    ["/hooks/Stop/0/hooks/0", { rest: { prompt: "p" }, event: "Stop", type: "prompt" }],
  ]);
  assertEquals(itemsIn("env", files).map(({ name, value }) => `${name}=${value}`), ["A=1", "N=2", "B=true"]);
});

Deno.test("readSource() has no hooks where the strongest settings switch them off", () => {
  const hooks = { Stop: [{ hooks: [{ type: "command", command: "x" }] }] };
  const files = {
    "home/.claude/settings.json": json({ hooks }),
    "project/.claude/settings.json": json({ disableAllHooks: true }),
  };
  assertEquals(itemsIn("hook", files), []);
  assertEquals(itemsIn("hook", files, { scopes: ["user"] }).length, 1);
  const back = { ...files, "project/.claude/settings.local.json": json({ disableAllHooks: false }) };
  assertEquals(itemsIn("hook", back).length, 1);
});

Deno.test("readSource() reads servers of every transport", () => {
  const mcpServers = {
    plain: { command: "npx", args: ["-y", "${P:-p}"], env: { A: "${A}" }, timeout: 5000 },
    typed: { type: "stdio", command: "x", cwd: "/w", extra: 1 },
    http: { type: "http", url: "https://h/${P}", headers: { Authorization: "Bearer ${T}" }, oauth: { clientId: "c" } },
    streamable: { type: "streamable-http", url: "https://h" },
    sse: { type: "sse", url: "https://s", headersHelper: "helper" },
    ws: { type: "ws", url: "wss://w" },
  };
  const found = itemsIn("server", { "project/.mcp.json": json({ mcpServers }) });
  const origin = (name: string) => ({
    scope: "project" as const,
    path: "/project/.mcp.json",
    pointer: `/mcpServers/${name}`,
  });
  const one = { kind: "server" as const, isEnabled: true, unknown: [] };
  assertEquals(found, [
    {
      ...one,
      name: "plain",
      transport: { type: "stdio", command: "npx", args: ["-y", "${P:-p}"], env: { A: "${A}" } },
      timeoutMs: 5000,
      origin: origin("plain"),
    },
    {
      ...one,
      name: "typed",
      transport: { type: "stdio", command: "x", args: [], env: {}, cwd: "/w" },
      unknown: ["extra"],
      origin: origin("typed"),
    },
    {
      ...one,
      name: "http",
      transport: { type: "http", url: "https://h/${P}", headers: { Authorization: "Bearer ${T}" } },
      unknown: ["oauth"],
      origin: origin("http"),
    },
    {
      ...one,
      name: "streamable",
      transport: { type: "http", url: "https://h", headers: {} },
      origin: origin("streamable"),
    },
    {
      ...one,
      name: "sse",
      transport: { type: "sse", url: "https://s", headers: {}, headersHelper: "helper" },
      origin: origin("sse"),
    },
    { ...one, name: "ws", transport: { type: "ws", url: "wss://w", headers: {} }, origin: origin("ws") },
  ]);
});

Deno.test("readSource() passes over a server that Claude Code does not start, with a note", () => {
  const mcpServers = {
    url: { url: "https://x" },
    nothing: {},
    odd: { type: "odd", url: "x" },
    nourl: { type: "http" },
    args: { command: "x", args: "y" },
    env: { command: "x", env: { A: 1 } },
    text: "x",
    ok: stdio,
  };
  const files = { "home/.claude.json": json({ mcpServers }) };
  assertEquals(named(itemsIn("server", files)), ["user ok"]);
  const why = (name: string, text: string) =>
    `/home/.claude.json: the server "${name}" is passed over, as Claude Code does: ${text}`;
  assertEquals(notesIn(files), [
    why("url", "it has a url and no type"),
    why("nothing", "it has no command"),
    why("odd", 'its type is unknown: "odd"'),
    why("nourl", "it must have a url, and headers that are texts"),
    why("args", "its args must be texts and its env an object of texts"),
    why("env", "its args must be texts and its env an object of texts"),
    why("text", "it has no command"),
  ]);
});

Deno.test("readSource() takes the private server before the project's before the user's of one name", () => {
  const files = {
    "home/.claude.json": json({ ...servers("all", "up", "u"), ...project(servers("all", "l")) }),
    "project/.mcp.json": json(servers("all", "up", "p")),
  };
  assertEquals(named(itemsIn("server", files)), ["user u", "project up", "project p", "private all", "private l"]);
  assertEquals(named(itemsIn("server", files, { scopes: ["project"] })), ["project all", "project up", "project p"]);
  assertEquals(named(itemsIn("server", files, { scopes: ["user"] })), ["user all", "user up", "user u"]);
});

/** What the settings say, and which of the project's servers a, b and c are then wanted. */
const gates: Readonly<Record<string, { files: Files; wanted: string }>> = {
  "nobody says anything": { files: {}, wanted: "a b c" },
  "a private yes": {
    files: { "project/.claude/settings.local.json": json({ enabledMcpjsonServers: ["a"] }) },
    wanted: "a",
  },
  "yeses of all scopes": {
    files: {
      "home/.claude/settings.json": json({ enabledMcpjsonServers: ["a"] }),
      "project/.claude/settings.json": json({ enabledMcpjsonServers: ["b"] }),
    },
    wanted: "a b",
  },
  "a yes to all and a no": {
    files: {
      "home/.claude/settings.json": json({ enableAllProjectMcpServers: true }),
      "project/.claude/settings.json": json({ disabledMcpjsonServers: ["b"] }),
    },
    wanted: "a c",
  },
  "a yes and a no to one": {
    files: {
      "home/.claude/settings.json": json({ disabledMcpjsonServers: ["a"] }),
      "project/.claude/settings.local.json": json({ enabledMcpjsonServers: ["a", "c"] }),
    },
    wanted: "c",
  },
  "a yes to all that a stronger scope takes back": {
    files: {
      "home/.claude/settings.json": json({ enableAllProjectMcpServers: true, enabledMcpjsonServers: ["a"] }),
      "project/.claude/settings.local.json": json({ enableAllProjectMcpServers: false }),
    },
    wanted: "a",
  },
  "answers in the user's own file": {
    files: { "home/.claude.json": json(project({ enabledMcpjsonServers: ["a"], disabledMcpjsonServers: ["b"] })) },
    wanted: "a",
  },
  "a switch in this project": {
    files: { "home/.claude.json": json(project({ disabledMcpServers: ["b"] })) },
    wanted: "a c",
  },
};

Deno.test("readSource() asks the settings of all scopes which of the project's servers are wanted", () => {
  for (const [name, { files, wanted }] of Object.entries(gates)) {
    const found = itemsIn("server", { ...files, "project/.mcp.json": json(servers("a", "b", "c")) });
    assertEquals(found.filter(({ isEnabled }) => isEnabled).map(({ name }) => name).join(" "), wanted, name);
    assertEquals(found.length, 3, name);
  }
});

Deno.test("readSource() reads skills by the names of their folders", () => {
  const files = {
    "home/.claude/skills/mine/SKILL.md": "---\ndescription: Use when: asked\n---\nBody\n",
    "project/.claude/skills/pdf/SKILL.md":
      "---\nname: other\ndescription: d\ndisable-model-invocation: true\n---\nBody\n",
    "project/.claude/skills/bare/SKILL.md": "# Title\n\nFirst words\nof it.\n\nMore.\n",
    "project/.claude/skills/group/inner/SKILL.md": "too deep",
    "project/.claude/skills/loose.md": "no skill",
    "project/pkg/.claude/skills/x/SKILL.md": "nested",
  };
  assertEquals(
    itemsIn("skill", files).map(({ name, description, folder, isManual }) => [name, description, folder, isManual]),
    [
      ["mine", "Use when: asked", "/home/.claude/skills/mine", false],
      ["bare", "First words of it.", "/project/.claude/skills/bare", false],
      ["pdf", "d", "/project/.claude/skills/pdf", true],
    ],
  );
  assertEquals(notesIn(files), [
    "/project/pkg/.claude/skills: skills of a folder within the project are not projected",
  ]);
});

Deno.test("readSource() reads sub-agents at any depth, each name once", () => {
  const front = (text: string) => `---\n${text}\n---\nBody\n`;
  const files = {
    "project/.claude/agents/sub/a.md": front(
      "name: a\ndescription: d\ntools: Read, Bash(git log *)\nmodel: opus\ncolor: red",
    ),
    "project/.claude/agents/b.md": front("name: b\ndescription: d\ndisallowedTools:\n  - Write"),
    "project/.claude/agents/star.md": front('name: star\ndescription: d\ntools: "*"'),
    "project/.claude/agents/none.md": front("name: none\ndescription: d\ntools: []"),
    "project/.claude/agents/same.md": front("name: b\ndescription: another"),
    "project/.claude/agents/README.md": "# Agents\n",
    "project/.claude/agents/silent.md": front("name: silent"),
  };
  const [b, none, star, a] = itemsIn("agent", files);
  assertEquals([a, b, none, star].map(({ name, tools, disallowedTools }) => [name, tools, disallowedTools]), [
    ["a", ["Read", "Bash(git log *)"], []],
    ["b", undefined, ["Write"]],
    ["none", [], []],
    ["star", undefined, []],
  ]);
  assertEquals([a.model, a.body, a.rest], ["opus", "Body\n", { color: "red" }]);
  assertEquals(notesIn(files), [
    "/project/.claude/agents/README.md: it is no sub-agent: it has no name",
    "/project/.claude/agents/silent.md: it is no sub-agent: it has no description",
    '/project/.claude/agents/same.md: another sub-agent is called "b", too',
  ]);
});

Deno.test("readSource() reads commands with what their front matter says", () => {
  const files = {
    "home/.claude/commands/up.md": "Up\n",
    "project/.claude/commands/fix.md":
      "---\ndescription: Fix it\nargument-hint: [issue]\nallowed-tools: Bash(git add:*), Read\nmodel: haiku\n---\nFix $1\n",
    "project/.claude/commands/hint.md": "---\nargument-hint: [issue] [text]\n---\n",
  };
  assertEquals(itemsIn("command", files).map(({ kind: _, origin: { scope }, ...command }) => ({ scope, ...command })), [
    { scope: "user", name: "up", allowedTools: [], body: "Up\n" },
    {
      scope: "project",
      name: "fix",
      description: "Fix it",
      argumentHint: "[issue]",
      allowedTools: ["Bash(git add:*)", "Read"],
      model: "haiku",
      body: "Fix $1\n",
    },
    { scope: "project", name: "hint", argumentHint: "[issue] [text]", allowedTools: [], body: "" },
  ]);
});

/** Files that are half written or say nonsense, and what is said of each. */
const broken: Readonly<Record<string, { path: string; text: string; says: string }>> = {
  "settings, half": {
    path: "project/.claude/settings.json",
    text: '{"permissions": {"deny": [',
    says: "it is not JSON, or only half of it",
  },
  "settings, empty": { path: "home/.claude/settings.json", text: "", says: "it is not JSON, or only half of it" },
  "settings, a list": { path: "project/.claude/settings.local.json", text: "[]", says: "it is no JSON object" },
  "settings, no text": { path: "project/.claude/settings.json", text: "{}\0", says: "it is no text" },
  "permissions": {
    path: "project/.claude/settings.json",
    text: '{"permissions": []}',
    says: "permissions must be an object",
  },
  "deny": {
    path: "project/.claude/settings.json",
    text: '{"permissions": {"deny": "Bash"}}',
    says: "permissions.deny must be a list of texts",
  },
  "deny, in part": {
    path: "project/.claude/settings.json",
    text: '{"permissions": {"deny": ["Bash", 1]}}',
    says: "permissions.deny must be a list of texts",
  },
  "gate": {
    path: "project/.claude/settings.json",
    text: '{"disabledMcpjsonServers": "x"}',
    says: "disabledMcpjsonServers must be a list of texts",
  },
  "env": { path: "project/.claude/settings.json", text: '{"env": {"A": {}}}', says: "env.A must be a text" },
  "hooks, flat": {
    path: "project/.claude/settings.json",
    text: '{"hooks": {"Stop": [{"type": "command", "command": "x"}]}}',
    says: "hooks.Stop[0].hooks must be a list of objects",
  },
  "hooks, empty": {
    path: "project/.claude/settings.json",
    text: '{"hooks": {"Stop": [{"hooks": [{"type": "command"}]}]}}',
    says: "hooks.Stop[0].hooks[0] has no command",
  },
  ".mcp.json": {
    path: "project/.mcp.json",
    text: '{"mcpServers": {"a": {"comm',
    says: "it is not JSON, or only half of it",
  },
  ".mcp.json, a list": { path: "project/.mcp.json", text: '{"mcpServers": []}', says: "mcpServers must be an object" },
  ".claude.json": { path: "home/.claude.json", text: '{"mcpServers"', says: "it is not JSON, or only half of it" },
  "rule": { path: "project/.claude/rules/r.md", text: "---\npaths: src/**\n", says: "its front matter has no end" },
  "skill": { path: "project/.claude/skills/s/SKILL.md", text: "---\nname: s", says: "its front matter has no end" },
  "agent": { path: "project/.claude/agents/a.md", text: "---\n- a\n---\n", says: "its front matter is not YAML" },
  "command": { path: "project/.claude/commands/c.md", text: "---\n", says: "its front matter has no end" },
  "instructions": { path: "project/CLAUDE.md", text: "a\0b", says: "it is no text" },
  "instructions, huge": {
    path: "project/CLAUDE.md",
    text: "x".repeat(1024 * 1024 + 1),
    says: "it is larger than 1 MiB",
  },
};

Deno.test("readSource() is broken as a whole by one file that is malformed or half written", () => {
  const good = { "home/.claude/CLAUDE.md": "good\n" };
  for (const [name, { path, text, says }] of Object.entries(broken)) {
    assertEquals(problemsIn({ ...good, [path]: text }), [`/${path}: ${says}`], name);
  }
  assertEquals(problemsIn(good), []);
});

Deno.test("readSource() names all that is broken at once, and what it would have read", () => {
  const read = readTree({ "project/.mcp.json": "{", "project/.claude/settings.json": "{" });
  assert(read.kind === "broken");
  assertEquals(read.problems.map(({ path }) => path), ["/project/.claude/settings.json", "/project/.mcp.json"]);
  assert(read.inputs.includes("/project/.mcp.json"));
});

Deno.test("readSource() is broken by a file that may not be read", () => {
  using tree = new Tree({ "project/.mcp.json": "{}" });
  const denied = Object.assign(new Error("no"), { code: "EACCES" });
  const files: SourceFiles = {
    ...sourceFiles,
    read: (path) => {
      if (path.endsWith(".mcp.json")) throw denied;
      return sourceFiles.read(path);
    },
  };
  assertEquals(tree.read({}, files), {
    ...tree.read({}, files),
    kind: "broken",
    problems: [{ path: "/project/.mcp.json", why: "permission is denied" }],
  });
});

Deno.test("readSource() tolerates comments, commas at ends and a byte order mark", () => {
  assertEquals(
    permissions({
      "project/.claude/settings.json": '\ufeff// why\n{"permissions": {"deny": ["Bash(rm:*)", /* here */],},}\n',
    }),
    ["project deny Bash(rm:*)"],
  );
  assertEquals(named(itemsIn("server", { "project/.mcp.json": `// x\n${json(servers("a"))}` })), ["project a"]);
});

Deno.test("readSource() tells all that it read or would have read, and where it looked for more", () => {
  const read = readTree({
    "project/CLAUDE.md": "@docs/a.md @gone.md @~/x\n",
    "project/docs/a.md": "A\n",
    "project/src/CLAUDE.md": "S\n",
    "project/.claude/skills/s/SKILL.md": "S\n",
    "project/.claude/rules/sub/r.md": "R\n",
    "project/.vscode/tools/x": "",
  });
  assert(read.kind === "source");
  const expected = [
    "/home/.claude.json",
    "/home/.claude/CLAUDE.md",
    "/home/.claude/agents",
    "/home/.claude/commands",
    "/home/.claude/rules",
    "/home/.claude/settings.json",
    "/home/.claude/skills",
    "/project/.claude/CLAUDE.md",
    "/project/.claude/agents",
    "/project/.claude/commands",
    "/project/.claude/rules",
    "/project/.claude/rules/sub",
    "/project/.claude/rules/sub/r.md",
    "/project/.claude/settings.json",
    "/project/.claude/settings.local.json",
    "/project/.claude/skills",
    "/project/.claude/skills/s/SKILL.md",
    "/project/.mcp.json",
    "/project/CLAUDE.local.md",
    "/project/CLAUDE.md",
    "/project/docs/a.md",
    "/project/gone.md",
    "/project/src/.claude/CLAUDE.md",
    "/project/src/.claude/rules",
    "/project/src/.claude/skills",
    "/project/src/CLAUDE.local.md",
    "/project/src/CLAUDE.md",
  ];
  assertEquals(read.inputs, expected);
  assertEquals(read.walked, ["/project", "/project/docs", "/project/src"]);
});

Deno.test("readSource() of the project's scope looks at nothing in the home, and nothing private", () => {
  using tree = new Tree({
    "project/CLAUDE.md": "P\n",
    "project/CLAUDE.local.md": "L\n",
    "home/.claude/CLAUDE.md": "U\n",
    "home/.claude.json": "{ broken",
  });
  const { home: _, project } = tree.place;
  const bare = tree.read({ home: undefined, project, scopes: ["project"] });
  assertEquals(tree.read({ scopes: ["project"] }), bare);
  assertEquals(bare.inputs.filter((path) => /^\/home|local/.test(path)), []);
  assertEquals(bare.kind === "source" && bare.source.items.length, 1);
});

Deno.test("readSource() in the home itself takes nothing for a project's", () => {
  using tree = new Tree({
    "home/.claude/CLAUDE.md": "U\n",
    "home/.claude/settings.json": "{}",
    "home/sub/CLAUDE.md": "S\n",
  });
  const read = tree.read({ project: tree.place.home });
  assertEquals(read.kind === "source" && read.source.items.map(({ origin }) => origin.scope), ["user"]);
});

Deno.test("readSource() says the same of the same files, whatever order the disk tells them in", () => {
  const names = ["b", "a", "c/d", "c/a", "Z"];
  using tree = new Tree(Object.fromEntries(names.flatMap((name) => [
    [`project/.claude/commands/${name}.md`, name],
    [`project/.claude/skills/${name.replace("/", "-")}/SKILL.md`, name],
    [`project/${name}/CLAUDE.md`, name],
  ])));
  const turned: SourceFiles = { ...sourceFiles, entries: (path) => [...sourceFiles.entries(path)].reverse() };
  assertEquals(tree.read({}, turned), tree.read());
});

Deno.test("readSource() bounds its walk, and says where it stopped", () => {
  const deep = Array.from({ length: 20 }, (_, i) => `d${i}`).join("/");
  const files = { [`project/${deep}/CLAUDE.md`]: "deep\n", "project/d0/CLAUDE.md": "near\n" };
  assertEquals(named(itemsIn("instructions", files)), ["project d0"]);
  assertEquals(notesIn(files).length, 1);
});

// Defects of other tools, each by its number in the study of them, which start where the source is read.

Deno.test("defect 1: servers of the user and private ones are found in ~/.claude.json, not in ~/.claude/.claude.json", () => {
  const files = {
    "home/.claude.json": json({ ...servers("user"), ...project(servers("local")) }),
    "home/.claude/.claude.json": json(servers("wrong")),
  };
  assertEquals(named(itemsIn("server", files)), ["user user", "private local"]);
});

Deno.test("defect 2: a deny of the user does not vanish under the project's list", () => {
  const settings = (...deny: string[]) => json({ permissions: { deny } });
  const files = {
    "home/.claude/settings.json": settings("Bash(rm -rf:*)"),
    "project/.claude/settings.json": settings("Read(.env)"),
    "project/.claude/settings.local.json": settings("WebFetch"),
  };
  assertEquals(permissions(files), ["user deny Bash(rm -rf:*)", "project deny Read(.env)", "private deny WebFetch"]);
});

Deno.test("defect 3: nested hooks have their commands", () => {
  const hooks = { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "guard.sh" }] }] };
  const found = itemsIn("hook", { "project/.claude/settings.json": json({ hooks }) });
  assertEquals(found.map(({ matcher, command }) => [matcher, command]), [["Bash", "guard.sh"]]);
});

Deno.test("defect 4: nested commands are found", () => {
  const files = { "project/.claude/commands/db/migrate.md": "Migrate\n", "project/.claude/commands/top.md": "Top\n" };
  assertEquals(named(itemsIn("command", files)), ["project db/migrate", "project top"]);
});

Deno.test("defect 10: CLAUDE.local.md is private, also where CLAUDE.md imports it", () => {
  const found = itemsIn("instructions", {
    "project/CLAUDE.md": "@CLAUDE.local.md\n",
    "project/CLAUDE.local.md": "SECRET\n",
  });
  assertEquals(found.map(({ origin }) => origin.scope), ["project", "private"]);
  assert(!json(found[0]).includes("SECRET"));
});

Deno.test("defect 11: disabled servers of the project are not enabled", () => {
  const files = {
    "project/.mcp.json": json(servers("a", "b")),
    "project/.claude/settings.json": json({ disabledMcpjsonServers: ["b"] }),
  };
  assertEquals(itemsIn("server", files).map(({ name, isEnabled }) => [name, isEnabled]), [["a", true], ["b", false]]);
});

Deno.test("defect 12: a server of the user stays one in a project", () => {
  const [server] = itemsIn("server", {
    "home/.claude.json": json(servers("u")),
    "project/.mcp.json": json(servers("p")),
  });
  assertEquals(server.origin, { scope: "user", path: "/home/.claude.json", pointer: "/mcpServers/u" });
});

Deno.test("defect 3.2.10: gates count, private servers are found, and one reading has all scopes", () => {
  const files = {
    "home/.claude.json": json({ ...servers("u"), ...project(servers("l")) }),
    "project/.mcp.json": json(servers("a", "b")),
    "project/.claude/settings.local.json": json({ enabledMcpjsonServers: ["a"] }),
  };
  const found = itemsIn("server", files).map(({ origin, name, isEnabled }) => `${origin.scope} ${name} ${isEnabled}`);
  assertEquals(found, ["user u true", "project a true", "project b false", "private l true"]);
});
