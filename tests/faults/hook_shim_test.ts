// `truce hook-shim`: a hook that was written for one host runs in another. What it blocks is blocked; what breaks in
// between blocks nothing.

import { shimWord } from "../../src/sync/targets/gemini/hooks.ts";
import { assertEquals } from "../support/assert.ts";
import { Place, until } from "../support/place.ts";
import type { RunOptions } from "../support/program.ts";

const told = (hookEventName: string, additionalContext: string) => ({
  hookSpecificOutput: { hookEventName, additionalContext },
});

/** Commands of a hook, the event they run at, and what the host is answered; `undefined` is silence. */
const hooks: Readonly<Record<string, readonly [command: string, event: string, reply: unknown]>> = {
  "a hook that is content": ["exit 0", "BeforeTool", undefined],
  "a hook that reads nothing and blocks": ["echo no >&2; exit 2", "BeforeTool", { decision: "deny", reason: "no\n" }],
  "a hook that looks at what is asked": [
    `grep -q '"tool_name":"Bash","tool_input":{"command":"rm -rf build"}' || exit 2`,
    "BeforeTool",
    undefined,
  ],
  "a hook that looks for its project": [
    `test "$CLAUDE_PROJECT_DIR" = "$PWD" && test -f guard.sh || exit 2`,
    "BeforeTool",
    undefined,
  ],
  "a hook that denies in JSON": [
    `echo '{"hookSpecificOutput":{"permissionDecision":"deny","permissionDecisionReason":"50% $HOME"}}'`,
    "BeforeTool",
    { decision: "deny", reason: "50% $HOME" },
  ],
  "a hook that breaks": [
    "echo oops >&2; exit 1",
    "BeforeTool",
    { systemMessage: "A hook of Claude Code ended with 1: oops" },
  ],
  "a hook that blocks what is done": ["echo look >&2; exit 2", "AfterTool", told("AfterTool", "look\n")],
  "a hook with words for the start": ["echo be brief", "SessionStart", told("SessionStart", "be brief")],
};

for (const [name, [command, event, reply]] of Object.entries(hooks)) {
  Deno.test(`truce hook-shim: ${name}`, async () => {
    using place = placeWithGuard();
    const ran = await shim(place, [shimWord(command)], { stdin: payload(place, event) });
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertEquals(ran.stdout === "" ? undefined : JSON.parse(ran.stdout), reply);
  });
}

Deno.test("truce hook-shim: a payload that the hook does not read, and words that it says, may be large", async () => {
  using place = placeWithGuard();
  const content = "x".repeat(4 * 1024 * 1024);
  const stdin = payload(place, "BeforeTool", { content });
  const ran = await shim(place, [shimWord(`head -c 4000000 /dev/zero | tr '\\0' x >&2; exit 2`)], { stdin });
  assertEquals(ran.code, 0);
  assertEquals(JSON.parse(ran.stdout).reason.length, 4_000_000);
});

/** Ways in which the shim itself breaks: each is silent, and the host goes on. */
const broken: Readonly<Record<string, readonly [words: readonly string[], stdin: string]>> = {
  "no host": [[], "{}"],
  "a host that is not known": [["nobody", "exit 2"], "{}"],
  "no command": [["gemini"], "{}"],
  "nothing at standard input": [["gemini", "exit 2"], ""],
  "half a payload": [["gemini", "exit 2"], `{"hook_event_name":"Bef`],
  "a payload that is a list": [["gemini", "exit 2"], "[]"],
  "a folder that is gone": [["gemini", "exit 2"], `{"hook_event_name":"BeforeTool","cwd":"/nowhere/at/all"}`],
};

for (const [name, [words, stdin]] of Object.entries(broken)) {
  Deno.test(`truce hook-shim goes on in silence with ${name}`, async () => {
    using place = new Place();
    const ran = await place.run(["hook-shim", ...words], { stdin });
    assertEquals(ran, { code: 0, stdout: "", stderr: "" });
  });
}

Deno.test("truce hook-shim: a host that waits no longer ends the hook, too", async () => {
  using place = placeWithGuard();
  const note = `${place.root}/pid`;
  const running = place.start(["hook-shim", "gemini", `echo $$ > '${note}'; exec sleep 600`], {
    stdin: payload(place, "BeforeTool"),
  });
  await until("the hook runs", async () => await pidIn(note) !== undefined);
  running.kill("SIGTERM");
  assertEquals((await running.finished).code, 0);
  const pid = await pidIn(note);
  await until("the hook is gone", async () => !await isLive(pid));
});

function placeWithGuard(): Place {
  const place = new Place();
  place.write("guard.sh");
  return place;
}

function payload(place: Place, hook_event_name: string, more = {}): string {
  const call = { tool_name: "run_shell_command", tool_input: { command: "rm -rf build" } };
  return JSON.stringify({ session_id: "s", cwd: place.project, hook_event_name, ...call, ...more });
}

/** Runs the command that is in the settings, through a shell as the host does. */
function shim(place: Place, words: readonly string[], options: RunOptions) {
  const via = ["sh", "-c", `exec "$0" hook-shim gemini ${words.join(" ")}`];
  return place.run([], { ...options, via });
}

async function pidIn(path: string): Promise<number | undefined> {
  return Number(await Deno.readTextFile(path).catch(() => "")) || undefined;
}

async function isLive(pid: number | undefined): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}
