import { assertEquals } from "../support/assert.ts";
import { handWrittenSettings } from "../support/client_hooks.ts";
import { clientTools } from "../support/client_tools.ts";
import { clientTest } from "../support/clients.ts";
import { assertEndsWell, type ListedLease, SharedProject, staleReminder, toldByHooks } from "../support/sessions.ts";

const { read, edit, shell } = clientTools.claude;
const files = { "a.txt": "one\ntwo\nthree\n" };
const name = "a.txt";

/** What a session that read `files` is told after session aaaa made its edit. */
const reminder = staleReminder(name, "claude session aaaa", "@@ -1,3 +1,3 @@\n-one\n+1\n two\n three");

await clientTest("claude", "an edit waits for a lock taken by hand, by hooks written by hand", async () => {
  using project = new SharedProject(files);
  const hasRead = Promise.withResolvers<void>();
  const byHand = { hooks: "none", settings: handWrittenSettings() } as const;
  await using first = await project.start("claude", {
    ...byHand,
    id: "aaaa",
    turns: [
      async () => {
        await hasRead.promise;
        return [shell(`truce lock acquire ${name}`)];
      },
      async () => {
        await project.leasesUntil(someoneWaits);
        return [read(name)];
      },
      [edit(name, "one", "1")],
      [shell(`truce lock release ${name} --grace 0`)],
    ],
  });
  await using second = await project.start("claude", {
    ...byHand,
    id: "bbbb",
    turns: [
      [read(name)],
      async () => {
        hasRead.resolve();
        await project.leasesUntil(someoneHolds);
        return [edit(name, "two", "2")];
      },
    ],
  });
  await Promise.all([assertEndsWell(first), assertEndsWell(second)]);
  assertEquals(toldByHooks(first), []);
  assertEquals(toldByHooks(second), [reminder]);
  assertEquals(project.text(name), "1\n2\nthree\n");
});

await clientTest("claude", "an edit waits for the session that edited last, by the installed hooks", async () => {
  using project = new SharedProject(files);
  using isStamped = project.gate();
  const hasRead = Promise.withResolvers<void>();
  await using first = await project.start("claude", {
    id: "aaaa",
    turns: [
      [read(name)],
      async () => {
        await hasRead.promise;
        return [edit(name, "one", "1")];
      },
      async () => {
        await project.leasesUntil(someoneWaits);
        return [{ text: "That is all." }];
      },
    ],
  });
  await using second = await project.start("claude", {
    id: "bbbb",
    hooks: { aroundReadHook: { after: isStamped.open } },
    turns: [
      [read(name)],
      [shell(isStamped.wait)],
      async () => {
        hasRead.resolve();
        await project.leasesUntil(isInGrace);
        return [edit(name, "two", "2")];
      },
    ],
  });
  await Promise.all([assertEndsWell(first), assertEndsWell(second)]);
  assertEquals(toldByHooks(first), []);
  assertEquals(toldByHooks(second), [reminder]);
  assertEquals(project.text(name), "1\n2\nthree\n");
});

function someoneHolds([lease]: readonly ListedLease[]): boolean {
  return lease !== undefined;
}

function someoneWaits([lease]: readonly ListedLease[]): boolean {
  return lease?.waiting.length === 1;
}

function isInGrace([lease]: readonly ListedLease[]): boolean {
  return lease?.phase === "grace";
}
