import { assertEquals } from "../support/assert.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest, type PluginClient, type Run } from "../support/clients.ts";
import {
  assertEndsWell,
  SharedProject,
  staleReminder,
  staleText,
  toldByHooks,
  toolResults,
} from "../support/sessions.ts";

const name = "a.txt";
const files = { [name]: "one\ntwo\nthree\n" };

/** What somebody changes after a session has read `files`. */
const diff = "@@ -1,3 +1,3 @@\n-one\n+1\n two\n three";

await clientTest(["claude", "gemini"], "Claude is told what Gemini changed, and its edit goes through", async () => {
  using project = new SharedProject(files);
  const { read, edit, shell } = clientTools.claude;
  using isStamped = project.gate();
  await using run = await project.start("claude", {
    id: "aaaa",
    hooks: { aroundReadHook: { after: isStamped.open } },
    turns: [[read(name)], [shell(isStamped.wait)], async () => {
      await editInAnotherSession(project, "gemini");
      return [edit(name, "two", "2")];
    }],
  });
  await assertEndsWell(run);
  assertEquals(toldByHooks(run), [staleReminder(name, "gemini session bbbb", diff)]);
  assertEquals(project.text(name), "1\n2\nthree\n");
});

await clientTest(
  ["claude", "gemini"],
  "Gemini is denied once with what Claude changed, and edits what it read again",
  async () => {
    using project = new SharedProject(files);
    const { read, edit } = clientTools.gemini;
    await using run = await project.start("gemini", {
      id: "aaaa",
      turns: [
        [read(name)],
        async () => {
          await editInAnotherSession(project, "claude");
          return [edit(name, "two", "2")];
        },
        [read(name)],
        [edit(name, "two", "2")],
      ],
    });
    await assertEndsWell(run);
    const [, denial, again] = toolResults(run);
    const told = staleText(name, "claude session bbbb", diff);
    assertEquals(denial, `Tool execution blocked: ${told}\nRead it again, then retry the edit`);
    assertEquals(again, "1\ntwo\nthree");
    assertEquals(project.text(name), "1\n2\nthree\n");
  },
);

await clientTest("claude", "a change without truce is told, too", async () => {
  using project = new SharedProject(files);
  const { read, edit, shell } = clientTools.claude;
  using isStamped = project.gate();
  await using run = await project.start("claude", {
    id: "aaaa",
    hooks: { aroundReadHook: { after: isStamped.open } },
    turns: [[read(name)], [shell(isStamped.wait)], () => {
      Deno.writeTextFileSync(`${project.path}/${name}`, "1\ntwo\nthree\n");
      return [edit(name, "two", "2")];
    }],
  });
  await assertEndsWell(run);
  assertEquals(toldByHooks(run), [staleReminder(name, "", diff)]);
});

async function editInAnotherSession(project: SharedProject, client: PluginClient): Promise<void> {
  const { read, edit } = clientTools[client];
  await using run: Run = await project.start(client, { id: "bbbb", turns: [[read(name)], [edit(name, "one", "1")]] });
  await assertEndsWell(run);
}
