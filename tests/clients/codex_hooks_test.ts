import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest } from "../support/clients.ts";
import { HookedProject } from "../support/hooked_project.ts";
import type { Block } from "../support/mock_dialect.ts";
import { assertEndsWell, toolResults } from "../support/sessions.ts";

const { edit, shell } = clientTools.codex;
const files = { "a.js": "one\ntwo\n", "sub/b.js": "three\n", "c.js": "four\n" };
const broken = /^Your lock on \S*\/(\S+) was broken by /;

function hooked(change?: (text: string) => string): Promise<HookedProject> {
  return new HookedProject("codex", files).install(["codex"], change);
}

await clientTest(
  "codex",
  "codex has all the files of a patch or none, and its model reads who has the other",
  async () => {
    using project = await hooked();
    await project.truce(["lock", "acquire", "sub/b.js", "--as", "other", "--ttl", "5m"]);
    const seen: unknown[] = [];
    const both = patch(...update("a.js", "one", "1"), ...update("sub/b.js", "three", "3"));
    await using run = await project.run([[both], async () => {
      seen.push(await project.locks());
      return [];
    }]);
    await assertEndsWell(run);
    assertStringIncludes(toolResults(run)[0], "sub/b.js is locked by other");
    assertEquals(seen, [["sub/b.js manual"]]);
    assertEquals([project.text("a.js"), project.text("sub/b.js")], ["one\ntwo\n", "three\n"]);
  },
);

await clientTest("codex", "codex locks what a patch adds, deletes and moves", async () => {
  using project = await hooked();
  const seen: unknown[] = [];
  const change = patch(
    "*** Update File: a.js",
    "*** Move to: moved.js",
    ...["@@", "-one", "+1"],
    "*** Delete File: c.js",
    "  *** Add File: new.js  ",
    "+new",
  );
  await using run = await project.run([[change], async () => {
    seen.push(await project.locks());
    return [];
  }]);
  await assertEndsWell(run);
  assertEquals(seen, [["a.js grace", "c.js grace", "moved.js grace", "new.js grace"]]);
  assertEquals([project.text("moved.js"), project.text("new.js")], ["1\ntwo\n", "new\n"]);
});

await clientTest("codex", "codex keeps no lock for a patch that failed", async () => {
  using project = await hooked();
  const seen: unknown[] = [];
  await using run = await project.run([
    [edit("a.js", "missing", "1")],
    async () => {
      seen.push(await project.locks());
      return [shell("true")];
    },
    async () => {
      seen.push(await project.locks());
      return [];
    },
  ]);
  await assertEndsWell(run);
  assertEquals(seen, [["a.js in flight"], []]);
});

await clientTest("codex", "codex locks what its shell patches, and knows its own changes from another's", async () => {
  using project = await hooked();
  const seen: unknown[] = [];
  const wrapped = { tool: "apply_patch", input: { patch: heredoc("c.js", "four", "4").replace(/^apply_patch /, "") } };
  await using run = await project.run([
    [shell(heredoc("a.js", "one", "1"))],
    [shell(`cd sub && ${heredoc("b.js", "three", "3")}`)],
    async () => {
      seen.push(await project.locks());
      return [edit("a.js", "1", "11"), wrapped];
    },
    async () => {
      seen.push(await project.locks());
      Deno.writeTextFileSync(`${project.path}/a.js`, "11\nby hand\n");
      return [edit("a.js", "11", "111")];
    },
    [shell(`bash -lc "cd sub && ${heredoc("d.js", "five", "5")}"`)],
    async () => {
      seen.push(await project.locks());
      return [];
    },
  ]);
  await assertEndsWell(run);
  assertEquals(seen, [
    ["a.js in flight", "sub/b.js in flight"],
    ["a.js grace", "c.js grace", "sub/b.js grace"],
    ["a.js grace", "c.js grace", "sub/b.js grace", "sub/d.js in flight"],
  ]);
  const warnings = run.mock.textsSentToModel().filter((text) => text.includes("changed since you read it"));
  assertEquals(warnings.length, 1, warnings.join("\n"));
  assertStringIncludes(warnings[0], "-two\n+by hand");
  assertEquals([project.text("a.js"), project.text("sub/b.js")], ["111\nby hand\n", "3\n"]);
});

await clientTest(
  "codex",
  "codex locks what two shells patch in one turn, and takes neither change for another's",
  async () => {
    using project = await hooked();
    await using run = await project.run([
      [shell(heredoc("a.js", "one", "1")), shell(heredoc("c.js", "four", "4"))],
      [edit("a.js", "1", "11"), edit("c.js", "4", "44")],
      [edit("a.js", "11", "111"), edit("c.js", "44", "444")],
    ]);
    await assertEndsWell(run);
    assertEquals(run.mock.textsSentToModel().filter((text) => text.includes("changed since")), []);
    assertEquals([project.text("a.js"), project.text("c.js")], ["111\ntwo\n", "444\n"]);
  },
);

await clientTest("codex", "the model of codex reads what is told before an edit and after it", async () => {
  const breaking = "truce lock break a.js --as other >/dev/null 2>&1;";
  using project = await hooked((text) => text.replace(/(?=truce hook after-tool)/, breaking));
  await using run = await project.run([
    [edit("a.js", "one", "1")],
    [edit("c.js", "four", "4")],
    async () => {
      await project.truce(["lock", "break", "c.js", "--as", "other"]);
      return [edit("a.js", "two", "2")];
    },
  ]);
  await assertEndsWell(run);
  const told = run.mock.textsSentToModel().map((text) => broken.exec(text)?.[1]).filter((name) => name !== undefined);
  assertEquals(told, ["a.js", "c.js", "a.js"]);
});

await clientTest("codex", "a sub-agent of codex has its own locks, which end with it", async () => {
  using project = await hooked();
  const isDenied = Promise.withResolvers<void>();
  const holders: string[] = [];
  await using run = await project.run([
    [agentTool("spawn_agent", { message: "edit", task_name: "worker", fork_turns: "none" })],
    async () => {
      const [lease] = await project.leasesUntil(([lease]) => lease?.phase === "grace");
      holders.push(lease.holder);
      return [edit("a.js", "two", "2")];
    },
    () => {
      isDenied.resolve();
      return [agentTool("wait_agent", {})];
    },
    async () => {
      await project.leasesUntil((leases) => leases.length === 0);
      return [edit("a.js", "two", "2")];
    },
  ], {
    args: ["--config", "features.multi_agent_v2=true"],
    agents: [{
      // Codex calls its main agent /root, and its sub-agents by their place below.
      match: "Task name: /root/worker",
      turns: [[edit("a.js", "one", "1")], async () => {
        await isDenied.promise;
        return [{ text: "I did it." }];
      }],
    }],
  });
  await assertEndsWell(run);
  assertMatch(holders[0], /^codex session \w{4} \(agent "default"\)$/);
  const [, denied] = toolResults(run);
  assertStringIncludes(denied, `a.js is being edited by ${holders[0]}`);
  assertEquals(project.text("a.js"), "1\n2\n");
});

function agentTool(name: string, input: Record<string, string>): Block {
  return { tool: `collaboration.${name}`, input };
}

function patch(...lines: readonly string[]): Block {
  return { tool: "apply_patch", input: { patch: ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n") } };
}

function update(name: string, from: string, to: string): string[] {
  return [`*** Update File: ${name}`, "@@", `-${from}`, `+${to}`];
}

function heredoc(name: string, from: string, to: string): string {
  return ["apply_patch <<'EOF'", "*** Begin Patch", ...update(name, from, to), "*** End Patch", "EOF", ""].join("\n");
}
