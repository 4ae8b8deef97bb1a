// Runs each transcript through the compiled program and compares what it says. A line after `$ ` is typed, `< NAME` gives
// it a captured payload, `[exit N]` is an exit code that is not 0. Digits that differ from run to run are `N`.

import { assertEquals } from "./support/assert.ts";
import { Place } from "./support/place.ts";

const here = new URL(".", import.meta.url).pathname;

for (const { name } of Deno.readDirSync(`${here}transcripts`)) {
  Deno.test(`transcript ${name} is what the program says`, async () => {
    const expected = Deno.readTextFileSync(`${here}transcripts/${name}`);
    assertEquals(await replay(expected), expected);
  });
}

async function replay(transcript: string): Promise<string> {
  using place = new Place();
  place.write("src/a.js", "export const a = 1;\nexport const aa = 2;\n");
  const lines: string[] = [];
  for (const line of transcript.split("\n").filter((line) => /^(?:[$#]|$)/.test(line))) {
    lines.push(line);
    if (line.startsWith("$ ")) lines.push(...await type(line.slice(2), place));
  }
  return lines.join("\n");
}

async function type(line: string, place: Place): Promise<string[]> {
  const [typed, fixture] = line.split(" < ");
  const [, ...words] = Array.from(typed.matchAll(/"([^"]*)"|(\S+)/g), (match) => match[1] ?? match[2]);
  const payload = fixture === undefined ? "" : Deno.readTextFileSync(`${here}hosts/fixtures/${fixture}.json`);
  const { code, stdout, stderr } = await place.run(words, { stdin: payload.replaceAll('"/repo', `"${place.project}`) });
  const said = `${stdout}${stderr}`.replaceAll(place.project, "/repo")
    .replace(/\d+(?= s\b)/g, (digits) => "N".repeat(digits.length))
    .replace(/(?<=fence(?:":| ))\d+/g, "N");
  const lines = said === "" ? [] : said.trimEnd().split("\n");
  return code === 0 ? lines : [...lines, `[exit ${code}]`];
}
