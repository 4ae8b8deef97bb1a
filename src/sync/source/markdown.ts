// As much of Markdown as tells prose from code and comments, line by line, and what Claude Code makes of it: imports
// count in prose, headings, lists, quotes and tables, and not in code, comments and blocks of HTML; blocks of comments
// are never told.

interface Segment {
  readonly kind: "prose" | "code" | "comment";
  readonly text: string;
}

const fence = /^[\s>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*[\s>]*(`{3,}(?=[^`]*$)|~{3,})/;
const fenceEnd = /^[\s>]*(`{3,}|~{3,})\s*$/;
const listItem = /^[\s>]*(?:[-*+]|\d+[.)])[ \t]/;
const htmlNames =
  "address article aside blockquote body center details dialog dd div dl dt fieldset figcaption figure footer " +
  "form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu nav ol option p pre script section " +
  "style summary table tbody td textarea tfoot th thead title tr ul";
const htmlBlock = new RegExp(`^ {0,3}</?(?:${htmlNames.replaceAll(" ", "|")})(?=[\\s/>]|$)`, "i");
const codeSpan = /(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\r?\n)[\s\S])*?[^`])\1(?!`)/g;
const inlineComment = /<!--[\s\S]*?-->/g;

/** Returns `text` without its blocks of comments. A line that is nothing else goes as a whole. */
export function withoutComments(text: string): string {
  return segmentsOf(text).map(({ kind, text }) => kind === "comment" ? "" : text).join("");
}

/** Returns `text` with spaces in the place of all that is not prose; every other character stays where it was. */
export function proseOf(text: string): string {
  const prose = segmentsOf(text).map(({ kind, text }) => kind === "prose" ? text : blank(text)).join("");
  return prose.replace(codeSpan, blank).replace(inlineComment, blank);
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

function segmentsOf(text: string): Segment[] {
  const state = new Blocks();
  return text.split(/(?<=\n)/).flatMap((line) => state.next(line));
}

/** What kind of block the lines so far have opened. */
class Blocks {
  #open: "nothing" | "comment" | "html" = "nothing";
  #fence: string | undefined;
  #isAfterBlank = true;
  #isInCode = false;
  #isInList = false;

  /** Takes the next line and returns its parts. */
  next(line: string): Segment[] {
    if (this.#fence !== undefined) return this.#inFence(line, this.#fence);
    if (this.#open === "comment") return this.#inComment(line, 0);
    const isBlank = line.trim() === "";
    if (this.#open === "html" && !isBlank) return [{ kind: "code", text: line }];
    this.#open = "nothing";
    if (isBlank) {
      this.#isAfterBlank = true;
      return [{ kind: "prose", text: line }];
    }
    if (this.#isIndentedCode(line)) {
      this.#isInCode = true;
      return [{ kind: "code", text: line }];
    }
    return this.#inText(line);
  }

  #inText(line: string): Segment[] {
    if (listItem.test(line)) this.#isInList = true;
    else if (this.#isAfterBlank && /^\S/.test(line)) this.#isInList = false;
    this.#isAfterBlank = false;
    this.#isInCode = false;
    const start = /^ {0,3}<!--/.exec(line);
    if (start !== null) return this.#inComment(line, start[0].length);
    const opened = fence.exec(line)?.[1];
    if (opened !== undefined) this.#fence = opened;
    else if (htmlBlock.test(line)) this.#open = "html";
    else return [{ kind: "prose", text: line }];
    return [{ kind: "code", text: line }];
  }

  #isIndentedCode(line: string): boolean {
    return /^(?: {4}|\t)/.test(line) && !this.#isInList && (this.#isAfterBlank || this.#isInCode);
  }

  #inFence(line: string, open: string): Segment[] {
    const [, found] = fenceEnd.exec(line) ?? [];
    if (found?.startsWith(open)) this.#fence = undefined;
    this.#isAfterBlank = false;
    return [{ kind: "code", text: line }];
  }

  #inComment(line: string, from: number): Segment[] {
    const end = line.indexOf("-->", from);
    this.#open = end < 0 ? "comment" : "nothing";
    const rest = end < 0 ? "" : line.slice(end + 3);
    if (rest.trim() === "") return [{ kind: "comment", text: line }];
    return [{ kind: "comment", text: line.slice(0, end + 3) }, { kind: "prose", text: rest }];
  }
}
