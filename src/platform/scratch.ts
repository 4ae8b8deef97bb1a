/** A folder that only this user may enter, and that is gone after its use (`using`). */
export interface Scratch extends Disposable {
  /** Absolute, without links. */
  readonly path: string;
}

/** Makes an empty folder among the temporary ones. */
export function makeScratch(): Scratch {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "truce-" }));
  return { path, [Symbol.dispose]: () => remove(path) };
}

/** A program that was killed may have left another one that still writes there; the system clears that away. */
function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Nothing here is worth a failure of what it was made for.
  }
}
