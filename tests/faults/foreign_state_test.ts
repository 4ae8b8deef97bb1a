// A state folder that this user may not use: agents go on and know it, "strict" stops their edits, nothing is written
// anywhere else.

import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { hear, type Heard } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";

const strangerId = 65_534;
const isRoot = Deno.uid() === 0;

/** How the folder is made unusable, by whom truce is run then, and what is said. */
interface Case {
  readonly make: (place: Place) => void;
  readonly via?: readonly string[];
  readonly says: string;
  readonly whyNot?: string;
}

const asStranger = ["setpriv", `--reuid=${strangerId}`, `--regid=${strangerId}`, "--clear-groups"];
/** Root may write to every folder, so it has to be somebody else. */
const asUser = isRoot ? asStranger : undefined;
const whyNoUser = isRoot ? whyNoStranger() : undefined;

const cases: Record<string, Case> = {
  "that belongs to another user": {
    make: (place) => chownAll(place.state, 12_345),
    says: "belongs to another user",
    whyNot: isRoot ? undefined : "only root gives files away",
  },
  "that this user may not enter": {
    make: (place) => chownAll(place.state, 12_345),
    via: asStranger,
    says: "another user",
    whyNot: isRoot ? whyNoStranger() : "only root gives files away",
  },
  "that may not be written": {
    make(place) {
      if (isRoot) chownAll(place.root, strangerId);
      Deno.chmodSync(place.state, 0o500);
      for (const path of filesBelow(place.state)) Deno.chmodSync(path, path.endsWith("/") ? 0o500 : 0o400);
    },
    via: asUser,
    says: "permission is denied",
    whyNot: whyNoUser,
  },
  "in a folder that may not be written": {
    make(place) {
      Deno.removeSync(place.state, { recursive: true });
      Deno.mkdirSync(`${place.root}/closed`, { mode: 0o500 });
      if (isRoot) chownAll(place.root, strangerId);
      place.state = `${place.root}/closed/state`;
    },
    via: asUser,
    says: "permission is denied",
    whyNot: whyNoUser,
  },
  "that is a file": {
    make(place) {
      Deno.removeSync(place.state, { recursive: true });
      Deno.writeTextFileSync(place.state, "");
    },
    says: "a part of the path is a file",
  },
};

for (const [name, { make, via, says, whyNot }] of Object.entries(cases)) {
  const suffix = whyNot === undefined ? "" : ` (ignored: ${whyNot})`;
  Deno.test({
    name: `truce hook goes on with a state folder ${name}, says so, and writes nothing elsewhere${suffix}`,
    ignore: whyNot !== undefined,
    async fn() {
      using place = new Place();
      using _opened = { [Symbol.dispose]: () => open(place.root) };
      const paths = [place.write("a.txt")];
      await hear(place, "before-edit", { session: "a", paths });
      make(place);
      Deno.chmodSync(place.root, 0o755);
      const before = filesBelow(place.root);
      const b = { session: "b", paths, flags: ["--timeout", "0"] };
      const told = await hear(place, "before-edit", b, { via });
      assertEquals(told.kind, "told");
      assertStringIncludes(told.text, says);
      for (const moment of ["after-edit", "after-read", "stop", "session-end"] as const) {
        await hear(place, moment, b, { via });
      }
      const typed = await place.run(["lock", "acquire", "a.txt", "--as", "user", "--timeout", "0"], { via });
      assertEquals([typed.code, typed.stdout], [69, ""]);
      assertStringIncludes(typed.stderr, says);
      assertEquals(filesBelow(place.root), before);
      for (const [file, env] of strictFiles(place)) {
        const denied = await strictly(file, () => hear(place, "before-edit", b, { via, env }));
        assertEquals(denied.kind, "denied", file);
        assertStringIncludes(denied.text, says);
        const read = await strictly(file, () => hear(place, "after-read", b, { via, env }));
        assert(read.kind !== "denied", file);
      }
    },
  });
}

/** Returns where `"strict": true` may be written, and the environment that leads there. */
function strictFiles(place: Place): [file: string, env: Record<string, string>][] {
  return [
    [`${place.project}/truce.jsonc`, {}],
    [`${place.root}/config/truce/truce.jsonc`, { XDG_CONFIG_HOME: `${place.root}/config` }],
    [`${place.home}/.config/truce/truce.jsonc`, {}],
  ];
}

async function strictly(file: string, ask: () => Promise<Heard>): Promise<Heard> {
  Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(file, `// Edits wait while truce is broken.\n{ "strict": true, }\n`);
  const answer = await ask();
  Deno.removeSync(file);
  assert((await ask()).kind !== "denied", `without ${file}`);
  return answer;
}

function chownAll(folder: string, id: number): void {
  for (const path of [folder, ...filesBelow(folder)]) Deno.chownSync(path, id, id);
}

/** Lets this user enter `folder` and what is below it again, so that it can be removed. */
function open(folder: string): void {
  Deno.chmodSync(folder, 0o700);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) if (isDirectory) open(`${folder}/${name}`);
}

/** Says whether somebody who is not root can be played here, or why not. */
function whyNoStranger(): string | undefined {
  try {
    const [file, ...args] = asStranger;
    const program = new URL("../../dist/truce", import.meta.url).pathname;
    const { success } = new Deno.Command(file, { args: [...args, program, "--version"], stderr: "null" }).outputSync();
    return success ? undefined : "nobody else may run the program";
  } catch {
    return "setpriv is not installed";
  }
}
