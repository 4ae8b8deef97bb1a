import { asObject, field, numberField, textField } from "../../src/base/decode.ts";
import { type Host, momentOf } from "../../src/hosts/host.ts";
import { hosts } from "../../src/hosts/table.ts";
import { hookFiles } from "../../tools/hooks.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { fixture, fixtureNames } from "../support/payloads.ts";

const repository = new URL("../../", import.meta.url);

/** How a host matches the name of a tool, and in what unit it counts a timeout. */
const customs: Readonly<Record<string, { matches(matcher: string, tool: string): boolean; perSecond: number }>> = {
  claude: { matches: (matcher, tool) => matcher.split("|").includes(tool), perSecond: 1 },
  gemini: { matches: (matcher, tool) => new RegExp(matcher).test(tool), perSecond: 1000 },
};

interface Registered {
  readonly event: string;
  readonly matcher: string | undefined;
  readonly hook: unknown;
}

function registered(host: Host): Registered[] {
  const file = Object.entries(host.files("0")).find(([path]) => path.endsWith("hooks.json"))?.[1];
  return Object.entries(asObject(file?.hooks) ?? {}).flatMap(([event, groups]) =>
    list(groups).flatMap((group) =>
      list(field(group, "hooks")).map((hook) => ({ event, matcher: textField(group, "matcher"), hook }))
    )
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns every name of a tool that the captured payloads of `host` have or that a matcher names. */
function toolNames(host: Host): Set<string> {
  const captured = fixtureNames(host).map((name) => textField(fixture(host, name), "tool_name") ?? "");
  const matched = registered(host).flatMap(({ matcher }) => matcher?.match(/\w+/g) ?? []);
  return new Set([...captured, ...matched].filter((name) => name !== ""));
}

Deno.test("hookFiles() makes the files that are in the repository", () => {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", repository)));
  for (const [path, text] of Object.entries(hookFiles(version))) {
    assertEquals(Deno.readTextFileSync(new URL(path, repository)), text, `${path}: run deno task hooks`);
  }
});

for (const host of hosts) {
  const { matches, perSecond } = customs[host.name];

  Deno.test(`${host.name}.files() match the tools that truce acts on and no others`, () => {
    for (const { event, matcher } of registered(host)) {
      if (matcher === undefined) continue;
      for (const tool_name of toolNames(host)) {
        const { action } = host.decode({ tool_name, tool_input: {} }, "after-tool").tool ?? {};
        if (matches(matcher, tool_name)) assertEquals(action === "other", false, `${event} matches ${tool_name}`);
      }
    }
    const covered = (moment: string, tool: string) =>
      registered(host).some(({ event, matcher = "" }) => momentOf(host, event) === moment && matches(matcher, tool));
    for (const tool_name of toolNames(host)) {
      const { action } = host.decode({ tool_name, tool_input: {} }, "after-tool").tool ?? {};
      assertEquals(covered("before-tool", tool_name), action === "edit", `before ${tool_name}`);
      assertEquals(covered("after-tool", tool_name), action !== "other", `after ${tool_name}`);
    }
  });

  Deno.test(`${host.name}.files() ask for a hook at each moment that the host has`, () => {
    const events = registered(host).map(({ event }) => event);
    assertEquals([...new Set(events)].sort(), Object.keys(host.events).sort());
  });

  Deno.test(`${host.name}.files() call the moment of their event, and harm nobody when truce is gone`, () => {
    for (const { event, hook } of registered(host)) {
      const command = textField(hook, "command") ?? "";
      assertMatch(command, /^command -v truce >\/dev\/null 2>&1 \|\| exit 0; exec truce hook [\w-]+ --format \w+$/);
      assertEquals(command.split(" ").slice(-3), [momentOf(host, event), "--format", host.name]);
    }
  });

  Deno.test(`${host.name}.files() let no hook run shorter than truce waits, nor for ever`, () => {
    for (const { event, hook } of registered(host)) {
      const timeoutS = (numberField(hook, "timeout") ?? 0) / perSecond;
      const waitS = momentOf(host, event) === "before-tool" ? 60 : 7;
      assertEquals(timeoutS > waitS && timeoutS < 600, true, `${event}: ${timeoutS} s`);
    }
  });
}
