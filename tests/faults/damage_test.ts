// Every file of the state, damaged in every way: the hook answers by policy, keeps what it could not read, goes on, and
// no lock is doubled without a word.

import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { hear } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";

/** Damages the file at `path`, whose bytes were `bytes`. */
type Damage = (path: string, bytes: Uint8Array) => void;

const damages: Record<string, Damage> = {
  "of no length": (path) => Deno.writeFileSync(path, new Uint8Array()),
  "cut after a byte": (path, bytes) => Deno.writeFileSync(path, bytes.slice(0, 1)),
  "cut in the middle": (path, bytes) => Deno.writeFileSync(path, bytes.slice(0, bytes.length / 2)),
  "cut before its end": (path, bytes) => Deno.writeFileSync(path, bytes.slice(0, -2)),
  "of random bytes": (path, bytes) => Deno.writeFileSync(path, crypto.getRandomValues(new Uint8Array(bytes.length))),
  "of zeros": (path, bytes) => Deno.writeFileSync(path, new Uint8Array(bytes.length)),
  "of another kind of JSON": (path) => Deno.writeTextFileSync(path, "[1]"),
  "without its fields": (path) => Deno.writeTextFileSync(path, `{"v":1}`),
  "of 5 MB": (path, bytes) => Deno.writeTextFileSync(path, `${new TextDecoder().decode(bytes)}${" ".repeat(5e6)}`),
  "that is a folder": inPlaceOf((path) => Deno.mkdirSync(`${path}/inside`, { recursive: true })),
  "that is a dangling link": inPlaceOf((path) => Deno.symlinkSync("nowhere", path)),
  "that is a link to itself": inPlaceOf((path) => Deno.symlinkSync(path, path)),
  "that is a pipe": inPlaceOf((path) => new Deno.Command("mkfifo", { args: [path] }).outputSync()),
};

/** The files of the state that `prepare` makes, and what agent b then hears who wants a.txt, and folder/b.txt. */
const records: Record<string, { readonly file: RegExp; readonly heard: readonly [string, string] }> = {
  "the queue": { file: /queue\.json$/, heard: ["denied", "denied"] },
  "the list of folders": { file: /folders\.json$/, heard: ["denied", "denied"] },
  "the lease": { file: /leases\/.*json$/, heard: ["told", "denied"] },
  "the holder's session": { file: /sessions\/.*json$/, heard: ["denied", "denied"] },
};

for (const [record, { file, heard }] of Object.entries(records)) {
  for (const [name, damage] of Object.entries(damages)) {
    Deno.test(`truce hook sets aside ${record} ${name} and goes on`, async () => {
      using place = new Place();
      await prepare(place);
      const path = fileOf(place, file);
      damage(path, Deno.readFileSync(path));
      assertEquals(await ask(place, "b", ["a.txt", "folder/b.txt", "free.txt"]), [...heard, "nothing"]);
      assertEquals(await ask(place, "c", ["free.txt", "a.txt", "new.txt"]), ["denied", "denied", "nothing"]);
      const kept = filesBelow(place.state).filter((one) =>
        one.startsWith(`${path}.corrupt-`) && !one.endsWith("inside/")
      );
      assertEquals(kept.length, 1, filesBelow(place.state).join("\n"));
      assert(place.log().some(({ path: logged }) => logged === path));
      const end = await hear(place, "after-edit", { session: "a", paths: [`${place.project}/a.txt`] });
      if (heard[0] === "told") assertStringIncludes(end.text, "taken over");
      else assertEquals(end.kind, "nothing");
    });
  }
}

/** Damages of the mutex that leave a file are mended, and leave every lease and the order of fences as they were. */
for (const [name, damage] of Object.entries(damages)) {
  Deno.test(`truce hook goes on with a mutex ${name}, or says that it cannot`, async () => {
    using place = new Place();
    await prepare(place);
    const fence = Math.max(...(await place.leases()).map((lease) => lease.fence));
    const path = `${place.state}/mutex`;
    damage(path, Deno.readFileSync(path));
    const kinds = await ask(place, "b", ["a.txt", "folder/b.txt", "free.txt"]);
    if (kinds.includes("told")) {
      // Once a session, and in the words of another agent's session again.
      assertEquals(kinds, ["told", "nothing", "nothing"]);
      assertEquals(await ask(place, "c", ["a.txt", "free.txt"]), ["told", "nothing"]);
      return;
    }
    assertEquals(kinds, ["denied", "denied", "nothing"]);
    const free = (await place.leases()).find(({ path }) => path.endsWith("/free.txt"));
    assert(free !== undefined && free.fence > fence, `fence ${free?.fence} after ${fence}`);
  });
}

/** Leaves a.txt in flight for session a, a folder for `user`, and in line the remains of a waiter that was killed. */
async function prepare(place: Place): Promise<void> {
  const path = place.write("a.txt");
  place.write("folder/b.txt");
  assertEquals((await place.run(["lock", "acquire", "folder", "--as", "user"])).code, 0);
  await hear(place, "before-edit", { session: "a", paths: [path] });
  const waiter = place.start(["lock", "acquire", path, "--as", "waiter"]);
  await place.waiting(path, 1);
  waiter.kill("SIGKILL");
  await waiter.finished;
}

/** Returns the only file of the state whose path and text are about a.txt and its holder. */
function fileOf(place: Place, pattern: RegExp): string {
  const paths = filesBelow(place.state).filter((path) => pattern.test(path));
  const own = paths.length === 1
    ? paths
    : paths.filter((path) => /a\.txt"/.test(Deno.readTextFileSync(path)) && /claude/.test(Deno.readTextFileSync(path)));
  assertEquals(own.length, 1, paths.join());
  return own[0];
}

/** Lets a session ask for each file of the project, and returns what kinds of answer it hears. */
async function ask(place: Place, session: string, names: readonly string[]): Promise<string[]> {
  const kinds: string[] = [];
  for (const name of names) {
    const act = { session, paths: [`${place.project}/${name}`], call: name, flags: ["--timeout", "0"] };
    kinds.push((await hear(place, "before-edit", act)).kind);
  }
  return kinds;
}

function inPlaceOf(make: (path: string) => void): Damage {
  return (path) => {
    Deno.removeSync(path);
    make(path);
  };
}
