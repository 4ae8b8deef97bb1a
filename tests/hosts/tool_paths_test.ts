import { toolPaths } from "../../src/hosts/tool_paths.ts";
import { assertEquals } from "../support/assert.ts";

const patch = [
  "*** Begin Patch",
  "*** Add File: new dir/a.ts",
  "+*** Update File: not.ts",
  "*** Update File: b.ts",
  "*** Move to: c.ts",
  "@@",
  "-old",
  "+new",
  "*** Delete File: d.ts",
  "*** End Patch",
].join("\n");

const inputs: Readonly<Record<string, readonly [input: unknown, paths: string]>> = {
  "each field that names a file": [
    { file_path: "a", notebook_path: "b", absolute_path: "c", path: "d", file: "e", paths: ["f", "g"] },
    "a|b|c|d|e|f|g",
  ],
  "a file once that is named twice": [{ file_path: "a", path: "a", paths: ["a", "b", "b"] }, "a|b"],
  "the files of a patch": [{ command: patch }, "new dir/a.ts|b.ts|c.ts|d.ts"],
  "the files of a patch with other line ends": [
    { command: patch.replaceAll("\n", "\r\n") },
    "new dir/a.ts|b.ts|c.ts|d.ts",
  ],
  "the files of a patch in other fields": [{ input: `\n${patch}`, file_path: "z" }, "z|new dir/a.ts|b.ts|c.ts|d.ts"],
  "no file of a command": [{ command: "sed -i s/a/b/ src/a.ts\n*** Update File: b.ts" }, ""],
  "no other fields": [{ directory: "a", pattern: "*.ts", old_string: "*** Update File: b.ts" }, ""],
  "no file where there is none": [{ file_path: "", path: null, file: 3, paths: ["", 4, null] }, ""],
  "no file of a list that is no list": [{ paths: "a" }, ""],
  "no file of a text": ["a", ""],
  "no file of nothing": [undefined, ""],
  "no inherited field": [Object.create({ file_path: "a" }), ""],
};

for (const [what, [input, paths]] of Object.entries(inputs)) {
  Deno.test(`toolPaths() returns ${what}`, () => assertEquals(toolPaths(input).join("|"), paths));
}
