import { compileProgram } from "../../tools/build.ts";
import { truceProgram } from "../support/program.ts";

const copiesCount = 2;

/** The programs that are measured, as copies that were all written in the same way. */
export interface Programs extends Disposable {
  readonly truce: readonly string[];
  /** A program of no instructions, of the same toolchain, base and flags as truce. */
  readonly empty: readonly string[];
  readonly emptyBytes: number;
}

/** Compiles the empty program and copies both into a folder that is gone after it (`using`). */
export async function makePrograms(): Promise<Programs> {
  const folder = Deno.makeTempDirSync({ prefix: "truce-bench-" });
  const emptyFolder = `${folder}/empty`;
  const emptyProgram = `${folder}/empty-program`;
  Deno.mkdirSync(emptyFolder);
  Deno.writeTextFileSync(`${emptyFolder}/main.js`, "");
  await compileProgram(emptyFolder, { output: emptyProgram, version: "empty" });
  const copies = { truce: [] as string[], empty: [] as string[] };
  for (let copy = 0; copy < copiesCount; copy++) {
    for (const [name, program] of [["empty", emptyProgram], ["truce", truceProgram]] as const) {
      const path = `${folder}/${name}-${copy}`;
      Deno.copyFileSync(program, path);
      copies[name].push(path);
    }
  }
  return {
    ...copies,
    emptyBytes: Deno.statSync(emptyProgram).size,
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/** Returns the path of the program `name` that PATH leads to, or `undefined`. */
export function installedProgram(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${folder}/${name}`;
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
