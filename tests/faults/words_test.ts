// Words and ids as nobody should write them: a host's settings and sessions must not stop an agent, a person is told.

import { assertEquals, assertMatch } from "../support/assert.ts";
import { hear, heard, hookOf, hookWords, type HostName, payload } from "../support/hook_input.ts";
import { filesBelow, Place } from "../support/place.ts";

const hosts: readonly HostName[] = ["claude", "gemini"];
const badSeconds = ["-1", "NaN", "1e12", "", "5 m", "Infinity", "0x10", "1,5", "٣", "999999999999"];

/** Words of a hook, and whether the edit of a file that another agent has is denied all the same. */
const hookUses: readonly (readonly [kind: "denied" | "nothing", words: readonly string[]])[] = [
  ["denied", ["hook", "before-tool", "--nope", "--timeout", "0", "-x", "--strict=1"]],
  ["denied", ["hook", "before-tool", "more", "words", "--timeout=0"]],
  ["denied", ["lock", "acquire", "--timeout", "0", "--nope"]],
  ["nothing", ["hook", "no-such-event", "--timeout", "0"]],
  ["nothing", ["hook", "__proto__", "--timeout", "0"]],
  ["nothing", ["hook", "before-tool", "--timeout", "0", "--format", "no-such-host"]],
  ["nothing", ["hook", "before-tool", "--timeout", "0", "--format"]],
  ["nothing", ["lock", "acquire", "--timeout", "0", "--format", "__proto__"]],
];

for (const [kind, words] of hookUses) {
  Deno.test(`truce ${words.join(" ")} is ${kind === "denied" ? "still a hook" : "silence"} for a host`, async () => {
    for (const host of hosts) {
      using place = new Place();
      const paths = [place.write("a.txt")];
      await hear(place, "before-edit", { session: "a", host, paths });
      const { stdin } = hookOf("before-edit", { session: "b", host, paths }, place.project);
      const format = words.includes("--format") ? [] : ["--format", host];
      assertEquals(heard(await place.run([...words, ...format], { stdin })).kind, kind);
    }
  });
}

Deno.test("truce hook uses its own times in place of those that make no sense", async () => {
  using place = new Place();
  for (const host of hosts) {
    const paths = [place.write(`${host}.txt`)];
    for (const seconds of badSeconds) {
      const flags = ["--timeout", seconds, `--grace=${seconds}`, "--ttl", seconds];
      const { kind } = await hear(place, "before-edit", { session: "a", host, paths, flags });
      assertEquals(kind, "nothing", seconds);
    }
  }
});

Deno.test("truce lock refuses flags that make no sense from a person", async () => {
  using place = new Place();
  const uses = [
    ["lock", "acquire", "a.txt", "--nope"],
    ["lock", "acquire", "a.txt", "-x"],
    ["lock", "acquire", "a.txt", "--format", "no-such-host"],
    ["lock", "acquire", ""],
    ["lock", "status"],
    ["lock", "status", "a.txt", "b.txt"],
    ["lock", "no-such-command"],
    ["no-such-command"],
    ...badSeconds.flatMap((seconds) => [
      ["lock", "acquire", "a.txt", "--timeout", seconds],
      ["lock", "acquire", "a.txt", `--ttl=${seconds}`],
      ["lock", "release", "a.txt", "--grace", seconds],
    ]),
    ["lock", "acquire", "a.txt", "--ttl", "0"],
  ];
  for (const words of uses) {
    const { code, stdout, stderr } = await place.run(words);
    assertEquals([code, stdout], [64, ""], words.join(" "));
    assertMatch(stderr, /^truce: Cannot /);
  }
});

Deno.test("truce hook keeps agents apart whatever their ids are", async () => {
  const long = "long".repeat(2560);
  const ids = [7, 7.5, [1, 2], { a: 1 }, true, "../../x", "/etc/x", "..", long, `${long}2`, "a\0b", "\ud800", "\udc00"];
  for (const host of hosts) {
    using place = new Place();
    const names = ids.map((_id, index) => place.write(`${index}.txt`));
    const before = filesBelow(place.root, place.state);
    for (const [index, id] of ids.entries()) {
      const hook = (session_id: unknown) => {
        const tool_input = { file_path: names[index] };
        const fields = { session_id, cwd: place.project, tool_use_id: session_id, tool_input };
        const stdin = JSON.stringify(payload(host, "before-edit", fields));
        return place.run(hookWords(host, "before-edit", ["--timeout", "0"]), { stdin });
      };
      const kinds: string[] = [];
      for (const one of [id, id, ids[(index + 1) % ids.length], "usual"]) kinds.push(heard(await hook(one)).kind);
      assertEquals(kinds, ["nothing", "nothing", "denied", "denied"], JSON.stringify(id).slice(0, 20));
    }
    assertEquals(filesBelow(place.root, place.state), before);
  }
});
