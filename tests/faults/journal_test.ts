// A change of several files that was not finished, found damaged: what counts is all of it or nothing, never a part.

import { assert, assertEquals } from "../support/assert.ts";
import { hear } from "../support/hook_input.ts";
import { killAtFirstRename, whyNoStrace } from "../support/kill_points.ts";
import { filesBelow, Place } from "../support/place.ts";

const names = ["a.txt", "b.txt", "c.txt"];
const whyNot = whyNoStrace();
const suffix = whyNot === undefined ? "" : ` (ignored: ${whyNot})`;

Deno.test({
  name: `truce hook does all or nothing of a change whose journal was cut at any place${suffix}`,
  ignore: whyNot !== undefined,
  async fn() {
    using place = new Place();
    await leaveUnfinished(place);
    place.backup();
    const journal = Deno.readFileSync(`${place.state}/mutex`);
    assert(journal.length > 100, "a journal was left");
    const counterLength = journal.indexOf(0x0a) + 1;
    for (let length = counterLength; length <= journal.length; length += length === journal.length - 12 ? 1 : 11) {
      place.restore();
      Deno.truncateSync(`${place.state}/mutex`, length);
      const locked = await lockedByA(place, "next");
      const isWhole = length >= journal.length - 1;
      assertEquals(locked.length, isWhole ? 3 : 0, `${length} of ${journal.length} bytes: ${locked}`);
    }
  },
});

const obstacles: Record<string, (path: string) => void> = {
  "a folder": (path) => Deno.mkdirSync(path),
  "a dangling link": (path) => Deno.symlinkSync("nowhere", path),
  "a link to itself": (path) => Deno.symlinkSync(path, path),
  "a pipe": (path) => void new Deno.Command("mkfifo", { args: [path] }).outputSync(),
  "a read-only file": (path) => Deno.writeTextFileSync(path, "old", { mode: 0o400 }),
};

for (const [name, make] of Object.entries(obstacles)) {
  Deno.test(`truce hook goes on where ${name} is in the place of a staged file`, async () => {
    using place = new Place();
    place.write("a.txt");
    await hear(place, "session-start", { session: "a" });
    make(`${place.state}/staged-0`);
    const act = { session: "a", paths: [`${place.project}/a.txt`] };
    assertEquals((await hear(place, "before-edit", act)).kind, "nothing");
    assertEquals(await lockedByA(place, "next"), ["a.txt"]);
    assertEquals(filesBelow(place.root).filter((path) => path.endsWith("nowhere")), []);
  });
}

/** Leaves a change of three leases of session a whose journal is written and of which nothing is done. */
async function leaveUnfinished(place: Place): Promise<void> {
  const paths = names.map((name) => place.write(name));
  assertEquals((await place.run(["lock", "acquire", "other.txt", "--as", "other"])).code, 0);
  const act = { session: "a", paths };
  await hear(place, "before-edit", act, { via: killAtFirstRename }).catch(() => {});
}

/** Lets another agent lock a file of its own, and returns what the first one has then. */
async function lockedByA(place: Place, as: string): Promise<string[]> {
  const { code, stderr } = await place.run(["lock", "acquire", "free.txt", "--as", as, "--timeout", "0"]);
  assertEquals([code, stderr], [0, ""]);
  return (await place.leases()).filter(({ holder }) => holder.startsWith("claude"))
    .map(({ path }) => path.slice(place.project.length + 1));
}
