// A line for the shell, taken apart into its simple commands, as far as permissions need it. Known are quotes, escapes,
// the operators between commands, groups, the words of `if`, `for` and `while`, redirections, here-documents, comments,
// and commands within: `$(x)`, `` `x` ``, `<(x)`. Not known are aliases, functions, globs, arithmetic, what a variable
// holds, and what another program runs: `sh -c`, `eval`, `find -exec`.

/** A command with its arguments. */
export interface SimpleCommand {
  /** As written. */
  readonly text: string;
  readonly words: readonly ShellWord[];
}

/** A word of a command. */
export interface ShellWord {
  /** Without its quotes. */
  readonly value: string;
  /** Where it starts in the text of its command. */
  readonly start: number;
}

/** What a line runs. */
export interface ShellLine {
  /** Also those within others. */
  readonly commands: readonly SimpleCommand[];
  /** Whether what it does cannot be told from its commands: it puts in values, writes to files, groups or detaches. */
  readonly isOpaque: boolean;
}

const depthMax = 20;
const operator = /&&|\|\||;;&?|;&|\|&|[;|&\n()]/y;
const redirection = /(?:&>>?|\d*(?:<<<|<<-?|[<>]&|<>|>>|>\||[<>]))[ \t]*/y;
const variable = /\$(?:[A-Za-z0-9_@*#?!$-]|\{[^}]*\}?)/y;
const keywords = new Set([..."if then else elif fi do done while until { } ! esac".split(" ")]);
const harmlessTargets = new Set(["/dev/null", "1", "2"]);

/** Takes `text` apart. */
export function shellLine(text: string): ShellLine {
  return new Scan(text, 0).line();
}

class Scan {
  readonly #text: string;
  readonly #depth: number;
  readonly #commands: SimpleCommand[] = [];
  readonly #hereDocuments: string[] = [];
  #at = 0;
  #isOpaque = false;
  #words: { value: string; start: number; end: number }[] = [];

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  line(): ShellLine {
    while (this.#at < this.#text.length) this.#step();
    this.#endCommand();
    return { commands: this.#commands, isOpaque: this.#isOpaque };
  }

  #step(): void {
    const char = this.#text[this.#at];
    if (this.#isEscapedLine()) this.#at += 2;
    else if (char === " " || char === "\t") this.#at++;
    else if (char === "#") this.#skipTo("\n");
    else if (!this.#redirects() && !this.#operates()) this.#word();
  }

  #operates(): boolean {
    const found = this.#take(operator);
    if (found === undefined) return false;
    this.#endCommand();
    if (found === "(" || found === "&") this.#isOpaque = true;
    if (found !== "\n") return true;
    for (const end of this.#hereDocuments.splice(0)) this.#skipHereDocument(end);
    return true;
  }

  #redirects(): boolean {
    if (/^[<>]\($/.test(this.#text.slice(this.#at, this.#at + 2))) return false;
    const found = this.#take(redirection)?.trim();
    if (found === undefined) return false;
    const target = this.#value();
    if (found === "<<" || found === "<<-") this.#hereDocuments.push(target);
    if (!harmlessTargets.has(target)) this.#isOpaque = true;
    return true;
  }

  #word(): void {
    const start = this.#at;
    const value = this.#value();
    if (this.#at === start) this.#at++;
    else if (this.#words.length > 0 || !keywords.has(value)) this.#words.push({ value, start, end: this.#at });
  }

  /** Reads to the end of a word and returns it without quotes. */
  #value(): string {
    let value = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at];
      if (/[\s;|&()]/.test(char) && !this.#isEscapedLine()) break;
      if (/[<>]/.test(char) && this.#text[this.#at + 1] !== "(") break;
      if (char === "'") value += this.#until("'", 1);
      else if (char === '"') value += this.#doubleQuoted();
      else value += this.#piece();
    }
    return value;
  }

  #isEscapedLine(): boolean {
    return this.#text.startsWith("\\\n", this.#at);
  }

  #doubleQuoted(): string {
    let value = "";
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') value += this.#piece();
    this.#at++;
    return value;
  }

  /** Reads an escape, a variable, a command within, or one character. */
  #piece(): string {
    const start = this.#at;
    const two = this.#text.slice(start, start + 2);
    if (two === "$(" || two === "<(" || two === ">(") this.#within(this.#balanced());
    else if (two[0] === "`") this.#within(this.#until("`", 1));
    else if (two[0] === "\\") return this.#escape();
    else if (this.#take(variable) !== undefined) this.#isOpaque = true;
    else this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #escape(): string {
    this.#at += 2;
    const char = this.#text.slice(this.#at - 1, this.#at);
    return char === "\n" ? "" : char;
  }

  #within(text: string): void {
    this.#isOpaque = true;
    if (this.#depth < depthMax) this.#commands.push(...new Scan(text, this.#depth + 1).line().commands);
  }

  /** Reads from an opening to its closing parenthesis and returns what is between. */
  #balanced(): string {
    const start = this.#at + 2;
    let open = 1;
    for (this.#at = start; this.#at < this.#text.length && open > 0; this.#at++) {
      const char = this.#text[this.#at];
      if (char === "\\") this.#at++;
      else if (char === "'") this.#at = endOf(this.#text, "'", this.#at + 1);
      else if (char === "(") open++;
      else if (char === ")") open--;
    }
    this.#at = Math.min(this.#at, this.#text.length);
    return this.#text.slice(start, open > 0 ? this.#at : this.#at - 1);
  }

  #until(quote: string, skip: number): string {
    const start = this.#at + skip;
    const end = endOf(this.#text, quote, start);
    this.#at = Math.min(end + 1, this.#text.length);
    return this.#text.slice(start, end);
  }

  #skipTo(char: string): void {
    this.#at = endOf(this.#text, char, this.#at);
  }

  #skipHereDocument(end: string): void {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#skipTo("\n");
      const line = this.#text.slice(start, this.#at++);
      if (line.trim() === end) return;
    }
  }

  #endCommand(): void {
    const [first] = this.#words;
    const last = this.#words.at(-1);
    if (first !== undefined && last !== undefined) {
      const text = this.#text.slice(first.start, last.end);
      const words = this.#words.map(({ value, start }) => ({ value, start: start - first.start }));
      this.#commands.push({ text, words });
    }
    this.#words = [];
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

function endOf(text: string, char: string, from: number): number {
  const end = text.indexOf(char, from);
  return end < 0 ? text.length : end;
}
