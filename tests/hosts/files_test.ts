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

async function registered(host: Host, name = "hooks.json"): Promise<Registered[]> {
  const file = Object.entries(await host.files("0")).find(([path]) => path.endsWith(name))?.[1];
  return Object.entries(asObject(field(file, "hooks")) ?? {}).flatMap(([event, groups]) =>
    list(groups).flatMap((group) =>
      list(field(group, "hooks")).map((hook) => ({ event, matcher: textField(group, "matcher"), hook }))
    )
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns every name of a tool that the captured payloads of `host` have or that a matcher names. */
async function toolNames(host: Host): Promise<Set<string>> {
  const captured = fixtureNames(host).map((name) => textField(fixture(host, name), "tool_name") ?? "");
  const matched = (await registered(host)).flatMap(({ matcher }) => matcher?.match(/\w+/g) ?? []);
  return new Set([...captured, ...matched].filter((name) => name !== ""));
}

Deno.test("hookFiles() makes the files that are in the repository", async () => {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", repository)));
  for (const [path, text] of Object.entries(await hookFiles(version))) {
    assertEquals(Deno.readTextFileSync(new URL(path, repository)), text, `${path}: run deno task hooks`);
  }
});

for (const host of hosts) {
  const { matches, perSecond } = customs[host.name];

  Deno.test(`${host.name}.files() match the tools that truce acts on and no others`, async () => {
    const all = await registered(host);
    for (const { event, matcher } of all) {
      if (matcher === undefined) continue;
      for (const tool_name of await toolNames(host)) {
        const { action } = host.decode({ tool_name, tool_input: {} }, "after-tool").tool ?? {};
        if (matches(matcher, tool_name)) assertEquals(action === "other", false, `${event} matches ${tool_name}`);
      }
    }
    const covered = (moment: string, tool: string) =>
      all.some(({ event, matcher = "" }) => momentOf(host, event) === moment && matches(matcher, tool));
    for (const tool_name of await toolNames(host)) {
      const { action } = host.decode({ tool_name, tool_input: {} }, "after-tool").tool ?? {};
      assertEquals(covered("before-tool", tool_name), action === "edit", `before ${tool_name}`);
      assertEquals(covered("after-tool", tool_name), action !== "other", `after ${tool_name}`);
    }
  });

  Deno.test(`${host.name}.files() ask for a hook at each moment that the host has`, async () => {
    const events = (await registered(host)).map(({ event }) => event);
    assertEquals([...new Set(events)].sort(), Object.keys(host.events).sort());
  });

  Deno.test(`${host.name}.files() call the moment of their event, and harm nobody when truce is gone`, async () => {
    for (const { event, hook } of await registered(host)) {
      const command = textField(hook, "command") ?? "";
      assertMatch(command, /^command -v truce >\/dev\/null 2>&1 \|\| exit 0; exec truce hook [\w-]+ --format \w+$/);
      assertEquals(command.split(" ").slice(-3), [momentOf(host, event), "--format", host.name]);
    }
  });

  Deno.test(`${host.name}.files() let no hook run shorter than truce waits, nor for ever`, async () => {
    for (const { event, hook } of await registered(host)) {
      const timeoutS = (numberField(hook, "timeout") ?? 0) / perSecond;
      const waitS = momentOf(host, event) === "before-tool"
        ? 60
        : momentOf(host, event) === "after-tool" && !asObject(hook)?.async
        ? 17
        : 7;
      assertEquals(timeoutS > waitS && timeoutS < 600, true, `${event}: ${timeoutS} s`);
    }
  });
}

Deno.test("claude.files() ask over HTTP for all but the start of a session, with a token from the environment", async () => {
  const [claude] = hosts;
  for (const { event, hook } of await registered(claude, "claude-http/settings.json")) {
    const moment = momentOf(claude, event);
    if (moment === "session-start") {
      assertMatch(
        textField(hook, "command") ?? "",
        /serve --http --detach .*exec truce hook session-start --format claude$/,
      );
      continue;
    }
    assertEquals(textField(hook, "url"), `http://127.0.0.1:9876/hooks/claude/${moment}`);
    assertEquals(field(hook, "headers"), { Authorization: "Bearer $TRUCE_TOKEN" });
    assertEquals(field(hook, "allowedEnvVars"), ["TRUCE_TOKEN"]);
  }
});
