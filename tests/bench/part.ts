// What a part of the bench found: a table for people, and the figures behind it for programs.

const lineWidth = 100;

/** One table. The first cell of a row is its name; a row may have fewer cells than there are headings. */
export interface Part {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader has to know of how it was measured. */
  readonly notes: readonly string[];
  /** The figures, in milliseconds where nothing else is said, for dist/bench.json. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly warmUps: number;
  readonly handoffChains: number;
  readonly programChains: number;
  readonly sectionsMaxS: number;
  /** How often something is done that takes seconds, because nothing of truce runs or was read before. */
  readonly coldStarts: number;
  /** How many requests a daemon answers before its memory is measured again. */
  readonly requests: number;
}

/** Returns the table of `part`, at most 100 columns wide as long as its names are short. */
export function tableOf({ title, headings, rows, notes }: Part): string {
  const table = [[title, ...headings], ...rows];
  const widths = [title, ...headings].map((_heading, column) =>
    Math.max(...table.map((row) => (row[column] ?? "").length))
  );
  const lines = table.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])).join("  ")
      .trimEnd()
  );
  const [head, ...body] = lines;
  return [head, "-".repeat(Math.max(...lines.map((line) => line.length))), ...body, ...notes.flatMap(wrapped)]
    .join("\n");
}

function wrapped(note: string): string[] {
  const lines = [""];
  for (const word of note.split(" ")) {
    const last = lines.length - 1;
    if (lines[last].length + word.length + 3 > lineWidth) lines.push(word);
    else lines[last] = `${lines[last]} ${word}`.trimStart();
  }
  return lines.map((line, place) => `${place === 0 ? "* " : "  "}${line}`);
}
