import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { handWrittenSettings } from "../support/client_hooks.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest, type PluginClient } from "../support/clients.ts";
import type { Block } from "../support/mock_dialect.ts";
import { assertEndsWell, type SessionOptions, SharedProject, toolResults } from "../support/sessions.ts";

const name = "a.txt";
const files = { [name]: "one\ntwo\n" };
const claude = clientTools.claude;

const deny = {
  hookSpecificOutput: {
    hookEventName: "PreToolUse",
    permissionDecision: "deny",
    permissionDecisionReason: "Not today",
  },
};

interface Rejection {
  readonly title: string;
  /** What another hook answers before the edit. */
  readonly answer: string;
  readonly permissionMode: string;
  /** What the model is told. */
  readonly told: string;
}

const rejections: readonly Rejection[] = [
  { title: "another hook denied", answer: JSON.stringify(deny), permissionMode: "acceptEdits", told: "Not today" },
  { title: "nobody permitted", answer: "", permissionMode: "default", told: "you haven't granted it yet" },
];

for (const { title, answer, permissionMode, told } of rejections) {
  await clientTest("claude", `an edit that ${title} leaves no lease, while its session goes on`, async () => {
    using project = new SharedProject(files);
    using gate = project.gate();
    await using run = await project.start("claude", {
      id: "aaaa",
      permissionMode,
      hooks: { beforeEdit: `${gate.wait}; echo '${answer}'` },
      turns: [
        [claude.read(name)],
        [claude.edit(name, "one", "1")],
        // The hook that ends a batch of calls runs beside the session.
        async () => {
          await project.leasesUntil((leases) => leases.length === 0);
          return [claude.shell("truce lock list --json")];
        },
      ],
    });
    await project.leasesUntil(([lease]) => lease?.phase === "in flight");
    gate.letThrough();
    await assertEndsWell(run);
    const [, rejected, listed] = toolResults(run);
    assertStringIncludes(rejected, told);
    assertEquals(listed, '{"leases":[]}');
    assertEquals(project.text(name), "one\ntwo\n");
  });
}

interface Failure {
  readonly client: PluginClient;
  readonly call: Block;
  /** `wait` is a command that stops the edit at the gate. */
  readonly options: (wait: string) => Partial<SessionOptions>;
  /** What the model is told. */
  readonly told: string;
}

const failures: readonly Failure[] = [
  {
    client: "claude",
    call: claude.write("folder/new.txt", "new\n"),
    // After the client has looked, a file takes the place of the folder that is to be made.
    options: (wait) => ({ hooks: "none", settings: handWrittenSettings(`${wait}; : >folder`) }),
    told: "ENOTDIR",
  },
  {
    client: "gemini",
    call: clientTools.gemini.edit(name, "absent", "1"),
    options: (wait) => ({ hooks: { beforeEdit: wait } }),
    told: "Could not find an exact match",
  },
];

for (const { client, call, options, told } of failures) {
  await clientTest(client, `an edit of ${client} that fails leaves no lease, while its session goes on`, async () => {
    using project = new SharedProject(files);
    using gate = project.gate();
    await using run = await project.start(client, {
      ...options(gate.wait),
      id: "aaaa",
      turns: [[call], [clientTools[client].shell("truce lock list --json")]],
    });
    await project.leasesUntil(([lease]) => lease?.phase === "in flight");
    gate.letThrough();
    await assertEndsWell(run);
    const [failed, listed] = toolResults(run);
    assertStringIncludes(failed, told);
    assertStringIncludes(listed, '{"leases":[]}');
  });
}

interface Kill {
  readonly victim: PluginClient;
  readonly phase: "in flight" | "manual";
  readonly waiter: PluginClient;
}

const kills: readonly Kill[] = [
  { victim: "claude", phase: "in flight", waiter: "claude" },
  { victim: "claude", phase: "manual", waiter: "gemini" },
  { victim: "gemini", phase: "in flight", waiter: "claude" },
];

for (const { victim, phase, waiter } of kills) {
  const title = `what a killed ${victim} had (${phase}) goes to the ${waiter} that waits for it`;
  await clientTest([victim, waiter], title, async () => {
    using project = new SharedProject(files);
    using gate = project.gate();
    const [its, others] = [clientTools[victim], clientTools[waiter]];
    const never = Promise.withResolvers<never>();
    await using killed = await project.start(victim, {
      id: "aaaa",
      hooks: phase === "in flight" ? { beforeEdit: gate.wait } : {},
      turns: [
        [its.read(name)],
        [phase === "manual" ? its.shell(`truce lock acquire ${name}`) : its.edit(name, "one", "1")],
        () => never.promise,
      ],
    });
    await project.leasesUntil(([lease]) => lease?.phase === phase);

    const waitS = 20;
    await using heir = await project.start(waiter, {
      id: "bbbb",
      hooks: { waitS },
      turns: [[others.read(name)], [others.edit(name, "two", "2")]],
    });
    const [{ secondsLeft }] = await project.leasesUntil(([lease]) => lease?.waiting.length === 1);
    assert(secondsLeft > waitS, `the lease would have lapsed within the ${waitS} s of the one who waits`);
    killed.kill();
    await assertEndsWell(heir);
    assertEquals(project.text(name), "one\n2\n");
  });
}
