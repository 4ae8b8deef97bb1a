// The disk under the state is full, or read-only: agents go on and know it, nothing is half written, and once there is
// space again everything works.

import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { hear, type HostName } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small_disk.ts";

const files = ["b.txt", "c.txt", "new/d.txt"];

await diskTest("truce hook on a full disk says so once, and works when there is space again", async (place, disk) => {
  for (const host of ["claude", "gemini"] as const) {
    await hear(place, "before-edit", act(place, host, "a", ["a.txt"]), disk);
  }
  const before = records(disk.path);
  disk.fill(0);
  for (const host of ["claude", "gemini"] as const) {
    const telling = host === "claude" ? "before-edit" : "after-edit";
    const b = act(place, host, "b", files);
    const told = await hear(place, telling, b, disk);
    assertEquals(told.kind, "told");
    assertStringIncludes(told.text, "the disk is full");
    for (const moment of ["before-edit", "after-read", "after-edit", "stop"] as const) {
      assertEquals((await hear(place, moment, b, disk)).kind, "nothing", moment);
    }
    assertEquals((await hear(place, "after-edit", act(place, host, "a", ["a.txt"]), disk)).kind, "told");
  }
  assertEquals(records(disk.path), before);
  const typed = await place.run(["lock", "acquire", `${place.project}/e.txt`, "--as", "user"], disk);
  assertEquals([typed.code, typed.stdout], [69, ""]);
  assertStringIncludes(typed.stderr, "the disk is full");
  place.write("truce.jsonc", `{ "strict": true }`);
  assertEquals((await hear(place, "before-edit", act(place, "claude", "c", files), disk)).kind, "denied");

  disk.free();
  assertEquals((await hear(place, "before-edit", act(place, "claude", "b", files), disk)).kind, "nothing");
  assertEquals((await hear(place, "before-edit", act(place, "gemini", "c", files), disk)).kind, "denied");
});

await diskTest(
  "truce hook on a disk that fills up at any step does all of a change or nothing",
  async (place, disk) => {
    await hear(place, "before-edit", act(place, "claude", "a", ["a.txt"]), disk);
    const outcomes: string[] = [];
    for (let pagesFree = 0; pagesFree <= 10; pagesFree++) {
      disk.fill(pagesFree);
      const session = `with ${pagesFree} pages`;
      const { kind } = await hear(place, "before-edit", act(place, "claude", session, files), disk);
      disk.free();
      const { code } = await place.run(["lock", "release", `${place.project}/f.txt`, "--as", "next"], disk);
      assertEquals(code, 0);
      const listed = await place.run(["lock", "list", "--json"], disk);
      const held = JSON.parse(listed.stdout).leases.filter(({ path }: { path: string }) =>
        !path.endsWith("/a.txt")
      ).length;
      assert(held === 0 || held === files.length, `${held} locks ${session}`);
      assert(kind === "told" || held > 0, `no lock and no word ${session}`);
      outcomes.push(kind);
      await hear(place, "session-end", act(place, "claude", session, []), disk);
    }
    assertEquals([...new Set(outcomes)], ["told", "nothing"]);
  },
);

await diskTest(
  "truce hook on a read-only disk says so, writes nothing elsewhere, and works later",
  async (place, disk) => {
    for (const isFirst of [true, false]) {
      if (!isFirst) await hear(place, "before-edit", act(place, "claude", "a", ["a.txt"]), disk);
      const before = records(disk.path), beside = filesBelow(place.root);
      await disk.setReadOnly(true);
      for (const moment of ["session-start", "before-edit", "after-edit", "after-read"] as const) {
        const { kind, text } = await hear(place, moment, act(place, "claude", "b", files), disk);
        assertEquals(kind === "told" || moment.startsWith("after"), true, moment);
        if (kind === "told") assertStringIncludes(text, "the file system is read-only");
      }
      assertEquals([records(disk.path), filesBelow(place.root)], [before, beside]);
      await disk.setReadOnly(false);
    }
    assertEquals((await hear(place, "before-edit", act(place, "claude", "b", ["a.txt"]), disk)).kind, "denied");
  },
);

/** Tests with a place whose state is on a small disk. */
async function diskTest(name: string, body: (place: Place, disk: SmallDisk) => Promise<void>): Promise<void> {
  using place = new Place();
  Deno.mkdirSync(place.state);
  const probe = await mountSmallDisk(place.state);
  const why = typeof probe === "string" ? probe : undefined;
  if (typeof probe !== "string") probe[Symbol.dispose]();
  Deno.test({
    name: why === undefined ? name : `${name} (ignored: ${why})`,
    ignore: why !== undefined,
    async fn() {
      using place = new Place();
      for (const file of ["a.txt", "b.txt", "c.txt"]) place.write(file);
      Deno.mkdirSync(place.state);
      const disk = await mountSmallDisk(place.state);
      assert(typeof disk !== "string");
      using _unmounted = disk;
      await body(place, disk);
    },
  });
}

function act(place: Place, host: HostName, session: string, names: readonly string[]) {
  return { session, host, paths: names.map((name) => `${place.project}/${name}`), flags: ["--timeout", "0"] };
}

/** Returns the text of every record of the state. */
function records(state: string): string[] {
  return filesBelow(state).filter((path) => path.endsWith(".json"))
    .map((path) => `${path}: ${Deno.readTextFileSync(path)}`);
}
