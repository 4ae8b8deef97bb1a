// How large everything is that is read at a start, and by whoever reads the source.

import { bundle } from "../../tools/build.ts";
import { filesBelow, root } from "../support/modules.ts";
import { truceProgram } from "../support/program.ts";
import type { Part } from "./part.ts";
import type { Programs } from "./programs.ts";
import { verdictOn } from "./samples.ts";

const hotBytesMax = 100 * 1024;

/** Measures the executable, the bundle in it, and the source. */
export async function sizePart({ emptyBytes }: Programs): Promise<Part> {
  const folder = Deno.makeTempDirSync({ prefix: "truce-bench-" });
  let files: Record<string, number>;
  let hot: string[];
  try {
    await bundle(root, folder);
    files = Object.fromEntries(
      Array.from(Deno.readDirSync(`${folder}/bundle`), ({ name }) => [name, sizeOf(`${folder}/bundle/${name}`)]),
    );
    hot = loadedByHook(`${folder}/bundle`, Object.keys(files));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  const programBytes = sizeOf(truceProgram);
  const hotBytes = hot.reduce((sum, name) => sum + files[name], 0);
  const bundleBytes = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
  const [source, tests] = ["src", "tests"].map(countLines);
  return {
    title: "Size",
    headings: ["result", "budget", "verdict"],
    rows: [
      ["executable", `${(programBytes / 1e6).toFixed(1)} MB`],
      ["executable over the empty program", sayKilobytes(programBytes - emptyBytes)],
      [`bundle, ${Object.keys(files).length} files`, sayKilobytes(bundleBytes)],
      [
        `bundle that a hook loads, ${hot.length} files`,
        sayKilobytes(hotBytes),
        sayKilobytes(hotBytesMax),
        verdictOn(hotBytes, hotBytesMax),
      ],
      [`source, ${source.files} files`, `${source.lines} lines`],
      [`tests and bench, ${tests.files} files`, `${tests.lines} lines`],
    ],
    notes: [],
    figures: { programBytes, emptyBytes, bundle: files, hot, hotBytes, hotBytesMax, source, tests },
  };
}

/** Returns the files of a bundle that `truce hook` loads: the entry, the hook's own, and what these import at once. */
function loadedByHook(folder: string, names: readonly string[]): string[] {
  const reached = new Set(names.filter((name) => name === "main.js" || name.startsWith("hook-")));
  for (const name of reached) {
    const text = Deno.readTextFileSync(`${folder}/${name}`);
    for (const match of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) reached.add(match[1]);
  }
  return [...reached];
}

function countLines(folder: string): { readonly files: number; readonly lines: number } {
  const paths = filesBelow(folder, ".ts");
  const texts = paths.map((path) => Deno.readTextFileSync(`${root}${path}`));
  return { files: paths.length, lines: texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0) };
}

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}

function sayKilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
