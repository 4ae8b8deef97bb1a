import { asObject, field, numberField, textField } from "../../src/base/decode.ts";
import { type Host, momentOf } from "../../src/hosts/host.ts";
import { hosts } from "../../src/hosts/table.ts";
import { hookFiles } from "../../tools/hooks.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { fixture, fixtureNames } from "../support/payloads.ts";

const repository = new URL("../../", import.meta.url);

/** How a host reads its file of hooks. */
interface Custom {
  readonly file: string;
  /** Whether a hook with this matcher runs for a tool. */
  matches(matcher: string, tool: string): boolean;
  /** The tools besides those that truce acts on for which hooks run before and after. */
  readonly others?: readonly string[];
  readonly command: string;
  readonly pattern: RegExp;
  readonly timeout: string;
  readonly perSecond: number;
  /** Events that are given less time by the host itself. */
  readonly short?: readonly string[];
}

const harmless = /^(truce hook [\w-]+ --format \w+) 2>\/dev\/null \|\| exit 0$/;
const usual = { file: "hooks.json", command: "command", pattern: harmless, timeout: "timeout", perSecond: 1 };
const anywhere = (matcher: string, tool: string) => new RegExp(matcher).test(tool);

const customs: Readonly<Record<string, Custom>> = {
  claude: { ...usual, matches: (matcher, tool) => matcher.split("|").includes(tool) },
  gemini: { ...usual, matches: anywhere, perSecond: 1000 },
  codex: { ...usual, matches: anywhere, others: ["Bash"], short: ["SessionEnd"] },
  copilot: {
    file: "truce.json",
    matches: () => true,
    others: ["Bash", "bash", "Read", "view", "Edit", "edit", "Write", "create"],
    command: "bash",
    pattern: harmless,
    timeout: "timeoutSec",
    perSecond: 1,
  },
};

interface Registered {
  readonly event: string;
  readonly matcher: string | undefined;
  readonly hook: unknown;
}

async function registered(host: Host, name = customs[host.name].file): Promise<Registered[]> {
  const content = Object.entries(await host.files("0")).find(([path]) => path.endsWith(name))?.[1];
  const file = typeof content === "string" ? JSON.parse(content) : content;
  return Object.entries(asObject(field(file, "hooks")) ?? {}).flatMap(([event, groups]) =>
    list(groups).flatMap((group) => {
      const hooks = Object.hasOwn(group as object, "hooks") ? list(field(group, "hooks")) : [group];
      return hooks.map((hook) => ({ event, matcher: textField(group, "matcher"), hook }));
    })
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns every name of a tool that the captured payloads of `host` have or that a matcher names. */
async function toolNames(host: Host): Promise<Set<string>> {
  const captured = fixtureNames(host).map((name) => {
    const payload = fixture(host, name);
    return textField(payload, "tool_name") ?? textField(payload, "toolName") ?? "";
  });
  const matched = (await registered(host)).flatMap(({ matcher }) => matcher?.match(/\w+/g) ?? []);
  return new Set([...captured, ...matched].filter((name) => name !== ""));
}

Deno.test("hookFiles() makes the files that are in the repository", async () => {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", repository)));
  for (const [path, text] of Object.entries(await hookFiles(version))) {
    assertEquals(Deno.readTextFileSync(new URL(path, repository)), text, `${path}: run deno task hooks`);
  }
});

for (const host of hosts.filter(({ name }) => Object.hasOwn(customs, name))) {
  const { matches, others = [], command, pattern, timeout, perSecond, short = [] } = customs[host.name];

  Deno.test(`${host.name}.files() match the tools that truce acts on`, async () => {
    const all = await registered(host);
    const isCovered = (moment: string, tool: string) =>
      all.some(({ event, matcher = "" }) => momentOf(host, event) === moment && matches(matcher, tool));
    for (const tool_name of await toolNames(host)) {
      if (others.includes(tool_name)) continue;
      const { action } = host.decode({ tool_name, tool_input: {} }, "after-tool").tool ?? {};
      assertEquals(isCovered("before-tool", tool_name), action === "edit", `before ${tool_name}`);
      assertEquals(isCovered("after-tool", tool_name), action !== "other", `after ${tool_name}`);
    }
  });

  Deno.test(`${host.name}.files() ask for a hook at each moment that the host has`, async () => {
    const events = (await registered(host)).map(({ event }) => momentOf(host, event));
    assertEquals([...new Set(events)].sort(), [...new Set(Object.values(host.events))].sort());
  });

  Deno.test(`${host.name}.files() call the moment of their event, and harm nobody when truce is gone`, async () => {
    for (const { event, hook } of await registered(host)) {
      assertEquals(
        pattern.exec(textField(hook, command) ?? "")?.[1],
        `truce hook ${momentOf(host, event)} --format ${host.name}`,
      );
    }
  });

  Deno.test(`${host.name}.files() let no hook run shorter than truce waits, nor for ever`, async () => {
    for (const { event, hook } of await registered(host)) {
      const timeoutS = (numberField(hook, timeout) ?? 0) / perSecond;
      const waitS = momentOf(host, event) === "before-tool"
        ? 60
        : momentOf(host, event) === "after-tool" && !asObject(hook)?.async
        ? 17
        : short.includes(event)
        ? 2
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
        /serve --http --detach .*; truce hook session-start --format claude 2>\/dev\/null \|\| exit 0$/,
      );
      continue;
    }
    assertEquals(textField(hook, "url"), `http://127.0.0.1:9876/hooks/claude/${moment}`);
    assertEquals(field(hook, "headers"), { Authorization: "Bearer $TRUCE_TOKEN" });
    assertEquals(field(hook, "allowedEnvVars"), ["TRUCE_TOKEN"]);
  }
});
