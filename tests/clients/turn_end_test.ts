// What is left of locks and of what was read when a turn, a call or a session is over that nobody ended as usual.

import { assertEquals, assertMatch } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest, runClient } from "../support/clients.ts";
import { HookedProject } from "../support/hooked_project.ts";
import { until } from "../support/place.ts";
import { assertEndsWell, SharedProject, staleReminder, toldByHooks, toolResults } from "../support/sessions.ts";

const files = { "a.js": "one\ntwo\n", "b.js": "three\n" };

await clientTest(
  "claude",
  "a sub-agent in the background keeps its lock when the turn of its parent is over",
  async () => {
    const call = "truce hook stop --format claude";
    using project = await new HookedProject("claude", files).install(
      ["claude"],
      (text) => text.replace(call, `${call}; echo >>stops`),
    );
    const { read, edit } = clientTools.claude;
    const task = { description: "edit", prompt: "HELPER", subagent_type: "general-purpose", run_in_background: true };
    const seen: unknown[] = [];
    await using run = await project.run([[{ tool: "Agent", input: task }]], {
      agents: [{
        match: "HELPER",
        turns: [[read("a.js")], [edit("a.js", "one", "1")], async () => {
          await until("the turn of the parent is over", () => Promise.resolve(isThere(`${project.path}/stops`)));
          const [lease] = await project.leases();
          assertMatch(lease.holder, /^claude session aaaa \(agent "general-purpose"\)$/);
          seen.push(lease.phase);
          return [];
        }],
      }],
    });
    await assertEndsWell(run);
    assertEquals(seen, ["grace"]);
  },
);

await clientTest("claude", "a session of claude that is resumed is told what changed since it read", async () => {
  using project = new SharedProject(files);
  const { read, edit } = clientTools.claude;
  await using first = await project.start("claude", {
    id: "aaaa",
    turns: [[read("a.js")], [edit("a.js", "one", "1")]],
  });
  await assertEndsWell(first);
  assertEquals(await project.leases(), []);
  writeFile(`${project.path}/a.js`, "1\nby hand\n");
  const home = project.homeOf("aaaa");
  await using second = await runClient("claude", {
    project: project.path,
    home,
    env: project.env,
    args: ["--resume", "aaaa0000-0000-4000-8000-000000000000", "--plugin-dir", `${home}/plugin`],
    script: { turns: [[edit("a.js", "1", "11")]] },
  });
  await assertEndsWell(second);
  assertEquals(toldByHooks(second), [staleReminder("a.js", "", "@@ -1,2 +1,2 @@\n 1\n-two\n+by hand")]);
});

await clientTest(
  "gemini",
  "gemini keeps no lock for an edit that another hook denied, once it uses the next tool",
  async () => {
    using project = new SharedProject(files);
    const { read, edit } = clientTools.gemini;
    const seen: unknown[] = [];
    const look = async () => {
      const leases = await project.leases();
      seen.push(leases.map(({ path, phase }) => `${path.slice(project.path.length + 1)} ${phase}`));
    };
    await using run = await project.start("gemini", {
      id: "aaaa",
      hooks: { beforeEdit: `grep -q b.js || { echo not today >&2; exit 2; }` },
      turns: [
        [read("a.js"), read("b.js")],
        [edit("a.js", "one", "1")],
        async () => {
          await look();
          return [edit("b.js", "three", "3")];
        },
        async () => {
          await look();
          return [];
        },
      ],
    });
    await assertEndsWell(run);
    assertMatch(toolResults(run)[2], /not today/);
    assertEquals(seen, [["a.js in flight"], ["b.js grace"]]);
  },
);

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}
