// `@path` in instructions. Claude Code tells such a file after the one that names it; here it stands in the place of
// its line, or at the end where the line says more. It is told once, however often it is named, and the `@` goes away,
// so that a client that knows imports, too, does not tell it again.
//
// What is no import in Claude Code stays as written: what is in code, what follows a letter or a quote, a path of which
// a full stop or a comma is part, and a file that is missing. Four hops are followed (found out with 2.1.329).

import { folderOf, resolvePath } from "../../base/path.ts";
import { withoutFrontMatter } from "../front_matter.ts";
import type { Import } from "../model.ts";
import { proseOf, withoutComments } from "./markdown.ts";

/** What an import leads to. */
export type Imported =
  | { readonly kind: "text"; readonly path: string; readonly shown: string; readonly text: string }
  | { readonly kind: "private"; readonly path: string }
  | { readonly kind: "none"; readonly why?: string };

/** Finds the file of an import: `path` is as written, but with the home in the place of `~`. */
export type FindImport = (path: string, folder: string) => Imported;

/** A text with its imports in their places. */
export interface Expansion {
  readonly text: string;
  readonly imports: readonly Import[];
  readonly privateImports: readonly string[];
  /** Why an import was left out, where that is not plain. */
  readonly problems: readonly string[];
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

const hopsMax = 4;
const importsMax = 200;
const expandedMax = 1024 * 1024;
const tokenPattern = /(?<=^|[\s*_[>|])@((?:\\ |[^\s\\])+)/g;
const pathStart = /^(?:~\/|\.{0,2}\/|[\p{L}\p{N}._-])/u;

/** Expands the text of the file at `path`, an absolute path without links. */
export function expanded(text: string, path: string, find: FindImport): Expansion {
  return new Expander(find, path).expansion(text, path);
}

class Expander {
  readonly #find: FindImport;
  readonly #seen: Set<string>;
  readonly #imports: Import[] = [];
  readonly #private = new Set<string>();
  readonly #problems: string[] = [];
  #length = 0;

  constructor(find: FindImport, root: string) {
    this.#find = find;
    this.#seen = new Set([root]);
  }

  expansion(text: string, path: string): Expansion {
    return {
      text: this.#expand(text, path, 0),
      imports: this.#imports,
      privateImports: [...this.#private],
      problems: this.#problems,
    };
  }

  #expand(text: string, path: string, hops: number): string {
    const told = withoutComments(withoutFrontMatter(text));
    this.#length += told.length;
    const appended: string[] = [];
    let result = "", end = 0;
    for (const token of tokensIn(told)) {
      const found = this.#look(token, path, hops);
      if (found === undefined) continue;
      result += told.slice(end, token.start);
      end = token.end;
      if (found.kind === "seen") result += found.shown;
      else if (isAloneOnLine(told, token)) result += this.#put(found, hops, "");
      else {
        result += found.shown;
        appended.push(this.#put(found, hops, `Contents of ${found.shown}:\n\n`));
      }
    }
    const whole = result + told.slice(end);
    return appended.length === 0 ? whole : `${[whole.trimEnd(), ...appended].join("\n\n")}\n`;
  }

  #look(token: Token, path: string, hops: number) {
    const found = this.#find(token.path, folderOf(path));
    if (found.kind === "private") this.#private.add(found.path);
    if (found.kind === "none" && found.why !== undefined) this.#problems.push(`@${token.path}: ${found.why}`);
    if (found.kind !== "text") return undefined;
    if (this.#seen.has(found.path)) return { kind: "seen", shown: found.shown } as const;
    const why = hops >= hopsMax
      ? `it is more than ${hopsMax} imports away`
      : this.#imports.length >= importsMax || this.#length + found.text.length > expandedMax
      ? "there is too much to import"
      : undefined;
    if (why === undefined) return found;
    this.#problems.push(`@${token.path}: ${why}`);
    return undefined;
  }

  #put(found: Extract<Imported, { kind: "text" }>, hops: number, head: string): string {
    this.#seen.add(found.path);
    const place = this.#imports.push({ path: found.path, text: "" }) - 1;
    const text = head + this.#expand(found.text, found.path, hops + 1).trim();
    this.#imports[place] = { path: found.path, text };
    return text;
  }
}

/** Returns what looks like an import in the prose of `text`. */
function tokensIn(text: string): Token[] {
  return Array.from(proseOf(text).matchAll(tokenPattern)).flatMap((match) => {
    const written = trimmed(match[1], text[match.index - 1]);
    const path = written.replaceAll("\\ ", " ").replace(/#.*$/, "");
    if (!pathStart.test(path)) return [];
    return [{ start: match.index, end: match.index + 1 + written.length, path }];
  });
}

/** Takes off what is Markdown's, not the path's: the end of a link, an emphasis, a cell, a tag. */
function trimmed(written: string, before: string | undefined): string {
  const [path] = written.split(/\]\(|[<|]/);
  if (before === "_") return path.replace(/_+$/, "");
  return before === "[" ? path.split("]")[0] : path.replace(/\*+$/, "");
}

function isAloneOnLine(text: string, { start, end }: Token): boolean {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  return text.slice(lineStart, start).trim() === "" &&
    text.slice(end, lineEnd < 0 ? text.length : lineEnd).trim() === "";
}

/** Returns the absolute path of an import; `undefined` for one in the home of nobody. */
export function pathOfImport(path: string, folder: string, home: string | undefined): string | undefined {
  if (!path.startsWith("~/")) return resolvePath(folder, path);
  return home === undefined ? undefined : resolvePath(home, path.slice(2));
}
