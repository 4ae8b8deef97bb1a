// All five clients with what `truce install` writes: each is once the one that edits, and once the one that comes second.

import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { clientTools } from "../support/client_tools.ts";
import { type ClientName, clientTest } from "../support/clients.ts";
import { runTruce, truceProgram } from "../support/program.ts";
import { assertEndsWell, SharedProject, toolResults } from "../support/sessions.ts";

const name = "src/api.ts";
const files = { [name]: "one\ntwo\n" };

const pairs: readonly (readonly [holder: ClientName, second: ClientName])[] = [
  ["claude", "codex"],
  ["codex", "copilot"],
  ["copilot", "opencode"],
  ["opencode", "gemini"],
  ["gemini", "claude"],
  ["claude", "copilot"],
];

for (const [first, second] of pairs) {
  await clientTest([first, second], `${second} is denied what ${first} has edited, as both are installed`, async () => {
    using project = new SharedProject(files);
    await install(project, [first, second]);
    const [hasEdited, isRefused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [one, two] = [clientTools[first], clientTools[second]];
    const path = `${project.path}/${name}`;
    await using holder = await project.start(first, {
      id: "aaaa",
      hooks: "none",
      turns: [
        [one.read(path)],
        [one.edit(path, "one", "1")],
        async () => {
          hasEdited.resolve();
          await isRefused.promise;
          return [];
        },
      ],
    });
    await using other = await project.start(second, {
      id: "bbbb",
      hooks: "none",
      env: impatience(project),
      turns: [
        [two.read(path)],
        async () => {
          await hasEdited.promise;
          return [two.edit(path, "two", "2")];
        },
        () => {
          isRefused.resolve();
          return [];
        },
      ],
    });
    await Promise.all([assertEndsWell(holder), assertEndsWell(other)]);
    const [, refusal] = toolResults(other);
    assertStringIncludes(refusal, `${name} is being edited by ${first} session`);
    assertStringIncludes(refusal, "You are 1st in line");
    assertEquals(project.text(name), "1\ntwo\n");
  });
}

async function install(project: SharedProject, clients: readonly ClientName[]): Promise<void> {
  const { code, stdout, stderr } = await runTruce(["install", ...clients, "--scope", "project", "--yes"], {
    cwd: project.path,
    env: { ...project.env, HOME: project.homeOf("user") },
  });
  assertEquals(code, 0, stdout + stderr);
}

/** Returns variables with which the hooks of a session find a truce that does not wait in line. */
function impatience(project: SharedProject): Record<string, string> {
  const folder = `${project.homeOf("bbbb")}/programs`;
  const script = `#!/bin/sh\n[ "$2" = before-tool ] && set -- "$@" --timeout 0\nexec '${truceProgram}' "$@"\n`;
  writeFile(`${folder}/truce`, script);
  Deno.chmodSync(`${folder}/truce`, 0o755);
  return { PATH: `${folder}:${project.env.PATH}` };
}
