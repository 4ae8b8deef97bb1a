import { type News, type ReadMark, readNews } from "../../src/sessions/transcript.ts";
import { assert, assertEquals } from "../support/assert.ts";

const mebibyte = 1024 * 1024;

/** A transcript in a folder of its own, in which every line is the name of a folder that was added (`using`). */
class Pen implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "truce-transcript-" });
  readonly path = `${this.#folder}/transcript`;
  /** What was given to be understood since the last `read`. */
  pieces: string[] = [];
  loaded = 0;
  mark: ReadMark | undefined;

  write(text: string | Uint8Array, options: Deno.WriteFileOptions = {}): void {
    Deno.writeFileSync(this.path, typeof text === "string" ? new TextEncoder().encode(text) : text, options);
  }

  append(text: string | Uint8Array): void {
    this.write(text, { append: true });
  }

  /** Puts another file in the place of the transcript. */
  replace(text: string): void {
    Deno.writeTextFileSync(`${this.path}.new`, text);
    Deno.renameSync(`${this.path}.new`, this.path);
  }

  /** Returns the lines that are new, with `again` before them when it was read from the start. */
  async read(): Promise<string> {
    const { events = [], isFromStart } = await this.news() ?? {};
    const words = events.map((event) => event.kind === "added" ? event.folder : event.kind);
    return [...isFromStart ? ["again"] : [], ...words].join(" ");
  }

  async news(): Promise<News | undefined> {
    this.pieces = [];
    const news = await readNews({ path: this.path, reader: () => this.#reader() }, this.mark);
    this.mark = news?.mark;
    return news;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #reader() {
    this.loaded++;
    return Promise.resolve((lines: string) => {
      this.pieces.push(lines);
      const names = lines.split("\n").filter((line) => line !== "" && line.length < 100);
      return names.map((folder) => ({ kind: "added", folder }) as const);
    });
  }
}

Deno.test("readNews() tells each line once, and nothing when there is nothing new", async () => {
  using pen = new Pen();
  pen.write("a\nb\n");
  assertEquals(await pen.read(), "again a b");
  assertEquals([await pen.read(), pen.pieces.length, pen.loaded], ["", 0, 1]);
  pen.append("c\n");
  assertEquals([await pen.read(), pen.pieces], ["c", ["c\n"]]);
});

Deno.test("readNews() leaves a line that is not whole for later", async () => {
  using pen = new Pen();
  pen.write("a\nbe");
  assertEquals(await pen.read(), "again a");
  assertEquals(await pen.read(), "");
  pen.append("e");
  assertEquals(await pen.read(), "");
  pen.append("\nc");
  assertEquals(await pen.read(), "bee");
  pen.append("\n");
  assertEquals(await pen.read(), "c");
});

Deno.test("readNews() reads characters of several bytes, wherever what was written had ended", async () => {
  const text = "añ🎉é\nü中\n";
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    using pen = new Pen();
    pen.write(bytes.subarray(0, cut));
    const before = await pen.read();
    pen.append(bytes.subarray(cut));
    assertEquals(`${before} ${await pen.read()}`.replace("again", "").trim().split(/\s+/), ["añ🎉é", "ü中"], `${cut}`);
  }
});

Deno.test("readNews() reads on behind bytes that are no text", async () => {
  using pen = new Pen();
  pen.write(new Uint8Array([0xff, 0xc3, 0x0a, 0x61, 0x0a]));
  assertEquals(await pen.read(), "again \ufffd\ufffd a");
  pen.append("b\n");
  assertEquals(await pen.read(), "b");
});

/** What happens to the transcript "a b" after it was read, and what is told then. */
const changes: Readonly<Record<string, readonly [change: (pen: Pen) => void, told: string]>> = {
  "it is cut off": [(pen) => pen.write("a\n"), "again a"],
  "it is emptied": [(pen) => pen.write(""), "again"],
  "it is written anew with as many bytes": [(pen) => pen.write("c\nd\n"), "again c d"],
  "it is written anew with more bytes": [(pen) => pen.write("c\nd\ne\n"), "again c d e"],
  "another takes its place": [(pen) => pen.replace("c\nd\n"), "again c d"],
  "one that goes on in the same way takes its place": [(pen) => pen.replace("a\nb\nc\n"), "again a b c"],
  "one that is longer takes its place": [(pen) => pen.replace("c\nd\ne\nf\n"), "again c d e f"],
  "it is gone": [(pen) => Deno.removeSync(pen.path), ""],
};

for (const [what, [change, told]] of Object.entries(changes)) {
  Deno.test(`readNews() tells "${told}" when ${what}`, async () => {
    using pen = new Pen();
    pen.write("a\nb\n");
    await pen.read();
    change(pen);
    assertEquals(await pen.read(), told);
    assertEquals(await pen.news() === undefined, told === "");
  });
}

Deno.test("readNews() knows a transcript again however it has grown, and one that only begins like it", async () => {
  using pen = new Pen();
  pen.write("");
  assertEquals(await pen.read(), "again");
  for (let size = 1; size < 20_000; size *= 2) {
    pen.append(`${"x".repeat(size)}\n`);
    assertEquals(await pen.read(), size < 100 ? "x".repeat(size) : "", `${size}`);
  }
  assertEquals(pen.mark?.headBytes, 4096);
  const bytes = Deno.readFileSync(pen.path);
  bytes[4000] = 0x79;
  pen.write(bytes);
  assert((await pen.read()).startsWith("again"));
});

Deno.test("readNews() gives out whole lines of a large transcript, each once", async () => {
  using pen = new Pen();
  const lines = Array.from({ length: 900 }, (_, i) => "é".repeat((i * 7919) % 6000) + i);
  const text = `${lines.join("\n")}\n`;
  pen.write(text);
  await pen.read();
  assert(pen.pieces.length > 3);
  assertEquals(pen.pieces.every((piece) => piece.endsWith("\n")), true);
  assertEquals(pen.pieces.join("") === text, true);
  assertEquals(pen.mark?.offset, Deno.statSync(pen.path).size);
});

/** The length of a line with its end, and whether what is so long is given out. */
const lengths: readonly (readonly [length: number, isRead: boolean])[] = [
  [mebibyte - 1, true],
  [mebibyte, true],
  [mebibyte + 1, false],
  [3 * mebibyte + 500, false],
];

for (const [length, isRead] of lengths) {
  Deno.test(`readNews() ${isRead ? "reads" : "passes over"} a line of ${length} bytes, and reads those around it`, async () => {
    using pen = new Pen();
    const line = `${"x".repeat(length - 1)}\n`;
    pen.write(`a\n${line}b\n${line}`);
    assertEquals(await pen.read(), "again a b");
    assertEquals(pen.pieces.filter((piece) => piece.includes(line)).length, isRead ? 2 : 0);
    pen.append("c\n");
    assertEquals(await pen.read(), "c");
  });
}

Deno.test("readNews() passes over a long line that is not whole yet", async () => {
  using pen = new Pen();
  pen.write(`a\n${"x".repeat(2.5 * mebibyte)}`);
  assertEquals(await pen.read(), "again a");
  pen.append("x".repeat(mebibyte));
  assertEquals(await pen.read(), "");
  pen.append("\nb\n");
  assertEquals(await pen.read(), "b");
});

Deno.test("readNews() finds no transcript in a folder, a pipe, a link to nothing, or nowhere", async () => {
  using pen = new Pen();
  const places: (() => void)[] = [
    () => {},
    () => Deno.mkdirSync(pen.path),
    () => assertEquals(new Deno.Command("mkfifo", { args: [pen.path] }).outputSync().success, true),
    () => Deno.symlinkSync("nowhere", pen.path),
  ];
  for (const make of places) {
    make();
    assertEquals(await pen.news(), undefined);
    if (make !== places[0]) Deno.removeSync(pen.path, { recursive: true });
  }
  assertEquals(pen.loaded, 0);
});
