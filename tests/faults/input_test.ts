// Whatever arrives at standard input: exit code 0, silence or one JSON object, no file outside of the state folder, and
// an edit that can be understood at all is still held back from a file that another agent has.

import { assert, assertEquals } from "../support/assert.ts";
import { hear, heard, hookOf, type HostName } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";
import type { Ran, RunOptions } from "../support/program.ts";

const hosts: readonly HostName[] = ["claude", "gemini"];
const utf8 = new TextEncoder();
const megabyte = "x".repeat(1024 * 1024);

/** Makes an input from a captured edit of `a.txt` in the folder `cwd`. */
type Input = (edit: Edit) => string | Uint8Array;

interface Edit {
  /** The payload as it is sent, and as it is. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Inputs that say well enough what is edited. Another agent has that file, so they are denied. */
const understood: Record<string, Input> = {
  "as it was captured": ({ text }) => text,
  "indented, with text behind it": ({ fields }) => `\n\n${JSON.stringify(fields, null, 2)}\n\nthe end {"`,
  "after a byte order mark": ({ text }) => `\ufeff${text}`,
  "with bytes that are no UTF-8": (edit) => replaced(withField(edit, "prompt", "BYTE"), "BYTE", [0xff, 0xc3, 0x28]),
  "with lone surrogates": ({ text }) => text.replace("{", `{"prompt":"\\ud800 \\udc00",`),
  "with __proto__": ({ text }) => text.replace("{", `{"__proto__":{"session_id":"a"},"constructor":1,`),
  "with a key twice": ({ text }) => text.replace("{", `{"session_id":"a","tool_input":{"file_path":"/nowhere"},`),
  "with 8 MB of content": (edit) => withField(edit, "content", megabyte.repeat(8)),
  "with 400 nested arrays": ({ text }) => text.replace("{", `{"deep":${"[".repeat(400)}${"]".repeat(400)},`),
  "with odd types": ({ text }) => text.replace("{", `{"agent_type":{},"transcript_path":[1],"permission_mode":null,`),
  "with odd fields in tool_input": (edit) => withInput(edit, { paths: [7, null, {}], path: {}, file: 7 }),
  "with the file in paths": (edit) => withInput(edit, { file_path: undefined, paths: ["a.txt"] }),
  "with a NUL in another path": (edit) => withInput(edit, { path: "b\0.txt" }),
  "with a path of 4 KB": (edit) => withInput(edit, { path: `${"d/".repeat(2048)}b.txt` }),
  "with a name of 4 KB": (edit) => withInput(edit, { path: "b".repeat(4096) }),
};

/** Inputs that say nothing that could be held back. */
const notUnderstood: Record<string, Input> = {
  "nothing": () => "",
  "spaces": () => "  \n ",
  "half of it": ({ text }) => text.slice(0, text.length / 2),
  "100 MB that never parse": () => utf8.encode(`{"content":"${megabyte.repeat(100)}`),
  "100 MB of content": (edit) => withField(edit, "content", megabyte.repeat(100)),
  "200 000 nested arrays": () => "[".repeat(200_000) + "]".repeat(200_000),
  "200 000 nested objects": () => `{"a":`.repeat(200_000),
  "UTF-16": ({ text }) => new Uint8Array(Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0)).buffer),
  "bytes from 0 to 255": () => Uint8Array.from({ length: 256 }, (_value, index) => index),
  "a number": () => "12",
  "null": () => "null",
  "an array": ({ text }) => `[${text}]`,
  "an empty object": () => "{}",
  "no tool_input": (edit) => withField(edit, "tool_input", undefined),
  "a text as tool_input": (edit) => withField(edit, "tool_input", "a.txt"),
  "a list as tool_input": (edit) => withField(edit, "tool_input", ["a.txt"]),
  "null as tool_input": (edit) => withField(edit, "tool_input", null),
  "a list as the path": (edit) => withInput(edit, { file_path: ["a.txt"] }),
  "an empty path": (edit) => withInput(edit, { file_path: "" }),
  "a NUL in the path": (edit) => withInput(edit, { file_path: "a.txt\0" }),
  "a tool that does not edit": (edit) => withField(edit, "tool_name", "Bash"),
  "a list as the tool": (edit) => withField(edit, "tool_name", ["Edit"]),
};

for (const host of hosts) {
  for (const [name, input] of Object.entries(understood)) {
    Deno.test(`truce hook denies the edit of a ${host} that sends it ${name}`, async () => {
      const ran = await runBesideHolder(host, { stdin: input });
      assertEquals(heard(ran).kind, "denied", ran.stdout);
    });
  }
  for (const [name, input] of Object.entries(notUnderstood)) {
    Deno.test(`truce hook says nothing to a ${host} that sends ${name}`, async () => {
      assertEquals(heard(await runBesideHolder(host, { stdin: input })).kind, "nothing");
    });
  }
}

Deno.test("truce hook answers while the host keeps the pipe open", async () => {
  const ways: readonly [Input, string][] = [
    [({ text }) => text, "denied"],
    [({ text }) => `${text}\n`, "denied"],
    [({ text }) => text.slice(0, 50), "nothing"],
    [() => "", "nothing"],
    [() => megabyte, "nothing"],
  ];
  await Promise.all(
    hosts.flatMap((host) =>
      ways.map(async ([stdin, kind]) =>
        assertEquals(heard(await runBesideHolder(host, { stdin, isStdinOpen: true })).kind, kind)
      )
    ),
  );
});

Deno.test("truce hook says nothing when standard input is closed or a folder", async () => {
  for (const redirection of ["<&-", "</dev/null", "</"]) {
    const via = ["sh", "-c", `exec "$0" "$@" ${redirection}`];
    for (const host of hosts) assertEquals(heard(await runBesideHolder(host, { via })).kind, "nothing", redirection);
  }
});

/** Runs the hook before an edit of `a.txt` by session b, while a has that file. */
async function runBesideHolder(
  host: HostName,
  { stdin, ...options }: Omit<RunOptions, "stdin"> & { stdin?: Input },
): Promise<Ran> {
  using place = new Place();
  const paths = [place.write("a.txt")];
  await hear(place, "before-edit", { session: "a", host, paths });
  const { words, stdin: text } = hookOf(
    "before-edit",
    { session: "b", host, paths, flags: ["--timeout", "0"] },
    place.project,
  );
  const before = outside(place);
  const ran = await place.run(words, { ...options, stdin: stdin?.({ text, fields: JSON.parse(text) }) });
  assertEquals(outside(place), before);
  assert(ran.stdout.length < 2000);
  return ran;
}

/** Returns everything that is there and not below the state folder. */
function outside(place: Place): string[] {
  return filesBelow(place.root, place.state);
}

function withField({ fields }: Edit, name: string, value: unknown): string {
  return JSON.stringify({ ...fields, [name]: value });
}

function withInput({ fields }: Edit, changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...fields, tool_input: { ...fields.tool_input as object, ...changes } });
}

/** Returns the bytes of `text` with `bytes` in place of `mark`. */
function replaced(text: string, mark: string, bytes: readonly number[]): Uint8Array {
  const [before, after] = text.split(mark).map((part) => utf8.encode(part));
  return new Uint8Array([...before, ...bytes, ...after]);
}
