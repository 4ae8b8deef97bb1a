// What Claude Code denies, no target of tier 1 allows: random permissions and calls, judged by the clients' own evaluators
// on what truce makes of the permissions. What a target says to have refused is the only exception.

import { folderOf, isWithin, resolvePath } from "../../src/base/path.ts";
import type { Permission, Projection, Target } from "../../src/sync/model.ts";
import { type Call, decides, permissionOf } from "../../src/sync/permission.ts";
import { codex } from "../../src/sync/targets/codex.ts";
import { gemini } from "../../src/sync/targets/gemini.ts";
import { opencode } from "../../src/sync/targets/opencode.ts";
import { assertEquals } from "../support/assert.ts";
import { callInstalled } from "../support/client_call.ts";
import { installCodex, type Installed, installGemini, installOpencode } from "../support/client_install.ts";
import { makeHome, makeProject, writeFile } from "../support/client_project.ts";
import { CodexJudge } from "../support/codex_judge.ts";
import { CodexPlace } from "../support/codex_place.ts";
import {
  type Asked,
  type Line,
  pathsBelow,
  pathSet,
  type PermissionSet,
  permissionSet,
  place,
  servers,
} from "../support/deny_sets.ts";
import { geminiDecisions, type ToolCall } from "../support/gemini_judge.ts";
import {
  opencodeDecision,
  type OpencodeRequest,
  type OpencodeRule,
  opencodeRules,
  shellRequest,
} from "../support/opencode_judge.ts";
import { syncTo } from "../support/sync_to.ts";

const setsCount = 500;
/** How many calls a target has to have judged at least; without denials the claim would mean nothing. */
const deniedMin = 300;
const sandboxesCount = 40;
const samplesCount = 4;
const samplesAtOnceMax = 2;
const violationsShownMax = 8;

/** A set, what a target makes of it, and the calls that it denies. */
interface Case {
  readonly set: PermissionSet;
  readonly seed: number;
  readonly projection: Projection;
  readonly denied: readonly Asked[];
}

type PathCall = Extract<Call, { tool: "Read" | "Edit" }>;

/** A call that is put before OpenCode itself. */
interface Sample extends Case {
  readonly asked: Asked;
}

/** The paths of the files in a place of Codex; upper and lower case count there, as for the system itself. */
const pathsKnown = [...pathsBelow("project"), "home/.ssh/id", "home/.netrc"];
const prevented = /specified a rule which prevents you from using this specific tool call|is disabled for agent/;
const noStart = /no command starts where there is no/;
const clients = { codex: await installCodex(), gemini: await installGemini(), opencode: await installOpencode() };

monotoneTest(clients.codex, "codex allows no command that Claude Code denies, by its own rules", async (installed) => {
  using there = new CodexPlace(installed.command, {});
  const judge = new CodexJudge(there);
  const cases = casesOf(codex).map((one) => ({ ...one, rules: judge.take(textIn(one.projection, ".rules")) }));
  const isOpen = ({ projection }: Case) => valueIn(projection, "/features/shell_tool") !== false;
  const asked = cases.filter(isOpen).flatMap((one) => linesOf(one).map((line) => ({ ...one, line })));
  await judge.ask(asked.flatMap(({ line }) => codexCommands(line)));
  const wrong = asked.filter(({ rules, line }) =>
    codexCommands(line).every((words) => [undefined, "allow"].includes(judge.decision(rules, words)))
  );
  assertEquals(asked.length >= deniedMin, true, `only ${asked.length} commands were denied`);
  assertNone(wrong.map(({ seed, set, line }) => say(seed, set, line.text)));
});

const isSandboxed = clients.codex.kind === "installed" && await canSandbox(clients.codex);
const sandboxed: Installed = isSandboxed
  ? clients.codex
  : { kind: "missing", reason: "the sandbox of Codex cannot be had here" };

monotoneTest(sandboxed, "codex opens no file that Claude Code denies, in its sandbox", async ({ command }) => {
  const wrong: string[] = [];
  const closed: string[] = [];
  let count = 0;
  for (let seed = 0; seed < sandboxesCount; seed++) {
    const set = pathSet(seed);
    using there = new CodexPlace(command, treeOf(set));
    const { denied, startsAnywhere } = await deniedPaths(there, set);
    const [first, ...said] = (await there.inSandbox(["echo ran", ...denied.map(tryPath)].join("\n"))).split("\n");
    empty(there.project);
    const alone = startsAnywhere ? await there.inSandbox("echo ran") : "ran";
    for (const end of [first, alone]) if (end !== "ran") closed.push(`${say(seed, set, "no command")}: ${end}`);
    const opened = denied.filter((_call, i) => said.includes(`opened ${i}`));
    wrong.push(...opened.map(({ tool, path }) => say(seed, set, `${tool} ${path}`)));
    count += denied.length;
  }
  assertEquals(count >= sandboxesCount, true, `only ${count} calls were denied`);
  assertNone(wrong);
  assertNone(closed);
});

monotoneTest(
  clients.gemini,
  "gemini allows nothing that Claude Code denies, by its own policies",
  async (installed) => {
    using home = makeHome();
    const cases = casesOf(gemini).filter(({ denied }) => denied.length > 0);
    const questions = cases.map(({ seed, projection, denied }) => {
      const path = `${home.path}/${seed}/truce.toml`;
      writeFile(path, textIn(projection, ".toml"));
      return { path, calls: denied.flatMap(geminiCalls) };
    });
    const decisions = await geminiDecisions(installed, questions, home.path);
    const wrong = cases.flatMap(({ seed, set }, i) =>
      questions[i].calls.flatMap((call, at) =>
        decisions[i][at] === "allow" ? [say(seed, set, `${call.name} ${JSON.stringify(call.args)}`)] : []
      )
    );
    const judged = decisions.flat();
    assertEquals(judged.length >= deniedMin, true, `only ${judged.length} calls were denied`);
    assertNone(wrong);
  },
);

Deno.test("opencode allows nothing that Claude Code denies, as it decides by its rules", () => {
  const judged = casesOf(opencode).flatMap(({ seed, set, projection, denied }) => {
    const rules = rulesIn(projection);
    return denied.filter(isSpelledForOpencode).map((asked) => {
      const request = opencodeRequest(asked);
      const isAllowed = opencodeDecision(rules, request) === "allow";
      return { isAllowed, says: say(seed, set, `${request.permission} ${request.patterns.join(" ; ")}`) };
    });
  });
  assertEquals(judged.length >= deniedMin, true, `only ${judged.length} calls were denied`);
  assertNone(judged.filter(({ isAllowed }) => isAllowed).map(({ says }) => says));
});

monotoneTest(clients.opencode, "opencode itself decides like the model of it that the test has", async (installed) => {
  const all = casesOf(opencode).flatMap(sampleOf);
  const [commands, files] = [all.filter(({ asked }) => asked.line), all.filter(({ asked }) => !asked.line)];
  const samples = [commands, files].flatMap((some) => some.slice(0, samplesCount / 2)).entries();
  const shown: string[] = [];
  const worker = async () => {
    for (const [i, sample] of samples) shown[i] = await judgeSample(installed, sample);
  };
  await Promise.all(Array.from({ length: samplesAtOnceMax }, worker));
  assertEquals(shown, Array.from({ length: samplesCount }, () => "as expected"));
});

function monotoneTest<Client extends Installed>(
  client: Client,
  name: string,
  run: (installed: Extract<Client, { kind: "installed" }>) => Promise<void>,
): void {
  const isInstalled = (one: Client): one is Extract<Client, { kind: "installed" }> => one.kind === "installed";
  if (isInstalled(client)) Deno.test(name, () => run(client));
  else if (client.kind === "missing") Deno.test.ignore(`${name} (ignored: ${client.reason})`, () => {});
}

function casesOf(target: Target): Case[] {
  return Array.from({ length: setsCount }, (_none, seed) => caseOf(target, permissionSet(seed), seed));
}

function caseOf(target: Target, set: PermissionSet, seed: number): Case {
  const { permissions, calls } = set;
  const context = { scope: "project", project: place.project, read: () => undefined, allowsRules: true } as const;
  const projection = target.project({ items: [...servers, ...permissions] }, context);
  const held = heldBy(projection, permissions);
  return { set, seed, projection, denied: calls.filter(({ call }) => decides(held, call, place) === "deny") };
}

/** Returns the permissions that a target does not say to have refused. */
function heldBy({ fates }: Projection, permissions: readonly Permission[]): Permission[] {
  const refused = new Set(fates.filter(({ outcome }) => outcome === "refused").map(({ item }) => item));
  return permissions.filter((one) => !refused.has(one));
}

function linesOf({ denied }: Case): Line[] {
  return denied.flatMap(({ line }) => line ?? []);
}

async function canSandbox({ command }: Extract<Installed, { kind: "installed" }>): Promise<boolean> {
  using there = new CodexPlace(command, {});
  return await there.inSandbox("echo ran") === "ran";
}

/** The files that calls may be about, and the permissions as a user's. */
function treeOf({ permissions }: PermissionSet): Record<string, string> {
  const settings = { permissions: { deny: textsOf(permissions, "deny"), ask: textsOf(permissions, "ask") } };
  return {
    "home/.claude/settings.json": JSON.stringify(settings),
    ...Object.fromEntries(pathsKnown.map((path) => [path, "x\n"])),
  };
}

/** Takes all files away but the repository itself, as in a project that the user's permissions know nothing of. */
function empty(project: string): void {
  for (const { name } of Deno.readDirSync(project)) {
    if (name !== ".git") Deno.removeSync(`${project}/${name}`, { recursive: true });
  }
}

/** Writes what truce makes of the user's permissions, and returns the calls that these deny. */
async function deniedPaths(
  { home, project }: CodexPlace,
  { permissions, calls }: PermissionSet,
): Promise<{ denied: PathCall[]; startsAnywhere: boolean }> {
  await syncTo(codex, { scope: "user", home });
  const origin = { scope: "user", path: `${home}/.claude/settings.json` } as const;
  const own = permissions.map(({ action, text }) => permissionOf(action, text, origin));
  const context = { scope: "user", home, read: () => undefined, allowsRules: false } as const;
  const projection = codex.project({ items: own }, context);
  const held = heldBy(projection, own);
  const denied = calls.flatMap(({ call }) => {
    if (call.tool !== "Read" && call.tool !== "Edit") return [];
    const path = call.path.replace(place.project, project).replace(place.home, home);
    const here = { ...call, path };
    const isKnown = pathsKnown.some((known) => resolvePath(project, path) === resolvePath(folderOf(project), known));
    return isKnown && decides(held, here, { cwd: project, home }) === "deny" ? [here] : [];
  });
  return { denied, startsAnywhere: projection.fates.every(({ reason = "" }) => !noStart.test(reason)) };
}

function tryPath({ tool, path }: PathCall, i: number): string {
  return `( ${tool === "Read" ? `cat "${path}"` : `: >> "${path}"`} ) > /dev/null 2>&1 && echo "opened ${i}"`;
}

/** Codex takes a plain chain apart, and looks at any other line as a whole. */
function codexCommands({ chain, text }: Line): readonly (readonly string[])[] {
  return chain ?? [["bash", "-lc", text]];
}

function geminiCalls({ call }: Asked): ToolCall[] {
  switch (call.tool) {
    case "Bash":
      return [{ name: "run_shell_command", args: { command: call.command, description: "d" } }];
    case "Read":
      return [{ name: "read_file", args: { file_path: call.path } }];
    case "Edit":
      return [
        { name: "write_file", args: { file_path: call.path, content: "x" } },
        { name: "replace", args: { file_path: call.path, old_string: "1", new_string: "2" } },
      ];
    case "WebFetch":
      return [{ name: "web_fetch", args: { prompt: `read https://${call.domain}/x` } }];
    case "mcp":
      return [{ name: `mcp_${call.server}_${call.name}`, args: {}, server: call.server }];
    case "other":
      return [];
  }
}

/** OpenCode compares commands as they are written, and upper and lower case count there: its fates say so. */
function isSpelledForOpencode({ call, line }: Asked): boolean {
  if (line !== undefined) return line.isPlain;
  return call.tool !== "Read" && call.tool !== "Edit" || call.path === call.path.toLowerCase();
}

function opencodeRequest({ call, line }: Asked): OpencodeRequest {
  if (line !== undefined) return shellRequest(line);
  switch (call.tool) {
    case "Read":
    case "Edit":
      return { permission: call.tool.toLowerCase(), patterns: [relativeToProject(call.path)] };
    case "WebFetch":
      return { permission: "webfetch", patterns: [`https://${call.domain}/x`] };
    case "mcp":
      return { permission: `${call.server}_${call.name}`, patterns: ["*"] };
    default:
      throw new Error(`no call of ${call.tool} is made here`);
  }
}

function relativeToProject(path: string): string {
  const from = place.project.split("/");
  const to = resolvePath(place.project, path).split("/");
  const same = from.findIndex((name, i) => name !== to[i]);
  const shared = same < 0 ? from.length : same;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

/** Returns the calls of a set that are put before OpenCode itself: a denied command, or else a file that may be read. */
function sampleOf(one: Case): Sample[] {
  const rules = rulesIn(one.projection);
  const calls = one.seed % 2 === 0
    ? one.denied.filter(({ line }) => line?.isPlain)
    : one.set.calls.filter(isReadInProject);
  const [asked] = calls.filter((call) => {
    const isDenied = opencodeDecision(rules, opencodeRequest(call)) === "deny";
    return isDenied === (call.line !== undefined) && one.set.permissions.length > 1;
  });
  return asked === undefined ? [] : [{ ...one, asked }];
}

function isReadInProject({ call }: Asked): boolean {
  return call.tool === "Read" && isWithin(resolvePath(place.project, call.path), place.project);
}

async function judgeSample(installed: Installed, { seed, set, asked }: Sample): Promise<string> {
  using home = makeHome();
  const [deny, ask, allow] = ["deny", "ask", "allow"].map((action) => textsOf(set.permissions, action));
  const permissions = { deny, ask, allow };
  using project = makeProject({ ".claude/settings.json": JSON.stringify({ permissions }) });
  await syncTo(opencode, { scope: "project", project: project.path });
  const { line, call } = asked;
  const path = call.tool === "Read" ? resolvePath(project.path, call.path.replace(`${place.project}/`, "")) : "";
  if (line === undefined) writeFile(path, "x\n");
  const [tool, params] = line === undefined
    ? ["read", { filePath: path }]
    : ["bash", { command: line.text, description: "d" }];
  const { code, output } = await callInstalled(
    installed,
    ["--pure", "debug", "agent", "build", "--tool", tool, "--params", JSON.stringify(params)],
    { cwd: project.path, home: home.path },
  );
  const isAsExpected = line === undefined ? code === 0 : prevented.test(output);
  return isAsExpected ? "as expected" : say(seed, set, `${tool} ${JSON.stringify(params)}: ${output}`);
}

function textsOf(permissions: readonly Permission[], action: string): string[] {
  return permissions.filter((one) => one.action === action).map(({ text }) => text);
}

function textIn({ files }: Projection, ending: string): string {
  const found = files.find((file) => file.kind === "whole" && file.path.endsWith(ending));
  return found?.kind === "whole" ? found.text : "";
}

function entriesIn({ files }: Projection) {
  return files.flatMap((file) => file.kind === "keys" ? file.entries : []);
}

function valueIn(projection: Projection, wanted: string): unknown {
  return entriesIn(projection).find(({ pointer }) => pointer === wanted)?.value;
}

function rulesIn(projection: Projection): OpencodeRule[] {
  const start = "/permission/";
  const entries = entriesIn(projection).filter(({ pointer }) => pointer.startsWith(start));
  const named = entries.map(({ pointer, value }) => [tokenOf(pointer.slice(start.length)), value]);
  return opencodeRules(Object.fromEntries(named), place.home);
}

/** A name in a pointer, see RFC 6901. */
function tokenOf(text: string): string {
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function say(seed: number, { permissions }: PermissionSet, what: string): string {
  return `seed ${seed}: ${permissions.map(({ action, text }) => `${action} ${text}`).join(", ")} allows ${what}`;
}

function assertNone(violations: readonly string[]): void {
  assertEquals(violations.slice(0, violationsShownMax), [], `${violations.length} are allowed`);
}
