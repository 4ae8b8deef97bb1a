// A place whose files language servers look at, and the project that they look at in it.

import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { type ServerName, serverPath } from "../support/server_install.ts";
import { environmentOf } from "./hook_calls.ts";

/** How many modules `writeModules` writes. */
export const modulesCount = 200;
/** The one that is edited, in the middle of a chain of imports. */
export const editedModule = `src/module${modulesCount / 2}.ts`;

const functionsCount = 20;
const stopMaxMs = 60_000;

/** A place whose hooks ask language servers, and the environment of who calls them. */
export interface CheckedPlace extends Disposable {
  readonly place: Place;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the daemon, and waits for that. */
  stop(): Promise<void>;
}

/** Makes a place in which the servers of `needed` are found. Throws when one cannot be had. */
export async function checkedPlace(needed: readonly ServerName[]): Promise<CheckedPlace> {
  const searchPath = await serverPath(needed);
  const place = new Place({ isNotifying: true });
  const env = { ...environmentOf(place), PATH: searchPath };
  return {
    place,
    env,
    stop: async () => assertEquals((await place.run(["serve", "--stop"], { env, deadlineMs: stopMaxMs })).code, 0),
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
}

/** Returns why the servers of `needed` cannot be had, or `undefined`. */
export async function whyMissing(needed: readonly ServerName[]): Promise<string | undefined> {
  try {
    await serverPath(needed);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Writes a TypeScript project of 200 modules, each of which uses the one before. */
export function writeModules(place: Place): void {
  place.write("tsconfig.json", `{ "compilerOptions": { "strict": true, "module": "esnext" }, "include": ["src"] }\n`);
  for (let module = 0; module < modulesCount; module++) place.write(`src/module${module}.ts`, moduleText(module));
}

/** Writes the edited module anew, broken or not, with `edit` in it; returns its path. */
export function editModule(place: Place, { edit, isBroken }: { edit: number; isBroken: boolean }): string {
  const value = isBroken ? `"${edit}"` : edit;
  return place.write(editedModule, `${moduleText(modulesCount / 2)}export const edited: number = ${value};\n`);
}

function moduleText(module: number): string {
  const functions = Array.from({ length: functionsCount }, (_none, number) => {
    const size = module === 0 ? "input.length" : `before.task${number}(input).size`;
    return `export function task${number}(input: string): Task {\n  return { name: input, size: ${size} + ${number} };\n}\n`;
  });
  const use = module === 0 ? "" : `import * as before from "./module${module - 1}";\n`;
  return `${use}export interface Task {\n  readonly name: string;\n  readonly size: number;\n}\n${functions.join("")}`;
}
