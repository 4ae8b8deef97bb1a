// State that a later truce has written: it is left as it is, and said; whoever does not need it is not disturbed.

import { openLog } from "../../src/platform/log.ts";
import { sweep } from "../../src/locks/sweep.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { FileStore } from "../../src/store/file_store.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { hear } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";

/** The records that a lock of a.txt needs, and whether the lock of another file needs them, too. */
const records: Record<string, { readonly file: RegExp; readonly isCommon: boolean }> = {
  "the lease": { file: /leases\/.*json$/, isCommon: false },
  "the holder's session": { file: /sessions\/.*json$/, isCommon: false },
  "the queue": { file: /queue\.json$/, isCommon: true },
  "the list of folders": { file: /folders\.json$/, isCommon: true },
};

for (const [name, { file, isCommon }] of Object.entries(records)) {
  Deno.test(`truce hook leaves ${name} of a later format as it is and says so`, async () => {
    using place = new Place();
    const path = await leaveLater(place, file);
    const text = Deno.readTextFileSync(path);
    const edit = (session: string, name: string) => ({ session, paths: [`${place.project}/${name}`] });
    const first = await hear(place, "before-edit", edit("b", "a.txt"));
    assertEquals(first.kind, "told");
    assertStringIncludes(first.text, "does not protect");
    assertStringIncludes(first.text, "its format is 2, and this truce knows 1");
    assertEquals((await hear(place, "before-edit", edit("b", "a.txt"))).kind, "nothing");
    assertEquals((await hear(place, "before-edit", edit("c", "free.txt"))).kind, isCommon ? "told" : "nothing");

    place.write("truce.jsonc", `{ "strict": true }`);
    assertEquals((await hear(place, "before-edit", edit("d", "a.txt"))).kind, "denied");

    const typed = await place.run(["lock", "acquire", "a.txt", "--as", "user", "--timeout", "0"]);
    assertEquals([typed.code, typed.stdout], [69, ""]);
    assertStringIncludes(typed.stderr, "format");
    assertEquals(Deno.readTextFileSync(path), text);
  });
}

Deno.test("sweep() passes by a record of a later format", async () => {
  using place = new Place();
  const path = await leaveLater(place, /sessions\/.*json$/);
  const text = Deno.readTextFileSync(path);
  const store = new FileStore(place.state, openLog(place.state));
  // More than it takes to look at every folder once.
  for (let turn = 0; turn < 256 * 3 * 4; turn++) await store.change((tx) => sweep(tx, systemClock.now()));
  assertEquals(Deno.readTextFileSync(path), text);
});

/** Lets session a lock a.txt, and a later truce write the record that `file` means; returns its path. */
async function leaveLater(place: Place, file: RegExp): Promise<string> {
  const edited = place.write("a.txt");
  await hear(place, "before-edit", { session: "a", paths: [edited] });
  const path = filesBelow(place.state).find((path) => file.test(path)) ?? `${place.state}/${nameIn(file)}`;
  const record = path.includes("/leases/") || path.includes("/sessions/")
    ? JSON.parse(Deno.readTextFileSync(path))
    : {};
  Deno.writeTextFileSync(path, JSON.stringify({ ...record, v: 2, later: "ü" }, null, 1));
  return path;
}

function nameIn(file: RegExp): string {
  return file.source.replaceAll(/[\\$]/g, "");
}
