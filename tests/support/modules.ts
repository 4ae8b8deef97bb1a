/** One import of a module of this project: what it names, and whether it is resolved when the module is loaded. */
export interface Import {
  readonly from: string;
  readonly name: string;
  readonly isStatic: boolean;
  readonly isTypeOnly: boolean;
}

/** The folder of the checkout, with a slash at its end. */
export const root = new URL("../..", import.meta.url).pathname;

const staticPattern = /^(?:import\s+|(?:import|export)\s(type\s)?[^;"]*?\sfrom\s+)"([^"]+)"/gm;
const dynamicPattern = /\bimport\("([^"]+)"\)/g;

/** Returns the paths of the files below `folder` that end with `ending`, as seen from the checkout. */
export function filesBelow(folder: string, ending: string): string[] {
  return Array.from(Deno.readDirSync(`${root}${folder}`)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? filesBelow(path, ending) : path.endsWith(ending) ? [path] : [];
  }).sort();
}

/** Returns the imports of the module at `path`; names of own modules are paths as seen from the checkout. */
export function importsOf(path: string): Import[] {
  // What a text imports that is written for another program is not ours.
  const text = Deno.readTextFileSync(`${root}${path}`).replaceAll(/String\.raw`[^`]*`/g, "");
  const resolve = (name: string) => name.startsWith(".") ? new URL(name, `file:///${path}`).pathname.slice(1) : name;
  return [
    ...Array.from(text.matchAll(staticPattern), (match) => (
      { from: path, name: resolve(match[2]), isStatic: true, isTypeOnly: match[1] !== undefined }
    )),
    ...Array.from(text.matchAll(dynamicPattern), (match) => (
      { from: path, name: resolve(match[1]), isStatic: false, isTypeOnly: false }
    )),
  ];
}
