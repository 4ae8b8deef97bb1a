import type { TargetContext } from "../../src/sync/model.ts";
import { targets } from "../../src/sync/targets/table.ts";
import { assertEquals } from "../support/assert.ts";

/** What the user's files of a target say, and whether the project is read there. */
const cases: [target: string, files: Record<string, string>, is: string][] = [
  ["codex", {}, "no"],
  ["codex", { ".codex/config.toml": '[projects."/repo"]\ntrust_level = "trusted"\n' }, "yes"],
  ["codex", { ".codex/config.toml": '[projects."/repo"]\ntrust_level = "untrusted"\n' }, "no"],
  ["codex", { ".codex/config.toml": '[projects."/repo2"]\ntrust_level = "trusted"\n' }, "no"],
  ["gemini", {}, "no"],
  ["gemini", { ".gemini/trustedFolders.json": '{ "/repo": "TRUST_FOLDER" }' }, "yes"],
  ["gemini", { ".gemini/trustedFolders.json": '{ "/": "TRUST_FOLDER" }' }, "yes"],
  ["gemini", { ".gemini/trustedFolders.json": '{ "/repo": "DO_NOT_TRUST" }' }, "no"],
  ["gemini", { ".gemini/trustedFolders.json": '{ "/rep": "TRUST_FOLDER" }' }, "no"],
  ["gemini", { ".gemini/settings.json": '{ "security": { "folderTrust": { "enabled": false } } }' }, "yes"],
];

for (const [name, files, is] of cases) {
  Deno.test(`${name} trusts /repo: ${is}, by ${JSON.stringify(files)}`, () => {
    const context: TargetContext = {
      scope: "project",
      project: "/repo",
      home: "/home/user",
      allowsRules: false,
      read: (path) => files[path.slice("/home/user/".length)],
    };
    assertEquals(targets.find((target) => target.name === name)?.trusted?.(context), is);
  });
}
