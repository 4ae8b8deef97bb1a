import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest } from "../support/clients.ts";
import { pluginText } from "../support/opencode_plugin.ts";
import { runTruce } from "../support/program.ts";
import { assertEndsWell, type SessionOptions, SharedProject, toolResults } from "../support/sessions.ts";

const { read, edit, shell } = clientTools.opencode;
const files = { "a.js": "one\ntwo\n", "b.js": "three\n" };
const sessionLabel = /^opencode session \w{4}$/;

/** A project with the plugin. An edit that has to wait is denied at once. */
class PluginProject extends SharedProject {
  constructor(truce = "truce") {
    super(files);
    const impatient = pluginText(truce).replace('"opencode"]', '"opencode", "--timeout", "0"]');
    writeFile(`${this.path}/.opencode/plugins/truce.js`, impatient);
  }

  run(turns: SessionOptions["turns"], more: Partial<SessionOptions> = {}) {
    return this.start("opencode", { id: "aaaa", turns, ...more });
  }

  async truce(...words: readonly string[]): Promise<void> {
    const { code, stderr } = await runTruce(words, { cwd: this.path, env: this.env });
    assertEquals([code, stderr], [0, ""]);
  }

  /** Returns `path phase` of each lock. */
  async locks(): Promise<string[]> {
    return (await this.leases()).map(({ path, phase }) => `${path.slice(this.path.length + 1)} ${phase}`);
  }
}

await clientTest("opencode", "opencode locks what it edits, and is told when it lost a lock", async () => {
  using project = new PluginProject();
  const seen: unknown[] = [];
  await using run = await project.run([
    [read("a.js")],
    [edit("a.js", "one", "1")],
    async () => {
      const [lease] = await project.leases();
      assertMatch(lease.holder, sessionLabel);
      seen.push(await project.locks());
      await project.truce("lock", "break", "a.js");
      return [read("b.js"), edit("b.js", "three", "3")];
    },
    [edit("a.js", "missing", "1")],
    async () => {
      seen.push(await project.locks());
      return [];
    },
  ]);
  await assertEndsWell(run);
  assertEquals(seen, [["a.js grace"], ["b.js grace"]]);
  const results = toolResults(run);
  assertMatch(results[3], /^Edit applied successfully\.\n\nYour lock on .*a\.js was broken by /);
  assertStringIncludes(results[4], "Could not find oldString");
  assertEquals([project.text("a.js"), project.text("b.js")], ["1\ntwo\n", "3\n"]);
});

await clientTest("opencode", "opencode is denied an edit of what another holds, and its model reads why", async () => {
  using project = new PluginProject();
  await project.truce("lock", "acquire", "a.js", "--as", "other", "--ttl", "5m");
  await using run = await project.run([[read("a.js")], [edit("a.js", "one", "1"), edit("b.js", "three", "3")]]);
  await assertEndsWell(run);
  const [, denied] = toolResults(run);
  assertStringIncludes(denied, "a.js is locked by other");
  assertEquals([project.text("a.js"), project.text("b.js")], ["one\ntwo\n", "3\n"]);
});

await clientTest("opencode", "opencode is one holder in its tools and in its shell", async () => {
  using project = new PluginProject();
  const holders: string[] = [];
  await using run = await project.run([
    [shell("truce lock acquire a.js")],
    [read("a.js")],
    async () => {
      holders.push(...(await project.leases()).map(({ holder }) => holder));
      return [edit("a.js", "one", "1")];
    },
  ]);
  await assertEndsWell(run);
  assertMatch(holders[0], sessionLabel);
  assertEquals(project.text("a.js"), "1\ntwo\n");
});

await clientTest("opencode", "opencode frees at once what its sub-agent has locked", async () => {
  using project = new PluginProject();
  const seen: unknown[] = [];
  const task = { tool: "task", input: { description: "d", prompt: "HELPER", subagent_type: "general" } };
  await using run = await project.run([[task], async () => {
    seen.push(await project.leasesUntil((leases) => leases.length === 0));
    return [];
  }], {
    agents: [{
      match: "HELPER",
      turns: [[edit("a.js", "one", "1")], async () => {
        seen.push(await project.locks());
        return [];
      }],
    }],
  });
  await assertEndsWell(run);
  assertEquals(seen, [["a.js grace"], []]);
});

await clientTest("opencode", "opencode edits on when truce is gone", async () => {
  using project = new PluginProject("/nowhere/truce");
  await using run = await project.run([[read("a.js")], [edit("a.js", "one", "1")]]);
  await assertEndsWell(run);
  assertEquals(toolResults(run)[1], "Edit applied successfully.");
  assertEquals([project.text("a.js"), await project.locks()], ["1\ntwo\n", []]);
});
