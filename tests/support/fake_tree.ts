import { folderOf, resolvePath } from "../../src/base/path.ts";
import type { PathFacts } from "../../src/locks/target.ts";

const linksMax = 40;

/** What is at a path: a folder, a file with the id of its content, or a link to another path. */
type Entry = { readonly kind: "folder" } | { readonly kind: "file"; readonly id: string } | {
  readonly kind: "link";
  readonly to: string;
};

/**
 * A file system of names alone, written as `/repo/ /repo/a.ts /repo/l>a.ts /repo/h=/repo/a.ts`: folders end in a slash,
 * `>` is a link, `=` another name of one file. With `ignoresCase`, names differ by more than case.
 */
export function fakeTree(text: string, options: { ignoresCase?: boolean } = {}): PathFacts {
  const fold = (path: string) => options.ignoresCase ? path.toLowerCase() : path;
  const entries = new Map<string, Entry & { name: string }>([["/", { kind: "folder", name: "/" }]]);
  for (const word of text.split(" ")) {
    const [, path, sign, other] = /^([^>=]+)([>=]?)(.*)$/.exec(word) ?? ["", "", "", ""];
    const name = resolvePath("/", path);
    if (sign === ">") entries.set(fold(name), { kind: "link", to: other, name });
    else if (path.endsWith("/")) entries.set(fold(name), { kind: "folder", name });
    else entries.set(fold(name), { kind: "file", id: fold(other === "" ? name : other), name });
  }
  return {
    realPath: (path) => walk(path, linksMax),
    linkTarget(path) {
      const folder = walk(folderOf(path), linksMax);
      const entry = folder === undefined
        ? undefined
        : entries.get(fold(resolvePath(folder, path.slice(path.lastIndexOf("/") + 1))));
      return entry?.kind === "link" ? entry.to : undefined;
    },
    identity(path) {
      const real = walk(path, linksMax);
      const entry = real === undefined ? undefined : entries.get(fold(real));
      if (entry === undefined || entry.kind === "link") return undefined;
      return { id: entry.kind === "file" ? entry.id : fold(entry.name), isFolder: entry.kind === "folder" };
    },
  };

  /** Returns the path without links, spelled as the entries are, or `undefined` where nothing is or links go round. */
  function walk(path: string, linksLeft: number): string | undefined {
    let at = "/";
    const parts = path.split("/").filter((part) => part !== "");
    for (const [place, part] of parts.entries()) {
      const entry = entries.get(fold(resolvePath(at, part)));
      if (entry === undefined) return undefined;
      if (entry.kind === "link") {
        const rest = parts.slice(place + 1).join("/");
        return linksLeft === 0 ? undefined : walk(resolvePath(at, `${entry.to}/${rest}`), linksLeft - 1);
      }
      at = entry.name;
    }
    return at;
  }
}
