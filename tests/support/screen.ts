// The screen of a terminal: what a program wrote to it, as a person would see it now.
//
// Programs that redraw write only the cells that differ, and skip over those that stay. Their output with the escape
// sequences merely taken out is therefore not what anybody reads, so the cursor has to be followed. What changes no text
// (colours, modes, titles, questions to the terminal) is passed over. Every character is taken to be one cell wide.

// deno-lint-ignore no-control-regex
const controlSequence = /\x1b\[([0-9;?<=>:]*)[ -/]*([@-~])/y;
// deno-lint-ignore no-control-regex
const otherSequence = /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]/y;
// deno-lint-ignore no-control-regex
const unfinishedSequence = /\x1b(?:$|\[[0-9;?<=>:]*[ -/]*$|[\]PX^_][^\x07\x1b]*\x1b?$|[ -/]+$)/y;
/** Showing or leaving the other screen, which full-screen programs draw on. */
const otherScreen = /^\?(?:47|1047|1049)$/;

/** The cells of a terminal, drawn by what is written to it. */
export class Screen {
  readonly #rowCount: number;
  readonly #columnCount: number;
  #rows: string[][];
  #row = 0;
  /** May be one behind the last column: only the next character begins a new row. */
  #column = 0;
  /** The beginning of an escape sequence whose rest was not written yet. */
  #pending = "";

  constructor(rowCount: number, columnCount: number) {
    this.#rowCount = rowCount;
    this.#columnCount = columnCount;
    this.#rows = this.#blank();
  }

  /** Returns the rows from top to bottom, without blanks at their ends. */
  get text(): string {
    return this.#rows.map((row) => row.join("").replaceAll("\u00a0", " ").trimEnd()).join("\n").trimEnd();
  }

  /** Draws what a program wrote. */
  write(written: string): void {
    const text = this.#pending + written;
    this.#pending = "";
    for (let at = 0; at < text.length;) {
      const control = matchAt(controlSequence, text, at);
      if (control !== undefined) this.#control(control[1], control[2]);
      const match = control ?? matchAt(otherSequence, text, at);
      if (match === undefined && matchAt(unfinishedSequence, text, at) !== undefined) {
        this.#pending = text.slice(at);
        return;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (match === undefined) this.#put(character);
      at += match === undefined ? character.length : match[0].length;
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#nextRow();
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character === "\t") this.#moveTo(this.#row, this.#column - this.#column % 8 + 8);
    else if (character >= " " && character !== "\x7f") this.#print(character);
  }

  #print(character: string): void {
    if (this.#column >= this.#columnCount) {
      this.#column = 0;
      this.#nextRow();
    }
    this.#rows[this.#row][this.#column++] = character;
  }

  #nextRow(): void {
    if (this.#row < this.#rowCount - 1) this.#row++;
    else this.#rows = [...this.#rows.slice(1), this.#blankRow()];
  }

  #control(parameters: string, name: string): void {
    const [first = 0, second = 0] = parameters.split(";").map((digits) => Number(digits) || 0);
    const count = Math.max(1, first);
    const [row, column] = [this.#row, this.#column];
    if (name === "A" || name === "F") this.#moveTo(row - count, name === "F" ? 0 : column);
    else if (name === "B" || name === "E") this.#moveTo(row + count, name === "E" ? 0 : column);
    else if (name === "C") this.#moveTo(row, column + count);
    else if (name === "D") this.#moveTo(row, column - count);
    else if (name === "G") this.#moveTo(row, first - 1);
    else if (name === "d") this.#moveTo(first - 1, column);
    else if (name === "H" || name === "f") this.#moveTo(first - 1, second - 1);
    else if (name === "K") this.#eraseInRow(first);
    else if (name === "X") this.#rows[row].fill(" ", column, column + count);
    else if (name === "J") this.#eraseInScreen(first);
    else if ((name === "h" || name === "l") && otherScreen.test(parameters)) this.#rows = this.#blank();
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.min(Math.max(0, row), this.#rowCount - 1);
    this.#column = Math.min(Math.max(0, column), this.#columnCount - 1);
  }

  /** Erases to the end of the row (0), from its start (1), or all of it (2). */
  #eraseInRow(part: number): void {
    const end = part === 1 ? this.#column + 1 : this.#columnCount;
    this.#rows[this.#row].fill(" ", part === 0 ? this.#column : 0, end);
  }

  #eraseInScreen(part: number): void {
    this.#eraseInRow(part);
    const [from, to] = [part === 0 ? this.#row + 1 : 0, part === 1 ? this.#row : this.#rowCount];
    for (let row = from; row < to; row++) this.#rows[row] = this.#blankRow();
  }

  #blank(): string[][] {
    return Array.from({ length: this.#rowCount }, () => this.#blankRow());
  }

  #blankRow(): string[] {
    return Array<string>(this.#columnCount).fill(" ");
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
