import { inputsOf, isDue, mayHaveMore, noteInputs } from "../../src/sync/inputs.ts";
import { peekSync } from "../../src/sync/apply.ts";
import { type SourceFiles, sourceFiles } from "../../src/sync/source/files.ts";
import { prepare } from "../../src/sync/sync.ts";
import { targetsOf } from "../../src/sync/targets/table.ts";
import { assertEquals } from "../support/assert.ts";
import { Place } from "../support/place.ts";
import { backends } from "../support/stores.ts";

/** What somebody does during a sync, just after the contents of something were read, or nothing was found there. */
const during: Readonly<Record<string, readonly [after: string, act: (place: Place) => void]>> = {
  "nothing happens": ["CLAUDE.md", () => {}],
  "what was read is written": ["CLAUDE.md", (place) => void place.write("CLAUDE.md", "Longer now.\n")],
  "what was read goes": ["CLAUDE.md", ({ project }) => Deno.removeSync(`${project}/CLAUDE.md`)],
  "what was absent appears": [".mcp.json", (place) => void place.write(".mcp.json", "{}")],
  "a rule appears where none was": [".claude/rules", (place) => void place.write(".claude/rules/a.md")],
  "an import is written": ["docs/more.md", (place) => void place.write("docs/more.md", "Longer now.\n")],
  "a folder gets instructions": ["src", (place) => void place.write("src/CLAUDE.md")],
  "a folder gets a folder": ["src", ({ project }) => Deno.mkdirSync(`${project}/src/deep`)],
};

for (const [name, [after, act]] of Object.entries(during)) {
  for (const isBroken of [false, true]) {
    const source = isBroken ? "a broken source" : "a source";
    const is = name === "nothing happens" ? "is in step" : "stays due";
    Deno.test(`prepare() of ${source} that it never read before ${is} when ${name} meanwhile`, async () => {
      using place = new Place();
      using backend = backends.FileStore();
      place.write("CLAUDE.md", "Use tabs.\n@docs/more.md\n");
      place.write("docs/more.md", "Be brief.\n");
      place.write("src/a.ts");
      // The clock of the file system ticks slower than a test runs.
      for (const name of ["", "src"]) Deno.utimeSync(`${place.project}/${name}`, 1, 1);
      if (isBroken) place.write(".claude/settings.json", "{");
      const files = actingAfter(`${place.project}/${after}`, () => act(place));
      const { inputs: stamps, walked } = await prepared(place, files);
      const synced = { scope: "project", root: place.project } as const;
      const before = await inputsOf(backend.store, synced);
      await noteInputs(backend.store, synced, { stamps, walked, choices: { targets: [], allowsRules: false }, before });
      const isStillDue = await isDue(backend.store, synced) || await mayHaveMore(backend.store, synced);
      assertEquals(isStillDue, name !== "nothing happens");
    });
  }
}

async function prepared({ project, state, home }: Place, files: SourceFiles) {
  const targets = targetsOf(["codex"]);
  const request = { scope: "project", root: project, home, targets, allowsRules: false } as const;
  return await prepare(request, await peekSync({ scope: "project", root: project, state }), files);
}

/** Returns the disk, on which `act` happens once, when what is at `path` was read and is about to be told. */
function actingAfter(path: string, act: () => void): SourceFiles {
  let isDone = false;
  const then = <T>(asked: string, answer: T): T => {
    if (asked === path && !isDone) {
      isDone = true;
      act();
    }
    return answer;
  };
  return {
    look: (asked) => sourceFiles.look(asked) ?? then(asked, undefined),
    read: (asked) => then(asked, sourceFiles.read(asked)),
    entries: (asked) => then(asked, sourceFiles.entries(asked)),
    realPath: (asked) => sourceFiles.realPath(asked) ?? then(asked, undefined),
  };
}
