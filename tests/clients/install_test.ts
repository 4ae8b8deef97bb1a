import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { repository } from "../support/client_hooks.ts";
import { clientTools } from "../support/client_tools.ts";
import { callClient, clientTest, type PluginClient } from "../support/clients.ts";
import { assertEndsWell, SharedProject } from "../support/sessions.ts";

interface Installation {
  readonly client: PluginClient;
  readonly title: string;
  /** What a person types, and a part of the answer to each. */
  readonly steps: readonly { readonly args: readonly string[]; readonly answer: string }[];
}

const installations: readonly Installation[] = [
  {
    client: "claude",
    title: "the marketplace of the repository offers a plugin that is valid and works",
    steps: [
      { args: ["plugin", "validate", `${repository}/hooks/claude`], answer: "Validation passed" },
      { args: ["plugin", "validate", repository], answer: "Validation passed" },
      { args: ["plugin", "marketplace", "add", repository], answer: "Successfully added marketplace: truce" },
      { args: ["plugin", "install", "truce@truce"], answer: "Successfully installed plugin: truce@truce" },
      { args: ["plugin", "list"], answer: "truce@truce" },
    ],
  },
  {
    client: "gemini",
    title: "the extension is valid, and works when it is linked",
    steps: [
      { args: ["extensions", "validate", `${repository}/hooks/gemini`], answer: "successfully validated" },
      { args: ["extensions", "link", `${repository}/hooks/gemini`, "--consent"], answer: "truce" },
      { args: ["extensions", "list"], answer: "truce (" },
    ],
  },
];

for (const { client, title, steps } of installations) {
  await clientTest(client, `${client}: ${title}`, async () => {
    using project = new SharedProject({ "a.txt": "one\n" });
    for (const { args, answer } of steps) {
      const { code, output } = await callClient(client, args, project.homeOf("aaaa"));
      assertEquals(code, 0, output);
      assertStringIncludes(output, answer);
    }
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
  });
}
