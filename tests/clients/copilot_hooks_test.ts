import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { writeFile } from "../support/client_project.ts";
import { clientTools } from "../support/client_tools.ts";
import { type ClientName, clientTest, type Run } from "../support/clients.ts";
import { HookedProject } from "../support/hooked_project.ts";
import type { Block } from "../support/mock_dialect.ts";
import { assertEndsWell, toolResults } from "../support/sessions.ts";

const files = { "a.js": "one\ntwo\n", "b.js": "three\n" };
const label = /^copilot session \w{4}$/;

/** Copilot CLI runs the hooks of Claude Code, too. */
const registrations: readonly (readonly ClientName[])[] = [["copilot"], ["claude"], ["claude", "copilot"]];

for (const clients of registrations) {
  const how = `with truce installed for ${clients.join(" and ")}`;

  await clientTest("copilot", `copilot ${how} is one holder, told once and denied once`, async () => {
    using project = await new HookedProject("copilot", files).install(clients);
    const { read, edit } = toolsIn(project);
    const seen: unknown[] = [];
    await using run = await project.run([
      [read("a.js")],
      [edit("a.js", "one", "1")],
      async () => {
        const [lease, ...others] = await project.leases();
        assertMatch(lease.holder, label);
        seen.push(lease.phase, others.length);
        await project.truce(["lock", "break", "a.js", "--as", "other"]);
        await project.truce(["lock", "acquire", "b.js", "--as", "other"]);
        Deno.writeTextFileSync(`${project.path}/a.js`, "1\nby hand\n");
        return [edit("a.js", "1", "11")];
      },
      [edit("b.js", "three", "3"), edit("b.js", "three", "3")],
    ]);
    await assertEndsWell(run);
    assertEquals(seen, ["grace", 0]);
    const [, , , ...denied] = toolResults(run);
    for (const reason of denied) assertEquals(reason.split("b.js is locked by other").length, 2, reason);
    assertEquals(denied.length, 2);
    // Whether the model reads what is told in the words of Claude Code depends on the moment; these are before a tool.
    assertEquals([count(run, "was broken by"), count(run, "changed since you read it")], [1, 1]);
    assertEquals([project.text("a.js"), project.text("b.js")], ["11\nby hand\n", "three\n"]);
  });
}

const look = "true; truce lock list --json >>looks.jsonl";

for (const [what, first] of [["succeeds", "one"], ["fails", "missing"]]) {
  await clientTest("copilot", `copilot keeps a file until its second edit is over when the first ${what}`, async () => {
    using project = await new HookedProject("copilot", files).install(
      ["copilot"],
      (text) => text.replaceAll(/(?<=hook (?:before-tool|after-tool|tool-failed) [^"]*\|\| )exit 0/g, look),
    );
    const { edit } = toolsIn(project);
    await using run = await project.run([[edit("a.js", first, "1"), edit("a.js", "two", "2")]]);
    await assertEndsWell(run);
    const looks = project.text("looks.jsonl").trim().split("\n").map((line) => JSON.parse(line).leases);
    // Which of the two is over first is left to chance.
    const phases = looks.map(([lease]) => lease?.phase === "in flight");
    assertEquals(phases, [true, true, true, false]);
    assertEquals(project.text("a.js"), first === "one" ? "1\n2\n" : "one\n2\n");
  });
}

await clientTest("copilot", "the model of copilot reads what is told after an edit", async () => {
  const breaking = "truce lock break a.js --as other >/dev/null 2>&1; ";
  const project = await new HookedProject("copilot", files).install(
    ["copilot"],
    (text) => text.replace(/(?<="bash": ")(?=[^"]*hook after-tool)/, breaking),
  );
  using _ = project;
  await using run = await project.run([[toolsIn(project).edit("a.js", "one", "1")]]);
  await assertEndsWell(run);
  assertEquals(count(run, "was broken by"), 1);
});

await clientTest(
  "copilot",
  "the model of copilot reads at a start, a prompt and an edit that truce is broken",
  async () => {
    using project = await new HookedProject("copilot", files).install(["copilot"]);
    const state = `${project.homeOf("aaaa")}/state`;
    writeFile(state, "no folder");
    const told: number[] = [];
    const look = ({ texts }: { readonly texts: readonly string[] }) =>
      told.push(times(texts, "Edits go on unprotected"));
    await using run = await project.run([
      (request) => {
        look(request);
        return [toolsIn(project).edit("a.js", "one", "1")];
      },
      (request) => {
        look(request);
        return [];
      },
    ], { env: { TRUCE_STATE_DIR: state } });
    await assertEndsWell(run);
    assertEquals(told, [2, 3]);
    assertEquals(project.text("a.js"), "1\ntwo\n");
  },
);

/** Scripts in the place of truce. */
const broken: Readonly<Record<string, string>> = {
  "is killed": "kill -9 $$",
  "crashes": "echo oops; exit 3",
  "is missing": "exec /nowhere/truce",
};

for (const [what, script] of Object.entries(broken)) {
  await clientTest("copilot", `copilot edits on when truce ${what}`, async () => {
    using project = await new HookedProject("copilot", files).install(["copilot"]);
    const programs = `${project.homeOf("aaaa")}/programs`;
    writeFile(`${programs}/truce`, `#!/bin/sh\n${script}\n`);
    Deno.chmodSync(`${programs}/truce`, 0o755);
    await using run = await project.run([[toolsIn(project).edit("a.js", "one", "1")]], {
      env: { PATH: `${programs}:${project.env.PATH}` },
    });
    await assertEndsWell(run);
    assertEquals(project.text("a.js"), "1\ntwo\n");
  });
}

await clientTest("copilot", "a sub-agent of copilot has its own locks, which end with it", async () => {
  using project = await new HookedProject("copilot", files).install(["claude", "copilot"]);
  const { edit } = toolsIn(project);
  const holders: string[] = [];
  const task = { description: "d", prompt: "HELPER", agent_type: "general-purpose", name: "helper", mode: "sync" };
  await using run = await project.run([
    [edit("a.js", "one", "1")],
    [{ tool: "task", input: task }],
    async () => {
      holders.push(...(await project.leases()).map(({ holder }) => holder));
      return [];
    },
  ], {
    agents: [{
      match: "HELPER",
      turns: [[edit("a.js", "two", "2")], [edit("b.js", "three", "3")], async () => {
        holders.push(...(await project.leases()).map(({ holder }) => holder));
        return [];
      }],
    }],
  });
  await assertEndsWell(run);
  const session = holders[0];
  assertMatch(session, label);
  assertEquals(holders.toSorted(), [session, session, `${session} (agent "general-purpose")`]);
  assertEquals(toolResults(run).filter((text) => text.includes(`a.js is being edited by ${session}`)).length, 1);
  assertEquals([project.text("a.js"), project.text("b.js")], ["1\ntwo\n", "3\n"]);
});

await clientTest("copilot", "copilot locks what a patch of a GPT model changes", async () => {
  using project = await new HookedProject("copilot", files).install(["claude", "copilot"]);
  await project.truce(["lock", "acquire", "b.js", "--as", "other"]);
  const seen: unknown[] = [];
  await using run = await project.run([
    [clientTools.codex.edit("a.js", "one", "1")],
    [clientTools.codex.edit("b.js", "three", "3")],
    async () => {
      seen.push(await project.locks());
      return [];
    },
  ], {
    env: {
      COPILOT_PROVIDER_TYPE: "openai",
      COPILOT_PROVIDER_WIRE_API: "responses",
      COPILOT_MODEL: "gpt-5.2-codex",
    },
  });
  await assertEndsWell(run);
  assertEquals(seen, [["a.js grace", "b.js manual"]]);
  assertStringIncludes(toolResults(run)[1], "b.js is locked by other");
  assertEquals([project.text("a.js"), project.text("b.js")], ["1\ntwo\n", "three\n"]);
});

/** Returns the tools with absolute paths, which Copilot CLI wants. */
function toolsIn({ path }: HookedProject): {
  read(name: string): Block;
  edit(name: string, from: string, to: string): Block;
} {
  const { read, edit } = clientTools.copilot;
  return {
    read: (name) => read(`${path}/${name}`),
    edit: (name, from, to) => edit(`${path}/${name}`, from, to),
  };
}

/** Returns how often `words` have reached the model. */
function count({ mock }: Run, words: string): number {
  return times(mock.textsSentToModel(), words);
}

function times(texts: readonly string[], words: string): number {
  return texts.join("\n").split(words).length - 1;
}
