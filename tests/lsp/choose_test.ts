import { chooseServer, languageOf, type ProjectFacts } from "../../src/lsp/choose.ts";
import { type LanguageServer, languageServers } from "../../src/lsp/servers.ts";
import { assertEquals } from "../support/assert.ts";

const tsserver = "typescript-language-server";
const plugin = "node_modules/@vue/typescript-plugin/package.json";

/** A file of a project, what else there is in the project, what is on the PATH, and who serves the file. */
const cases: readonly (readonly [file: string, project: string, path: string, chosen: string])[] = [
  ["a.ts", "", `deno ${tsserver}`, `${tsserver} typescript`],
  ["a.ts", "deno.json", `deno ${tsserver}`, "deno typescript"],
  ["a.ts", "deno.jsonc package.json tsconfig.json", `deno ${tsserver}`, "deno typescript"],
  ["sub/a.tsx", "deno.json sub/package.json", `deno ${tsserver}`, `${tsserver} typescriptreact`],
  ["sub/deep/a.mjs", "package.json sub/deno.json", `deno ${tsserver}`, "deno javascript"],
  ["a.ts", "../deno.json", `deno ${tsserver}`, `${tsserver} typescript`],
  ["a.ts", "deno.json", tsserver, "deno not installed (npm install --global deno)"],
  ["a.ts", "", "", `${tsserver} not installed (npm install --global ${tsserver} typescript)`],
  ["a.ts", plugin, tsserver, "vue typescript"],
  ["sub/A.vue", plugin, tsserver, "vue vue"],
  ["A.vue", "", tsserver, "@vue/typescript-plugin not installed (npm install --save-dev @vue/typescript-plugin)"],
  ["A.vue", "", "", `vue not installed (npm install --global ${tsserver} typescript)`],
  ["a.py", "", "ruff pylsp", "pylsp python"],
  ["a.py", "", "basedpyright-langserver pylsp", "basedpyright python"],
  ["a.py", "", "", "pyright not installed (npm install --global pyright)"],
  ["A.PY", ".venv/bin/ruff", "", "ruff python"],
  ["tsconfig.json", "", "vscode-json-language-server", "vscode-json-language-server jsonc"],
  ["package.json", "", "vscode-json-language-server", "vscode-json-language-server json"],
  ["go.mod", "", "gopls", "gopls go.mod"],
  ["a.sh", "", "bash-language-server shellcheck", "bash-language-server shellscript"],
  ["a.sh", "", "bash-language-server", "shellcheck not installed (apt install shellcheck)"],
  ["a.sh", "", "", "bash-language-server not installed (npm install --global bash-language-server)"],
  ["a.b.xyz", "", tsserver, "no server for .xyz"],
  ["LICENSE", "", tsserver, "no server for LICENSE"],
  ["a.\u001b[31mx\n", "", "", "no server for .x"],
];

for (const [file, project, path, chosen] of cases) {
  Deno.test(`chooseServer() for ${JSON.stringify(file)} beside "${project}" with "${path}" is ${chosen}`, () => {
    assertEquals(sayChoice(languageServers, file, factsOf(project, path)), chosen);
  });
}

Deno.test("chooseServer() looks in every folder's own programs before the PATH, nearest first", () => {
  const inner = "sub/node_modules/.bin/pyright-langserver";
  const facts = factsOf(`${inner} venv/bin/pyright-langserver .venv/bin/python`, "pyright-langserver");
  const choice = chooseServer(languageServers, "/repo/sub/deep/a.py", "/repo", facts);
  assertEquals(choice.kind === "server" ? [choice.program, choice.programFolders] : choice, [
    `/repo/${inner}`,
    ["/repo/sub/node_modules/.bin", "/repo/.venv/bin", "/repo/venv/bin"],
  ]);
});

Deno.test("chooseServer() tells a server where the package is that it needs", () => {
  const choice = chooseServer(
    languageServers,
    "/repo/sub/a.vue",
    "/repo",
    factsOf(`sub/${plugin} ${plugin}`, tsserver),
  );
  const options = choice.kind === "server" ? choice.server.options : undefined;
  assertEquals(options?.plugins, [{ name: "@vue/typescript-plugin", location: "/repo/sub", languages: ["vue"] }]);
});

Deno.test("chooseServer() never uses a server that is off, and says so when nobody else is there", () => {
  const off = (...names: string[]) =>
    languageServers.map((server) => names.includes(server.name) ? { ...server, isOff: true } : server);
  const facts = factsOf("deno.json", `deno ${tsserver} pylsp`);
  assertEquals(sayChoice(off("pyright"), "a.py", facts), "pylsp python");
  assertEquals(sayChoice(off("deno"), "a.ts", facts), `${tsserver} typescript`);
  assertEquals(sayChoice(off("gopls"), "a.go", facts), "gopls is switched off in truce.jsonc");
});

Deno.test("chooseServer() takes a program with a slash from the root alone", () => {
  const server: LanguageServer = { name: "own", files: { ".own": "own" }, command: ["bin/own"], install: "make own" };
  assertEquals(sayChoice([server], "sub/a.own", factsOf("bin/own sub/bin/own", "")), "own own");
  assertEquals(sayChoice([server], "sub/a.own", factsOf("sub/bin/own", "bin/own")), "own not installed (make own)");
});

Deno.test("languageOf() prefers the whole name, then the longest ending", () => {
  const files = { ".ts": "short", ".d.ts": "long", "Main.d.ts": "whole", ".bashrc": "dot" };
  const names = ["a.ts", "a.b.d.TS", "main.d.ts", ".bashrc", "ts", ".d", "constructor", "a.__proto__"];
  assertEquals(names.map((name) => languageOf(files, name) ?? "-").join(" "), "short long whole dot - - - -");
});

function sayChoice(servers: readonly LanguageServer[], file: string, facts: ProjectFacts): string {
  const choice = chooseServer(servers, `/repo/${file}`, "/repo", facts);
  return choice.kind === "none" ? choice.reason.text : `${choice.server.name} ${choice.languageId}`;
}

/** Facts of a machine with the files `project` in /repo, and the programs `path`. */
function factsOf(project: string, path: string): ProjectFacts {
  const files = project.split(" ").map((name) => name.startsWith("../") ? name.slice(2) : `/repo/${name}`);
  const exists = (path: string) => files.some((file) => file === path || file.startsWith(`${path}/`));
  return {
    exists,
    findProgram(name, folders) {
      const own = [...name.startsWith("/") ? [name] : [], ...folders.map((folder) => `${folder}/${name}`)].find(exists);
      return own ?? (path.split(" ").includes(name) ? `/usr/bin/${name}` : undefined);
    },
  };
}
