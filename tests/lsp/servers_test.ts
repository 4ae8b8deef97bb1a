import { languageServers } from "../../src/lsp/servers.ts";
import { languageOf } from "../../src/lsp/choose.ts";
import { assertEquals } from "../support/assert.ts";

/** A file of every language that truce promises, and the servers for it in their order. */
const promised: Readonly<Record<string, string>> = {
  "a.ts": "deno vue typescript-language-server",
  "a.jsx": "deno vue typescript-language-server",
  "a.py": "pyright basedpyright pylsp ruff",
  "a.rs": "rust-analyzer",
  "a.go": "gopls",
  "a.c": "clangd",
  "a.hpp": "clangd",
  "a.json": "vscode-json-language-server",
  "a.scss": "vscode-css-language-server",
  "a.html": "vscode-html-language-server",
  "a.yml": "yaml-language-server",
  "a.sh": "bash-language-server",
  "a.md": "marksman",
  "a.php": "intelephense phpactor",
  "Gemfile": "ruby-lsp solargraph",
  "A.java": "jdtls",
  "a.kt": "kotlin-lsp kotlin-language-server",
  "a.cs": "csharp-ls omnisharp",
  "a.lua": "lua-language-server",
  "a.zig": "zls",
  "a.tf": "terraform-ls",
  "a.vue": "vue",
  "a.svelte": "svelte-language-server",
  "a.xyz": "",
};

Deno.test("languageServers serve what is promised, in the order of preference", () => {
  const served = Object.keys(promised).map((file) => [
    file,
    languageServers.filter(({ files }) => languageOf(files, file) !== undefined).map(({ name }) => name).join(" "),
  ]);
  assertEquals(Object.fromEntries(served), promised);
});

Deno.test("languageServers are rows that can be used", () => {
  const names = languageServers.map(({ name }) => name);
  const wrong = languageServers.flatMap(({ name, files, command, install, claim, needs, options }) => [
    ...names.filter((other) => other === name).slice(1).map(() => `${name} is there twice`),
    ...Object.keys(files).filter((key) => key.startsWith(".") && key !== key.toLowerCase()).map((key) => name + key),
    ...command.includes("") || command[0].includes("/") ? [`${name} has a command that is no name`] : [],
    ...install === "" || needs?.install === "" ? [`${name} cannot be installed`] : [],
    ...claim?.over.filter((other) => !names.includes(other)) ?? [],
    ...JSON.stringify(options ?? {}).includes("$folder") !== (needs?.kind === "package")
      ? [`${name} has no folder`]
      : [],
  ]);
  assertEquals(wrong, []);
});
