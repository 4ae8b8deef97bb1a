import type { JsonObject } from "../base/decode.ts";

/** A language server: which files it serves, and how it is started and set up. */
export interface LanguageServer {
  readonly name: string;
  /** Languages as LSP names them, by the ending of a file (`.ts`) or its whole name (`Gemfile`). */
  readonly files: Readonly<Record<string, string>>;
  /** The program, then its arguments. */
  readonly command: readonly string[];
  /** What to type to get it. */
  readonly install: string;
  /** What it cannot do without, although it starts: it would find nothing, or the wrong things. */
  readonly needs?: Need;
  readonly claim?: Claim;
  /** What it is told as `initializationOptions`. */
  readonly options?: JsonObject;
  /** What `workspace/configuration` answers: its sections, the parts of their dotted names as levels. */
  readonly settings?: JsonObject;
  /** How it is asked for findings, where that is faster than to wait for them. */
  readonly ask?: "tsserver";
  /** Whether truce.jsonc switches it off. */
  readonly isOff?: boolean;
}

/**
 * Another program, or a package in `node_modules` above the file. Options that are `"$folder"` become the folder with that
 * `node_modules`.
 */
export interface Need {
  readonly kind: "program" | "package";
  readonly name: string;
  readonly install: string;
}

/**
 * A kind of project that a server is for: it serves a file only where one of `marks` is at least as near above it as
 * all of `others`, and then the servers called `over` do not.
 */
export interface Claim {
  readonly marks: readonly string[];
  readonly others: readonly string[];
  readonly over: readonly string[];
}

const scripts = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "typescriptreact",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascriptreact",
};
/** A second tsserver for syntax alone, and types that are fetched from the network, are for those who type. */
const tsserver = { disableAutomaticTypingAcquisition: true, tsserver: { useSyntaxServer: "never" } };
const python = { ".py": "python", ".pyi": "python", ".pyw": "python" };
const cpp = [".cc", ".cpp", ".cxx", ".c++", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".inl", ".tpp"];
/** These may have comments, although their ending says otherwise. */
const commented = [
  ...["", ".app", ".base", ".build", ".eslint", ".lib", ".node", ".spec", ".test"].map((part) =>
    `tsconfig${part}.json`
  ),
  ...["jsconfig.json", "deno.json", ".eslintrc.json", "babel.config.json", "devcontainer.json", "api-extractor.json"],
  ...["settings.json", "launch.json", "tasks.json", "extensions.json"],
];
const php = { ".php": "php", ".phtml": "php" };
const ruby = {
  ".rb": "ruby",
  ".rake": "ruby",
  ".gemspec": "ruby",
  ".ru": "ruby",
  "Gemfile": "ruby",
  "Rakefile": "ruby",
};
const kotlin = { ".kt": "kotlin", ".kts": "kotlin" };

/** Every server that truce knows. Where several serve a file, the first whose program is found does. */
export const languageServers: readonly LanguageServer[] = [
  {
    name: "deno",
    files: scripts,
    command: ["deno", "lsp"],
    install: "npm install --global deno",
    claim: {
      marks: ["deno.json", "deno.jsonc"],
      others: ["package.json", "tsconfig.json", "jsconfig.json"],
      over: ["vue", "typescript-language-server"],
    },
    options: { enable: true },
    settings: { deno: { enable: true } },
  },
  {
    // vue-language-server finds nothing alone. It wants to be asked beside a tsserver with this plugin, which finds all
    // there is in .vue files, and without which .vue files that are imported are unknown.
    name: "vue",
    files: { ...scripts, ".vue": "vue" },
    ...ofNpm("typescript-language-server typescript", "typescript-language-server"),
    needs: {
      kind: "package",
      name: "@vue/typescript-plugin",
      install: "npm install --save-dev @vue/typescript-plugin",
    },
    options: {
      ...tsserver,
      plugins: [{ name: "@vue/typescript-plugin", location: "$folder", languages: ["vue"] }],
    },
    ask: "tsserver",
  },
  {
    name: "typescript-language-server",
    files: scripts,
    ...ofNpm("typescript-language-server typescript", "typescript-language-server"),
    options: tsserver,
    ask: "tsserver",
  },
  { name: "pyright", files: python, ...ofNpm("pyright", "pyright-langserver") },
  { name: "basedpyright", files: python, ...ofNpm("basedpyright", "basedpyright-langserver") },
  { name: "pylsp", files: python, command: ["pylsp"], install: "pip install python-lsp-server" },
  { name: "ruff", files: python, command: ["ruff", "server"], install: "pip install ruff" },
  {
    name: "rust-analyzer",
    files: { ".rs": "rust" },
    command: ["rust-analyzer"],
    install: "rustup component add rust-analyzer",
    // In a target folder of its own, or its checks and the builds of an agent wait for each other.
    options: { cargo: { targetDir: true } },
    settings: { "rust-analyzer": { cargo: { targetDir: true } } },
  },
  {
    name: "gopls",
    files: { ".go": "go", "go.mod": "go.mod", "go.work": "go.work" },
    command: ["gopls"],
    install: "go install golang.org/x/tools/gopls@latest",
  },
  {
    name: "clangd",
    files: { ".c": "c", ".h": "c", ...all(cpp, "cpp") },
    // An index of the whole project finds nothing wrong in a file, and keeps all processors busy.
    command: ["clangd", "--background-index=false", "--log=error"],
    install: "apt install clangd",
  },
  {
    name: "vscode-json-language-server",
    files: { ".json": "json", ".jsonc": "jsonc", ...all(commented, "jsonc") },
    ...ofNpm("vscode-langservers-extracted", "vscode-json-language-server"),
    // Schemas that are named by URL are not fetched, see `vscode/content` in server_requests.ts.
    options: { handledSchemaProtocols: ["file"] },
    settings: { json: { validate: { enable: true } } },
  },
  {
    name: "vscode-css-language-server",
    files: { ".css": "css", ".scss": "scss", ".less": "less" },
    ...ofNpm("vscode-langservers-extracted", "vscode-css-language-server"),
  },
  {
    name: "vscode-html-language-server",
    files: { ".html": "html", ".htm": "html" },
    ...ofNpm("vscode-langservers-extracted", "vscode-html-language-server"),
    // It reads a part of this without looking whether it is there, and then finds nothing.
    settings: { "js/ts": { implicitProjectConfig: {} } },
  },
  {
    name: "yaml-language-server",
    files: { ".yaml": "yaml", ".yml": "yaml" },
    ...ofNpm("yaml-language-server"),
    // What a file is must not depend on whether the network answers in time.
    settings: { yaml: { schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } } },
  },
  {
    name: "bash-language-server",
    files: all([".sh", ".bash", ".ksh", ".bashrc", ".bash_profile", ".profile"], "shellscript"),
    command: ["bash-language-server", "start"],
    install: "npm install --global bash-language-server",
    needs: { kind: "program", name: "shellcheck", install: "apt install shellcheck" },
  },
  // vscode-markdown-language-server is none for us: it has its client parse the Markdown.
  {
    name: "marksman",
    files: { ".md": "markdown", ".markdown": "markdown" },
    command: ["marksman", "server"],
    install: "brew install marksman",
  },
  { name: "intelephense", files: php, ...ofNpm("intelephense") },
  {
    name: "phpactor",
    files: php,
    command: ["phpactor", "language-server"],
    install: "composer global require phpactor/phpactor",
  },
  { name: "ruby-lsp", files: ruby, command: ["ruby-lsp"], install: "gem install ruby-lsp" },
  {
    name: "solargraph",
    files: ruby,
    command: ["solargraph", "stdio"],
    install: "gem install solargraph",
    options: { diagnostics: true },
    settings: { solargraph: { diagnostics: true } },
  },
  { name: "jdtls", files: { ".java": "java" }, command: ["jdtls"], install: "brew install jdtls" },
  {
    name: "kotlin-lsp",
    files: kotlin,
    command: ["kotlin-lsp", "--stdio"],
    install: "brew install JetBrains/utils/kotlin-lsp",
  },
  {
    name: "kotlin-language-server",
    files: kotlin,
    command: ["kotlin-language-server"],
    install: "brew install kotlin-language-server",
  },
  {
    name: "csharp-ls",
    files: { ".cs": "csharp" },
    command: ["csharp-ls"],
    install: "dotnet tool install --global csharp-ls",
  },
  {
    name: "omnisharp",
    files: { ".cs": "csharp" },
    command: ["OmniSharp", "--languageserver"],
    install: "brew install omnisharp/omnisharp-roslyn/omnisharp-mono",
  },
  {
    name: "lua-language-server",
    files: { ".lua": "lua" },
    command: ["lua-language-server"],
    install: "brew install lua-language-server",
  },
  { name: "zls", files: { ".zig": "zig", ".zon": "zig" }, command: ["zls"], install: "brew install zls" },
  {
    name: "terraform-ls",
    files: { ".tf": "terraform", ".tfvars": "terraform-vars" },
    command: ["terraform-ls", "serve"],
    install: "brew install hashicorp/tap/terraform-ls",
  },
  {
    name: "svelte-language-server",
    files: { ".svelte": "svelte" },
    ...ofNpm("svelte-language-server", "svelteserver"),
  },
];

/** A program of npm packages that speaks over its standard streams. */
function ofNpm(packages: string, program = packages): Pick<LanguageServer, "command" | "install"> {
  return { command: [program, "--stdio"], install: `npm install --global ${packages}` };
}

function all(names: readonly string[], language: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, language]));
}
