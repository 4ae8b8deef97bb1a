// Puts all that a hook needs into one file of the bundle. The bundler makes a file for every set of modules that the
// same entries share, a dozen for one hook, and each costs a tenth of a millisecond at every tool call. When every entry
// imports all hot modules, they share one set.

import { dirname, join, relative } from "node:path/posix";

const staticImport = /^(?:import|export)\s(?!type\b)[^;]*?from\s+"(\.[^"]+)"/gm;
const dynamicImport = /\bimport\("(\.[^"]+)"\)/g;

/** Rewrites the sources below `folder` (a copy) so that `entry` and the `hot` modules end in one file of the bundle. */
export function gatherHot(folder: string, entry: string, hot: readonly string[]): void {
  const all = reach(folder, [entry, ...hot], [staticImport, dynamicImport]);
  const hotModules = reach(folder, [entry, ...hot], [staticImport]).filter((module) => module !== entry);
  const lazyModules = all.flatMap((module) => importsOf(folder, module, dynamicImport));
  Deno.writeTextFileSync(`${folder}/hot.ts`, hotModules.map((module) => `import "./${module}";\n`).join(""));
  for (const module of new Set([entry, ...lazyModules])) {
    const path = `${folder}/${module}`;
    const up = relative(dirname(module), ".") || ".";
    Deno.writeTextFileSync(path, `import "${up}/hot.ts";\n${Deno.readTextFileSync(path)}`);
  }
}

function reach(folder: string, from: readonly string[], kinds: readonly RegExp[]): string[] {
  const reached = new Set(from);
  for (const module of reached) {
    for (const kind of kinds) for (const imported of importsOf(folder, module, kind)) reached.add(imported);
  }
  return [...reached];
}

function importsOf(folder: string, module: string, kind: RegExp): string[] {
  const text = Deno.readTextFileSync(`${folder}/${module}`);
  return Array.from(text.matchAll(kind), (match) => join(dirname(module), match[1]));
}
