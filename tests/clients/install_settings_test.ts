// What truce install writes is what the real clients read, and what they install by themselves is noticed.

import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { repository } from "../support/client_hooks.ts";
import { clientTools } from "../support/client_tools.ts";
import { callClient, clientTest, type PluginClient } from "../support/clients.ts";
import { runTruce } from "../support/program.ts";
import { assertEndsWell, SharedProject } from "../support/sessions.ts";

interface Client {
  readonly client: PluginClient;
  readonly file: string;
  readonly settings: string;
  /** What a person types to have the plugin or the extension, and what truce calls it. */
  readonly steps: readonly (readonly string[])[];
  readonly packaged: RegExp;
}

const installations: readonly Client[] = [
  {
    client: "claude",
    file: ".claude/settings.json",
    settings: '{\n    "env": { "A": "1" }\n}',
    steps: [["plugin", "marketplace", "add", repository], ["plugin", "install", "truce@truce"]],
    packaged: /the plugin truce@truce calls truce already/,
  },
  {
    client: "gemini",
    file: ".gemini/settings.json",
    settings: '{\n\t// mine\n\t"ui": {}\n}\n',
    steps: [["extensions", "link", `${repository}/hooks/gemini`, "--consent"]],
    packaged: /the extension truce calls truce already/,
  },
];

for (const { client, file, settings, steps, packaged } of installations) {
  await clientTest(client, `${client}: hooks that truce install has written work beside what was there`, async () => {
    using project = new SharedProject({ "a.txt": "one\n", [file]: settings });
    assertStringIncludes(await truce(project, ["install", client, "--scope", "project"]), `wrote ${file}`);
    const { read, edit } = clientTools[client];
    let phases: string[] = [];
    const look = async () => {
      phases = (await project.leases()).map(({ phase }) => phase);
      return [];
    };
    const turns = [[read("a.txt")], [edit("a.txt", "one", "1")], look];
    await using run = await project.start(client, { id: "aaaa", hooks: "none", turns });
    await assertEndsWell(run);
    assertEquals(phases, ["grace"]);
    await truce(project, ["uninstall", client, "--scope", "project"]);
    assertEquals(project.text(file), settings);
  });

  await clientTest(client, `${client}: what it has installed by itself is not installed twice`, async () => {
    using project = new SharedProject({ "a.txt": "one\n" });
    for (const args of steps) {
      const { code, output } = await callClient(client, args, project.homeOf("aaaa"));
      assertEquals(code, 0, output);
    }
    assertMatch(await truce(project, ["install", client, "--scope", "project"]), packaged);
  });
}

async function truce(project: SharedProject, words: readonly string[]): Promise<string> {
  const env = { ...project.env, HOME: project.homeOf("aaaa") };
  const { code, stdout, stderr } = await runTruce(words, { cwd: project.path, env });
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}
