// The language servers that truce is for: what is wrong is found, and once it is mended they say so.

import { languageServers } from "../../src/lsp/servers.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { PoolPlace } from "../support/pool.ts";
import { type ServerName, serverTest } from "../support/server_install.ts";

interface Case {
  readonly needed: ServerName | readonly ServerName[];
  readonly file: string;
  readonly wrong: string;
  readonly right: string;
  /** What the only finding says. */
  readonly finding: RegExp;
  /** Other files of the project. */
  readonly files?: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    needed: "typescript",
    file: "a.ts",
    files: { "tsconfig.json": '{ "compilerOptions": { "strict": true } }\n' },
    wrong: 'export const count: number = "one";\n',
    right: "export const count: number = 1;\n",
    finding: /^Type 'string' is not assignable to type 'number'\.$/,
  },
  {
    needed: "deno",
    file: "a.ts",
    files: { "deno.json": "{}\n" },
    wrong: 'export const count: number = "one";\n',
    right: "export const count: number = 1;\n",
    finding: /^Type 'string' is not assignable to type 'number'\.$/,
  },
  {
    needed: "pyright",
    file: "a.py",
    wrong: 'count: int = "one"\n',
    right: "count: int = 1\n",
    finding: /^Type "Literal\['one'\]" is not assignable to declared type "int"/,
  },
  {
    needed: "vscode",
    file: "a.css",
    wrong: "p { color: red; banana }\n",
    right: "p { color: red; }\n",
    finding: /colon expected/,
  },
  {
    needed: "vscode",
    file: "a.html",
    wrong: "<style>p { color: red; banana }</style>\n",
    right: "<style>p { color: red; }</style>\n",
    finding: /colon expected/,
  },
  {
    needed: "vscode",
    file: "a.json",
    wrong: '{ "a": 1, "b" }\n',
    right: '{ "a": 1 }\n',
    finding: /Colon expected/,
  },
  {
    needed: ["bash", "shellcheck"],
    file: "a.sh",
    wrong: "#!/bin/bash\ncd /x\n",
    right: "#!/bin/bash\ncd /x || exit\n",
    finding: /^Use 'cd/,
  },
  {
    needed: "yaml",
    file: "a.yaml",
    wrong: "a: [1, 2\nb: 3\n",
    right: "a: [1, 2]\nb: 3\n",
    finding: /^Flow sequence in block collection/,
  },
  {
    needed: "clangd",
    file: "a.c",
    wrong: 'int main(void) { return "one"; }\n',
    right: "int main(void) { return 1; }\n",
    finding: /incompatible pointer to integer conversion/i,
  },
];

for (const { needed, file, files = {}, wrong, right, finding } of cases) {
  await serverTest(
    needed,
    `${[needed].flat().join(" with ")} finds what is wrong in ${file}, and what is mended`,
    async (searchPath) => {
      await using place = projectOf(files);
      assertMatch(await place.edit(file, wrong, { searchPath }), finding);
      assertEquals(await place.edit(file, right, { searchPath }), "clean");
      assertMatch(await place.edit(file, wrong, { searchPath }), finding);
    },
  );
}

/** A file whose findings depend on another one, which a shell command or another agent changes. */
const across: readonly (readonly [
  needed: ServerName,
  files: Readonly<Record<string, string>>,
  file: string,
  other: string,
  wrong: string,
  finding: RegExp,
])[] = [
  [
    "typescript",
    {
      "tsconfig.json": "{}\n",
      "a.ts": 'import { b } from "./b";\nexport const a: number = b;\n',
      "b.ts": "export const b = 1;\n",
    },
    "a.ts",
    "b.ts",
    'export const b = "one";\n',
    /Type 'string' is not assignable/,
  ],
  [
    "pyright",
    { "a.py": "from b import b\n\na: int = b\n", "b.py": "b: int = 1\n" },
    "a.py",
    "b.py",
    'b: str = "one"\n',
    /"str" is not assignable/,
  ],
  [
    "deno",
    {
      "deno.json": "{}\n",
      "a.ts": 'import { b } from "./b.ts";\nexport const a: number = b;\n',
      "b.ts": "export const b = 1;\n",
    },
    "a.ts",
    "b.ts",
    'export const b = "one";\n',
    /Type 'string' is not assignable/,
  ],
];

for (const [needed, files, file, other, wrong, finding] of across) {
  await serverTest(
    needed,
    `${needed} sees what became of ${other} when it is asked about ${file}`,
    async (searchPath) => {
      await using place = projectOf(files);
      const asking = { searchPath };
      assertEquals(await place.ask(file, asking), "clean");
      // Once while the server has only read it, and once while it is open there.
      place.write(other, wrong);
      await place.untilNoticed(other);
      assertMatch(await place.ask(file, asking), finding);
      assertEquals([await place.edit(other, files[other], asking), await place.ask(file, asking)], ["clean", "clean"]);
      place.write(other, wrong);
      assertMatch(await place.ask(file, asking), finding);
    },
  );
}

function projectOf(files: Readonly<Record<string, string>>): PoolPlace {
  const place = new PoolPlace({}, { servers: languageServers });
  for (const [name, text] of Object.entries(files)) place.write(name, text);
  return place;
}
