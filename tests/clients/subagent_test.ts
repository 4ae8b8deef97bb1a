import { assertEquals } from "../support/assert.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest } from "../support/clients.ts";
import type { Block } from "../support/mock_dialect.ts";
import { assertEndsWell, SharedProject, staleReminder, toldByHooks, toolResults } from "../support/sessions.ts";

const { read, edit, shell } = clientTools.claude;
const name = "src/api.ts";
const files = { [name]: "one\ntwo\n" };
const advice = "You are 1st in line. Work on another file and retry, or run: truce lock status src/api.ts";
const voice = "SECOND-VOICE";

for (const inBackground of [false, true]) {
  const place = inBackground ? "in the background" : "in the foreground";

  await clientTest("claude", `a sub-agent ${place} is denied what its parent has`, async () => {
    using project = new SharedProject(files);
    const isDenied = Promise.withResolvers<void>();
    await using run = await project.start("claude", {
      id: "aaaa",
      hooks: { waitS: 0 },
      turns: [
        [read(name)],
        [edit(name, "one", "1")],
        [agent(inBackground)],
        async () => {
          await isDenied.promise;
          return [];
        },
      ],
      agents: [{
        match: voice,
        turns: [
          [read(name)],
          [edit(name, "two", "2")],
          () => {
            isDenied.resolve();
            return [{ text: "I could not." }];
          },
        ],
      }],
    });
    await assertEndsWell(run);
    const reason = `src/api.ts is being edited by claude session aaaa since N s ago. ${advice}`;
    assertEquals(toolResults(run).filter(isRefusal), [reason]);
    assertEquals(project.text(name), "1\ntwo\n");
  });
}

await clientTest("claude", "a parent is denied what its sub-agent in the background has", async () => {
  using project = new SharedProject(files);
  const isDenied = Promise.withResolvers<void>();
  await using run = await project.start("claude", {
    id: "aaaa",
    hooks: { waitS: 0 },
    turns: [
      [read(name)],
      [agent(true)],
      async () => {
        await project.leasesUntil(([lease]) => lease?.phase === "grace");
        return [edit(name, "one", "1")];
      },
      () => {
        isDenied.resolve();
        return [];
      },
    ],
    agents: [{
      match: voice,
      turns: [
        [read(name)],
        [edit(name, "two", "2")],
        async () => {
          await isDenied.promise;
          return [{ text: "I did it." }];
        },
      ],
    }],
  });
  await assertEndsWell(run);
  const who = 'claude session aaaa (agent "general-purpose")';
  const reason = `src/api.ts is being edited by ${who} since N s ago. ${advice}`;
  assertEquals(toolResults(run).filter(isRefusal), [reason]);
  assertEquals(project.text(name), "one\n2\n");
});

await clientTest("claude", "a parent goes on at once after its sub-agent, and is told what that changed", async () => {
  using project = new SharedProject(files);
  using isStamped = project.gate();
  await using run = await project.start("claude", {
    id: "aaaa",
    hooks: { waitS: 0, aroundReadHook: { after: isStamped.open } },
    turns: [[read(name)], [shell(isStamped.wait)], [agent(false)], [edit(name, "one", "1")]],
    agents: [{ match: voice, turns: [[read(name)], [edit(name, "two", "2")], [{ text: "I did it." }]] }],
  });
  await assertEndsWell(run);
  const reminder = staleReminder(
    name,
    'claude session aaaa (agent "general-purpose")',
    "@@ -1,2 +1,2 @@\n one\n-two\n+2",
  );
  assertEquals(toldByHooks(run), [reminder]);
  assertEquals(project.text(name), "1\n2\n");
});

function agent(inBackground: boolean): Block {
  const task = { description: "edit", prompt: `${voice} edits`, subagent_type: "general-purpose" };
  return { tool: "Agent", input: { ...task, run_in_background: inBackground } };
}

function isRefusal(result: string): boolean {
  return result.includes("in line");
}
