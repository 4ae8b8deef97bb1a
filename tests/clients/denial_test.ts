import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest, type PluginClient } from "../support/clients.ts";
import { assertEndsWell, SharedProject, toolResults } from "../support/sessions.ts";

const name = "src/api.ts";
const files = { [name]: "one\ntwo\n" };
const advice = "You are 1st in line. Work on another file and retry, or run: truce lock status src/api.ts";

/** What a client puts before the reason when a hook denies an edit. */
const denials: Readonly<Record<PluginClient, string>> = {
  claude: "",
  gemini: "Tool execution blocked: ",
};

const pairs: readonly { readonly first: PluginClient; readonly second: PluginClient }[] = [
  { first: "claude", second: "claude" },
  { first: "claude", second: "gemini" },
  { first: "gemini", second: "claude" },
];

for (const { first, second } of pairs) {
  await clientTest([first, second], `${second} is denied what ${first} is editing`, async () => {
    using project = new SharedProject(files);
    using gate = project.gate();
    const [one, two] = [clientTools[first], clientTools[second]];
    await using holder = await project.start(first, {
      id: "aaaa",
      hooks: { beforeEdit: gate.wait },
      turns: [[one.read(name)], [one.edit(name, "one", "1")]],
    });
    await using other = await project.start(second, {
      id: "bbbb",
      hooks: { waitS: 0 },
      turns: [
        [two.read(name)],
        async () => {
          await project.leasesUntil(([lease]) => lease?.phase === "in flight");
          return [two.edit(name, "two", "2")];
        },
        () => {
          gate.letThrough();
          return [];
        },
      ],
    });
    await Promise.all([assertEndsWell(holder), assertEndsWell(other)]);
    const [, refusal] = toolResults(other);
    const reason = `src/api.ts is being edited by ${first} session aaaa since N s ago. ${advice}`;
    assertEquals(refusal, denials[second] + reason);
    assertEquals(project.text(name), "1\ntwo\n");
  });
}

for (const client of ["claude", "gemini"] as const) {
  await clientTest([client, "claude"], `a lock that ${client} takes in its shell is its session's own`, async () => {
    using project = new SharedProject(files);
    const [hasEdited, isRefused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { read, edit, shell } = clientTools[client];
    await using owner = await project.start(client, {
      id: "aaaa",
      hooks: { waitS: 0 },
      turns: [
        [read(name)],
        [shell(`truce lock acquire ${name} --reason "rename login"`)],
        [edit(name, "one", "1")],
        async () => {
          hasEdited.resolve();
          await isRefused.promise;
          return [shell(`truce lock release ${name} --grace 0`)];
        },
      ],
    });
    const claude = clientTools.claude;
    await using other = await project.start("claude", {
      id: "bbbb",
      hooks: { waitS: 0 },
      turns: [
        async () => {
          await hasEdited.promise;
          return [claude.read(name)];
        },
        [claude.edit(name, "two", "2")],
        () => {
          isRefused.resolve();
          return [];
        },
      ],
    });
    await Promise.all([assertEndsWell(owner), assertEndsWell(other)]);
    const [, locked, , released] = toolResults(owner);
    assertStringIncludes(locked, `src/api.ts is locked for 60 min by ${client} session aaaa`);
    assertStringIncludes(released, "src/api.ts is free");
    const reason = `src/api.ts is locked by ${client} session aaaa since N s ago, "rename login". ${advice}`;
    assertEquals(toolResults(other)[1], reason);
    assertEquals(project.text(name), "1\ntwo\n");
  });
}
